// @ts-nocheck: checkers of types want more than ES5 can say.
// The television of the waiting room. Plain ES5: browsers of televisions are ten years old. It asks
// for news, which the server answers as soon as there is some; reads every call aloud twice after
// somebody touched the page (browsers speak only then); and says since when it heard nothing.
(function () {
  "use strict";
  var box = document.getElementById("screen");
  if (!box) return;
  var stale = document.getElementById("screen-stale"), clock = document.getElementById("screen-clock");
  var start = document.getElementById("screen-start");
  var state = first("data-state"), heard = new Date().getTime(), told = {}, loud = false, since = null, base = 0, fails = 0, asked = null;

  function root() { return box.firstElementChild || box.children[0]; }
  function first(name) { var r = root(); return (r && r.getAttribute(name)) || ""; }
  function two(n) { return n < 10 ? "0" + n : "" + n; }
  function hhmm(second) { return two(Math.floor(second / 3600) % 24) + ":" + two(Math.floor(second / 60) % 60); }

  // take notes what the server's clock shows, and up to which news the page is drawn.
  function take() {
    heard = new Date().getTime();
    base = Number(first("data-second"));
    since = first("data-news");
    fails = 0;
  }

  function tick() {
    var now = new Date().getTime(), gone = (now - heard) / 1000;
    if (clock) clock.innerHTML = hhmm(base + gone);
    if (!stale) return;
    var late = gone > 30 || fails > 1;
    stale.style.display = late ? "block" : "none";
    if (late) stale.innerHTML = (stale.getAttribute("data-say") || "").replace("%s", hhmm(base));
  }

  function speaks() { return "speechSynthesis" in window && "SpeechSynthesisUtterance" in window; }

  function voice(words) {
    var all = window.speechSynthesis.getVoices ? window.speechSynthesis.getVoices() : [];
    for (var i = 0; i < all.length; i++) if (/^(zh|cmn)/i.test(all[i].lang || "")) { words.voice = all[i]; return; }
  }

  function say(call) {
    // C01 is read digit by digit.
    var text = (box.getAttribute("data-say") || "").replace("%s", (call.getAttribute("data-number") || "").split("").join(" "));
    var room = call.getAttribute("data-room");
    if (room) text += ", " + (box.getAttribute("data-say-room") || "").replace("%s", room);
    for (var time = 0; time < 2; time++) {
      var words = new window.SpeechSynthesisUtterance(text);
      words.lang = "zh-CN";
      words.rate = 0.9;
      voice(words);
      window.speechSynthesis.speak(words);
    }
  }

  // look reads what was called since; what was called before the page opened is not read.
  function look(aloud) {
    var list = box.getElementsByTagName("li");
    for (var i = 0; i < list.length; i++) {
      var id = list[i].getAttribute("data-call");
      if (!id || told[id]) continue;
      told[id] = true;
      if (aloud && loud && speaks()) say(list[i]);
    }
  }

  // off and on are what the browser itself says of the network; an open question is asked anew.
  function off() { fails = 2; tick(); }
  function on() { fails = 0; if (asked) asked.abort(); tick(); }

  function ask() {
    var req = new XMLHttpRequest(), done = false;
    asked = req;
    function next(wait) { if (!done) { done = true; setTimeout(ask, wait); } }
    req.onreadystatechange = function () {
      if (req.readyState !== 4) return;
      if (req.status === 200) {
        box.innerHTML = req.responseText;
        if (first("data-state") !== state) { location.reload(); return; }
        take(); look(true); tick();
        next(state === "code" ? 2000 : 100);
        return;
      }
      fails++;
      next(req.status === 429 ? 10000 : 2000);
    };
    req.open("GET", "/screen/news?since=" + encodeURIComponent(since) + "&t=" + new Date().getTime(), true);
    req.timeout = 30000;
    req.ontimeout = req.onerror = function () { fails++; next(2000); };
    req.send();
  }

  if (start) {
    if (!speaks()) start.style.display = "none";
    start.onclick = function () {
      loud = true;
      start.style.display = "none";
      if (speaks()) window.speechSynthesis.speak(new window.SpeechSynthesisUtterance(" "));
    };
    try { start.focus(); } catch (e) { /* a remote control finds it by itself */ }
  }
  if (window.addEventListener) { window.addEventListener("offline", off); window.addEventListener("online", on); }
  take(); look(false); tick();
  setInterval(tick, 1000);
  setTimeout(ask, 100);
})();
