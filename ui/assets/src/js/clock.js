// Running clocks against the server's time. data-since with data-limit (minutes) turns amber at
// half and red over; data-due counts down.
import { now } from "./lib.js";

/** @param {number} ms */
function print(ms) {
  const minutes = Math.floor(Math.abs(ms) / 60000);
  const h = Math.floor(minutes / 60);
  const d = Math.floor(h / 24);
  if (d > 1) return document.documentElement.lang === "en" ? `${d} d` : `${d} 天`;
  if (h > 0) return `${h}:${String(minutes % 60).padStart(2, "0")}`;
  const s = Math.floor(Math.abs(ms) / 1000) % 60;
  return minutes < 10 ? `${minutes}:${String(s).padStart(2, "0")}` : `${minutes}′`;
}

/** @param {HTMLElement} el */
function tick(el) {
  const t = now();
  if (el.dataset.due) {
    const left = Date.parse(el.dataset.due) - t;
    el.textContent = (left < 0 ? "+" : "") + print(left);
    el.classList.toggle("over", left < 0);
    el.classList.toggle("warn", left >= 0 && left < 10 * 60000);
    return;
  }
  const gone = t - Date.parse(el.dataset.since ?? "");
  if (Number.isNaN(gone)) return;
  el.textContent = print(gone);
  const limit = Number(el.dataset.limit) * 60000;
  if (!limit) return;
  el.classList.toggle("over", gone >= limit);
  el.classList.toggle("warn", gone >= limit / 2 && gone < limit);
}

function all() {
  for (const el of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-since], [data-due]"))) tick(el);
}
all();
setInterval(() => document.visibilityState === "visible" && all(), 1000);
document.addEventListener("htmx:after:swap", all);
