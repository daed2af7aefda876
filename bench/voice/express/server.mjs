// What a team writes by hand with the official library: check the signature, remember the call in memory, ask the next
// question. It keeps nothing, and takes every answer as it was heard.
// node server.mjs PORT
import express from "express";
import twilio from "twilio";

const token = "00000000000000000000000000000001";
const questions = [
  "From one to ten, how was your visit?",
  "How many minutes did you wait?",
  "Was everybody friendly?",
  "Did you find what you were looking for?",
  "Which department did you visit?",
  "How many times did you look for parking?",
  "Would you come again?",
  "How did you hear of us?",
  "How often were you here this year?",
  "May we send you our newsletter?",
];
const calls = new Map();

function ask(call) {
  const response = new twilio.twiml.VoiceResponse();
  if (call.answers.length === questions.length) {
    response.say({ language: "en-US" }, "That was all. Thank you, and goodbye.");
    response.hangup();
    return response.toString();
  }
  const gather = response.gather({
    action: `/turn/${call.answers.length + 1}`,
    input: ["speech", "dtmf"],
    language: "en-US",
    speechTimeout: "auto",
    timeout: 5,
    actionOnEmptyResult: true,
  });
  if (call.answers.length === 0) gather.say({ language: "en-US" }, "Thank you for your visit. I have ten short questions.");
  gather.say({ language: "en-US" }, questions[call.answers.length]);
  return response.toString();
}

const app = express();
app.disable("x-powered-by");
app.disable("etag");
app.use(express.urlencoded({ extended: false }));
app.use(twilio.webhook(token, { protocol: "http" }));
app.post("/voice", (request, response) => {
  const call = { person: request.body.To, answers: [] };
  calls.set(request.body.CallSid, call);
  response.type("text/xml").send(ask(call));
});
app.post("/turn/:turn", (request, response) => {
  const call = calls.get(request.body.CallSid);
  if (call.answers.length < Number(request.params.turn)) {
    call.answers.push({ heard: request.body.SpeechResult, confidence: Number(request.body.Confidence) });
  }
  const document = ask(call);
  if (call.answers.length === questions.length) calls.delete(request.body.CallSid);
  response.type("text/xml").send(document);
});
const server = app.listen(Number(process.argv[2]), "127.0.0.1", () =>
  console.log(`http://127.0.0.1:${server.address().port}`),
);
setTimeout(() => process.exit(0), 600_000);
