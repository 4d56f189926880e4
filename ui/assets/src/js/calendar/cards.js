// The cards of the calendar: what the house sends becomes events, and an event its picture.

/** @typedef {{tone: string, icon: string, word: string}} Mark */
/** @typedef {{id: number, version: number, column: string, start: string, end: string, name: string, number: string,
 * phone: string, item: string, staff: string, place: string, state: string, word: string, tone: string, icon: string,
 * marks: Mark[], moves: boolean, late: boolean, since?: string, debt?: string}} Card */
/** @typedef {{id: string, name: string, note: string}} Column */
/** @typedef {{day: string, days: number, open: string, close: string, closed: string[], off: {column: string, day: string, from: string, to: string}[], wait: number, columns: Column[], cards: Card[]}} Data */

/** The words and addresses that the page gives along. @type {DOMStringMap} */
let page = {};

/** @param {DOMStringMap} given */
export function dress(given) { page = given; }

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${page.sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** @param {string} tag @param {string} cls @param {(string | Node)[]} inside */
export function make(tag, cls, ...inside) {
  const el = document.createElement(tag);
  el.className = cls;
  el.append(...inside);
  return el;
}

/** Minutes between two local times such as 2026-03-02T14:00. @param {string} from @param {string} to */
export function between(from, to) { return (Date.parse(to + "Z") - Date.parse(from + "Z")) / 60000; }

/** @param {string} at a local time @param {number} minutes */
export function later(at, minutes) { return new Date(Date.parse(at + "Z") + minutes * 60000).toISOString().slice(0, 16); }

/** @param {Card} card */
export function eventOf(card) {
  return {
    id: String(card.id), resourceIds: [card.column], start: card.start, end: card.end, title: card.name,
    startEditable: card.moves, durationEditable: card.moves, extendedProps: { card },
    classNames: ["card-" + card.tone, card.late ? "card-late" : "", between(card.start, card.end) < 30 ? "card-short" : ""].filter(Boolean),
  };
}

/** What is grey: hours and days on which the house is closed. @param {Data} data @param {string} min @param {string} max */
export function greys(data, min, max) {
  const all = data.columns.map((c) => c.id);
  /** @type {{id: string, start: string, end: string, display: "background", resourceIds: string[], classNames: string[]}[]} */
  const out = [];
  for (let i = 0; i < data.days; i++) {
    const day = later(data.day + "T00:00", i * 1440).slice(0, 10);
    /** @param {string} from @param {string} to */
    const grey = (from, to) => {
      if (from < to) out.push({ id: `grey-${day}-${from}`, start: `${day}T${from}`, end: `${day}T${to}`, display: "background", resourceIds: all, classNames: ["closed"] });
    };
    if (data.closed.includes(day)) grey(min, max);
    else { grey(min, data.open); grey(data.close, max); }
  }
  for (const x of data.off) {
    const from = x.from > data.open ? x.from : data.open, to = x.to < data.close ? x.to : data.close;
    if (from < to && !data.closed.includes(x.day)) out.push({ id: `off-${x.column}-${x.day}-${from}`, start: `${x.day}T${from}`, end: `${x.day}T${to}`, display: "background", resourceIds: [x.column], classNames: ["closed"] });
  }
  return out;
}

/** How long somebody has been waiting, with its tone. @param {Card} card @param {number} limit @param {number} now */
function waiting(card, limit, now) {
  const minutes = Math.floor((now - Date.parse(card.since ?? "")) / 60000);
  const tone = minutes >= limit ? "over" : minutes * 2 >= limit ? "warn" : "";
  return make("span", "card-wait " + tone, `${minutes}′`);
}

/** The picture of a card. @param {Card} card @param {string} kind of the columns @param {number} limit @param {number} now */
export function picture(card, kind, limit, now) {
  const marks = make("span", "card-marks", ...card.marks.map((m) => {
    const el = make("i", "mark-" + m.tone, icon(m.icon), make("span", "sr", m.word));
    el.title = m.word;
    return el;
  }));
  const head = make("div", "card-head", icon(card.icon), make("b", "", card.name), marks);
  if (card.since) head.append(waiting(card, limit, now));
  const where = kind === "staff" ? card.place : [card.staff, kind === "room" ? "" : card.place].filter(Boolean).join(" · ");
  return [
    head,
    make("div", "card-line", make("span", "num", card.start.slice(11) + "–" + card.end.slice(11)), " ", make("em", "", card.word)),
    make("div", "card-line", card.item),
    make("div", "card-line muted", where),
  ];
}

/** Everything about a card, shown beside it while the mouse rests there.
 * @param {Card} card @param {number} limit @param {number} now */
export function hover(card, limit, now) {
  const el = make("div", "card-hover card-" + card.tone);
  el.append(make("p", "card-hover-head", make("b", "", card.name), " ", make("span", "muted num", [card.number, card.phone].filter(Boolean).join(" · "))));
  el.append(make("p", "", make("span", "num", card.start.slice(11) + "–" + card.end.slice(11)), " ", make("span", "badge " + card.tone, icon(card.icon), make("span", "", card.word))));
  el.append(make("p", "", card.item));
  const where = [card.staff, card.place].filter(Boolean).join(" · ");
  if (where) el.append(make("p", "muted", where));
  if (card.since) el.append(make("p", "", (page.sayWait ?? "").replace("%s", String(Math.floor((now - Date.parse(card.since)) / 60000)))));
  if (card.late) el.append(make("p", "red", page.sayLate ?? ""));
  if (card.marks.length) {
    el.append(make("p", "card-hover-marks", ...card.marks.map((m) => make("span", "tag " + m.tone, icon(m.icon), m.word + (card.debt && /^(coin-yuan|wallet)$/.test(m.icon) ? " " + card.debt : "")))));
  }
  return el;
}
