// What went on behind a call: TwiML, webhooks, websockets, each in its place.

import { call } from "./control.js";
import { $, element, order, relist } from "./elements.js";

const cut = (line) => (line.interrupted ? " (interrupted)" : "");
const LINES = {
  status: (line) => "The call is " + line.status,
  document: (line) => "Document with " + (line.verbs === 1 ? "1 verb" : line.verbs + " verbs") + (line.url ? " from " + line.url : " from the request"),
  verb: (line) => element("code", {}, line.twiml),
  said: (line) => "Said: " + line.words + cut(line),
  played: (line) => "Played " + line.url + cut(line),
  playedKeys: (line) => "Played the keys " + line.keys,
  music: () => "Played music",
  beep: () => "Beep",
  spoke: (line) => "The person says: " + line.words,
  understood: (line) => "Understood: " + line.words + " (" + Math.round(line.confidence * 100) + " %)",
  pressed: (line) => "The person presses " + line.key,
  ended: (line) => line.verb + " ended: " + line.how,
  joined: (line) => "Joined with " + line.call,
  parted: (line) => "Parted from " + line.call,
  detected: (line) => "Detected: " + line.answeredBy,
  recording: (line) => "Recording " + line.recording + " is " + line.status,
  entered: (line) => "Entered " + line.place,
  left: (line) => "Left " + line.place,
  debugger: (line) => element("span", { className: "bad" }, "Debugger " + line.code + ": " + line.detail),
  socketOpened: (line) => "Websocket opened: " + line.url,
  socketSent: (line) => "Told the program: " + line.text,
  socketGot: (line) => "The program: " + line.text,
  socketClosed: () => "Websocket closed",
  hungUp: (line) => "Hung up by " + line.by,
};

const timeOf = (at) => element("time", { dateTime: at }, new Date(at).toLocaleTimeString());

function storyLine(line) {
  return element("li", {}, timeOf(line.at), LINES[line.kind] ? LINES[line.kind](line) : line.kind);
}

/** A webhook with what was asked and answered, attempt by attempt. */
function webhookLine(entry) {
  const last = entry.attempts[entry.attempts.length - 1];
  const came = last ? (last.status || last.detail || "no answer") : "not sent";
  const title = entry.purpose + ": " + entry.method + " " + entry.url + " → " + came;
  const parts = [element("summary", {}, timeOf(entry.at), title)];
  const names = element("dl", {});
  for (const [name, value] of entry.parameters) names.append(element("dt", {}, name), element("dd", {}, value));
  parts.push(names);
  for (const each of entry.attempts) {
    parts.push(element("p", {}, "X-Twilio-Signature: " + each.signature),
      element("pre", {}, (each.status || "no status") + " in " + each.durationMs + " ms\n" + (each.answer || each.detail || "")));
  }
  return element("li", {}, element("details", {}, ...parts));
}

/** Shows what went on behind a call, while somebody wants to see it. */
export async function showStory(shown) {
  if (!$("behind").open) return;
  const log = await call("GET", "/log?kind=webhook&call=" + shown.sid);
  // What was asked for stands before what came of it.
  const items = log.entries.map((entry) => ({ key: shown.sid + " w" + entry.number, at: entry.at, build: () => webhookLine(entry) }))
    .concat(shown.story.map((line, place) => ({ key: shown.sid + " s" + place, at: line.at, build: () => storyLine(line) })));
  items.sort((one, other) => (order(one.at) < order(other.at) ? -1 : order(one.at) > order(other.at) ? 1 : 0));
  relist($("story"), items);
}
