// The drawer beside the calendar: what is asked for comes as a piece of a page, its forms travel
// by fetch, and a deed that is done closes it.
import { debounce, enhance, toast } from "../lib.js";

const drawer = /** @type {HTMLElement} */ (document.getElementById("drawer"));
/** @type {(done: {text: string, id: number, version: number}) => void} */
let finished = () => {};
/** @type {HTMLElement | null} */
let cameFrom = null;

/** @param {typeof finished} fn what happens when a deed is done */
export function whenDone(fn) { finished = fn; }

/** Whether the drawer is open. */
export function isOpen() { return !!drawer.firstElementChild; }

/** A new one-time key; without a secure page there is no randomUUID. */
export function onceKey() {
  return [...crypto.getRandomValues(new Uint8Array(13))].map((b) => (b % 36).toString(36)).join("").toUpperCase() + Date.now().toString(36).toUpperCase();
}

/** Asks the house and shows what it answers. Gives true when the deed is done.
 * @param {string} url @param {URLSearchParams} [body] @returns {Promise<boolean>} */
export async function ask(url, body) {
  const answer = await fetch(url, {
    method: body ? "POST" : "GET", body, credentials: "same-origin",
    headers: { "HX-Request": "true", "HX-Request-Type": "partial", Accept: "text/html" },
  });
  const to = answer.headers.get("HX-Redirect");
  if (to) { location.assign(to); return true; }
  if (answer.redirected || answer.status === 401) { location.reload(); return false; }
  const text = await answer.text();
  if (answer.headers.get("HX-Retarget") === "#toasts") { complain(text); return false; }
  const box = document.createElement("div");
  box.innerHTML = text;
  const done = /** @type {HTMLElement | null} */ (box.querySelector("[data-calendar-done]"));
  if (!done) { show(box); return false; }
  for (const form of body ? drawer.querySelectorAll("form[data-draft]") : []) form.dispatchEvent(new CustomEvent("meixu:taken"));
  close();
  finished({ text: done.dataset.calendarDone ?? "", id: Number(done.dataset.id), version: Number(done.dataset.version) });
  return true;
}

/** @param {string} html */
function complain(html) {
  const box = document.createElement("div");
  box.innerHTML = html;
  const el = box.firstElementChild;
  if (!el) return;
  document.getElementById("toasts")?.prepend(el);
  setTimeout(() => el.remove(), 8000);
}

/** @param {HTMLElement} box */
function show(box) {
  if (!isOpen()) opened = performance.now();
  if (!isOpen()) cameFrom = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  drawer.replaceChildren(...box.childNodes);
  enhance();
  const first = /** @type {HTMLElement | null} */ (drawer.querySelector("[aria-invalid=true]:not([type=hidden]), [data-first]") ?? drawer.querySelector("input:not([type=hidden]), button"));
  first?.focus();
  document.dispatchEvent(new CustomEvent("htmx:after:swap", { bubbles: true }));
}

let opened = -1000;
// The second half of a double click, or a key held down, that meets the drawer does nothing.
drawer.addEventListener("click", (e) => {
  if (e.detail > 0 && performance.now() - opened < 400) { e.preventDefault(); e.stopImmediatePropagation(); }
}, { capture: true });
drawer.addEventListener("keydown", (e) => { if (e.key === "Enter" && e.repeat) e.preventDefault(); }, { capture: true });

/** Closes the drawer and gives the keys back to the calendar. */
export function close() {
  drawer.replaceChildren();
  if (cameFrom?.isConnected) cameFrom.focus({ preventScroll: true });
  else document.body.focus();
}

/** A post that never arrived: what was typed stays in the drawer, and its draft counts again.
 * @param {HTMLFormElement} form */
function lost(form) {
  toast(document.body.dataset.sayFailed ?? "");
  if (!form.dataset.draft) return;
  sessionStorage.removeItem("meixu-sent");
  document.dispatchEvent(new CustomEvent("meixu:held"));
}

drawer.addEventListener("submit", (e) => {
  const form = e.target;
  if (!(form instanceof HTMLFormElement)) return;
  e.preventDefault();
  if (form.hasAttribute("data-find")) return;
  const data = new URLSearchParams();
  for (const [key, text] of new FormData(form)) if (typeof text === "string") data.append(key, text);
  const button = e.submitter;
  if (button?.getAttribute("name")) data.append(button.getAttribute("name") ?? "", button.getAttribute("value") ?? "");
  ask(form.getAttribute("action") ?? "", data).catch(() => lost(form)).finally(() => form.dispatchEvent(new CustomEvent("meixu:free")));
});

drawer.addEventListener("click", (e) => {
  const link = e.target instanceof Element && e.target.closest("a[data-drawer-link]");
  if (!link) return;
  e.preventDefault();
  ask(link.getAttribute("href") ?? "").catch(() => toast(document.body.dataset.sayFailed ?? ""));
});

// The finder of the drawer: people as one types, arrows choose, Enter takes the first.
/** @type {{text: string, asking: Promise<void> | null, stop: AbortController | null}} */
const found = { text: "", asking: null, stop: null };

/** @param {HTMLInputElement} input */
function look(input) {
  const form = /** @type {HTMLFormElement} */ (input.form);
  const list = document.getElementById("slot-found");
  const text = input.value.trim();
  if (!list || text === found.text && found.asking) return found.asking ?? Promise.resolve();
  found.text = text;
  found.stop?.abort();
  found.stop = new AbortController();
  const data = new URLSearchParams();
  for (const [key, value] of new FormData(form)) if (typeof value === "string") data.append(key, value);
  found.asking = fetch(form.action, {
    method: "POST", body: data, credentials: "same-origin", signal: found.stop.signal, headers: { "HX-Request": "true", "HX-Request-Type": "partial" },
  }).then(async (answer) => {
    if (!answer.ok) return;
    list.innerHTML = await answer.text();
    mark(0);
  }).catch(() => { /* an older question */ });
  return found.asking;
}

const people = () => /** @type {HTMLElement[]} */ ([...drawer.querySelectorAll("#slot-found a.finding")]);

/** @param {number} n */
function mark(n) {
  const all = people();
  all.forEach((o, i) => o.setAttribute("aria-selected", String(i === (n + all.length) % all.length)));
}

const soon = debounce(look, 90);
drawer.addEventListener("input", (e) => {
  if (e.target instanceof HTMLInputElement && e.target.id === "slot-q") soon(e.target);
});
drawer.addEventListener("keydown", async (e) => {
  if (!(e.target instanceof HTMLInputElement) || e.target.id !== "slot-q" || e.isComposing) return;
  const at = people().findIndex((o) => o.getAttribute("aria-selected") === "true");
  if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); mark(at + (e.key === "ArrowDown" ? 1 : -1)); }
  if (e.key !== "Enter" || !e.target.value.trim()) return;
  e.preventDefault();
  await look(e.target); // whoever types faster than the house answers gets the first of that answer
  const all = people();
  (all.find((o) => o.getAttribute("aria-selected") === "true") ?? all[0])?.click();
});
new MutationObserver(() => { if (!isOpen()) { found.text = ""; found.asking = null; } }).observe(drawer, { childList: true });
