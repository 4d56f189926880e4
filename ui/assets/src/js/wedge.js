// Barcode and card readers type like very fast keyboards ending in Enter. A burst anywhere on
// the page becomes a `scan` event and never lands in a notes field.
import { typing } from "./lib.js";

const gap = 35; // ms between keys; people need 60 and more
const least = 6;
let burst = "";
let at = 0;
let began = 0;
/** @type {{el: HTMLInputElement | HTMLTextAreaElement, text: string} | null} */
let before = null;

document.addEventListener("keydown", (e) => {
  if (e.isComposing || e.ctrlKey || e.altKey || e.metaKey) return;
  const t = performance.now();
  if (e.key === "Enter") {
    const code = burst;
    const quick = code.length >= least && t - at < gap * 3 && (t - began) / code.length < gap;
    burst = "";
    if (!quick) return;
    const own = before?.el; // a search that is posted: what was scanned into it is what is looked for
    if (own instanceof HTMLInputElement && own.type === "search" && own.form && !own.hasAttribute("data-scan")) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (before && !before.el.hasAttribute("data-scan")) before.el.value = before.text;
    scanned(code);
    return;
  }
  if (e.key.length !== 1) return;
  if (t - at > gap || burst === "") {
    burst = "";
    began = t;
    const el = e.target;
    before = typing(el) && (el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement) ? { el, text: el.value } : null;
  }
  burst += e.key;
  at = t;
}, { capture: true });

/** What sort of code it is, by prefix and length. @param {string} code */
export function kindOf(code) {
  if (/^(\]d2|\]C1|01\d{14})/.test(code)) return "gs1";
  if (/^\d{20}$/.test(code)) return "trace";
  if (/^\d{17}[\dXx]$/.test(code)) return "identity";
  if (/^[CT]\d{2,3}$/i.test(code)) return "ticket";
  if (/^M\d+/i.test(code)) return "member";
  return "code";
}

/** @param {string} code */
function scanned(code) {
  const detail = { code, kind: kindOf(code) };
  const focused = document.activeElement;
  const field = /** @type {HTMLInputElement | null} */ (
    focused instanceof HTMLInputElement && focused.hasAttribute("data-scan") ? focused : document.querySelector("main input[data-scan], .drawer input[data-scan]"));
  if (field) {
    field.value = code;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const free = document.dispatchEvent(new CustomEvent("scan", { detail, cancelable: true }));
  const finder = /** @type {HTMLInputElement | null} */ (document.getElementById("finder"));
  if (free && !field && finder) {
    finder.value = code;
    finder.focus();
    finder.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
