// Running clocks against the server's time. data-due counts down and then up; data-since with
// data-limit (minutes) turns amber at half. Red means one thing everywhere: how long it is past the
// limit. Amber is how long it has left.
import { apart, hook, now } from "./lib.js";

/** One way to say a time everywhere, as Span in ui/kit: 5分, 1小时04分, 2天3小时; a clock that
 * runs shows its seconds in the first ten minutes. @param {number} ms */
function print(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000), minutes = Math.floor(seconds / 60);
  const h = Math.floor(minutes / 60), d = Math.floor(h / 24);
  const two = /** @param {number} n */ (n) => String(n).padStart(2, "0");
  const say = /** @param {string} zh @param {string} en */ (zh, en) => (document.documentElement.lang === "en" ? en : zh);
  if (d > 0) return say(`${d}天${h % 24}小时`, `${d} d ${h % 24} h`);
  if (h > 0) return say(`${h}小时${two(minutes % 60)}分`, `${h} h ${two(minutes % 60)} min`);
  if (minutes >= 10) return say(`${minutes}分`, `${minutes} min`);
  return say(`${minutes}分${two(seconds % 60)}秒`, `${minutes} min ${two(seconds % 60)} s`);
}

/** The word beside a red and an amber clock: its colour is never the only sign.
 * @param {boolean} over @param {boolean} warn */
function word(over, warn) {
  const en = document.documentElement.lang === "en";
  return over ? (en ? "late " : "超时 ") : warn ? (en ? "soon late " : "将超时 ") : "";
}

/** @param {HTMLElement} el @param {boolean} over @param {boolean} warn @param {number} ms */
function show(el, over, warn, ms) {
  el.textContent = word(over, warn) + print(ms);
  el.classList.toggle("over", over);
  el.classList.toggle("warn", warn);
}

/** @param {HTMLElement} el */
function tick(el) {
  const t = now();
  const gone = t - Date.parse(el.dataset.since ?? "");
  const limit = Number(el.dataset.limit) * 60000;
  const left = el.dataset.due ? Date.parse(el.dataset.due) - t : limit - gone;
  if (el.dataset.due) show(el, left < 0, left >= 0 && left < 10 * 60000, left);
  else if (Number.isNaN(gone)) return;
  else if (limit) show(el, left <= 0, left > 0 && gone >= limit / 2, gone >= limit / 2 ? left : gone);
  else el.textContent = print(gone);
}

function all() {
  for (const el of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-since], [data-due]"))) tick(el);
  for (const el of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-until]"))) el.hidden = now() > Date.parse(el.dataset.until ?? "");
}
// Days that are typed come from the eye on the device's clock, so a wrong one is told. Two
// minutes are nobody's fault; a page that came out of the browser's memory says nothing.
hook("[data-clock-apart]", (el) => {
  const off = apart();
  if (Math.abs(off) < 2 * 60000 || performance.getEntriesByType("navigation").some((n) => /** @type {PerformanceNavigationTiming} */ (n).type === "back_forward")) return;
  const shown = el.querySelector("b");
  if (shown) shown.textContent = print(off);
  el.hidden = false;
});

all();
setInterval(() => document.visibilityState === "visible" && all(), 1000);
document.addEventListener("htmx:after:swap", all);
