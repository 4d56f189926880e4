// Reading and filling a form by the names of its fields, rows of tables and points of maps
// included. Only what differs from the page as it was drawn is read, so that an old draft never
// puts back what others changed since.
import { add } from "./form.js";

/** @typedef {Record<string, string[]>} Values */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

// Keys and proofs are no typed text; a signature is a deed that is done once more.
const skip = /^(_once|_version|_seen|_draft|_step|password|pin|code)|(pin|password)$/;
const rowsOf = "_rows."; // before a table's name: the numbers of its rows

/** What hidden fields and tables held when the page was drawn. @type {WeakMap<Element, string>} */
const drawn = new WeakMap();
/** Names that the person touched since. @type {WeakMap<HTMLFormElement, Set<string>>} */
const touched = new WeakMap();
let filling = false;

/** @param {HTMLFormElement} form @returns {Field[]} */
function fields(form) {
  return /** @type {Field[]} */ ([...form.elements].filter((el) =>
    (el instanceof HTMLInputElement && !/^(file|password|submit|button|image|reset)$/.test(el.type) && !("strokes" in el.dataset)
      || el instanceof HTMLTextAreaElement || el instanceof HTMLSelectElement) && el.name && !el.disabled && !skip.test(el.name)));
}

/** @param {Field} el */
function now(el) {
  if (el instanceof HTMLSelectElement) return [...el.selectedOptions].map((o) => o.value);
  if (/^(checkbox|radio)$/.test(el.type)) return /** @type {HTMLInputElement} */ (el).checked ? [el.value] : [];
  return [el.value];
}

/** What the page said when it was drawn. @param {Field} el */
function before(el) {
  if (el instanceof HTMLSelectElement) {
    const chosen = [...el.options].filter((o) => o.defaultSelected);
    if (!chosen.length && !el.multiple && el.options.length) chosen.push(el.options[0]);
    return chosen.map((o) => o.value);
  }
  if (/^(checkbox|radio)$/.test(el.type)) return /** @type {HTMLInputElement} */ (el).defaultChecked ? [el.value] : [];
  if (el.type === "hidden") return [drawn.get(el) ?? ""];
  return [el.defaultValue];
}

/** @param {string[]} a @param {string[]} b */
const same = (a, b) => a.length === b.length && a.every((v, i) => v === b[i]);

/** @param {HTMLFormElement} form */
const tables = (form) => /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-rows]")]);
/** @param {HTMLElement} box */
const numbers = (box) => /** @type {HTMLElement[]} */ ([...box.querySelectorAll("[data-rows-body] > tr")]).map((tr) => tr.dataset.row ?? "");

/** Remembers the page as it was drawn and what is touched from now on. @param {HTMLFormElement} form */
export function watch(form) {
  const names = new Set();
  touched.set(form, names);
  for (const el of fields(form)) {
    if (el.type === "hidden") drawn.set(el, el.value);
    else if (!same(now(el), before(el))) names.add(el.name);
  }
  for (const box of tables(form)) drawn.set(box, numbers(box).join());
  const note = /** @param {Event} e */ (e) => {
    if (filling) return;
    const name = /** @type {Field} */ (e.target).name;
    if (name) names.add(name);
    for (const box of tables(form)) if (numbers(box).join() !== drawn.get(box)) names.add(rowsOf + box.dataset.rows);
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
}

/** What was typed, by name; whole takes also what the page said itself.
 * @param {HTMLFormElement} form @param {boolean} whole @returns {Values} */
export function read(form, whole) {
  /** @type {Values} */ const have = {};
  /** @type {Values} */ const had = {};
  for (const el of fields(form)) {
    (have[el.name] ??= []).push(...now(el));
    (had[el.name] ??= []).push(...before(el));
  }
  for (const name of Object.keys(have)) if (!whole && same(have[name], had[name])) delete have[name];
  for (const box of tables(form)) {
    const rows = numbers(box);
    if (whole || rows.join() !== drawn.get(box)) have[rowsOf + box.dataset.rows] = rows;
  }
  return have;
}

/** Fills in what was typed before, but nothing that was touched since; says whether anything
 * changed. @param {HTMLFormElement} form @param {Values} values */
export function restore(form, values) {
  const own = touched.get(form) ?? new Set();
  const left = structuredClone(values);
  filling = true;
  let any = rows(form, left, own);
  for (const el of fields(form)) {
    if (!left[el.name] || own.has(el.name) || !put(el, left[el.name])) continue;
    any = true;
    el.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (any) form.dispatchEvent(new Event("input", { bubbles: true }));
  filling = false;
  return any;
}

/** @param {Field} el @param {string[]} have */
function put(el, have) {
  const was = now(el).join("\n");
  if (el instanceof HTMLSelectElement) for (const o of el.options) o.selected = el.multiple ? have.includes(o.value) : o.value === have[0];
  else if (/^(checkbox|radio)$/.test(el.type)) /** @type {HTMLInputElement} */ (el).checked = have.includes(el.value);
  else el.value = have.shift() ?? "";
  if (el instanceof HTMLSelectElement && !el.multiple) have.shift();
  return now(el).join("\n") !== was;
}

/** Gives the tables the rows that they had. @param {HTMLFormElement} form @param {Values} values @param {Set<string>} own */
function rows(form, values, own) {
  let any = false;
  for (const box of tables(form)) {
    const name = box.dataset.rows ?? "";
    const want = values[rowsOf + name];
    if (!want || own.has(rowsOf + name) || want.join() === numbers(box).join()) continue;
    any = true;
    for (const tr of box.querySelectorAll("[data-rows-body] > tr")) if (!want.includes(/** @type {HTMLElement} */ (tr).dataset.row ?? "")) tr.remove();
    const have = numbers(box);
    for (const n of want) if (!have.includes(n)) add(box, Number(n));
  }
  return any;
}
