// Calls in the emulator's page: a phone rings there, is answered, talked with and hung up.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { NUMBER, eventually, openBrowser, openPage, rest } from "./harness.mjs";

const NASTY = "Ann <b>& Bob</b>";
// What the program of a call answers, by path.
const DOCUMENTS = {
  "/voice":
    "<Gather input='speech dtmf' numDigits='1' action='/name' speechTimeout='1' timeout='60'><Say>What is your name?</Say></Gather>",
  "/name": "<Say>Thank you.</Say><Pause length='60'/>",
  "/in": "<Say>Welcome</Say><Pause length='60'/>",
};

let browser, program, url;
before(async () => {
  browser = await openBrowser();
  program = createServer((request, response) => {
    response.writeHead(200, { "Content-Type": "text/xml" }).end(`<Response>${DOCUMENTS[request.url] ?? ""}</Response>`);
    request.resume();
  });
  program.listen(0, "127.0.0.1");
  await once(program, "listening");
  url = `http://127.0.0.1:${program.address().port}`;
});
after(async () => {
  await browser.close();
  program.closeAllConnections();
  program.close();
});

/** Opens the page with a phone in hand at which calls ring. */
async function withPhone(number) {
  const { page, complaints } = await openPage(browser);
  await page.getByLabel("Number").fill(number);
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("heading", { name: number }).waitFor();
  const set = page.waitForResponse((answer) => answer.url().endsWith("/callScripts") && answer.status() === 201);
  await page.getByLabel("Calls ring here").click();
  await set;
  return { page, complaints };
}

/** Calls the phone, and waits until it rings in the page. */
async function ring(page, phone) {
  const { sid } = await rest("Calls.json", { From: NUMBER, To: phone, Url: `${url}/voice` });
  await page.getByRole("alert").filter({ hasText: `${NUMBER} calls.` }).waitFor();
  return sid;
}

const dialogue = (page) => page.getByRole("log", { name: "What is said in the call" });
const story = (page) => page.getByRole("list", { name: "What happened in the call" });
const line = (page, text) => dialogue(page).getByRole("listitem").filter({ hasText: text }).first();
const behind = (page, text) => story(page).getByRole("listitem").filter({ hasText: text }).first();
const status = async (sid) => (await rest(`Calls/${sid}.json`)).status;

test("a call rings, is answered and talks, and the page shows what was said and asked", async () => {
  const phone = "+15559200001";
  const { page, complaints } = await withPhone(phone);
  const sid = await ring(page, phone);
  await page.getByRole("button", { name: "Answer" }).click();
  await line(page, /The call says.*What is your name\?/).waitFor();
  await page.getByLabel("What you say").fill(NASTY);
  await page.getByRole("button", { name: "Say" }).click();
  await line(page, /The call says.*Thank you\./).waitFor();
  await line(page, new RegExp(`You say.*${NASTY}`)).waitFor();
  assert.equal(await dialogue(page).locator("b").count(), 0, "what is said stays text");

  assert.equal(await story(page).isVisible(), false, "TwiML and webhooks are folded away");
  await page.getByText("Behind the call").click();
  await behind(page, "<Gather").waitFor();
  const webhook = story(page).locator("details", { has: page.locator("summary", { hasText: "/name" }) }).first();
  await webhook.locator("summary").click();
  for (const part of ["callDocument: POST", "→ 200", "SpeechResult", "X-Twilio-Signature: ", "<Say>Thank you.</Say>"]) {
    await webhook.getByText(part).first().waitFor();
  }
  for (const key of ["5", "6"]) await page.getByRole("group", { name: "Keys" }).getByRole("button", { name: key }).click();
  await line(page, /You press.*56/).waitFor();
  assert.ok(await webhook.evaluate((node) => node.open), "what was opened stays open");
  await page.getByRole("button", { name: "Hang up" }).click();
  await line(page, "You hung up").waitFor();
  assert.equal(await status(sid), "completed");
  assert.deepEqual(complaints, []);
  await page.close();
});

/** Whether a line lies in its box and in the window, so that it is read without scrolling. */
const isInView = (line) => line.evaluate((node) => {
  const [inner, outer] = [node, node.closest("[role=log]")].map((each) => each.getBoundingClientRect());
  return inner.bottom <= outer.bottom + 1 && inner.bottom > outer.top && outer.top >= 0 && inner.bottom <= window.innerHeight;
});

test("what is said last is in view, with the words to say below it, unless somebody reads further up", async () => {
  for (const [phone, width, height] of [["+15559200004", 1200, 800], ["+15559200005", 400, 700]]) {
    const { page, complaints } = await withPhone(phone);
    await page.setViewportSize({ width, height });
    await ring(page, phone);
    await page.getByRole("button", { name: "Answer" }).click();
    await line(page, "What is your name?").waitFor();
    // More than the box can hold.
    for (let number = 1; number <= 10; number += 1) {
      await page.getByLabel("What you say").fill(`I say ${number}.`);
      await page.getByRole("button", { name: "Say" }).click();
      await line(page, `I say ${number}.`).waitFor();
    }
    assert.ok(await isInView(line(page, "I say 10.")), `the newest line at ${width} pixels`);
    assert.ok(!(await isInView(line(page, "What is your name?"))), "there is something to scroll");
    const field = await page.getByLabel("What you say").boundingBox();
    assert.ok(field.y + field.height <= height, "the field for words is in view too");

    await dialogue(page).evaluate((node) => (node.scrollTop = 0));
    await page.getByLabel("What you say").fill("I say 11.");
    await page.getByRole("button", { name: "Say" }).click();
    await line(page, "I say 11.").waitFor();
    assert.equal(await dialogue(page).evaluate((node) => node.scrollTop), 0, "whoever reads further up is left there");
    await page.getByRole("button", { name: "Hang up" }).click();
    await line(page, "You hung up").waitFor();
    assert.deepEqual(complaints, []);
    await page.close();
  }
});

test("a call is declined", async () => {
  const phone = "+15559200002";
  const { page, complaints } = await withPhone(phone);
  const sid = await ring(page, phone);
  await page.getByRole("button", { name: "Decline" }).click();
  await line(page, "Busy").waitFor();
  assert.equal(await status(sid), "busy");
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a phone calls a number", async () => {
  const { incoming_phone_numbers: [own] } = await rest(`IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(NUMBER)}`);
  await rest(`IncomingPhoneNumbers/${own.sid}.json`, { VoiceUrl: `${url}/in` });
  const { page, complaints } = await withPhone("+15559200003");
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await line(page, /The call says.*Welcome/).waitFor();
  await page.getByRole("button", { name: "Hang up" }).click();
  await line(page, "You hung up").waitFor();
  await eventually(async () => !(await page.getByRole("button", { name: "Hang up" }).isVisible()));
  await rest(`IncomingPhoneNumbers/${own.sid}.json`, { VoiceUrl: "" });
  assert.deepEqual(complaints, []);
  await page.close();
});
