// Long forms are kept on the server every few seconds; a local copy bridges lost Wi-Fi and
// goes when the server has acknowledged (rulings 25).
import { del, get, set } from "idb-keyval";
import { hook, postJSON, say, toast } from "./lib.js";
import { leave } from "./live.js";

const person = document.body.dataset.staff ?? "0";
/** @typedef {Record<string, string[]>} Values */
/** The key names form and row, never a person. @param {string} key */
const at = (key) => `/draft?form=${encodeURIComponent(key)}`;
/** @param {string} key */
const local = (key) => `draft:${person}:${key}`;
const skip = /^(_once|password|pin|code)/; // the reason of an amendment is typed text like any other

/** @param {HTMLFormElement} form @returns {Values} */
function read(form) {
  /** @type {Values} */
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !skip.test(name)) (values[name] ??= []).push(value);
  }
  return values;
}

/** @param {HTMLFormElement} form @param {Values} values */
function fill(form, values) {
  for (const el of Array.from(form.elements)) {
    if (!(el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement || el instanceof HTMLSelectElement)) continue;
    if (!el.name || skip.test(el.name) || el.type === "file") continue;
    const have = values[el.name];
    if (el instanceof HTMLInputElement && (el.type === "checkbox" || el.type === "radio")) el.checked = !!have?.includes(el.value);
    else if (have && el instanceof HTMLSelectElement && el.multiple) for (const o of Array.from(el.options)) o.selected = have.includes(o.value);
    else if (have) el.value = have.shift() ?? "";
    el.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

hook("form[data-draft]", async (el) => {
  const form = /** @type {HTMLFormElement} */ (el);
  const key = form.dataset.draft ?? "";
  const refused = !!form.querySelector(".faults");
  let sent = JSON.stringify(read(form));
  let busy = false;
  let gone = false;
  const state = /** @type {HTMLElement | null} */ (form.querySelector("[data-draft-state]"));
  const show = /** @param {string} text */ (text) => { if (state) state.textContent = text; };

  const keep = async () => {
    const values = read(form);
    const text = JSON.stringify(values);
    if (busy || gone || text === sent || !form.isConnected) return;
    busy = true;
    await set(local(key), values).catch(() => {});
    try {
      const answer = await postJSON("/draft", { form: key, values });
      if (answer.status === 401) leave();
      if (!answer.ok) throw new Error(String(answer.status));
      sent = text;
      await del(local(key)).catch(() => {});
      show(say("kept"));
    } catch {
      show(say("local"));
    }
    busy = false;
  };
  const timer = setInterval(() => (form.isConnected ? keep() : clearInterval(timer)), 3000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep());
  // A post that waits for the house is typed text like any other until it went.
  document.addEventListener("meixu:held", () => { gone = false; });
  document.addEventListener("meixu:leaving", () => { if (form.isConnected && !gone) set(local(key), read(form)).catch(() => {}); });
  form.addEventListener("submit", () => {
    gone = true;
    set(local(key), read(form)).catch(() => {});
    sessionStorage.setItem("meixu-sent", key);
    setTimeout(() => { gone = false; }, 4000);
  }, { capture: true });

  if (refused) { sessionStorage.removeItem("meixu-sent"); return; }
  // The same form again without a word of success: the post never arrived (lost Wi-Fi, server
  // down, back button). What was typed must come back.
  if (sessionStorage.getItem("meixu-sent") === key && done()) { await forget(key); return; }
  sessionStorage.removeItem("meixu-sent");
  const values = (await get(local(key)).catch(() => null)) ?? (await fetched(key));
  if (values && JSON.stringify(values) !== sent) {
    fill(form, structuredClone(values));
    toast(say("restored"));
  }
});

/** The server said that the deed was done. */
function done() { return !!document.querySelector(".flash"); }

/** @param {string} key @returns {Promise<Values | null>} */
async function fetched(key) {
  try {
    const answer = await fetch(at(key), { headers: { Accept: "application/json" } });
    return answer.status === 200 ? ((await answer.json()).values ?? null) : null;
  } catch {
    return null;
  }
}

/** @param {string} key */
async function forget(key) {
  sessionStorage.removeItem("meixu-sent");
  await del(local(key)).catch(() => {});
  await postJSON("/draft", { form: key, values: null }).catch(() => {});
}

// The form was taken: the page that follows has no such form, so the draft can go.
const sentKey = sessionStorage.getItem("meixu-sent");
if (sentKey && !document.querySelector(`form[data-draft="${CSS.escape(sentKey)}"]`)) forget(sentKey);
