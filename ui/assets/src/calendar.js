// The calendar of the front desk: a column for each person, room or device, or the week of one.
// Loaded only by its page. The cards come from the house and go back there: nothing here decides.
import { createCalendar, Interaction, ResourceTimeGrid, TimeGrid } from "@event-calendar/core";
import { between, dress, eventOf, greys, hover, later, make, picture } from "./js/calendar/cards.js";
import { cursorOf } from "./js/calendar/cursor.js";
import { ask, close, isOpen, onceKey, whenDone } from "./js/calendar/drawer.js";
import { debounce, now, toast } from "./js/lib.js";

/** @typedef {import("./js/calendar/cards.js").Card} Card */
/** @typedef {import("./js/calendar/cards.js").Data} Data */
/** @typedef {import("@event-calendar/core").Calendar} Calendar */

const root = /** @type {HTMLElement} */ (document.querySelector("[data-calendar]"));
const set = root.dataset;
const week = set.week === "true";
const drawn = now();
/** @type {Data} */
let data;
/** @type {Calendar | null} */
let calendar = null;
let kind = "staff";
let dragging = false;
let stale = false; // something changed while a card was in the hand

dress(set);

/** The clinic's day and minute. */
function wall() { return later(set.wall ?? "", (now() - drawn) / 60000); }

/** A date of the library as the local time that it stands for. @param {Date} d */
function local(d) {
  const two = /** @param {number} n */ (n) => String(n).padStart(2, "0");
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** @returns {Promise<Data | null>} */
async function fetchCards() {
  const answer = await fetch(set.cards ?? "", { credentials: "same-origin", headers: { Accept: "application/json", "X-Meixu-Live": "1" } });
  if (answer.redirected || answer.status === 401) { location.reload(); return null; }
  return answer.ok ? answer.json() : null;
}

/** An hour around the opening hours is shown, in grey. @param {string} clock @param {number} hours */
function around(clock, hours) {
  const hour = Math.min(24, Math.max(0, Number(clock.slice(0, 2)) + hours));
  return String(hour).padStart(2, "0") + ":00";
}

const limits = () => ({ min: around(data.open, -1), max: around(data.close, 1) });

/** @param {string} at */
const line = (at) => ({
  id: "now", start: at, end: later(at, 1), display: /** @type {const} */ ("background"), resourceIds: data.columns.map((c) => c.id), classNames: ["now"],
});

function events() {
  const { min, max } = limits();
  return [...greys(data, min, max), line(wall()), cursor.event(), ...data.cards.map(eventOf)];
}

/** @param {Card} card */
const fingerprint = (card) => JSON.stringify({ ...card, late: false });

/** Brings what changed; while a card is in the hand nothing moves. */
async function refresh() {
  if (dragging) { stale = true; return; }
  const fresh = await fetchCards().catch(() => null);
  if (!fresh || !calendar) return;
  if (dragging) { stale = true; return; }
  const before = new Map(data.cards.map((c) => [c.id, fingerprint(c)]));
  const columns = JSON.stringify(data.columns);
  data = fresh;
  if (columns !== JSON.stringify(data.columns)) calendar.setOption("resources", resources());
  calendar.setOption("events", events());
  const changed = data.cards.filter((c) => before.get(c.id) !== fingerprint(c)).map((c) => c.id);
  requestAnimationFrame(() => changed.forEach(glow));
}
const soon = debounce(refresh, 120);

/** @param {number} id */
function glow(id) {
  const el = root.querySelector(`[data-card="${id}"]`);
  if (!el) return;
  el.classList.add("glow");
  setTimeout(() => el.classList.remove("glow"), 1700);
}

const resources = () => data.columns.map((c) => ({ id: c.id, title: c.name, extendedProps: { note: c.note } }));

/** @param {string | number} id */
const cardOf = (id) => data.cards.find((c) => String(c.id) === String(id));

/** Takes a card to another place; the house may refuse, and says so in the drawer.
 * @param {Card} card @param {{start: string, minutes: number, at: string}} to @param {boolean} [back] it is an undo */
async function carry(card, to, back = false) {
  const was = { start: card.start, minutes: between(card.start, card.end), at: card.column };
  const body = new URLSearchParams({
    _once: onceKey(), _version: String(card.version), start: to.start, minutes: String(to.minutes), at: to.at,
    seen_time: card.start.replace("T", " ") + "–" + card.end.slice(11), seen_staff: card.staff, seen_place: card.place, seen_state: card.word,
  });
  moved = back ? null : { id: card.id, was };
  const done = await ask(`/reception/calendar/booking/${card.id}/carry`, body).catch(() => { toast(set.sayLost ?? ""); return false; });
  if (!done) await refresh();
  return done;
}

/** What a move that is done may be taken back to. @type {{id: number, was: {start: string, minutes: number, at: string}} | null} */
let moved = null;

whenDone(async ({ text, id, version }) => {
  const undo = moved?.id === id && version ? moved.was : null;
  moved = null;
  toast(text, undo ? { label: set.sayUndo ?? "", run: () => { const card = cardOf(id); if (card) carry({ ...card, version }, undo, true); } } : undefined);
  const pinned = document.querySelector("[data-pinned]");
  if (pinned?.getAttribute("data-pinned") === String(id)) unpin();
  await refresh();
  glow(id);
});

function unpin() {
  document.querySelector("[data-pinned]")?.remove();
  const url = new URL(location.href);
  url.searchParams.delete("pin");
  history.replaceState(null, "", url);
}

/** An empty cell: the card on the pinboard is put there, or a booking begins.
 * @param {string} column @param {string} start */
function cell(column, start) {
  const pinned = /** @type {HTMLElement | null} */ (document.querySelector("[data-pinned]"));
  if (pinned) return put(pinned, column, start);
  if (!set.new) return;
  if (start < wall().slice(0, 14) + "00") { toast(set.sayPast ?? ""); return; }
  ask(set.new + "?" + new URLSearchParams({ start, at: column })).catch(() => toast(set.sayLost ?? ""));
}

/** @param {HTMLElement} pinned @param {string} column @param {string} start */
async function put(pinned, column, start) {
  const body = new URLSearchParams({ _once: onceKey(), _version: pinned.dataset.version ?? "", start, minutes: pinned.dataset.minutes ?? "", at: column });
  await ask(`/reception/calendar/booking/${pinned.dataset.pinned}/carry`, body).catch(() => toast(set.sayLost ?? ""));
}

/** @param {number | string} id */
function open(id) { ask("/reception/calendar/booking/" + id).catch(() => toast(set.sayLost ?? "")); }

/** @param {number | string} id */
function pin(id) {
  const url = new URL(location.href);
  url.searchParams.set("pin", String(id));
  location.assign(url);
}

const cursor = cursorOf({
  data: () => data, week, wall, limits, isOpen,
  redraw: (event) => calendar?.updateEvent(event),
  open: (card) => open(card.id), cell, pin: (card) => { if (card.moves) pin(card.id); },
  said: /** @type {HTMLElement | null} */ (document.querySelector("[data-calendar-said]")), free: set.sayFree ?? "",
});

/** @type {HTMLElement | null} */
let shown = null;
let timer = 0;

function unhover() { clearTimeout(timer); shown?.remove(); shown = null; }

/** @param {HTMLElement} el @param {Card} card */
function hovered(el, card) {
  unhover();
  if (dragging || isOpen()) return;
  timer = window.setTimeout(() => {
    shown = hover(card, data.wait, now());
    document.body.append(shown);
    const at = el.getBoundingClientRect(), own = shown.getBoundingClientRect();
    const left = at.right + 8 + own.width < innerWidth ? at.right + 8 : Math.max(8, at.left - own.width - 8);
    shown.style.left = left + "px";
    shown.style.top = Math.max(8, Math.min(at.top, innerHeight - own.height - 8)) + "px";
  }, 220);
}

/** @param {any} info */
const held = (info) => { dragging = true; unhover(); void info; };
const dropped = () => { dragging = false; if (stale) { stale = false; soon(); } };

/** A dragged or resized card. @param {any} info */
function landed(info) {
  const card = cardOf(info.event.id);
  if (!card) { info.revert(); return; }
  const start = local(info.event.start), end = local(info.event.end);
  const at = info.newResource?.id ?? card.column;
  carry(card, { start, minutes: between(start, end), at: String(at) }).then((done) => { if (!done) info.revert(); });
}

/** Everything that the library is told. @returns {import("@event-calendar/core").Calendar.Options} */
function options() {
  const { min, max } = limits();
  const slots = (Number(max.slice(0, 2)) - Number(min.slice(0, 2))) * 2;
  const high = Math.max(460, innerHeight - root.getBoundingClientRect().top - 78);
  const wide = root.clientWidth - 60;
  const count = week ? 7 : data.columns.length;
  return {
    view: week ? "timeGridWeek" : "resourceTimeGridDay", date: data.day, firstDay: 1, locale: set.lang === "en" ? "en-GB" : "zh-CN",
    headerToolbar: { start: "", center: "", end: "" }, allDaySlot: false, nowIndicator: false, height: high + "px",
    slotMinTime: min, slotMaxTime: max, slotDuration: "00:30", snapDuration: "00:15", slotLabelInterval: "01:00", scrollTime: wall().startsWith(data.day) ? later(wall(), -120).slice(11) : min,
    slotHeight: Math.min(44, Math.max(34, Math.floor((high - 54) / slots))), flexibleSlotTimeLimits: true,
    slotLabelFormat: (d) => local(d).slice(11), columnWidth: wide / count < 104 ? "124px" : undefined,
    dayHeaderFormat: { weekday: "short", month: "numeric", day: "numeric" }, dayHeaderAriaLabelFormat: { weekday: "long", month: "long", day: "numeric" },
    resources: week ? [] : resources(), resourceLabelContent: (info) => ({ domNodes: [label(info.resource)] }),
    events: events(), eventContent: (info) => content(info.event), slotEventOverlap: false, eventDragMinDistance: 5, longPressDelay: 350,
    editable: true, pointer: true, dragScroll: true,
    eventDidMount: (info) => { if (info.event.extendedProps.card) info.el.dataset.card = String(info.event.id); },
    eventClick: (info) => { unhover(); if (info.event.extendedProps.card) open(info.event.id); },
    dateClick: (info) => cell(String(info.resource?.id ?? data.columns[0]?.id ?? ""), local(info.date)),
    eventMouseEnter: (info) => { const card = cardOf(info.event.id); if (card) hovered(info.el, card); },
    eventMouseLeave: unhover, eventDragStart: held, eventDragStop: dropped, eventResizeStart: held, eventResizeStop: dropped,
    eventDrop: landed, eventResize: landed,
  };
}

/** @param {any} event */
function content(event) {
  const card = event.extendedProps.card;
  return { domNodes: card ? picture(card, kind, data.wait, now()) : [] };
}

/** The head of a column leads to its week. @param {any} resource */
function label(resource) {
  const url = new URL(location.href);
  const name = make("b", "", String(resource.title)), note = make("small", "", resource.extendedProps.note ?? "");
  if (resource.id === "none") return make("span", "column-head", name);
  url.searchParams.set("only", String(resource.id));
  url.searchParams.set("day", data.day);
  url.searchParams.set("by", new URL(set.cards ?? "", location.href).searchParams.get("by") ?? "");
  const link = /** @type {HTMLAnchorElement} */ (make("a", "column-head", name, note));
  link.href = url.pathname + url.search;
  link.title = set.sayWeek ?? "";
  return link;
}

async function begin() {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = set.css ?? "";
  const dressed = new Promise((go) => { style.addEventListener("load", go); style.addEventListener("error", go); });
  document.head.append(style);
  const first = await fetchCards();
  await dressed;
  if (!first) return;
  data = first;
  kind = (data.columns.find((c) => c.id !== "none")?.id ?? "staff").split("-")[0];
  root.replaceChildren();
  calendar = createCalendar(root, [ResourceTimeGrid, TimeGrid, Interaction], options());
  root.dataset.ready = "1";
  setInterval(() => { if (!dragging) calendar?.updateEvent(line(wall())); }, 20000);
  for (const topic of ["appointments", "board"]) document.body.addEventListener("live:" + topic, () => soon());
  document.querySelector("[data-calendar-new]")?.addEventListener("click", () => cursor.fresh());
  document.addEventListener("click", (e) => {
    const button = e.target instanceof Element && e.target.closest("[data-pin]");
    if (button) { close(); pin(button.getAttribute("data-pin") ?? ""); }
  });
  document.addEventListener("scroll", unhover, { capture: true, passive: true });
}

begin();
