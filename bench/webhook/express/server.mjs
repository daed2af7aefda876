// What a team writes by hand: take a webhook, send one text, answer with the provider's SID. It keeps nothing.
// node server.mjs PORT PROVIDER
import express from "express";
import http from "node:http";

const [port, provider] = process.argv.slice(2);
const { hostname, port: providerPort } = new URL(provider);
const account = "AC00000000000000000000000000000001";
const authorization = "Basic " + Buffer.from(`${account}:00000000000000000000000000000001`).toString("base64");
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

function send(form) {
  const body = new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        agent, hostname, port: providerPort, method: "POST",
        path: `/2010-04-01/Accounts/${account}/Messages.json`,
        headers: {
          authorization,
          "content-type": "application/x-www-form-urlencoded",
          "content-length": Buffer.byteLength(body),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part) => (text += part));
        response.on("end", () => resolve({ status: response.statusCode, message: JSON.parse(text) }));
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

const app = express();
app.disable("x-powered-by");
app.disable("etag");
app.use(express.json());
app.post("/hooks/bench", async (request, response) => {
  const { phone, name, order, day, time, place } = request.body;
  const { status, message } = await send({
    To: phone,
    From: "+15551234567",
    Body: `Hi ${name}, your order ${order} comes on ${day} at ${time} to ${place}.`,
  });
  response.status(status === 201 ? 200 : 502).json({ status: "completed", sid: message.sid });
});
const server = app.listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
setTimeout(() => process.exit(0), 600_000);
