// The emulator's page, in a browser without a screen: a phone rings there, is answered, talked with and hung up.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { JSDOM } from "jsdom";

import { EMULATOR_URL, NUMBER, Receiver, client } from "./harness.mjs";

const WAIT_MS = 20_000;
const PHONE = "+15553000001";
const NASTY = "Ann <b>& Bob</b>";

describe("the page", () => {
  let page, document, receiver;

  before(async () => {
    receiver = await Receiver.start();
    const html = await (await fetch(`${EMULATOR_URL}/emulator`)).text();
    page = new JSDOM(html, {
      url: `${EMULATOR_URL}/emulator`,
      runScripts: "dangerously",
      beforeParse(window) {
        window.fetch = (path, options) => fetch(new URL(path, EMULATOR_URL), options);
      },
    });
    document = page.window.document;
    await set("#add [name=number]", PHONE);
    await submit("#add");
    await until("the phone", () => text("#who") === PHONE);
    document.querySelector("#rings-here").click();
    await until("the phone to ring here", () => document.querySelector("#rings-here").dataset.script);
  });
  after(async () => {
    page.window.close();
    await receiver.close();
  });

  const text = (selector) => document.querySelector(selector).textContent;
  const isShown = (selector) => !document.querySelector(selector).hidden;
  const lines = () => [...document.querySelectorAll("#story > li")].map((line) => line.textContent);

  function set(selector, value) {
    document.querySelector(selector).value = value;
  }

  function submit(selector) {
    const event = new page.window.Event("submit", { bubbles: true, cancelable: true });
    document.querySelector(selector).dispatchEvent(event);
  }

  async function until(what, fits) {
    const end = Date.now() + WAIT_MS;
    while (!fits()) {
      assert.ok(Date.now() < end, `waited for ${what} in vain: ${text("#notice")} ${lines().join("\n")}`);
      await sleep(50);
    }
  }

  const tells = (part) => until(part, () => lines().some((line) => line.includes(part)));

  async function called() {
    const answer = (body) => ({ status: 200, body: `<Response>${body}</Response>` });
    const url = receiver.answer("/voice", answer(
      "<Gather input='speech dtmf' numDigits='1' action='/name' speechTimeout='1'><Say>What is your name?</Say></Gather>",
    ));
    receiver.answer("/name", answer("<Say>Thank you.</Say><Pause length='60'/>"));
    const { sid } = await client().calls.create({ to: PHONE, from: NUMBER, url });
    await until("the phone to ring", () => isShown("#ring"));
    assert.ok(text("#ring-text").startsWith(NUMBER));
    return sid;
  }

  it("rings, is answered, talks, and shows what was said and asked", async () => {
    const sid = await called();
    document.querySelector("#answer").click();
    await tells("You hear: What is your name?");
    assert.ok(!isShown("#ring") && isShown("#talk"));
    await set("#say [name=words]", NASTY);
    await submit("#say");
    await tells("Thank you.");
    assert.ok(lines().some((line) => line.includes(`You say: ${NASTY}`)), "as text");
    assert.equal(document.querySelectorAll("#story b").length, 0, "and not as markup");
    const asked = [...document.querySelectorAll("#story details")].find((node) => node.textContent.includes("/name"));
    assert.match(asked.querySelector("summary").textContent, /^callDocument: POST .*\/name → 200$/);
    for (const part of ["SpeechResult", "X-Twilio-Signature: ", "<Say>Thank you.</Say>"]) {
      assert.ok(asked.textContent.includes(part), part);
    }
    assert.ok(lines().some((line) => line.includes("<Gather")), "the TwiML, step by step");
    asked.open = true;
    [...document.querySelectorAll("#keys button")].find((key) => key.textContent === "5").click();
    await tells("You press 5");
    assert.ok(asked.isConnected && asked.open, "what was opened stays open");
    document.querySelector("#hang-up").click();
    await tells("Hung up by person");
    assert.equal((await client().calls(sid).fetch()).status, "completed");
  });

  it("declines a call", async () => {
    const sid = await called();
    document.querySelector("#decline").click();
    await until("the end", () => !isShown("#ring"));
    assert.equal((await client().calls(sid).fetch()).status, "busy");
  });

  it("calls a number", async () => {
    const [own] = await client().incomingPhoneNumbers.list({ phoneNumber: NUMBER });
    const number = client().incomingPhoneNumbers(own.sid);
    const body = "<Response><Say>Welcome</Say><Pause length='60'/></Response>";
    await number.update({ voiceUrl: receiver.answer("/in", { status: 200, body }) });
    await submit("#dial");
    await tells("You hear: Welcome");
    document.querySelector("#hang-up").click();
    await tells("Hung up by person");
    await number.update({ voiceUrl: "" });
  });

  it("names everything that can be used", () => {
    for (const field of document.querySelectorAll("input, select")) {
      const name = field.getAttribute("aria-label") || field.closest("label")?.textContent;
      assert.ok(name?.trim(), field.outerHTML);
    }
    for (const button of document.querySelectorAll("button")) assert.ok(button.textContent.trim(), button.outerHTML);
  });
});
