// Every webhook is signed as Twilio's validator expects, and an altered one is not accepted.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import twilio from "twilio";

import { NUMBER, Receiver, client, isSigned, phoneBook, sendFromPhone } from "./harness.mjs";

const newPhone = phoneBook(6);

describe("webhooks", () => {
  let receiver;
  let number;
  before(async () => {
    receiver = await Receiver.start();
    const [own] = await client().incomingPhoneNumbers.list({ phoneNumber: NUMBER });
    number = client().incomingPhoneNumbers(own.sid);
  });
  after(async () => {
    await receiver.close();
    await number.update({ smsUrl: "", smsMethod: "POST" });
  });

  function assertSigned(webhook) {
    assert.ok(isSigned(webhook), JSON.stringify(webhook));
    assert.ok(!isSigned(webhook, { token: "f".repeat(32) }), "signed for whoever has any token");
    assert.ok(!isSigned(webhook, { url: `${webhook.url}x` }), "an altered address went unnoticed");
    if (webhook.method === "GET") return;
    for (const [name, value] of Object.entries(webhook.params)) {
      const params = { ...webhook.params, [name]: `${value}x` };
      assert.ok(!isSigned(webhook, { params }), `altered ${name} went unnoticed`);
    }
  }

  it("tell the status", async () => {
    const statusCallback = `${receiver.answer("/status")}?name=O'Brien&x=a%20b#rc=2`;
    const to = newPhone();
    const { sid } = await client().messages.create({ to, from: NUMBER, body: "Hi", statusCallback });
    const webhooks = await receiver.untilStatus("/status", "delivered");
    for (const webhook of webhooks) {
      assert.deepEqual([webhook.params.MessageSid, webhook.params.To], [sid, to]);
      assertSigned(webhook);
    }
  });

  it("bring what a phone sent, and take TwiML for an answer", async () => {
    const answer = new twilio.twiml.MessagingResponse();
    answer.message({ action: receiver.answer("/reply") }, "Thank you & good bye");
    const smsUrl = receiver.answer("/sms", { status: 200, body: answer.toString() });
    await number.update({ smsUrl, smsMethod: "POST" });
    await sendFromPhone(newPhone(), "Héllo & goodbye = 100% 🎉");
    const webhook = await receiver.next("/sms");
    assert.equal(webhook.params.Body, "Héllo & goodbye = 100% 🎉");
    assertSigned(webhook);
    const statuses = await receiver.untilStatus("/reply", "delivered");
    statuses.forEach(assertSigned);
    const reply = await client().messages(statuses[0].params.MessageSid).fetch();
    assert.deepEqual([reply.body, reply.direction], ["Thank you & good bye", "outbound-reply"]);
  });

  it("are signed by GET as well", async () => {
    await number.update({ smsUrl: `${receiver.answer("/get")}?kept=1`, smsMethod: "GET" });
    await sendFromPhone(newPhone(), "Über Ünïcode & more");
    const webhook = await receiver.next("/get");
    assert.deepEqual([webhook.method, webhook.params.Body], ["GET", "Über Ünïcode & more"]);
    assertSigned(webhook);
  });
});
