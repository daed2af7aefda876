// Services, numbers, accounts, and the credentials that only pretend.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ACCOUNT, NUMBER, TEST_ACCOUNT, TEST_TOKEN, client, phoneBook } from "./harness.mjs";

const newPhone = phoneBook(5);

describe("messaging services", () => {
  it("are created, read, changed and deleted with every field parsed", async () => {
    const services = client().messaging.v1.services;
    const service = await services.create({
      friendlyName: "Reminders", statusCallback: "https://example.com/status", inboundMethod: "GET",
      stickySender: false, smartEncoding: false, validityPeriod: 600,
    });
    assert.match(service.sid, /^MG[0-9a-f]{32}$/);
    assert.deepEqual([service.accountSid, service.inboundMethod], [ACCOUNT, "GET"]);
    assert.deepEqual([service.stickySender, service.validityPeriod], [false, 600]);
    assert.ok(service.dateCreated instanceof Date && !Number.isNaN(service.dateCreated.valueOf()));
    assert.ok(service.links.phone_numbers);
    assert.equal((await services(service.sid).fetch()).friendlyName, "Reminders");
    assert.equal((await services(service.sid).update({ friendlyName: "Alerts" })).friendlyName, "Alerts");
    assert.equal(await services(service.sid).remove(), true);
    await assert.rejects(services(service.sid).fetch(), { status: 404, code: 20404 });
  });

  it("are listed across pages", async () => {
    const services = client().messaging.v1.services;
    const created = [];
    for (let index = 0; index < 5; index++) created.push(await services.create({ friendlyName: `${index}` }));
    const listed = (await services.list({ pageSize: 2 })).map((service) => service.sid);
    assert.equal(new Set(listed).size, listed.length);
    for (const service of created) assert.ok(listed.includes(service.sid));
    for (const service of created) await services(service.sid).remove();
  });

  it("hold numbers and alphanumeric senders", async () => {
    const service = await client().messaging.v1.services.create({ friendlyName: "Pool" });
    const [own] = await client().incomingPhoneNumbers.list({ phoneNumber: NUMBER });
    const pool = client().messaging.v1.services(service.sid);
    const number = await pool.phoneNumbers.create({ phoneNumberSid: own.sid });
    assert.deepEqual([number.phoneNumber, number.serviceSid], [NUMBER, service.sid]);
    assert.equal((await pool.phoneNumbers.list()).length, 1);
    assert.equal(await pool.phoneNumbers(number.sid).remove(), true);
    const sender = await pool.alphaSenders.create({ alphaSender: "Switchboard" });
    assert.equal(sender.alphaSender, "Switchboard");
    assert.deepEqual(await pool.shortCodes.list(), []);
    await pool.remove();
  });
});

describe("numbers", () => {
  it("are offered, bought, changed and released", async () => {
    const [offer] = await client().availablePhoneNumbers("US").local.list({ areaCode: 415, limit: 1 });
    assert.match(offer.phoneNumber, /^\+1415\d{7}$/);
    const number = await client().incomingPhoneNumbers.create({ phoneNumber: offer.phoneNumber });
    assert.match(number.sid, /^PN[0-9a-f]{32}$/);
    assert.equal(number.capabilities.sms, true);
    const changed = await client().incomingPhoneNumbers(number.sid).update({ smsUrl: "https://example.com/sms" });
    assert.deepEqual([changed.smsUrl, changed.smsMethod], ["https://example.com/sms", "POST"]);
    assert.equal(await client().incomingPhoneNumbers(number.sid).remove(), true);
    await assert.rejects(client().incomingPhoneNumbers(number.sid).fetch(), { status: 404, code: 20404 });
  });
});

describe("accounts", () => {
  it("are fetched and listed, and have a balance", async () => {
    const account = await client().api.v2010.accounts(ACCOUNT).fetch();
    assert.deepEqual([account.sid, account.status, account.type], [ACCOUNT, "active", "Full"]);
    const listed = await client().api.v2010.accounts.list();
    assert.ok(listed.some((each) => each.sid === ACCOUNT));
    assert.equal((await client().balance.fetch()).currency, "USD");
  });

  it("for tests know the magic numbers and nothing else", async () => {
    const tests = client(TEST_ACCOUNT, TEST_TOKEN);
    const send = (from, to) => tests.messages.create({ from, to, body: "Hello" });
    assert.equal((await send("+15005550006", newPhone())).status, "queued");
    await assert.rejects(send("+15005550001", newPhone()), { status: 400, code: 21212 });
    await assert.rejects(send("+15005550006", "+15005550004"), { status: 400, code: 21610 });
    await assert.rejects(tests.messages.list({ limit: 1 }), { status: 403, code: 20008 });
  });
});
