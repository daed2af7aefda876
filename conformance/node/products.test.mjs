// Applications, keys, templates, lookups and the debugger.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { ACCOUNT, EMULATOR_URL, NUMBER, Receiver, client, phoneBook, sendFromPhone } from "./harness.mjs";

const newPhone = phoneBook(7);

describe("applications", () => {
  it("are created, changed, listed and deleted", async () => {
    const { applications } = client();
    const made = await applications.create({ friendlyName: "Node desk", voiceUrl: "https://example.com/voice" });
    assert.deepEqual([made.voiceUrl, made.voiceMethod, made.smsUrl], ["https://example.com/voice", "POST", null]);
    const changed = await applications(made.sid).update({ smsUrl: "https://example.com/sms", smsMethod: "GET" });
    assert.deepEqual([changed.smsUrl, changed.smsMethod], ["https://example.com/sms", "GET"]);
    assert.deepEqual((await applications.list({ friendlyName: "Node desk" })).map((each) => each.sid), [made.sid]);
    assert.equal(await applications(made.sid).remove(), true);
    await assert.rejects(applications(made.sid).fetch(), { status: 404, code: 20404 });
  });
});

describe("keys", () => {
  it("show their secret once", async () => {
    const key = await client().newKeys.create({ friendlyName: "Laptop" });
    assert.ok(key.secret);
    assert.equal((await client().keys(key.sid).fetch()).friendlyName, "Laptop");
    assert.equal(await client().keys(key.sid).remove(), true);
  });
});

describe("templates", () => {
  it("are made as JSON, sent in for approval, and sent", async () => {
    const { contents } = client().content.v1;
    const content = await contents.create({
      friendlyName: "reminder", language: "en", variables: { 1: "Ann" }, types: { "twilio/text": { body: "Hi {{1}}" } },
    });
    assert.equal(content.types["twilio/text"].body, "Hi {{1}}");
    const asked = await contents(content.sid).approvalCreate.create({ name: "reminder_1", category: "UTILITY" });
    assert.deepEqual([asked.status, asked.contentType], ["received", "twilio/text"]);
    const { whatsapp } = await contents(content.sid).approvalFetch().fetch();
    assert.ok(["pending", "approved"].includes(whatsapp.status));
    const message = await client().messages.create({ to: newPhone(), from: NUMBER, contentSid: content.sid });
    assert.equal(message.body, "Hi Ann");
    assert.ok((await contents.list()).some((each) => each.sid === content.sid));
    assert.equal(await contents(content.sid).remove(), true);
  });
});

describe("lookups", () => {
  it("answer what was asked for", async () => {
    const phone = newPhone();
    const found = await client().lookups.v2.phoneNumbers(phone).fetch({ fields: "line_type_intelligence" });
    assert.deepEqual([found.valid, found.phoneNumber, found.countryCode], [true, phone, "US"]);
    assert.equal(found.lineTypeIntelligence.type, "mobile");
    const none = await client().lookups.v2.phoneNumbers("+141599299600").fetch();
    assert.deepEqual([none.valid, none.validationErrors], [false, ["TOO_LONG"]]);
  });
});

describe("the debugger", () => {
  let receiver, number;
  before(async () => {
    receiver = await Receiver.start();
    const [own] = await client().incomingPhoneNumbers.list({ phoneNumber: NUMBER });
    number = client().incomingPhoneNumbers(own.sid);
  });
  after(async () => {
    await number.update({ smsUrl: "" });
    await receiver.close();
  });

  it("knows of a webhook that failed", async () => {
    await number.update({ smsUrl: receiver.answer("/broken", { status: 500 }) });
    const phone = newPhone();
    await sendFromPhone(phone, "Hello");
    await fetch(`${EMULATOR_URL}/emulator/v1/quiet`);
    const [message] = await client().messages.list({ from: phone });
    const alerts = (await client().monitor.v1.alerts.list()).filter((each) => each.resourceSid === message.sid);
    assert.deepEqual(alerts.map((each) => [each.errorCode, each.logLevel]), [["11200", "error"]]);
    const notification = await client().notifications(alerts[0].sid).fetch();
    assert.deepEqual([notification.accountSid, notification.log], [ACCOUNT, "0"]);
  });
});

describe("usage", () => {
  it("is counted by category", async () => {
    const records = await client().usage.records.list({ category: "phonenumbers" });
    assert.ok(Number(records[0].count) >= 1);
  });
});
