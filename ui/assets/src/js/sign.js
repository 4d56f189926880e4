// Signatures: strokes as data (small, re-drawable, with times), never a bitmap.
import SignaturePad from "signature_pad";
import { enhance, hook } from "./lib.js";

export function bind() { enhance(); }

hook("[data-sign]", (box) => {
  const canvas = /** @type {HTMLCanvasElement} */ (box.querySelector("canvas"));
  const input = /** @type {HTMLInputElement} */ (box.querySelector("[data-strokes]"));
  const least = Number(box.dataset.min ?? 8);
  const pad = new SignaturePad(canvas, { minWidth: 0.8, maxWidth: 2.6, penColor: "#14302d" });

  // Where the form says who signs, a signature belongs to that choice alone.
  const place = /** @type {HTMLElement | null} */ (box.closest("[data-sign-whose]"));
  const whose = () => (place && input.form ? String(new FormData(input.form).get(place.dataset.signWhose ?? "") ?? "") : "");

  let drawing = false;
  let late = false; // the page moved under the pen
  const fit = () => {
    // Clearing in the middle of a stroke would leave the pad deaf: it waits for its end.
    late = drawing;
    const ratio = Math.max(devicePixelRatio || 1, 1);
    const [width, height] = [Math.round(canvas.offsetWidth * ratio), Math.round(canvas.offsetHeight * ratio)];
    if (drawing || !width || (canvas.width === width && canvas.height === height)) return;
    const strokes = pad.toData();
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d")?.scale(ratio, ratio);
    pad.clear();
    if (strokes.length) pad.fromData(strokes);
  };
  const points = () => pad.toData().reduce((n, s) => n + s.points.length, 0);
  const store = () => {
    const good = points() >= least;
    box.classList.toggle("signed", points() > 0);
    input.value = good ? JSON.stringify({
      ...(place && { whose: whose() }), width: canvas.offsetWidth, height: canvas.offsetHeight,
      strokes: pad.toData().map((s) => s.points.map((p) => [round(p.x), round(p.y), Math.round(p.time)])),
    }) : "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  pad.addEventListener("beginStroke", () => { drawing = true; });
  pad.addEventListener("endStroke", () => {
    drawing = false;
    box.querySelector(".sign-anew")?.remove();
    store();
    if (late) fit();
  });
  /** Wipes the pad and wakes it, should a stroke never have ended. */
  const wipe = () => {
    pad.off();
    pad.clear();
    pad.on();
    drawing = false;
    store();
  };
  box.querySelector("[data-sign-clear]")?.addEventListener("click", wipe);
  box.querySelector("[data-sign-undo]")?.addEventListener("click", () => { pad.fromData(pad.toData().slice(0, -1)); store(); });
  if (place) input.form?.addEventListener("change", (e) => {
    if (/** @type {HTMLInputElement} */ (e.target).name !== place.dataset.signWhose || !points()) return;
    wipe();
    box.querySelector(".sign-anew")?.remove();
    const why = document.createElement("p");
    why.className = "notice warn sign-anew";
    why.setAttribute("role", "status");
    why.textContent = place.dataset.sayWhose ?? "";
    canvas.after(why); // below the pen: nothing moves under it
  });
  fit();
  new ResizeObserver(fit).observe(canvas);
  input.form?.addEventListener("submit", (e) => {
    if (!input.dataset.required || input.value) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    let fault = box.querySelector(".fault");
    if (!fault) {
      fault = document.createElement("p");
      fault.className = "fault";
      fault.setAttribute("role", "alert");
      box.append(fault);
    }
    fault.textContent = input.dataset.required;
    box.scrollIntoView({ block: "center" });
  }, { capture: true });
  if (input.value) restore(pad, input.value, box);
});

/** @param {number} n */
const round = (n) => Math.round(n * 10) / 10;

/** @param {SignaturePad} pad @param {string} text @param {HTMLElement} box */
function restore(pad, text, box) {
  try {
    const data = JSON.parse(text);
    pad.fromData(data.strokes.map(/** @param {number[][]} s */ (s) => ({
      ...{ penColor: "#14302d", dotSize: 0, minWidth: 0.8, maxWidth: 2.6, velocityFilterWeight: 0.7, compositeOperation: "source-over" },
      points: s.map(([x, y, time]) => ({ x, y, time, pressure: 0.5 })),
    })));
    box.classList.add("signed");
  } catch { /* an old draft in another form */ }
}
