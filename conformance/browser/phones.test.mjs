// Phones of the emulator's page, as people use them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { NUMBER, control, eventually, openBrowser, openPage, rest } from "./harness.mjs";

let browser;
before(async () => (browser = await openBrowser()));
after(() => browser.close());

/** Opens the page with a phone of that number in hand. */
async function withPhone(number) {
  const { page, complaints } = await openPage(browser);
  await page.getByLabel("Number").fill(number);
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("heading", { name: number }).waitFor();
  return { page, complaints };
}

test("a text arrives, and its answer goes back", async () => {
  const phone = "+15559100001";
  const { page, complaints } = await withPhone(phone);
  await rest("Messages.json", { From: NUMBER, To: phone, Body: "Is Tuesday at ten fine?" });
  await page.getByText("Is Tuesday at ten fine?").waitFor();

  await page.getByLabel("Text").fill("Yes, it is");
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".bubble.mine", { hasText: "Yes, it is" }).waitFor();
  const { messages } = await rest(`Messages.json?From=${encodeURIComponent(phone)}`);
  assert.deepEqual(messages.map(({ body, direction }) => [body, direction]), [["Yes, it is", "inbound"]]);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the phone that was used last is in hand when the page is opened again, and a text keeps its place", async () => {
  const phone = "+15559100004";
  const { page, complaints } = await withPhone(phone);
  await rest("Messages.json", { From: NUMBER, To: phone, Body: "A question" });
  await control(`phones/${encodeURIComponent(phone)}/messages`, { to: NUMBER, body: "An answer at once" });
  await page.getByText("A question").waitFor();
  await page.getByText("An answer at once").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: phone }).waitFor();
  await page.getByText("A question").waitFor();
  const texts = await page.locator(".bubble").allTextContents();
  assert.deepEqual(texts.map((text) => text.startsWith("A question")), [true, false], texts.join());
  assert.deepEqual(complaints, []);
  await page.close();
});

test("what somebody writes stays text", async () => {
  const phone = "+15559100002";
  const { page, complaints } = await withPhone(phone);
  const body = `<img src=x onerror="document.title='taken over'"><b>bold</b>`;
  await rest("Messages.json", { From: NUMBER, To: phone, Body: body });
  await page.getByText(body).waitFor();
  assert.equal(await page.locator(".bubble img, .bubble b").count(), 0);
  assert.equal(await page.title(), "Switchboard emulator");
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a phone's state, set on the page, decides what becomes of a text", async () => {
  const phone = "+15559100003";
  const { page } = await withPhone(phone);
  const patched = page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await page.getByLabel("State").selectOption("unknown");
  await patched;
  const { sid } = await rest("Messages.json", { From: NUMBER, To: phone, Body: "Anybody there?" });
  const message = await eventually(async () => {
    const message = await rest(`Messages/${sid}.json`);
    return message.status === "undelivered" && message;
  });
  assert.equal(message.error_code, 30005);
  assert.equal(await page.locator(".bubble").count(), 0);
  await page.close();
});

test("a number that cannot be one is refused in words", async () => {
  const { page } = await openPage(browser);
  await page.getByLabel("Number").fill("12");
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("status").filter({ hasText: /number/ }).waitFor();
  await page.close();
});
