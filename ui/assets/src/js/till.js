// The till: number keys choose the way of paying, Enter takes what is left, sums follow while
// typing. The server reckons again; nothing here decides.
import { typing } from "./lib.js";

/** Reads an amount as whole fen; 0 when it is none. @param {string} text */
function fen(text) {
  const m = /^(\d{1,10})(?:\.(\d{0,2}))?$/.exec(text.replace(/[,，¥￥\s]/g, ""));
  return m ? Number(m[1]) * 100 + Number((m[2] ?? "").padEnd(2, "0")) : 0;
}

/** @param {number} n */
function yuan(n) {
  const sign = n < 0 ? "-" : "";
  const digits = String(Math.abs(n)).padStart(3, "0");
  return { plain: sign + digits.slice(0, -2) + "." + digits.slice(-2),
    show: sign + "¥" + digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",") + "." + digits.slice(-2) };
}

/** @param {HTMLFormElement} form */
function till(form) {
  const due = fen(form.dataset.owed ?? "");
  const ways = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-way]")]);
  /** @param {HTMLElement} way */
  const amount = (way) => /** @type {HTMLInputElement} */ (way.querySelector("input"));
  const tendered = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=tendered]"));
  const cash = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=cash]"));
  let own = !!cash?.value; // somebody typed the cash part: it is not reckoned from the handed-over cash
  const left = () => due - ways.reduce((sum, w) => sum + fen(amount(w).value), 0);

  function reckon() {
    const rest = left();
    const change = tendered && cash && fen(tendered.value) ? fen(tendered.value) - fen(cash.value) : 0;
    const leftOut = form.querySelector("[data-left]");
    const changeOut = form.querySelector("[data-change]");
    if (leftOut) { leftOut.textContent = yuan(rest).show; leftOut.classList.toggle("off", rest !== 0); }
    if (changeOut) { changeOut.textContent = yuan(Math.max(0, change)).show; changeOut.classList.toggle("on", change > 0); }
    for (const w of ways) w.classList.toggle("on", fen(amount(w).value) > 0);
  }

  /** Gives the rest to a way and goes there. @param {HTMLElement} way */
  function rest(way) {
    const input = amount(way);
    const most = way.dataset.most ? fen(way.dataset.most) - fen(input.value) : Infinity; // of points
    const more = Math.min(left(), most);
    if (input === cash) own = true;
    if (more > 0) input.value = yuan(fen(input.value) + more).plain;
    reckon();
    const next = tendered && input.name === "cash" ? tendered : input;
    next.focus();
    next.select();
  }

  for (const way of ways) {
    way.querySelector("[data-rest]")?.addEventListener("click", () => rest(way));
    way.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" || e.ctrlKey || e.isComposing || !(e.target instanceof HTMLInputElement)) return;
      e.preventDefault();
      if (left() > 0) return rest(way);
      /** @type {HTMLElement | null} */ (form.querySelector("[data-submit]"))?.focus();
    });
  }
  form.addEventListener("input", (e) => {
    if (e.target === cash) own = !!cash?.value;
    if (e.target === tendered && cash && tendered && !own) {
      cash.value = "";
      const part = Math.min(fen(tendered.value), Math.max(0, left()));
      cash.value = part > 0 ? yuan(part).plain : "";
    }
    reckon();
  });
  document.addEventListener("keydown", (e) => {
    if (!form.isConnected || typing(e.target) || e.ctrlKey || e.altKey || e.metaKey) return;
    const way = ways.find((w) => w.dataset.way === e.key);
    if (!way) return;
    e.preventDefault();
    amount(way).focus();
    amount(way).select();
  });
  reckon();
}

const bound = new WeakSet();

/** Binds the payment form of the page. Where somebody else was faster while one typed, the page
 * says so and takes no money; what was typed stays to be read. */
export function bind() {
  const closed = /** @type {HTMLElement | null} */ (document.querySelector("[data-till-closed]"));
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-till]"))) {
    if (closed) {
      closed.hidden = false;
      form.querySelector("[data-submit]")?.setAttribute("disabled", "");
    }
    if (bound.has(form)) continue;
    bound.add(form);
    till(form);
  }
}
