// One event stream per browser: the tab that holds the lock listens and tells the others.
// Where the browser has no locks (plain http on the LAN), only the visible tab listens.
import { hook, say, toast } from "./lib.js";

const url = document.body.dataset.liveUrl;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("meixu-live") : null;

/** @param {string} topic */
function tell(topic) {
  if (topic === "bye") return leave();
  if (topic === "resync") {
    for (const el of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-live]"))) {
      for (const t of (el.dataset.live ?? "").split(/\s+/)) fire(t);
    }
    return;
  }
  fire(topic);
}

/** @param {string} topic */
function fire(topic) {
  if (topic) document.body.dispatchEvent(new CustomEvent("live:" + topic, { bubbles: true }));
}

/** @type {EventSource | null} */
let source = null;
let lost = false;
let last = number(document.body.dataset.liveAt); // what the page was drawn with: nothing after it is missed

// What this tab heard while it leads, for tabs that join: all news after the number `from`.
let from = last;
/** @type {{id: number, topic: string}[]} */
let heard = [];
const remembered = 256; // as many as the house remembers

/** @param {string | undefined} text */
function number(text) { return text ? Number(text) : NaN; }

function open() {
  if (source || !url) return;
  source = new EventSource(url + (last >= 0 ? "?last=" + last : ""), { withCredentials: true });
  source.addEventListener("message", (e) => hear(String(e.data), number(e.lastEventId)));
  source.addEventListener("bye", () => { pass({ topic: "bye" }); leave(); });
  source.addEventListener("open", () => {
    if (lost) { tell("resync"); pass({ topic: "resync" }); }
    offline(false);
  });
  source.addEventListener("error", () => {
    lost = true;
    if (source?.readyState !== EventSource.CLOSED) return;
    close();
    ask();
  });
}

/** News from the house: kept for those who join, told here and to the other tabs.
 * @param {string} topic @param {number} id */
function hear(topic, id) {
  if (topic === "resync" || !(from <= id - 1)) { heard = []; from = topic === "resync" ? id : id - 1; }
  if (topic !== "resync") heard.push({ id, topic });
  if (heard.length > remembered) from = /** @type {{id: number}} */ (heard.shift()).id;
  last = id;
  tell(topic);
  pass({ topic, id });
}

/** @typedef {{topic?: string, id?: number, leads?: boolean, since?: number, missed?: string[], last?: number}} Note */

/** @param {Note} note */
function pass(note) { channel?.postMessage(note); }

/** What another tab says. @param {Note} note */
function noted(note) {
  if (note.leads) return join();
  if (note.missed) return caughtUp(note);
  if (note.since !== undefined) return answer(note.since);
  if (note.topic === "resync" && note.id !== undefined || note.id === last + 1) last = Number(note.id);
  tell(note.topic ?? "");
}

/** A tab that follows says from when its page is: what it missed while it loaded comes back. */
function join() { if (url && !source) pass({ since: last }); }

/** The tab that leads answers one that joins. @param {number} since */
function answer(since) {
  if (!source || since === last) return;
  const known = since >= from && since < last;
  pass({ since, missed: known ? heard.filter((n) => n.id > since).map((n) => n.topic) : ["resync"], last });
}

/** @param {Note} note */
function caughtUp(note) {
  if (source || note.since !== last) return; // what another tab missed
  last = Number(note.last);
  new Set(note.missed).forEach(tell);
}

/** The house refused the stream: was the session locked or ended, or is the house away? */
async function ask() {
  const stop = new AbortController();
  try {
    const answer = await fetch(url ?? "", { signal: stop.signal, headers: { Accept: "application/json" } });
    stop.abort();
    if (answer.status === 401 || answer.redirected) { pass({ topic: "bye" }); leave(); return; }
  } catch { /* away: asked again below */ }
  setTimeout(open, 5000);
}

let left = false;

/** Locked, logged out or disabled: nothing of the client stays on the glass. The reload goes
 * to the lock or to the login, and from there back to this page. */
export function leave() {
  if (left) return;
  left = true;
  close();
  document.dispatchEvent(new CustomEvent("meixu:leaving"));
  document.body.replaceChildren();
  document.title = "";
  location.reload();
}

function close() {
  source?.close();
  source = null;
}

/** @param {boolean} is */
export function offline(is) {
  const bar = document.querySelector(".offline");
  if (is && !bar) {
    const el = document.createElement("div");
    el.className = "offline";
    el.setAttribute("role", "status");
    el.textContent = say("offline");
    document.body.append(el);
  }
  if (!is && bar) {
    bar.remove();
    toast(say("online"));
  }
}

window.addEventListener("offline", () => offline(true));
window.addEventListener("online", () => { offline(false); tell("resync"); });
channel?.addEventListener("message", (e) => noted(e.data));

if (url) {
  if (navigator.locks) {
    navigator.locks.request("meixu-live", () => { from = last; open(); pass({ leads: true }); return new Promise(() => {}); });
    join();
  } else {
    const follow = () => (document.visibilityState === "visible" ? open() : close());
    document.addEventListener("visibilitychange", follow);
    follow();
  }
}

// What changed while the page slept is fetched at waking; what changes glows once.
let slept = 0;
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") slept = Date.now();
  else if (slept && Date.now() - slept > 15000) tell("resync");
});

// A gentle element holds forms: it is not renewed while somebody types into one of them.
hook("[data-gentle]", (el) => el.addEventListener("htmx:before:request", (e) => {
  const shown = document.querySelector(el.getAttribute("hx-target") ?? "");
  if (shown && typed(shown)) e.preventDefault();
}));

/** @param {Element} box */
function typed(box) {
  for (const f of /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */ (box.querySelectorAll("input:not([type=hidden]), textarea"))) {
    if (f === document.activeElement || f.value !== f.defaultValue) return true;
  }
  return false;
}

hook("[data-live]", (el) => el.addEventListener("htmx:after:swap", () => {
  el.classList.remove("glow");
  void el.offsetWidth;
  el.classList.add("glow");
}));
