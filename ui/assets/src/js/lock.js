// The idle lock: the server locks the session, then the PIN page is shown; drafts stay.
import { flush } from "./draft.js";

const minutes = Number(document.body.dataset.lockMinutes);
const signedIn = Number(document.body.dataset.staff) > 0;

if (minutes > 0 && signedIn) {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("meixu-idle") : null;
  let last = Date.now();
  let told = 0;
  const alive = () => {
    last = Date.now();
    if (last - told > 5000) { told = last; channel?.postMessage("alive"); }
  };
  for (const name of ["pointerdown", "keydown", "scroll", "touchstart"]) addEventListener(name, alive, { passive: true, capture: true });
  channel?.addEventListener("message", () => { last = Date.now(); });
  setInterval(async () => {
    if (Date.now() - last < minutes * 60000) return;
    last = Date.now();
    try {
      await flush();
      await fetch("/lock", { method: "POST", headers: { "X-Requested-With": "meixu" }, redirect: "manual" });
    } finally {
      location.reload();
    }
  }, 5000);
}
