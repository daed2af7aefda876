// What the tests of this folder share: the machine's Chromium, the emulator's page, and its REST.

import { chromium } from "playwright-core";

export const EMULATOR_URL = process.env.EMULATOR_URL.replace(/\/$/, "");
export const NUMBER = "+15551234567";
const ACCOUNT = "AC00000000000000000000000000000001";
const TOKEN = "00000000000000000000000000000001";

// How long something on the page is waited for.
const WAIT_MS = 20_000;

// It must not talk to anybody but the emulator.
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** Opens the browser that `scripts/conformance` found. Root, as in a container, cannot have its sandbox. */
export function openBrowser() {
  const sandbox = process.getuid() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: [...QUIET, ...sandbox] });
}

/** Opens the emulator's page; whatever the page itself complains about is kept in `complaints`. */
export async function openPage(browser) {
  const page = await browser.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  await page.goto(`${EMULATOR_URL}/emulator`);
  return { page, complaints };
}

/** Asks Twilio's REST of the emulator. */
export async function rest(path, form) {
  const answer = await fetch(`${EMULATOR_URL}/2010-04-01/Accounts/${ACCOUNT}/${path}`, {
    method: form ? "POST" : "GET",
    headers: { Authorization: "Basic " + Buffer.from(`${ACCOUNT}:${TOKEN}`).toString("base64") },
    body: form && new URLSearchParams(form),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(body)}`);
  return body;
}

/** Tells the emulator's control API to do something. */
export async function control(path, body) {
  const answer = await fetch(`${EMULATOR_URL}/emulator/v1/${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** What `look` gives once it gives something; statuses come by themselves, and REST has to be asked again. */
export async function eventually(look) {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
