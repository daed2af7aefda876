// The texts of a phone, and what it sends.

import { call, at, attempt } from "./control.js";
import { $, element, following, order, rebuild } from "./elements.js";
import { currentPhone } from "./phones.js";

const SHOWN_MAX = 200;
// A text that arrived this soon after it was taken stands where it was taken: what was written meanwhile came later.
const PROMPT_MS = 2_000;

/** Where a text has its place: when the emulator took it, or when it arrived, if that was a good while later. */
function placeOf({ created, arrived }) {
  return order(arrived && Date.parse(arrived) - Date.parse(created) > PROMPT_MS ? arrived : created);
}

function bubble(message, mine) {
  const failed = message.errorCode ? " · error " + message.errorCode : "";
  const channel = message.to.startsWith("whatsapp:") ? "WhatsApp · " : "";
  const other = (mine ? message.to : message.from || "?").replace("whatsapp:", "");
  const time = new Date(message.arrived || message.created).toLocaleString();
  const node = element("div", { className: mine ? "bubble mine" : "bubble" }, message.body,
    element("small", {}, channel + other + " · " + time + (mine ? "" : " · " + message.status + failed)));
  for (const medium of message.media) {
    const image = medium.contentType.startsWith("image/") && /^https?:/.test(medium.url);
    node.append(image ? element("img", { src: medium.url, alt: medium.contentType }) : element("small", {}, medium.url));
  }
  for (const button of message.buttons) {
    node.append(element("button", { onclick: attempt(() => call("POST", at(currentPhone()) + "/messages",
      { to: message.from, body: button.text, button, repliesTo: message.sid })) }, button.text));
  }
  return node;
}

export async function showTexts() {
  const phone = currentPhone();
  if (!phone) return;
  const [inbox, outbox] = await Promise.all([call("GET", at(phone) + "/inbox"), call("GET", at(phone) + "/outbox")]);
  if (phone !== currentPhone()) return;
  const all = inbox.map((message) => [message, false]).concat(outbox.map((message) => [message, true]));
  all.sort(([one], [other]) => (placeOf(one) < placeOf(other) ? -1 : placeOf(one) > placeOf(other) ? 1 : 0));
  const shown = all.slice(-SHOWN_MAX);
  const what = shown.map(([message]) => [message.sid, message.status, message.body]);
  following($("chat"), phone, () =>
    rebuild($("chat"), [phone, what], () => shown.map(([message, mine]) => bubble(message, mine))));
}

$("send").onsubmit = attempt(async (event) => {
  const { to, whatsapp, body } = event.target.elements;
  await call("POST", at(currentPhone()) + "/messages", { to: (whatsapp.checked ? "whatsapp:" : "") + to.value, body: body.value });
  body.value = "";
});
