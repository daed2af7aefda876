// What the tests of this folder share: Twilio's client pointed at the emulator, a receiver of webhooks, phones.

import { createServer } from "node:http";
import { EventEmitter, once } from "node:events";

import twilio from "twilio";

export const EMULATOR_URL = process.env.EMULATOR_URL.replace(/\/$/, "");
export const ACCOUNT = "AC00000000000000000000000000000001";
export const TOKEN = "00000000000000000000000000000001";
export const TEST_ACCOUNT = "AC00000000000000000000000000000002";
export const TEST_TOKEN = "00000000000000000000000000000002";
export const NUMBER = "+15551234567";

// How long a test waits for something that the emulator does by itself.
const WAIT_MS = 20_000;

/** Twilio's own transport, which sends what is meant for twilio.com to the emulator. */
class EmulatorTransport extends twilio.RequestClient {
  request(options) {
    const url = new URL(options.uri);
    if (!url.hostname.endsWith(".twilio.com")) return super.request(options);
    const uri = EMULATOR_URL + options.uri.slice(url.origin.length);
    return super.request({ ...options, uri, headers: { ...options.headers, "X-Original-Host": url.hostname } });
  }
}

export function client(account = ACCOUNT, token = TOKEN) {
  return twilio(account, token, { httpClient: new EmulatorTransport({ timeout: WAIT_MS }) });
}

/**
 * Hands out numbers that nobody has used yet, so that tests do not see each other's messages. Each test file runs in
 * a process of its own and has an area, one digit, of its own.
 */
export function phoneBook(area) {
  let next = 0;
  return () => `+1555${area}${String(next++).padStart(6, "0")}`;
}

/** Has a phone of the emulator send a text to the account's number. */
export async function sendFromPhone(phone, body) {
  const url = `${EMULATOR_URL}/emulator/v1/phones/${encodeURIComponent(phone)}/messages`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ to: NUMBER, body }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

/** A web server on a free port that keeps every request, and answers by path what the test has set. */
export class Receiver {
  static async start() {
    const receiver = new Receiver();
    receiver.server.listen(0, "127.0.0.1");
    await once(receiver.server, "listening");
    receiver.url = `http://127.0.0.1:${receiver.server.address().port}`;
    return receiver;
  }

  constructor() {
    this.arrivals = new EventEmitter();
    this.webhooks = [];
    this.answers = new Map();
    this.server = createServer((request, response) => this.#take(request, response));
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  answer(path, { status = 204, body = "", contentType = "text/xml" } = {}) {
    this.answers.set(path, { status, body, contentType });
    return this.url + path;
  }

  async #take(request, response) {
    let form = "";
    for await (const chunk of request.setEncoding("utf8")) form += chunk;
    const [path, query = ""] = request.url.split("?", 2);
    const { status, body, contentType } = this.answers.get(path) ?? { status: 204, body: "" };
    response.writeHead(status, contentType ? { "Content-Type": contentType } : {}).end(body);
    this.webhooks.push({
      method: request.method,
      url: `http://${request.headers.host}${request.url}`,
      path,
      signature: request.headers["x-twilio-signature"] ?? "",
      params: Object.fromEntries(new URLSearchParams(request.method === "GET" ? query : form)),
    });
    this.arrivals.emit("webhook");
  }

  /** The next request to this path; requests to other paths stay for whoever asks for them. */
  async next(path) {
    const signal = AbortSignal.timeout(WAIT_MS);
    for (;;) {
      const index = this.webhooks.findIndex((webhook) => webhook.path === path);
      if (index >= 0) return this.webhooks.splice(index, 1)[0];
      await once(this.arrivals, "webhook", { signal });
    }
  }

  /** The status callbacks to this path, up to and with the one of this status. */
  async untilStatus(path, status) {
    const webhooks = [];
    while (webhooks.at(-1)?.params.MessageStatus !== status) webhooks.push(await this.next(path));
    return webhooks;
  }
}

/** Whether Twilio's own validator takes the webhook for genuine. */
export function isSigned(webhook, { token = TOKEN, params = webhook.params, url = webhook.url } = {}) {
  return twilio.validateRequest(token, webhook.signature, url, webhook.method === "GET" ? {} : params);
}
