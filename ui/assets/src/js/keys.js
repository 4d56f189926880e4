// Keyboard: / or F2 finder, F-keys on buttons and links that carry data-key, Ctrl+Enter saves,
// Esc cancels (and asks first on a page on which something was filled in), arrows and Enter in lists.
import { safe } from "./draft.js";
import { hook, say, toast, typing } from "./lib.js";

/** @type {WeakSet<Element>} */
const changed = new WeakSet();
for (const name of ["input", "photos"]) document.addEventListener(name, (e) => {
  const form = e.target instanceof Element && e.target.closest("form");
  if (form) changed.add(form);
});

document.addEventListener("keydown", (e) => {
  if (e.isComposing) return;
  if ((e.key === "/" && !typing(e.target)) || e.key === "F2") return go(e, document.getElementById("finder"));
  if (e.key === "F1" || (e.key === "?" && !typing(e.target))) return help(e);
  if (document.querySelector("dialog[open]")) return; // it closes by itself
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) return save(e);
  if (e.key === "Escape") return leave(e);
  if (/^F\d+$/.test(e.key) || e.altKey) {
    const name = (e.altKey ? "Alt+" : "") + (e.key.length === 1 ? e.key.toUpperCase() : e.key);
    const el = /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${CSS.escape(name)}"]`));
    if (el) { e.preventDefault(); el.click(); }
    return;
  }
  if (typing(e.target) || e.ctrlKey || e.metaKey) return;
  if (e.key === "ArrowDown" || e.key === "ArrowUp" || e.key === "Enter") return rows(e);
  if (/^[a-z0-9]$/i.test(e.key) && !e.repeat) press(e);
});

// One key does the step of the row that the arrows chose, or of the page: what carries data-press.
/** @param {KeyboardEvent} e */
function press(e) {
  const key = `[data-press="${e.key.toUpperCase()}"]`;
  const of = /** @param {string} within */ (within) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(within + key)]);
  const at = document.querySelector("main .at");
  const el = at ? of("main .at ")[0] : of("main ").find((b) => !b.closest("[data-deeds]"));
  if (el && open(el)) { e.preventDefault(); el.click(); }
}

hook("[data-help]", (button) => button.addEventListener("click", help));

function helpSheet() { return /** @type {HTMLDialogElement | null} */ (document.getElementById("help")); }

// help opens the sheet of keys, with those that this very page has on its buttons.
/** @param {Event} e */
function help(e) {
  const sheet = helpSheet();
  if (!sheet) return;
  e.preventDefault();
  if (sheet.open) return sheet.close();
  const list = /** @type {HTMLElement} */ (sheet.querySelector("[data-help-list]"));
  list.replaceChildren();
  const seen = new Set();
  for (const el of document.querySelectorAll("main [data-key], main [data-press]")) {
    const of = el.closest("[data-deeds]") ? "↑↓ " : ""; // a row is chosen first
    const key = el.getAttribute("data-key") ?? of + el.getAttribute("data-press");
    const text = [...el.childNodes].filter((n) => !(n instanceof HTMLElement && n.tagName === "KBD")).map((n) => n.textContent ?? "").join("").trim();
    if (seen.has(key + (of && text))) continue;
    seen.add(key + (of && text));
    const term = document.createElement("dt"), what = document.createElement("dd"), mark = document.createElement("kbd");
    mark.textContent = key;
    term.append(mark);
    what.textContent = text;
    list.append(term, what);
  }
  /** @type {HTMLElement} */ (list.parentElement).hidden = !seen.size;
  sheet.showModal();
}

/** @param {KeyboardEvent} e @param {HTMLElement | null} el */
function go(e, el) {
  if (!el) return;
  e.preventDefault();
  el.focus();
  if (el instanceof HTMLInputElement) el.select();
}

/** What somebody sees and may press. @param {HTMLElement} el */
function open(el) {
  return el.getClientRects().length > 0 && !el.closest("details:not([open])") && !el.matches(":disabled, [aria-disabled='true']");
}

/** The one deed of the page: that of the form one is typing in, else of the drawer, else the
 * only one to be seen. Where several are to be seen none is the one, and nothing happens.
 * @param {EventTarget | null} at @returns {HTMLElement | null} */
function deed(at) {
  const seen = /** @param {Element | null | undefined} box */ (box) => box
    ? /** @type {HTMLElement[]} */ ([...box.querySelectorAll("[data-submit]")]).filter(open) : [];
  const mine = seen(at instanceof Element ? at.closest("form") : null);
  if (mine.length) return mine[0];
  const drawer = document.querySelector("#drawer:not(:empty)");
  const all = seen(drawer ?? document.getElementById("main"));
  const primary = all.filter((b) => b.matches(".primary"));
  if (primary.length) return primary.length === 1 ? primary[0] : null;
  return all.length === 1 ? all[0] : null;
}

/** @param {KeyboardEvent} e */
function save(e) {
  const button = deed(e.target);
  if (button) { e.preventDefault(); button.click(); }
}

/** Only the button that Ctrl+Enter presses shows the key. */
function hints() {
  const one = deed(document.activeElement);
  for (const b of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-submit]"))) {
    const hint = /** @type {HTMLElement | null} */ (b.querySelector("kbd"));
    if (hint && hint.textContent === "Ctrl ↵") hint.hidden = b !== one;
  }
}
hints();
for (const name of ["focusin", "focusout", "toggle", "htmx:after:swap"]) document.addEventListener(name, () => setTimeout(hints), { capture: true });

/** @param {KeyboardEvent} e */
function leave(e) {
  const drawer = document.getElementById("drawer");
  if (drawer?.firstElementChild) return away(e, [...drawer.querySelectorAll("form")], () => drawer.replaceChildren());
  const cancel = /** @type {HTMLElement | null} */ (document.querySelector("[data-cancel]"));
  if (!cancel || e.target instanceof HTMLSelectElement) return;
  away(e, [...document.forms], (asked) => {
    // The button gives the draft up as well; who was told that it is kept goes past it.
    if (asked && cancel instanceof HTMLAnchorElement) location.assign(cancel.href);
    else cancel.click();
  });
}

/** Goes at once where nothing was filled in; else asks, and says what becomes of it.
 * @param {Event} e @param {HTMLFormElement[]} forms @param {(asked: boolean) => void} go */
async function away(e, forms, go) {
  const filled = forms.filter((form) => changed.has(form));
  if (!filled.length) return go(false);
  e.preventDefault();
  const sheet = /** @type {HTMLDialogElement | null} */ (document.getElementById("leave"));
  if (!sheet) return toast(say("unsaved"));
  const kept = await safe(filled);
  if (sheet.open) return;
  for (const el of /** @type {NodeListOf<HTMLElement>} */ (sheet.querySelectorAll("[data-leave-kept]"))) el.hidden = !kept;
  for (const el of /** @type {NodeListOf<HTMLElement>} */ (sheet.querySelectorAll("[data-leave-lost]"))) el.hidden = kept;
  sheet.returnValue = "stay"; // Esc closes the sheet and stays
  sheet.addEventListener("close", () => { if (sheet.returnValue === "leave") go(true); }, { once: true });
  sheet.showModal();
}

/** @param {KeyboardEvent} e */
function rows(e) {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("main tr[data-href], main [data-deeds]")]);
  if (!all.length || (e.target instanceof HTMLElement && e.target.closest("a, button, summary"))) return;
  const at = all.findIndex((r) => r.classList.contains("at"));
  if (e.key === "Enter") {
    if (at >= 0) follow(all[at]);
    return;
  }
  e.preventDefault();
  const next = all[Math.min(all.length - 1, Math.max(0, at + (e.key === "ArrowDown" ? 1 : -1)))];
  all[at]?.classList.remove("at");
  next.classList.add("at");
  chosen = next.dataset.deeds ?? "";
  next.scrollIntoView({ block: "nearest" });
}

// A list that was drawn anew keeps the row that was chosen.
let chosen = "";
document.addEventListener("htmx:after:swap", () => {
  if (chosen && !document.querySelector("main .at")) document.querySelector(`main [data-deeds="${CSS.escape(chosen)}"]`)?.classList.add("at");
});

/** @param {HTMLElement} row */
function follow(row) {
  const link = /** @type {HTMLElement | null} */ (row.querySelector(`a[href="${CSS.escape(row.dataset.href ?? "")}"]`) ?? row.querySelector("a"));
  if (link) link.click();
  else if (row.dataset.href) location.href = row.dataset.href;
}

hook("tr[data-href]", (row) => row.addEventListener("click", (e) => {
  if (e.target instanceof Element && e.target.closest("a, button, input, select, label")) return;
  if (!getSelection()?.toString()) follow(row);
}));
