// What is said in a call, as the person at the phone knows it.

import { $, element, following, relist } from "./elements.js";

const ENDS = { busy: "Busy", "no-answer": "Nobody answered", failed: "The call failed", canceled: "Given up before it was answered",
  completed: "The call is over" };
const STATUSES = { ringing: "It rings", "in-progress": "Answered", ...ENDS };
const HANGERS = { person: "You hung up", twiml: "The call hung up", request: "Ended by a request",
  limit: "Ended by its time limit", other: "The other end hung up" };

const heard = (text, line) => ({ who: "The call says", text: text + (line.interrupted ? " … (cut short)" : "") });
const remark = (text, isBad = false) => (text ? { remark: text, isBad } : null);

// What a line of the story is in the dialogue; what is not named here happens behind the call.
const SPOKEN = {
  status: (line) => remark(STATUSES[line.status], line.status === "failed"),
  said: (line) => heard(line.words, line),
  played: (line) => heard("♪ " + line.url, line),
  playedKeys: (line) => heard("keys " + line.keys, line),
  music: () => remark("Music"),
  beep: () => remark("Beep"),
  spoke: (line) => ({ who: "You say", isMine: true, text: line.words }),
  pressed: (line) => ({ who: "You press", isMine: true, text: line.key }),
  joined: () => remark("Connected with another call"),
  parted: () => remark("No longer connected with the other call"),
  entered: (line) => remark("You wait in " + line.place),
  left: (line) => remark("You left " + line.place),
  debugger: (line) => remark("Debugger " + line.code + ": " + line.detail, true),
  hungUp: (line) => remark(HANGERS[line.by]),
};

/** The lines of the dialogue: keys that follow each other become one, and what was misheard is told. */
export function dialogueOf(story) {
  const lines = [];
  let spoken = null;
  for (const line of story) {
    const last = lines[lines.length - 1];
    if (line.kind === "understood") {
      if (spoken && spoken !== line.words) lines.push({ ...remark("Understood as: " + line.words), at: line.at });
      continue;
    }
    if (line.kind === "spoke") spoken = line.words;
    const made = SPOKEN[line.kind] && SPOKEN[line.kind](line);
    if (!made) continue;
    if (line.kind === "pressed" && last && last.who === made.who) last.text += made.text;
    else lines.push({ ...made, at: line.at });
  }
  return lines;
}

function build(line, before) {
  const time = new Date(line.at).toLocaleTimeString();
  if (line.remark) return element("li", { className: line.isBad ? "remark bad" : "remark", title: time }, line.remark);
  const className = "bubble" + (line.isMine ? " mine" : "") + (line.isUnfinished ? " unfinished" : "");
  const node = element("li", { className, title: time });
  // Who it is, is said once where somebody goes on.
  if (!before || before.who !== line.who) node.append(element("small", {}, line.who + " · " + time));
  node.append(line.text);
  return node;
}

/** Shows a call's dialogue; `call.saying` is what the call is just saying, as far as it was heard. */
export function showDialogue(call) {
  const lines = dialogueOf(call.story);
  if (call.saying) {
    const { at } = call.story[call.story.length - 1];
    lines.push({ who: "The call says", text: call.saying + " …", at, isUnfinished: true });
  }
  const items = lines.map((line, place) => {
    const before = lines[place - 1];
    return { key: JSON.stringify([call.sid, place, line, before && before.who]), build: () => build(line, before) };
  });
  following($("dialogue"), call.sid, () => relist($("dialogue").firstElementChild, items));
}
