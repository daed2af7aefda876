// The list of phones, and the one that is looked at.

import { call, at, attempt } from "./control.js";
import { $, element, fill, rebuild } from "./elements.js";

const STATES = ["on", "off", "unknown", "landline", "blocked", "noReceipts"];
const REMEMBERED_AS = "switchboard-emulator-phone";

let current = null;

/** The number of the phone that is looked at, or null while there is none. */
export const currentPhone = () => current;

function pick(number) {
  current = number;
  // A browser may keep nothing for the page; then the first phone is looked at next time.
  try { localStorage.setItem(REMEMBERED_AS, number); } catch {}
}

function remembered() {
  try { return localStorage.getItem(REMEMBERED_AS); } catch { return null; }
}

/** Without a phone in hand, takes the one that was used last, or the first. */
function pickOne(phones) {
  if (current || !phones.length) return;
  const last = remembered();
  current = phones.some((phone) => phone.number === last) ? last : phones[0].number;
}

export function showPhones(phones) {
  pickOne(phones);
  rebuild($("phones"), [phones, current], () => phones.map((phone) => {
    const label = phone.number + (phone.profileName ? " · " + phone.profileName : "") + " (" + phone.received + ")";
    const button = element("button", { onclick: attempt(async () => pick(phone.number)) }, label);
    button.setAttribute("aria-current", String(phone.number === current));
    return element("li", {}, button);
  }));
  const phone = phones.find((phone) => phone.number === current);
  $("send").hidden = !current;
  $("who").textContent = current || "No phone yet: add one";
  if (phone && document.activeElement !== $("phone-state")) $("phone-state").value = phone.state;
}

fill($("phone-state"), STATES);
$("phone-state").onchange = attempt(() => call("PATCH", at(current), { state: $("phone-state").value }));
$("add").onsubmit = attempt(async (event) => {
  const field = event.target.elements.number;
  pick((await call("POST", "/phones", { number: field.value })).number);
  field.value = "";
});
