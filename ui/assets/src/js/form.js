// Forms of the form engine: questions that appear while typing, rows, sums and points. All
// of it is comfort: the server decides again what is asked, required and added up.
import { hook } from "./lib.js";

const ns = "http://www.w3.org/2000/svg";

hook("form[data-form]", (el) => {
  const form = /** @type {HTMLFormElement} */ (el);
  form.addEventListener("change", (e) => { alone(e.target); settle(form); });
  form.addEventListener("input", () => { sums(form); draw(form); });
  form.addEventListener("keydown", (e) => nudge(form, e));
  form.addEventListener("click", (e) => {
    const at = e.target instanceof Element ? e.target : null;
    const rest = /** @type {HTMLElement | null} */ (at?.closest("[data-rest-no]") ?? null);
    if (rest) return restNo(form, (rest.dataset.restNo ?? "").split(" "));
    const box = /** @type {HTMLElement | null} */ (at?.closest("[data-rows]") ?? null);
    if (!at || !box) return;
    if (at.closest("[data-row-add]")) /** @type {HTMLElement | null} */ (add(box).querySelector("input, select"))?.focus();
    else if (at.closest("[data-row-remove]")) at.closest("tr")?.remove();
    else return;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const svg of form.querySelectorAll("[data-form-points]")) map(form, /** @type {SVGSVGElement} */ (svg));
  settle(form);
});

hook("[data-signature]", (el) => {
  try {
    const data = JSON.parse(el.dataset.signature ?? "");
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("viewBox", `0 0 ${Number(data.width) || 300} ${Number(data.height) || 120}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", el.textContent ?? "");
    for (const s of data.strokes) {
      const line = document.createElementNS(ns, "polyline");
      line.setAttribute("points", s.map(/** @param {number[]} p */ (p) => `${Number(p[0])},${Number(p[1])}`).join(" "));
      svg.append(line);
    }
    el.replaceChildren(svg);
  } catch { /* the word "signed" stays */ }
});

/** "None of these" cannot stand beside others. @param {EventTarget | null} target */
function alone(target) {
  if (!(target instanceof HTMLInputElement) || target.type !== "checkbox" || !target.checked) return;
  for (const other of /** @type {NodeListOf<HTMLInputElement>} */ (target.closest("fieldset")?.querySelectorAll("input[type=checkbox]") ?? [])) {
    if (other !== target && (target.dataset.alone || other.dataset.alone)) other.checked = false;
  }
}

/** Answers "no" to the questions left open; each can still be changed. @param {HTMLFormElement} form @param {string[]} names */
function restNo(form, names) {
  for (const name of names) {
    const no = /** @type {HTMLInputElement | null} */ (form.querySelector(`input[type=radio][name="${name}"][value="no"]`));
    if (!no || no.closest("[hidden]") || values(form, name).length > 0) continue;
    no.checked = true;
    for (const name of ["input", "change"]) no.dispatchEvent(new Event(name, { bubbles: true }));
  }
}

/** Answers of visible fields by name. @param {HTMLFormElement} form @param {string} name */
function values(form, name) {
  return [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(`[name="${name}"]`))]
    .filter((el) => !el.closest("[hidden]:not([data-step-hidden])") && (!/^(radio|checkbox)$/.test(el.type) || el.checked) && el.value.trim() !== "")
    .map((el) => el.value);
}

/** @param {{op: string, is: string}} r @param {string[]} have */
function met(r, have) {
  if (r.op === "exists") return (have.length > 0) === (r.is !== "false");
  if (r.op === "!=") return have.length > 0 && !have.includes(r.is);
  const limit = Number(r.is);
  return have.some((v) => {
    switch (r.op) {
      case "=": return v === r.is;
      case "in": return r.is.split("|").includes(v);
      case ">": return Number(v) > limit;
      case ">=": return Number(v) >= limit;
      case "<": return Number(v) < limit;
      case "<=": return Number(v) <= limit;
    }
    return false;
  });
}

/** Shows what is asked, in the order of the page: conditions look back only. @param {HTMLFormElement} form */
function settle(form) {
  for (const el of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-when], [data-detail-of]"))) {
    if (el.dataset.when) {
      const on = holds(form, el.dataset.when);
      if (!el.dataset.stepHidden) el.hidden = !on;
      form.querySelector(`[data-group-link="${el.id.slice(2)}"]`)?.toggleAttribute("hidden", !on);
    } else {
      const have = values(form, el.dataset.detailOf ?? "");
      const when = el.dataset.detailWhen ?? "";
      const typed = /** @type {HTMLInputElement | null} */ (el.querySelector("input"))?.value;
      el.hidden = !typed && !(when === "" ? have.length > 0 : have.some((v) => when.split("|").includes(v)));
    }
  }
  for (const star of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-must-when]"))) {
    star.hidden = !holds(form, star.dataset.mustWhen ?? "");
  }
  sums(form);
  draw(form);
}

/** Says whether a condition of the template holds. @param {HTMLFormElement} form @param {string} text */
function holds(form, text) {
  const rule = JSON.parse(text);
  const one = /** @param {{op: string, is: string, name: string, met?: boolean}} r */ (r) => r.met ?? met(r, values(form, r.name));
  return rule.any ? rule.rules.some(one) : rule.rules.every(one);
}

/** Adds a row to a table, with its own number or the next. @param {HTMLElement} box @param {number} [own] */
export function add(box, own) {
  const body = /** @type {HTMLElement} */ (box.querySelector("[data-rows-body]"));
  const blank = /** @type {HTMLTemplateElement} */ (box.querySelector("template[data-rows-blank]"));
  const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (blank.content.cloneNode(true)).querySelector("tr"));
  const n = own ?? Math.max(-1, ...[...body.querySelectorAll("tr")].map((tr) => Number(tr.dataset.row))) + 1;
  row.dataset.row = String(n);
  for (const el of row.querySelectorAll("[name]")) {
    el.setAttribute("name", (el.getAttribute("name") ?? "").replace(".N.", `.${n}.`));
    el.id = el.id.replace(".N.", `.${n}.`);
  }
  const last = body.lastElementChild;
  body.append(row);
  const onMap = !!box.querySelector("[data-form-points]");
  for (const el of /** @type {NodeListOf<HTMLInputElement>} */ (row.querySelectorAll("[data-col]"))) {
    const like = last && (onMap ? likeLast.has(el.dataset.col ?? "") : el.tagName === "SELECT");
    if (like && last) el.value = cell(last, el.dataset.col ?? "")?.value ?? "";
  }
  if (onMap) set(row, last ? Number(cell(last, "x")?.value) : 0.46, last ? Number(cell(last, "y")?.value) : 0.46, 0.04);
  return row;
}

/** What the next point has in common with the one before: how it is done, not how much and
 * not what was seen there (dose, aspiration, notes). */
const likeLast = new Set(["product", "lot", "muscle", "layer", "needle", "depth_mm", "spec", "vector", "area"]);

/** Puts a point, by away from a place; its side follows: the left of the drawing is the
 * client's right. @param {Element} row @param {number} x @param {number} y @param {number} by */
function set(row, x, y, by = 0) {
  const part = /** @param {number} v */ (v) => Math.round(Math.min(1, Math.max(0, v || 0)) * 1000) / 1000;
  const at = part(x + by), cx = cell(row, "x"), cy = cell(row, "y"), side = cell(row, "side");
  if (!cx || !cy) return;
  cx.value = String(at);
  cy.value = String(part(y));
  if (side) side.value = Math.abs(at - 0.5) < 0.025 ? "mid" : at < 0.5 ? "right" : "left";
}

/** Arrow keys on the number of a point move it. @param {HTMLFormElement} form @param {KeyboardEvent} e */
function nudge(form, e) {
  const row = e.target instanceof Element && e.target.matches("[data-n]") ? e.target.closest("[data-rows]:has([data-form-points]) tr") : null;
  const step = { ArrowLeft: [-0.01, 0], ArrowRight: [0.01, 0], ArrowUp: [0, -0.01], ArrowDown: [0, 0.01] }[e.key];
  if (!row || !step) return;
  e.preventDefault();
  set(row, Number(cell(row, "x")?.value) + step[0], Number(cell(row, "y")?.value) + step[1]);
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {HTMLFormElement} form */
function sums(form) {
  for (const out of /** @type {NodeListOf<HTMLOutputElement>} */ (form.querySelectorAll("[data-sum]"))) {
    const [name, column] = (out.dataset.sum ?? "").split("|");
    let total = 0;
    for (const el of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(`[data-rows="${name}"] tbody [data-col="${column}"]`))) total += Math.round((Number(el.value) || 0) * 1000);
    out.value = String(total / 1000);
  }
}

/** @param {Element} row @param {string} column */
const cell = (row, column) => /** @type {HTMLInputElement | null} */ (row.querySelector(`[data-col="${column}"]`));

/** Numbers rows and draws their points. @param {HTMLFormElement} form */
function draw(form) {
  for (const box of form.querySelectorAll("[data-rows]")) {
    const rows = [...box.querySelectorAll("tbody tr")];
    rows.forEach((tr, i) => { const n = tr.querySelector("[data-n]"); if (n) n.textContent = String(i + 1); });
    const layer = box.querySelector("[data-points-layer]");
    if (layer) for (const n of box.querySelectorAll("tbody [data-n]")) n.setAttribute("tabindex", "0");
    layer?.replaceChildren(...rows.flatMap((tr, i) => {
      const x = Number(cell(tr, "x")?.value), y = Number(cell(tr, "y")?.value);
      if (!cell(tr, "x")?.value || Number.isNaN(x) || Number.isNaN(y)) return [];
      const g = document.createElementNS(ns, "g");
      g.setAttribute("class", "point");
      g.setAttribute("data-i", String(i));
      g.setAttribute("transform", `translate(${x * 300} ${y * 400})`);
      const hit = document.createElementNS(ns, "circle"), dot = document.createElementNS(ns, "circle"), text = document.createElementNS(ns, "text");
      hit.setAttribute("class", "hit");
      hit.setAttribute("r", "15");
      dot.setAttribute("r", "8");
      text.textContent = String(i + 1);
      g.append(dot, text, hit);
      return [g];
    }));
  }
}

/** Tap adds a row, drag moves its point. @param {HTMLFormElement} form @param {SVGSVGElement} svg */
function map(form, svg) {
  const box = /** @type {HTMLElement} */ (svg.closest("[data-rows]"));
  /** @type {Element | null} */
  let moving = null;
  const put = /** @param {PointerEvent} e */ (e) => {
    if (!moving) return;
    const r = svg.getBoundingClientRect();
    set(moving, (e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height);
    draw(form);
  };
  svg.addEventListener("pointerdown", (e) => {
    const at = e.target instanceof Element ? e.target.closest("[data-i]") : null;
    moving = at ? box.querySelectorAll("tbody tr")[Number(at.getAttribute("data-i"))] : add(box);
    svg.setPointerCapture(e.pointerId);
    put(e);
  });
  svg.addEventListener("pointermove", put);
  const drop = () => { if (moving) { moving = null; form.dispatchEvent(new Event("input", { bubbles: true })); } };
  svg.addEventListener("pointerup", drop);
  svg.addEventListener("pointercancel", drop);
}
