// Small manners of the frame: density switch, menus that close, printing, fading flash.
import { hook } from "./lib.js";

/** Keeps a choice of this browser for a year, under the name that the server reads (kit.CookieName).
 * @param {string} name @param {string} value */
function keep(name, value) {
  const tls = location.protocol === "https:";
  document.cookie = `${tls ? "__Host-" : ""}${name}=${value}; path=/; max-age=31536000; samesite=strict${tls ? "; secure" : ""}`;
}

// Which finger or mouse one works with is told at the door: the session begins in the view for it.
keep("meixu_pointer", matchMedia("(pointer: coarse)").matches ? "coarse" : "fine");

hook("[data-view-switch]", (el) => el.addEventListener("click", () => {
  keep("meixu_view", el.dataset.viewSwitch ?? "");
  location.reload();
}));
// Who has many rooms sees the one she is in, also where the rail is longer than the screen.
hook(".rooms", (rooms) => {
  const here = /** @type {HTMLElement | null} */ (rooms.querySelector("a[aria-current]"));
  if (!here) return;
  const [box, at] = [rooms.getBoundingClientRect(), here.getBoundingClientRect()];
  if (at.top < box.top || at.bottom > box.bottom) rooms.scrollTop += at.top - box.top - box.height / 2;
  if (at.left < box.left || at.right > box.right) rooms.scrollLeft += at.left - box.left - box.width / 2;
});
// Each kind of paper has a margin of its own on this PC, in millimetres, because printers differ.
const papers = { ".slip.narrow": "slip58", ".slip": "slip80", ".label-paper, .lot-label": "label", ".doc.bill": "bill", ".doc.a5": "a5", ".poster.small": "a5" };
const paperKind = () => Object.entries(papers).find(([mark]) => document.querySelector(mark))?.[1] ?? "a4";
hook("input[data-shift]", (el) => {
  const field = /** @type {HTMLInputElement} */ (el), name = `meixu-print-${paperKind()}-${el.dataset.shift}`;
  const move = () => {
    const mm = Math.max(-20, Math.min(20, Number(field.value) || 0));
    document.body.style.setProperty(`--shift-${el.dataset.shift}`, `${mm}mm`);
    return mm;
  };
  field.value = localStorage.getItem(name) ?? "0";
  move();
  field.addEventListener("input", () => localStorage.setItem(name, String(move())));
});
// A test print shows a frame with its corners in place of the paper's contents.
hook("[data-print-test]", (el) => el.addEventListener("click", () => {
  document.body.classList.add("print-test");
  addEventListener("afterprint", () => document.body.classList.remove("print-test"), { once: true });
  print();
}));
hook("[data-print]", (el) => el.addEventListener("click", () => print()));
// A roll is as long as what stands on it: the page's height follows the slip.
hook(".paper:has(.slip)", (el) => {
  const slip = /** @type {HTMLElement} */ (el.querySelector(".slip"));
  const narrow = slip.classList.contains("narrow");
  const sheet = [...document.styleSheets].find((s) => s.href && new URL(s.href).pathname.includes("/print."));
  const fit = () => {
    const long = Math.ceil((slip.offsetHeight + (slip.offsetTop - el.offsetTop)) / 96 * 25.4) + 12;
    sheet?.insertRule(narrow ? `@page slip58 { size: 58mm ${long}mm; }` : `@page slip { size: 80mm ${long}mm; }`, sheet.cssRules.length);
  };
  addEventListener("beforeprint", fit, { once: true });
});
// Copying works without a secure page too: the text stands in a field that is selected.
hook("[data-copy]", (el) => el.addEventListener("click", () => {
  const text = document.getElementById(el.dataset.copy ?? "");
  if (!(text instanceof HTMLTextAreaElement)) return;
  text.select();
  if (document.execCommand("copy") && el.lastChild) el.lastChild.textContent = el.dataset.said ?? "";
}));
// What was done just now can be taken back for a few seconds; then the button goes.
hook("[data-undo]", (el) => { setTimeout(() => el.remove(), 1000 * Number(el.dataset.undo || 10)); });
hook("[data-fade]", (el) => { setTimeout(() => el.remove(), 8000); });
hook("[data-drawer-close]", (el) => el.addEventListener("click", () => document.getElementById("drawer")?.replaceChildren()));
hook("details.person", (el) => {
  document.addEventListener("click", (e) => { if (e.target instanceof Node && !el.contains(e.target)) el.removeAttribute("open"); });
  el.addEventListener("keydown", (e) => { if (e.key === "Escape") el.removeAttribute("open"); });
});
hook("select[data-submit-on-change], input[data-submit-on-change]", (el) => el.addEventListener("change", () => {
  /** @type {HTMLInputElement} */ (el).form?.requestSubmit();
}));
// Fields that belong to one choice appear with it; one with a fault is always seen.
hook("form.edit:has([data-when])", (el) => {
  const form = /** @type {HTMLFormElement} */ (el);
  const settle = () => {
    for (const field of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-when]"))) {
      const [name, value] = (field.dataset.when ?? "").split("=");
      field.hidden = new FormData(form).get(name) !== value && !field.classList.contains("faulty");
    }
  };
  form.addEventListener("change", settle);
  settle();
});
// The drawer is for its list only: what htmx puts there takes the focus.
document.addEventListener("htmx:after:swap", () => {
  const first = /** @type {HTMLElement | null} */ (document.querySelector("#drawer:not(:empty) :is(input:not([type=hidden]), select, textarea)"));
  if (first && !document.getElementById("drawer")?.contains(document.activeElement)) first.focus();
});

// Red flags are counted before the title, for tabs in the background.
function flags() {
  const n = document.querySelectorAll(".alertbar .alert").length;
  document.title = (n ? `(${n}) ` : "") + document.title.replace(/^\(\d+\) /, "");
}
document.addEventListener("htmx:after:swap", flags);
