// What is typed into a form is kept on the server a moment later (rulings 25). The page brings it
// back itself; what the person touched since is never overwritten. Where the Wi-Fi is lost a
// sealed local copy of the long forms bridges it and goes when the server has acknowledged.
import { del, get, set } from "idb-keyval";
import { read, restore, watch } from "./answers.js";
import { hook, postJSON, say, toast } from "./lib.js";
import { leave } from "./live.js";

/** @typedef {import("./answers.js").Values} Values */

const person = document.body.dataset.staff ?? "0";
const soon = 700; // ms without typing until it is kept
/** The key names form and row, never a person. @param {string} key */
const at = (key) => `/draft?form=${encodeURIComponent(key)}`;
/** @param {string} key */
const local = (key) => `draft:${person}:${key}`;
// The key of the local copies comes with each page and is kept nowhere. Without TLS there is none,
// and nothing stays in the browser.
const hex = document.body.dataset.draftKey ?? "";
const sealing = hex && globalThis.crypto?.subtle
  ? crypto.subtle.importKey("raw", Uint8Array.from(hex.match(/../g) ?? [], (b) => parseInt(b, 16)), "AES-GCM", false, ["encrypt", "decrypt"])
  : null;

/** Keeps what the server did not get. @param {string} key @param {Values} values */
async function keepHere(key, values) {
  if (!sealing) throw new Error("nothing is kept here");
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await sealing, new TextEncoder().encode(JSON.stringify(values)));
  await set(local(key), { iv, sealed });
}

/** @param {string} key @returns {Promise<Values | null>} */
async function keptHere(key) {
  try {
    const { iv, sealed } = await get(local(key));
    return sealing && JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await sealing, sealed)));
  } catch {
    return null;
  }
}

/** @type {Set<Draft>} */
const drafts = new Set();
let told = false;

class Draft {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.key = form.dataset.draft ?? "";
    this.house = "draftHouse" in form.dataset; // kept on the server only
    this.answer = "draftAnswer" in form.dataset; // the page carries what was typed: all of it counts
    this.sent = "{}";
    this.gone = false;
    this.safe = true; // what was typed stands on the server, or on this device
    this.timer = 0;
    /** @type {Promise<void> | null} */
    this.going = null;
    watch(form);
    drafts.add(this);
  }

  /** Keeps what is typed, now; last is true when the page is about to go. @param {boolean} [last] */
  async keep(last = false) {
    clearTimeout(this.timer);
    if (this.going && !last) await this.going;
    if (!this.form.isConnected) { drafts.delete(this); return; }
    const values = read(this.form, this.answer);
    const text = JSON.stringify(values);
    if (this.gone || text === this.sent) return;
    if (last) sessionStorage.setItem("meixu-late:" + this.key, "1");
    this.going = this.send(values, text, last);
    await this.going;
    this.going = null;
  }

  /** @param {Values} values @param {string} text @param {boolean} last */
  async send(values, text, last) {
    try {
      const answer = await postJSON("/draft", { form: this.key, values: text === "{}" ? null : values }, last && text.length < 50000);
      if (answer.status === 401) leave();
      if (!answer.ok) throw new Error(String(answer.status));
      this.sent = text;
      this.safe = true;
      if (!this.house) await del(local(this.key)).catch(() => {});
      this.show(say("kept"));
    } catch {
      this.safe = !this.house && await keepHere(this.key, values).then(() => true, () => false);
      if (this.safe) this.show(say("local"));
    }
  }

  /** @param {string} text */
  show(text) {
    const state = this.form.querySelector("[data-draft-state]");
    if (state) state.textContent = text;
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.keep(), soon);
  }

  /** The local bridge, for what the server did not get. */
  bridge() {
    if (!this.house && !this.gone && this.form.isConnected) keepHere(this.key, read(this.form, this.answer)).catch(() => {});
  }

  /** @param {Values | null} values */
  fill(values) {
    if (!values || !restore(this.form, values) || told) return;
    told = true;
    toast(say("restored"), { label: say("discard"), run: () => this.discard() });
  }

  async discard() {
    this.gone = true;
    await forget(this.key);
    location.assign(location.pathname + location.search);
  }
}

hook("form[data-draft]", (el) => {
  const form = /** @type {HTMLFormElement} */ (el);
  const draft = new Draft(form);
  for (const name of ["input", "change"]) form.addEventListener(name, () => draft.typed());
  form.addEventListener("submit", () => {
    draft.gone = true;
    sessionStorage.setItem("meixu-sent", draft.key);
    setTimeout(() => { draft.gone = false; }, 4000);
  }, { capture: true });
  // A refusal leaves the form as it is; a success leads away, and nothing is kept on the way.
  document.addEventListener("meixu:answered", () => { draft.gone = false; });
  // A form that a part of a page holds is taken without a new page.
  form.addEventListener("meixu:taken", () => { draft.gone = true; drafts.delete(draft); forget(draft.key); });
  if (draft.house || form.closest("#drawer")) form.querySelector("[data-cancel]")?.addEventListener("click", () => { draft.gone = true; forget(draft.key); });
  if (draft.answer) {
    sessionStorage.removeItem("meixu-sent");
    if (document.querySelector("#main :is(.faults, .refusal, .fault)")) draft.keep();
    else draft.sent = JSON.stringify(read(form, true));
    return;
  }
  begin(draft);
});

/** Brings back what was typed before. @param {Draft} draft */
async function begin(draft) {
  const { key } = draft;
  // The same form again without a word of success: the post never arrived (lost Wi-Fi, server
  // down, back button). What was typed must come back.
  const done = sessionStorage.getItem("meixu-sent") === key && document.querySelector(".flash, [data-done]");
  sessionStorage.removeItem("meixu-sent");
  if (done) { await forget(key); return; }
  draft.fill(parsed(draft.form.dataset.draftKept));
  draft.sent = JSON.stringify(read(draft.form, false));
  if (!draft.house) draft.fill(await keptHere(key));
  // What the page before sent at its very end may have come after this page was drawn.
  if (sessionStorage.getItem("meixu-late:" + key)) {
    sessionStorage.removeItem("meixu-late:" + key);
    setTimeout(async () => draft.fill(await fetched(key)), 400);
  }
}

/** @param {string | undefined} text @returns {Values | null} */
function parsed(text) {
  try { return text ? JSON.parse(text) : null; } catch { return null; }
}

/** @param {string} key @returns {Promise<Values | null>} */
async function fetched(key) {
  try {
    const answer = await fetch(at(key), { headers: { Accept: "application/json" } });
    return answer.status === 200 ? ((await answer.json()).values ?? null) : null;
  } catch {
    return null;
  }
}

/** The house is told first: the page may be on its way out. @param {string} key */
async function forget(key) {
  sessionStorage.removeItem("meixu-sent");
  sessionStorage.removeItem("meixu-late:" + key);
  const told = postJSON("/draft", { form: key, values: null }, true).catch(() => {});
  await del(local(key)).catch(() => {});
  await told;
}

/** Keeps everything that is typed on the page, before it goes or is locked. */
export async function flush() {
  const all = Promise.all([...drafts].map((d) => d.keep()));
  await Promise.race([all, new Promise((late) => setTimeout(late, 2000))]);
}

/** Keeps what is typed, and says whether all of these forms have it in a draft: files that were
 * chosen are in none. @param {HTMLFormElement[]} forms */
export async function safe(forms) {
  await flush();
  return forms.every((form) => {
    const draft = [...drafts].find((d) => d.form === form);
    const files = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[type=file]")]);
    return draft?.safe === true && !draft.going && files.every((f) => !f.files?.length);
  });
}

const last = () => { for (const d of drafts) d.keep(true); };
addEventListener("pagehide", last);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && last());
// What scripts changed without a word is found by looking.
setInterval(() => { for (const d of drafts) d.keep(); }, 3000);
// A post that waits for the house is typed text like any other until it went.
document.addEventListener("meixu:held", () => { for (const d of drafts) { d.gone = false; d.bridge(); } });
document.addEventListener("meixu:leaving", () => { for (const d of drafts) d.bridge(); });

// The form was taken: the page that follows has no such form, so the draft can go.
const sentKey = sessionStorage.getItem("meixu-sent");
if (sentKey && !document.querySelector(`form[data-draft="${CSS.escape(sentKey)}"]`)) forget(sentKey);
