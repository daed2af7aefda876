// Calls with Twilio's library, and an application for Express that is run unchanged against the emulator.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { EMULATOR_URL, NUMBER, TOKEN, client, phoneBook } from "./harness.mjs";
import { orderLine } from "./orderLine.mjs";

const newPhone = phoneBook(8);
const WAIT_MS = 20_000;

async function control(method, path, body) {
  const answer = await fetch(`${EMULATOR_URL}/emulator/v1${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${answer.status}`);
  return answer.json();
}

/** A phone whose owner behaves like this, and picks up at once. */
async function person(script) {
  const phone = newPhone();
  const whole = { pickUp: { kind: "answer", afterMs: 0 }, ...script };
  await control("POST", `/phones/${encodeURIComponent(phone)}/callScripts`, whole);
  return phone;
}

async function until(sid, fits) {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const call = await client().calls(sid).fetch();
    if (fits(call)) return call;
    assert.ok(Date.now() < end, `the call stayed ${call.status}`);
    await sleep(50);
  }
}

describe("calls", () => {
  it("are made, listed, redirected and hung up", async () => {
    const twiml = "<Response><Pause length='60'/></Response>";
    const to = await person({});
    const call = await client().calls.create({ to, from: NUMBER, twiml });
    assert.match(call.sid, /^CA[0-9a-f]{32}$/);
    await until(call.sid, (each) => each.status === "in-progress");
    assert.ok((await client().calls.list({ to })).some((each) => each.sid === call.sid));
    const recording = await client().calls(call.sid).recordings.create();
    assert.match(recording.sid, /^RE[0-9a-f]{32}$/);
    assert.equal((await client().calls(call.sid).update({ status: "completed" })).status, "completed");
    await assert.rejects(client().calls(call.sid).update({ status: "completed" }), { code: 21220 });
  });

  it("meet in conferences and wait in queues", async () => {
    const room = `room ${newPhone()}`;
    const twiml = `<Response><Dial><Conference waitUrl=''>${room}</Conference></Dial></Response>`;
    for (let count = 0; count < 2; count++) await client().calls.create({ to: await person({}), from: NUMBER, twiml });
    const end = Date.now() + WAIT_MS;
    let found = [];
    while (found.length === 0 && Date.now() < end) {
      found = await client().conferences.list({ friendlyName: room, status: "in-progress" });
    }
    const conference = client().conferences(found[0].sid);
    assert.equal((await conference.participants.list()).length, 2);
    assert.equal((await conference.update({ status: "completed" })).status, "completed");
    const queue = await client().queues.create({ friendlyName: `queue ${newPhone()}` });
    assert.equal(queue.currentSize, 0);
    assert.equal(await client().queues(queue.sid).remove(), true);
  });
});

describe("an application for Express", () => {
  let server;
  before(async () => {
    server = orderLine(TOKEN).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => server.close());

  it("hears a name and says it", async () => {
    const rules = [{ hears: { contains: "your name" }, do: [{ say: "Ann" }] }];
    const url = `http://127.0.0.1:${server.address().port}/voice`;
    const call = await client().calls.create({ to: await person({ rules }), from: NUMBER, url });
    await until(call.sid, (each) => each.status === "completed");
    const { story } = await control("GET", `/calls/${call.sid}`);
    assert.equal(story.filter((line) => line.kind === "said").at(-1).words, "Good bye, Ann.");
  });

  it("turns away what is not signed", async () => {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/voice`, { method: "POST" });
    assert.equal(answer.status, 400);
  });
});
