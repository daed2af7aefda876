// The control API, and what becomes of what somebody does on the page.

import { $ } from "./elements.js";

const API = "/emulator/v1";

let look = async () => {};

/** What is done after each thing that somebody did. */
export function afterwards(refresh) {
  look = refresh;
}

export async function call(method, path, body) {
  const response = await fetch(API + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Error(answer && answer.detail ? answer.detail : "status " + response.status);
  return answer;
}

/** A handler that does the work, says what is wrong if it fails, and shows what came of it. */
export function attempt(work) {
  return async (event) => {
    if (event && event.preventDefault) event.preventDefault();
    try {
      $("notice").textContent = "";
      await work(event);
      await look();
    } catch (error) {
      $("notice").textContent = error.message;
    }
  };
}

export const at = (phone) => "/phones/" + encodeURIComponent(phone);
