// The base bundle: htmx and small modules that bind to data-* hooks. No inline code, no eval.
import htmx from "htmx.org";
import { enhance } from "./js/lib.js";
import "./js/live.js";
import "./js/draft.js";
import "./js/once.js";
import "./js/post.js";
import "./js/wedge.js";
import "./js/keys.js";
import "./js/finder.js";
import "./js/clock.js";
import "./js/phrase.js";
import "./js/upload.js";
import "./js/lock.js";
import "./js/numpad.js";
import "./js/handover.js";
import "./js/faults.js";
import "./js/form.js";
import "./js/frame.js";
import "./js/cells.js";
import "./js/sift.js";
import { loadParts } from "./js/parts.js";

void htmx;
// What refetches itself keeps nobody's screen open: the server must not count it as work.
document.addEventListener("htmx:config:request", (e) => {
  const ctx = /** @type {CustomEvent} */ (e).detail?.ctx;
  if (/^(live:|every|load)/.test(ctx?.sourceEvent?.type ?? "")) ctx.request.headers["X-Meixu-Live"] = "1";
});
document.addEventListener("htmx:after:swap", () => { enhance(); loadParts(); });
enhance();
loadParts();
