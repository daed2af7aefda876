// A small voice application for Express, written as for Twilio: it asks who is called and says good bye by name.
// Nothing in it knows of the emulator.

import express from "express";
import twilio from "twilio";

export function orderLine(authToken) {
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  // The library's own middleware, as its documentation has it; it answers what is not signed with 403.
  app.use(twilio.webhook(authToken, { validate: true, protocol: "http" }));

  app.post("/voice", (request, response) => {
    const twiml = new twilio.twiml.VoiceResponse();
    const gather = twiml.gather({ input: "speech", action: "/name", speechTimeout: "auto" });
    gather.say("What is your name?");
    twiml.redirect("/voice");
    response.type("text/xml").send(twiml.toString());
  });

  app.post("/name", (request, response) => {
    const twiml = new twilio.twiml.VoiceResponse();
    twiml.say(`Good bye, ${request.body.SpeechResult}.`);
    response.type("text/xml").send(twiml.toString());
  });

  return app;
}
