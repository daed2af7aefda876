// Messages as a program sees them: created, fetched, listed, changed, deleted, refused.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { ACCOUNT, NUMBER, Receiver, client, phoneBook } from "./harness.mjs";

const newPhone = phoneBook(4);

const DAY_MS = 24 * 60 * 60 * 1000;

describe("messages", () => {
  let receiver;
  before(async () => {
    receiver = await Receiver.start();
  });
  after(() => receiver.close());

  async function delivered(rest = {}) {
    const statusCallback = receiver.answer("/status");
    const message = await client().messages.create({
      to: newPhone(), from: NUMBER, body: "Hello", statusCallback, ...rest,
    });
    await receiver.untilStatus("/status", "delivered");
    return message;
  }

  it("have every field with the type that the library promises", async () => {
    const to = newPhone();
    const message = await client().messages.create({ to, from: NUMBER, body: "a&b=c+d %20 🎉" });
    assert.match(message.sid, /^SM[0-9a-f]{32}$/);
    assert.equal(message.body, "a&b=c+d %20 🎉");
    assert.deepEqual([message.from, message.to, message.accountSid], [NUMBER, to, ACCOUNT]);
    assert.deepEqual([message.status, message.direction], ["queued", "outbound-api"]);
    assert.deepEqual([message.numSegments, message.numMedia], ["1", "0"]);
    assert.deepEqual([message.price, message.dateSent, message.errorCode], [null, null, null]);
    assert.equal(message.messagingServiceSid, null);
    assert.ok(message.dateCreated instanceof Date && !Number.isNaN(message.dateCreated.valueOf()));
  });

  it("are fetched with what became of them", async () => {
    const message = await delivered();
    const fetched = await client().messages(message.sid).fetch();
    assert.equal(fetched.status, "delivered");
    assert.ok(fetched.dateSent instanceof Date);
    assert.ok(Number(fetched.price) < 0);
    assert.equal(fetched.priceUnit, "USD");
  });

  it("are redacted, and deleted", async () => {
    const message = await delivered();
    const redacted = await client().messages(message.sid).update({ body: "" });
    assert.equal(redacted.body, "");
    assert.equal(await client().messages(message.sid).remove(), true);
    await assert.rejects(client().messages(message.sid).fetch(), { status: 404, code: 20404 });
  });

  it("carry media", async () => {
    const picture = receiver.answer("/cat.png", { status: 200, body: "png", contentType: "image/png" });
    const message = await delivered({ mediaUrl: [picture, `${picture}?second`] });
    assert.match(message.sid, /^MM/);
    const media = await client().messages(message.sid).media.list();
    assert.deepEqual(media.map((medium) => medium.contentType), ["image/png", "image/png"]);
    const [first] = media;
    assert.equal((await client().messages(message.sid).media(first.sid).fetch()).parentSid, message.sid);
    assert.equal(await client().messages(message.sid).media(first.sid).remove(), true);
  });

  it("are scheduled and cancelled", async () => {
    const service = await client().messaging.v1.services.create({ friendlyName: "Later" });
    const [own] = await client().incomingPhoneNumbers.list({ phoneNumber: NUMBER });
    await client().messaging.v1.services(service.sid).phoneNumbers.create({ phoneNumberSid: own.sid });
    const message = await client().messages.create({
      to: newPhone(), messagingServiceSid: service.sid, body: "Tomorrow", scheduleType: "fixed",
      sendAt: new Date(Date.now() + DAY_MS),
    });
    assert.deepEqual([message.status, message.from], ["scheduled", null]);
    const cancelled = await client().messages(message.sid).update({ status: "canceled" });
    assert.equal(cancelled.status, "canceled");
    await client().messaging.v1.services(service.sid).remove();
  });

  describe("in lists", () => {
    const to = newPhone();
    const created = [];
    let sent;

    before(async () => {
      const statusCallback = receiver.answer("/listed");
      for (let index = 0; index < 7; index++) {
        created.push(
          (await client().messages.create({ to, from: NUMBER, body: `${index}`, statusCallback })).sid,
        );
      }
      const left = new Set(created);
      while (left.size > 0) {
        const { params } = await receiver.next("/listed");
        if (params.MessageStatus === "delivered") left.delete(params.MessageSid);
      }
      sent = (await client().messages(created[0]).fetch()).dateSent;
    });

    it("come newest first across pages", async () => {
      const listed = await client().messages.list({ to, pageSize: 3 });
      assert.deepEqual(listed.map((message) => message.sid), created.toReversed());
    });

    it("are read page by page, forth and back", async () => {
      const first = await client().messages.page({ to, pageSize: 3 });
      const second = await first.nextPage();
      assert.deepEqual(second.instances.map((message) => message.sid), created.toReversed().slice(3, 6));
      const again = await second.previousPage();
      assert.deepEqual(again.instances.map((message) => message.sid), created.toReversed().slice(0, 3));
      const last = await second.nextPage();
      assert.equal(last.instances.length, 1);
      assert.equal(last.nextPageUrl, undefined);
    });

    it("are filtered by date", async () => {
      const day = (offset) => new Date(sent.valueOf() + offset * DAY_MS);
      const count = async (filters) => (await client().messages.list({ to, ...filters })).length;
      assert.equal(await count({ dateSentAfter: day(-1) }), 7);
      assert.equal(await count({ dateSentAfter: day(1) }), 0);
      assert.equal(await count({ dateSentBefore: day(-1) }), 0);
      assert.equal(await count({ dateSentBefore: day(1), dateSentAfter: day(-1) }), 7);
      assert.equal(await count({ dateSent: day(-2) }), 0);
    });
  });

  describe("that are refused", () => {
    const fine = { to: newPhone(), from: NUMBER, body: "Hello" };
    const cases = [
      [21604, { to: "" }],
      [21603, { from: undefined }],
      [21602, { body: undefined }],
      [21617, { body: "a".repeat(1601) }],
      [21211, { to: "+1555" }],
      [21606, { from: "+15550009999" }],
      [21609, { statusCallback: "not a url" }],
    ];
    for (const [code, changes] of cases) {
      it(`throw ${code}`, async () => {
        await assert.rejects(client().messages.create({ ...fine, ...changes }), (error) => {
          assert.deepEqual([error.status, error.code], [400, code], error.message);
          assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${code}`);
          return true;
        });
      });
    }

    it("throw for wrong credentials", async () => {
      await assert.rejects(client(ACCOUNT, "f".repeat(32)).messages.list({ limit: 1 }), {
        status: 401, code: 20003,
      });
    });

    it("throw for pages that are too large", async () => {
      await assert.rejects(client().messages.page({ pageSize: 1001 }), { status: 400, code: 20007 });
    });
  });
});
