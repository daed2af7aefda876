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
    "<Gather input='speech dtmf' numDigits='1' action='/name' speechTimeout='1'><Say>What is your name?</Say></Gather>",
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

const story = (page) => page.getByRole("list", { name: "What happened in the call" });
const line = (page, text) => story(page).getByRole("listitem").filter({ hasText: text }).first();
const status = async (sid) => (await rest(`Calls/${sid}.json`)).status;

test("a call rings, is answered and talks, and the page shows what was said and asked", async () => {
  const phone = "+15559200001";
  const { page, complaints } = await withPhone(phone);
  const sid = await ring(page, phone);
  await page.getByRole("button", { name: "Answer" }).click();
  await line(page, "You hear: What is your name?").waitFor();
  await page.getByLabel("What you say").fill(NASTY);
  await page.getByRole("button", { name: "Say" }).click();
  await line(page, "You hear: Thank you.").or(line(page, "<Say>Thank you.</Say>")).first().waitFor();
  await line(page, `You say: ${NASTY}`).waitFor();
  assert.equal(await story(page).locator("b").count(), 0, "what is said stays text");
  await line(page, "<Gather").waitFor();

  const webhook = story(page).locator("details", { has: page.locator("summary", { hasText: "/name" }) }).first();
  await webhook.locator("summary").click();
  for (const part of ["callDocument: POST", "→ 200", "SpeechResult", "X-Twilio-Signature: ", "<Say>Thank you.</Say>"]) {
    await webhook.getByText(part).first().waitFor();
  }
  await page.getByRole("group", { name: "Keys" }).getByRole("button", { name: "5" }).click();
  await line(page, "You press 5").waitFor();
  assert.ok(await webhook.evaluate((node) => node.open), "what was opened stays open");
  await page.getByRole("button", { name: "Hang up" }).click();
  await line(page, "Hung up by person").waitFor();
  assert.equal(await status(sid), "completed");
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a call is declined", async () => {
  const phone = "+15559200002";
  const { page, complaints } = await withPhone(phone);
  const sid = await ring(page, phone);
  await page.getByRole("button", { name: "Decline" }).click();
  await line(page, "The call is busy").waitFor();
  assert.equal(await status(sid), "busy");
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a phone calls a number", async () => {
  const { incoming_phone_numbers: [own] } = await rest(`IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(NUMBER)}`);
  await rest(`IncomingPhoneNumbers/${own.sid}.json`, { VoiceUrl: `${url}/in` });
  const { page, complaints } = await withPhone("+15559200003");
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await line(page, "You hear: Welcome").waitFor();
  await page.getByRole("button", { name: "Hang up" }).click();
  await line(page, "Hung up by person").waitFor();
  await eventually(async () => !(await page.getByRole("button", { name: "Hang up" }).isVisible()));
  await rest(`IncomingPhoneNumbers/${own.sid}.json`, { VoiceUrl: "" });
  assert.deepEqual(complaints, []);
  await page.close();
});
