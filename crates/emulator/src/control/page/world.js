// What holds for all phones: the clock, faults and accounts.

import { call, attempt } from "./control.js";
import { $, element, rebuild } from "./elements.js";

const CHANCES = { tooManyRequests: "Create: 429", errorBefore: "Create: 503, not created",
  errorAfter: "Create: 500, created", dropAfter: "Create: dropped, created", lateCreation: "Create: late",
  callbackLost: "Callback lost", callbackDoubled: "Callback twice", callbackReordered: "Callback reordered",
  inboundLost: "Inbound webhook lost", carrierError: "Undelivered", callFailed: "Call fails",
  callBroken: "Call breaks off", answerIgnored: "Answer of a webhook ignored" };

// The winding that is under way: from when, in milliseconds since 1970, how far, and what was pressed.
let winding = null;

export const isWinding = () => winding !== null;

export function showClock(state) {
  $("now").textContent = new Date(state.now).toLocaleString();
  $("wind").hidden = !state.canWind;
  for (const button of $("wind").querySelectorAll("button")) button.disabled = isWinding();
  const done = winding ? Math.min(1, Math.max(0, (Date.parse(state.now) - winding.from) / winding.ms)) : 0;
  $("winding").textContent = winding ? "winding " + winding.label + ": " + Math.floor(done * 100) + " %" : "";
  $("busy").textContent = state.messages + " messages" + (state.busy ? ", " + state.busy + " in flight" : "");
}

async function wind(button) {
  const before = await call("GET", "/state");
  winding = { from: Date.parse(before.now), ms: Number(button.dataset.wind), label: button.textContent };
  showClock(before);
  try {
    await call("POST", "/clock/advance", { ms: winding.ms });
  } finally {
    winding = null;
  }
}

export function showAccounts(accounts) {
  rebuild($("accounts"), accounts, () => accounts.map((account) => {
    const change = (body) => attempt(() => call("PATCH", "/accounts/" + account.sid, body));
    const suspended = element("input", { type: "checkbox", checked: account.status === "suspended",
      disabled: account.status === "closed" });
    suspended.onchange = change({ status: account.status === "suspended" ? "active" : "suspended" });
    const broke = element("input", { type: "checkbox", checked: account.outOfFunds });
    broke.onchange = change({ outOfFunds: !account.outOfFunds });
    return element("div", {}, element("strong", {}, account.friendlyName), element("br"),
      element("small", {}, account.sid + " · " + account.balance + " " + account.currency + " · " +
        (account.numbers.map((number) => number.phoneNumber).join(", ") || "no numbers")),
      element("label", {}, "Suspended", suspended), element("label", {}, "Out of funds", broke));
  }));
}

export function showFaults(faults) {
  $("outage").checked = faults.carrierOutage;
  for (const input of $("chances").querySelectorAll("input")) {
    if (document.activeElement !== input) input.value = faults.chances[input.name];
  }
}

for (const [name, label] of Object.entries(CHANCES)) {
  const input = element("input", { type: "number", name, min: 0, max: 1, step: 0.1, value: 0 });
  input.onchange = attempt(async () => {
    const faults = await call("GET", "/faults");
    await call("PUT", "/faults/chances", { ...faults.chances, [name]: Number(input.value) });
  });
  $("chances").append(element("label", {}, label, input));
}
$("outage").onchange = attempt(() => call("PUT", "/faults/carrier-outage", { lasts: $("outage").checked }));
$("clear").onclick = attempt(() => call("DELETE", "/faults"));
for (const button of $("wind").querySelectorAll("button")) button.onclick = attempt(() => wind(button));
