// The calls of a phone: it rings, is answered, talked with and hung up.

import { call, at, attempt } from "./control.js";
import { showDialogue } from "./dialogue.js";
import { $, element, rebuild } from "./elements.js";
import { currentPhone } from "./phones.js";
import { showStory } from "./story.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const SHOWN_MAX = 8;

// Whose calls are shown, which of them is open, and which one somebody has put away or is talking in.
let phone = null, open = null, away = null, talking = null;
// Whether something happens that should be seen as it happens.
let isLively = false;

/** Whether a call of the phone rings or is talked in. */
export const isCalling = () => isLively;

// The calls of the phone, newest first.
async function callsOf(phone) {
  const number = encodeURIComponent(phone);
  const [to, from] = await Promise.all([call("GET", "/calls?to=" + number), call("GET", "/calls?from=" + number)]);
  const calls = to.calls.filter((each) => each.direction !== "inbound").concat(from.calls.filter((each) => each.direction === "inbound"));
  return calls.reverse().sort((one, other) => Date.parse(other.created) - Date.parse(one.created));
}

const isInbound = (each) => each.direction === "inbound";
const otherEnd = (each) => (isInbound(each) ? each.to : each.from);
const rings = (each) => each.status === "ringing" && !isInbound(each);
const talks = (each) => each.status === "in-progress" || (each.status === "ringing" && isInbound(each));
const title = (each) => (isInbound(each) ? "to " : "from ") + otherEnd(each) + " · " + each.status;

/** The call that is open: the one that somebody picked, else the newest, unless it was put away. */
function openOf(calls) {
  const picked = calls.find((each) => each.sid === open);
  const newest = calls[0] && calls[0].sid !== away ? calls[0] : null;
  return picked || newest;
}

function showList(calls, shown) {
  const listed = calls.slice(0, SHOWN_MAX);
  const what = [phone, shown && shown.sid, listed.map((each) => [each.sid, each.status])];
  rebuild($("call-list"), what, () => listed.map((each) => {
    const isOpen = Boolean(shown) && each.sid === shown.sid;
    const press = async () => {
      open = isOpen ? null : each.sid;
      away = isOpen ? calls[0].sid : null;
    };
    const button = element("button", { onclick: attempt(press), title: isOpen ? "Put it away" : "Show it" }, title(each));
    button.setAttribute("aria-current", String(isOpen));
    return button;
  }));
}

function showRing(calls) {
  const each = calls.find(rings);
  $("ring").hidden = !each;
  $("ring-text").textContent = each ? otherEnd(each) + " calls. " : "";
  $("ring").dataset.call = each ? each.sid : "";
}

/** Shows what one can do in the call, and brings it into view when the talk begins. */
function showTalk(shown) {
  const isTalk = talks(shown), isAnswered = shown.status === "in-progress";
  $("talk").hidden = !isTalk;
  $("talk").dataset.call = isTalk ? shown.sid : "";
  for (const control of $("talk").querySelectorAll("input, button")) control.disabled = !isAnswered && control.id !== "hang-up";
  if (talking !== shown.sid && isAnswered) {
    $("call").scrollIntoView({ block: "nearest" });
    const idle = [document.body, $("answer"), ...$("dial").elements].includes(document.activeElement);
    if (idle) $("say").elements.words.focus({ preventScroll: true });
  }
  talking = isAnswered ? shown.sid : null;
}

async function showCall(each) {
  $("call").hidden = !each;
  if (!each) return;
  const shown = await call("GET", "/calls/" + each.sid);
  if (phone !== currentPhone() || (open && open !== each.sid)) return;
  $("call-head").textContent = "Call " + title(shown);
  showTalk(shown);
  showDialogue(shown);
  await showStory(shown);
}

export async function showCalls() {
  $("telephone").hidden = !currentPhone();
  if (!currentPhone()) return;
  if (phone !== currentPhone()) open = away = null;
  phone = currentPhone();
  const asked = phone;
  const [calls, scripts] = await Promise.all([callsOf(asked), call("GET", at(asked) + "/callScripts")]);
  if (asked !== currentPhone()) return;
  const here = scripts.find((kept) => kept.script.pickUp.kind === "live");
  $("rings-here").checked = Boolean(here);
  $("rings-here").dataset.script = here ? here.id : "";
  isLively = calls.some((each) => rings(each) || talks(each));
  const shown = openOf(calls);
  showRing(calls);
  showList(calls, shown);
  await showCall(shown);
}

const act = (what) => call("POST", "/calls/" + $("talk").dataset.call + "/acts", what);

$("answer").onclick = attempt(async () => {
  open = $("ring").dataset.call;
  await call("POST", "/calls/" + open + "/answer");
});
$("decline").onclick = attempt(() => call("POST", "/calls/" + $("ring").dataset.call + "/decline"));
$("hang-up").onclick = attempt(() => call("POST", "/calls/" + $("talk").dataset.call + "/hangUp"));
$("say").onsubmit = attempt(async (event) => {
  const field = event.target.elements.words;
  await act({ say: field.value });
  field.value = "";
});
for (const key of KEYS) {
  $("keys").append(element("button", { type: "button", onclick: attempt(() => act({ press: key })) }, key));
}
$("dial").onsubmit = attempt(async (event) => {
  open = (await call("POST", at(currentPhone()) + "/calls", { to: event.target.elements.to.value })).sid;
});
$("rings-here").onchange = attempt(() => {
  const box = $("rings-here");
  return box.checked ? call("POST", at(currentPhone()) + "/callScripts", { pickUp: { kind: "live" } })
    : call("DELETE", at(currentPhone()) + "/callScripts/" + box.dataset.script);
});
$("behind").ontoggle = attempt(async () => {});
