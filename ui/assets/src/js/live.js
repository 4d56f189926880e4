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
let last = document.body.dataset.liveAt ?? ""; // what the page was drawn with: nothing after it is missed

function open() {
  if (source || !url) return;
  source = new EventSource(url + (last ? "?last=" + encodeURIComponent(last) : ""), { withCredentials: true });
  const hear = /** @param {MessageEvent} e */ (e) => {
    last = e.lastEventId || last;
    for (const topic of String(e.data).split(/[\s,]+/).filter(Boolean)) {
      tell(topic);
      channel?.postMessage(topic);
    }
  };
  source.addEventListener("message", hear);
  source.addEventListener("topic", hear);
  source.addEventListener("resync", () => { tell("resync"); channel?.postMessage("resync"); });
  source.addEventListener("bye", () => { channel?.postMessage("bye"); leave(); });
  source.addEventListener("open", () => {
    if (lost) { tell("resync"); channel?.postMessage("resync"); }
    offline(false);
  });
  source.addEventListener("error", () => {
    lost = true;
    if (source?.readyState !== EventSource.CLOSED) return;
    close();
    ask();
  });
}

/** The house refused the stream: was the session locked or ended, or is the house away? */
async function ask() {
  const stop = new AbortController();
  try {
    const answer = await fetch(url ?? "", { signal: stop.signal, headers: { Accept: "application/json" } });
    stop.abort();
    if (answer.status === 401 || answer.redirected) { channel?.postMessage("bye"); leave(); return; }
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
channel?.addEventListener("message", (e) => tell(String(e.data)));

if (url) {
  if (navigator.locks) {
    navigator.locks.request("meixu-live", () => { open(); return new Promise(() => {}); });
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
