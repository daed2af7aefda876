// Every element that Twilio's library can write, with every attribute that it knows, is executed, passed over with a
// notice, or refused with Twilio's error. What there is to write is read from the library itself: the elements from its
// classes, their attributes and types from its declarations.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import twilio from "twilio";

import { EMULATOR_URL, NUMBER, client, phoneBook } from "./harness.mjs";

const { VoiceResponse } = twilio.twiml;
const DECLARED = readFileSync(join(libraryFolder(), "lib/twiml/VoiceResponse.d.ts"), "utf8");
const NOBODY = "http://127.0.0.1:9/";
const WAIT_MS = 30_000;
// Tags of speech may stand in one another without end.
const DEPTH_MAX = 3;
const newPhone = phoneBook(9);

// What elements hold, where it is not just any text.
const TEXTS = {
  dial: undefined, number: "+15554443000", sip: "sip:nobody@example.com", referSip: "sip:nobody@example.com",
  play: `${NOBODY}hello.wav`, redirect: NOBODY, client: "nobody", sim: "DE00000000000000000000000000000001",
  task: "{}", break: undefined,
};
// Attributes of text that have a form, by their names.
const FORMS = [
  [/method$/i, "POST"], [/^digits$|^sendDigits$/, "1w2"], [/^(to)$/, "+15554443001"], [/^(from|callerId)$/, NUMBER],
  [/url|action|callback$|handler$/i, NOBODY], [/finishOnKey/, "#"], [/language(Code)?$/i, "en-US"],
  [/^timeout$|speechTimeout/, "1"],
];

function libraryFolder() {
  return join(dirname(createRequire(import.meta.url).resolve("twilio/package.json")));
}

/** The attributes of one interface, with their types; several parts of an interface are one. */
function attributesOf(name) {
  const parts = DECLARED.matchAll(new RegExp(`interface ${name} \\{\\n([^}]*?)\\n    \\}`, "g"));
  const attributes = new Map();
  for (const [, body] of parts) {
    for (const [, key, type] of body.matchAll(/^\s+"?([\w:-]+)"?\??: (.+);$/gm)) attributes.set(key, type);
  }
  return attributes;
}

/** The interface of an element's attributes, where it has one. */
function interfaceOf(method) {
  return DECLARED.match(new RegExp(`^\\s+${method}\\(attributes\\??: (?:VoiceResponse\\.)?(\\w+)`, "m"))?.[1];
}

function sample(name, type) {
  const [, one, list] = type.match(/^(.*?)(\[\])?$/);
  if (list) return [sample(name, one)];
  if (one === "boolean") return true;
  if (one === "number") return 2;
  const words = DECLARED.match(new RegExp(`type ${one} = "([^"]*)"`));
  if (words) return words[1];
  return FORMS.find(([form]) => form.test(name))?.[1] ?? "x";
}

/** The elements that may stand in an element. */
function elementsIn(kind) {
  const general = ["constructor", "comment", "commentAfter", "commentBefore", "addText", "addChild", "toString"];
  return Object.getOwnPropertyNames(kind.prototype).filter((name) => !general.includes(name) && !name.startsWith("_"));
}

/** Writes an element with everything that it may have. */
function write(parent, name) {
  const kind = interfaceOf(name);
  const types = kind && kind !== "object" ? attributesOf(kind) : new Map();
  const attributes = Object.fromEntries([...types].map(([key, type]) => [key, sample(key, type)]));
  return { element: parent[name](attributes, text(name)), attributes };
}

function text(name) {
  return name in TEXTS ? TEXTS[name] : "vocabulary";
}

/** One document for each element of each place, outermost first; what stands around it is bare. */
function* documents(places = elementsIn(VoiceResponse).map((verb) => [verb])) {
  for (const place of places) {
    const response = new VoiceResponse();
    const parent = place.slice(0, -1).reduce((outer, name) => outer[name]({}, text(name)), response);
    const { element, attributes } = write(parent, place.at(-1));
    yield { place: place.join("/"), response, attributes };
    if (place.length < DEPTH_MAX) yield* documents(elementsIn(element.constructor).map((name) => [...place, name]));
  }
}

async function control(method, path, body) {
  const answer = await fetch(`${EMULATOR_URL}/emulator/v1${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${answer.status}`);
  return answer.json();
}

async function play({ place, response, attributes }) {
  const phone = newPhone();
  const script = { pickUp: { kind: "answer", afterMs: 0 }, hangUpAfterMs: 6_000 };
  await control("POST", `/phones/${encodeURIComponent(phone)}/callScripts`, script);
  const { sid } = await client().calls.create({ to: phone, from: NUMBER, twiml: response.toString() });
  return { place, sid, attributes, twiml: response.toString() };
}

async function storyOf(sid) {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const call = await control("GET", `/calls/${sid}`);
    if (call.ended) return call;
    assert.ok(Date.now() < end, `the call stayed ${call.status}`);
    await sleep(100);
  }
}

describe("the vocabulary of the library", () => {
  const plays = [];
  before(async () => {
    for (const document of documents()) plays.push(await play(document));
  });

  it("is all there", () => {
    const places = plays.map(({ place }) => place);
    for (const place of ["say", "say/p/break", "dial/conference", "gather/say", "connect/conversationRelay/language"]) {
      assert.ok(places.includes(place), `${place} is not among ${places}`);
    }
    const attributes = plays.reduce((sum, { attributes }) => sum + Object.keys(attributes).length, 0);
    assert.ok(places.length > 150 && attributes > 450, `${places.length} elements, ${attributes} attributes`);
  });

  it("is executed, passed over with a notice, or refused", async () => {
    const complaints = [];
    for (const { place, sid, attributes, twiml } of plays) {
      const { status, story } = await storyOf(sid);
      const ran = story.filter(({ kind }) => kind === "verb").map((line) => line.twiml).join("\n");
      const notices = story.filter(({ kind }) => kind === "debugger").map((line) => line.detail).join("\n");
      const complain = (what) => complaints.push(`${place}: ${what}\n  wrote ${twiml}\n  ran ${ran}\n  noticed ${notices}`);
      if (status !== "completed") complain(`ended ${status}`);
      if (!ran && !notices) complain("nothing came of it");
      const tag = twiml.match(/<(\w[\w-]*)[^<]*(?:<\/[^<]*)*$/)?.[1];
      const isNamed = notices.includes(`<${tag}>`) || notices.includes(`<${tag} `);
      for (const name of Object.keys(attributes)) {
        if (!ran.includes(` ${name}="`) && !notices.includes(name) && !isNamed) complain(`${name} was lost`);
      }
    }
    assert.equal(complaints.join("\n"), "");
  });
});
