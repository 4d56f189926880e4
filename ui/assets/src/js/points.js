// Injection points: tap the map to add, drag to move, edit product, amount and depth in the
// list beside it. x and y are percent of the map, so that print draws them at any size.
import { enhance, hook } from "./lib.js";

export function bind() { enhance(); }

/** @typedef {{x: number, y: number, product: string, amount: string, depth: string}} Point */

const ns = "http://www.w3.org/2000/svg";

hook("[data-points]", (box) => new Chart(box));

class Chart {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.svg = /** @type {SVGSVGElement} */ (box.querySelector("[data-points-svg]"));
    this.layer = /** @type {SVGGElement} */ (box.querySelector("[data-points-layer]"));
    this.input = /** @type {HTMLInputElement} */ (box.querySelector("[data-points-value]"));
    this.body = /** @type {HTMLElement} */ (box.querySelector("[data-points-table] tbody"));
    this.row = /** @type {HTMLTemplateElement} */ (box.querySelector("template[data-points-row]"));
    this.total = box.querySelector("[data-points-total]");
    this.fixed = box.hasAttribute("data-readonly");
    /** @type {Point[]} */
    this.points = [];
    try { this.points = JSON.parse(this.input.value || "[]"); } catch { this.points = []; }
    this.on = -1;
    if (!this.fixed) this.listen();
    this.draw();
  }

  /** @param {PointerEvent} e */
  place(e) {
    const r = this.svg.getBoundingClientRect();
    const pct = /** @param {number} v */ (v) => Math.round(Math.min(100, Math.max(0, v)) * 10) / 10;
    return { x: pct(((e.clientX - r.left) / r.width) * 100), y: pct(((e.clientY - r.top) / r.height) * 100) };
  }

  listen() {
    let dragging = -1;
    this.svg.addEventListener("pointerdown", (e) => {
      const g = e.target instanceof Element ? e.target.closest("[data-i]") : null;
      this.svg.setPointerCapture(e.pointerId);
      if (g) {
        dragging = this.on = Number(g.getAttribute("data-i"));
      } else {
        const like = this.points[this.points.length - 1];
        const first = this.row.content;
        const option = /** @param {string} p */ (p) => /** @type {HTMLSelectElement | null} */ (first.querySelector(`[data-p=${p}]`))?.value ?? "";
        this.points.push({ ...this.place(e), product: like?.product ?? option("product"), amount: like?.amount ?? "", depth: like?.depth ?? option("depth") });
        dragging = this.on = this.points.length - 1;
        this.store();
      }
      this.draw();
    });
    this.svg.addEventListener("pointermove", (e) => {
      if (dragging < 0) return;
      Object.assign(this.points[dragging], this.place(e));
      this.marks();
    });
    const drop = () => { if (dragging >= 0) { dragging = -1; this.store(); } };
    this.svg.addEventListener("pointerup", drop);
    this.svg.addEventListener("pointercancel", drop);
    this.body.addEventListener("input", (e) => this.edited(e));
    this.body.addEventListener("click", (e) => {
      const b = e.target instanceof Element ? e.target.closest("[data-points-remove]") : null;
      if (!b) return;
      this.points.splice(this.index(b), 1);
      this.on = -1;
      this.store();
      this.draw();
    });
  }

  /** @param {Element} el */
  index(el) { return [...this.body.children].indexOf(/** @type {Element} */ (el.closest("tr"))); }

  /** @param {Event} e */
  edited(e) {
    const el = /** @type {HTMLInputElement} */ (e.target);
    const name = /** @type {"product" | "amount" | "depth"} */ (el.dataset.p);
    if (!name) return;
    this.points[this.index(el)][name] = el.value.trim();
    this.store();
    this.sum();
  }

  store() {
    this.input.value = JSON.stringify(this.points);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  sum() {
    const all = this.points.reduce((n, p) => n + (Number(p.amount) || 0), 0);
    if (this.total) this.total.textContent = String(Math.round(all * 100) / 100);
  }

  marks() {
    this.layer.replaceChildren(...this.points.map((p, i) => {
      const g = document.createElementNS(ns, "g");
      g.setAttribute("class", i === this.on ? "point on" : "point");
      g.setAttribute("data-i", String(i));
      g.setAttribute("transform", `translate(${p.x * 3} ${p.y * 4})`);
      const hit = document.createElementNS(ns, "circle");
      hit.setAttribute("class", "hit");
      hit.setAttribute("r", "15");
      const dot = document.createElementNS(ns, "circle");
      dot.setAttribute("r", "8");
      const text = document.createElementNS(ns, "text");
      text.textContent = String(i + 1);
      g.append(dot, text, hit);
      return g;
    }));
  }

  draw() {
    this.marks();
    this.body.replaceChildren(...this.points.map((p, i) => {
      const tr = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (this.row.content.cloneNode(true)).firstElementChild);
      if (i === this.on) tr.classList.add("at");
      const n = tr.querySelector("[data-n]");
      if (n) n.textContent = String(i + 1);
      for (const el of /** @type {NodeListOf<HTMLInputElement>} */ (tr.querySelectorAll("[data-p]"))) {
        el.value = p[/** @type {"product" | "amount" | "depth"} */ (el.dataset.p)] ?? "";
        el.disabled = this.fixed;
      }
      if (this.fixed) tr.querySelector("[data-points-remove]")?.remove();
      return tr;
    }));
    this.sum();
  }
}
