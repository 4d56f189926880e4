// The cell that the keyboard is in: arrows or j and k move it, Enter opens what lies there, P takes
// a card to another day.
import { typing } from "../lib.js";
import { later } from "./cards.js";

/** @typedef {import("./cards.js").Card} Card */
/** @typedef {{data: () => import("./cards.js").Data, week: boolean, wall: () => string, limits: () => {min: string, max: string},
 * isOpen: () => boolean, redraw: (event: any) => void, open: (card: Card) => void, cell: (column: string, start: string) => void,
 * pin: (card: Card) => void, said: HTMLElement | null, free: string}} House */

const step = 30; // minutes of a cell

/** @param {House} house */
export function cursorOf(house) {
  let column = 0;
  let at = ""; // local time; "" while no key was pressed

  const columns = () => (house.week ? house.data().days : house.data().columns.length);
  const day = () => later(house.data().day + "T00:00", house.week ? column * 1440 : 0).slice(0, 10);
  const place = () => house.data().columns[house.week ? 0 : column]?.id ?? "";

  /** The first cell: now, or the morning of another day. */
  function first() {
    const wall = house.wall(), today = house.data();
    if (house.week) column = Math.max(0, Math.min(6, Math.round((Date.parse(wall.slice(0, 10)) - Date.parse(today.day)) / 86400000)));
    const next = later(wall.slice(0, 14) + "00", Math.ceil(Number(wall.slice(14)) / step) * step);
    at = next.startsWith(day()) && next.slice(11) < today.close ? next : `${day()}T${today.open.slice(0, 5)}`;
  }

  function event() {
    const start = at || `${house.data().day}T${house.limits().min}`;
    return { id: "cursor", start, end: later(start, step), display: /** @type {const} */ ("background"), resourceIds: [place()], classNames: [at ? "cursor" : "cursor-off"] };
  }

  /** The card under the cursor. */
  function here() {
    const until = later(at, step);
    return house.data().cards.find((c) => (house.week || c.column === place()) && c.start < until && c.end > at);
  }

  function show() {
    house.redraw(event());
    const card = here();
    if (house.said) house.said.textContent = `${house.data().columns[house.week ? 0 : column]?.name ?? ""} ${at.slice(11)} ${card ? card.name + " " + card.word : house.free}`;
    document.querySelector(".ec-bg-event.cursor")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {number} across @param {number} down */
  function move(across, down) {
    if (!at) { first(); show(); return; }
    column = Math.max(0, Math.min(columns() - 1, column + across));
    const to = later(at, down * step), { min, max } = house.limits();
    at = `${day()}T${to.slice(0, 10) === at.slice(0, 10) && to.slice(11) >= min && to.slice(11) < max ? to.slice(11) : at.slice(11)}`;
    show();
  }

  /** @type {Record<string, [number, number]>} */
  const ways = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0], k: [0, -1], j: [0, 1], h: [-1, 0], l: [1, 0] };

  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || house.isOpen() || document.querySelector("dialog[open]")) return;
    const way = ways[e.key];
    if (way) { e.preventDefault(); move(...way); return; }
    if (e.key === "PageUp" || e.key === "PageDown") {
      e.preventDefault();
      /** @type {HTMLElement | null} */ (document.querySelector(`.calendar-head a[rel=${e.key === "PageUp" ? "prev" : "next"}]`))?.click();
      return;
    }
    if (!at || e.target instanceof Element && e.target.closest("a, button, summary, .ec-event")) return;
    const card = here();
    if (e.key === "Enter") { e.preventDefault(); if (card) house.open(card); else house.cell(place(), at); }
    if (e.key === "p" && card) house.pin(card);
  });

  return {
    event,
    /** A new booking where the cursor is. */
    fresh() {
      if (!at) { first(); show(); }
      house.cell(place(), at);
    },
  };
}
