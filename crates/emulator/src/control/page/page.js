// Looks at the world again and again, and shows it.

import { isCalling, showCalls } from "./calls.js";
import { afterwards, call } from "./control.js";
import { $, fill } from "./elements.js";
import { showPhones } from "./phones.js";
import { showTexts } from "./texts.js";
import { isWinding, showAccounts, showClock, showFaults } from "./world.js";

// How long until the next look, in milliseconds; sooner while something goes on that people watch.
const CALM_MS = 1_500;
const LIVELY_MS = 400;

async function refresh() {
  const [state, phones, faults] = await Promise.all([call("GET", "/state"), call("GET", "/phones"), call("GET", "/faults")]);
  const owned = state.accounts.flatMap((account) => account.numbers.map((number) => number.phoneNumber));
  fill($("send").elements.to, owned);
  fill($("dial").elements.to, owned);
  showClock(state);
  showPhones(phones);
  showAccounts(state.accounts);
  showFaults(faults);
  await Promise.all([showCalls(), showTexts()]);
}

async function loop() {
  try { await refresh(); } catch (error) { $("notice").textContent = error.message; }
  setTimeout(loop, isCalling() || isWinding() ? LIVELY_MS : CALM_MS);
}

afterwards(refresh);
loop();
