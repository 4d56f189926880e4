// Forms travel by fetch. What is refused comes back into the page on which it was typed: the
// address stays that page's, so Back never meets a post. What cannot travel (server down, no
// Wi-Fi) waits on the page and goes when the house answers again; its one-time key makes that once.
import htmx from "htmx.org";
import { flush } from "./draft.js";
import { offline } from "./live.js";
import { say, toast } from "./lib.js";

const again = 2000; // ms between two looks whether the house answers
/** @type {Map<HTMLFormElement, HTMLElement | null>} */
const held = new Map();
/** @type {WeakSet<HTMLFormElement>} */
const going = new WeakSet();
let timer = 0;

document.addEventListener("submit", (e) => {
  const form = e.target;
  if (e.defaultPrevented || !(form instanceof HTMLFormElement) || !ours(form)) return;
  e.preventDefault();
  if (!held.has(form)) send(form, e.submitter);
});

/** @param {HTMLFormElement} form */
function ours(form) {
  return form.getAttribute("method")?.toLowerCase() === "post" && !form.hasAttribute("hx-post") && !form.getAttribute("target");
}

/** The name of an attached file; the one with all letters goes before the plain one (RFC 6266). @param {string} head */
function named(head) {
  const [, plain, whole] = /^attachment; filename="([^"]+)"(?:; filename\*=UTF-8''(\S+))?/.exec(head) ?? [];
  return whole ? decodeURIComponent(whole) : plain;
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} button */
async function send(form, button) {
  if (going.has(form)) return;
  going.add(form);
  if (!form.dataset.draft) await flush(); // a lock, a logout: what stands in other forms is kept first
  try {
    const answer = await fetch(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href, {
      method: "POST", credentials: "same-origin", body: body(form, button),
      headers: { "X-Meixu-Post": "1", Accept: "text/html" },
    });
    const file = named(answer.headers.get("Content-Disposition") ?? "");
    const content = await (file ? answer.blob() : answer.text());
    held.delete(form);
    if (file && content instanceof Blob) save(content, file);
    const to = answer.headers.get("X-Meixu-Go");
    if (to) return go(to);
    const once = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=_once]"));
    if (once) once.value = answer.headers.get("X-Meixu-Once") || once.value;
    if (typeof content !== "string") return; // the page stays as it is
    const text = content;
    show(text);
    document.dispatchEvent(new CustomEvent("meixu:answered"));
  } catch {
    hold(form, button);
  } finally {
    going.delete(form);
    if (!held.has(form)) form.dispatchEvent(new CustomEvent("meixu:free"));
  }
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} button */
function body(form, button) {
  const data = new FormData(form);
  const [name, value] = [button?.getAttribute("name"), button?.getAttribute("value") ?? ""];
  if (name) data.append(name, value);
  if (form.dataset.draft) data.append("_draft", form.dataset.draft); // goes when the form is taken
  if (form.getAttribute("enctype") === "multipart/form-data") return data;
  const plain = new URLSearchParams();
  for (const [key, text] of data) if (typeof text === "string") plain.append(key, text);
  return plain;
}

/** Puts a file that a post answered with among the downloads.
 * @param {Blob} content @param {string} name */
function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {string} to */
function go(to) {
  const url = new URL(to, location.href);
  if (url.hash && url.pathname + url.search === location.pathname + location.search) {
    history.replaceState(null, "", url);
    history.scrollRestoration = "manual"; // to the place that the answer names, not to where one was
    location.reload();
    return;
  }
  if (document.body.classList.contains("login")) location.replace(url); // Back never meets the door again
  else location.assign(url);
}

/** Puts the answer into the page: a refusal above what was typed, or the form drawn anew.
 * @param {string} text */
function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const [here, fresh] = [document.getElementById("main"), page.getElementById("main")];
  const refusal = page.querySelector(".trouble .refusal");
  for (const old of document.querySelectorAll("#main > .refusal[data-answer]")) old.remove();
  if (here && refusal) {
    refusal.setAttribute("data-answer", "1");
    refusal.setAttribute("tabindex", "-1");
    here.prepend(document.adoptNode(refusal));
  } else if (here && fresh && page.body.className === document.body.className) {
    here.replaceWith(document.adoptNode(fresh));
    const [band, drawn] = [document.querySelector(".sticky"), page.querySelector(".sticky")];
    if (band && drawn) band.replaceWith(document.adoptNode(drawn));
    document.querySelector(".flash")?.remove();
  } else {
    document.body.className = page.body.className;
    document.body.replaceChildren(...page.body.childNodes);
  }
  document.getElementById("drawer")?.replaceChildren();
  htmx.process(document.body);
  document.dispatchEvent(new CustomEvent("htmx:after:swap", { bubbles: true }));
  const first = /** @type {HTMLElement | null} */ (document.querySelector("#main .faults, #main .refusal, #main [aria-invalid], #main [autofocus]"));
  first?.scrollIntoView({ block: "center" });
  first?.focus({ preventScroll: true });
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} button */
function hold(form, button) {
  if (!form.querySelector("[name=_once]")) { toast(say("failed")); return; }
  held.set(form, button);
  document.dispatchEvent(new CustomEvent("meixu:held", { detail: form }));
  offline(true);
  toast(say("held"));
  clearTimeout(timer);
  timer = window.setTimeout(look, again);
}

/** Sends what waits as soon as the house answers. */
async function look() {
  clearTimeout(timer);
  for (const form of held.keys()) if (!form.isConnected) held.delete(form);
  if (!held.size) return;
  const well = await fetch("/healthz", { cache: "no-store" }).then((a) => a.ok, () => false);
  if (!well) { timer = window.setTimeout(look, again); return; }
  offline(false);
  for (const [form, button] of [...held]) await send(form, button);
}
window.addEventListener("online", () => { if (held.size) look(); });
