// Following something as it happens (config/live.py): asks whether there is anything new, fetches the region
// again when there is, and lets the clock run in between. Without this file a reload shows the same.
//
//   <div id="…" data-live="where to ask" data-version="…" data-refresh="what to fetch when it changed">
//   [data-left][data-total][data-running] inside of it is a clock, [data-live-asleep] is shown while nobody leads.
//   document hears "live:changed" after each change.

const EVERY = [1400, 2000]; // milliseconds: not all at the same moment, and never later than the promise of 3 s
const PATIENCE = 4000;
const region = () => document.querySelector("[data-live]");
const jitter = () => EVERY[0] + Math.random() * (EVERY[1] - EVERY[0]);
const show = (element, visible) => { if (element && element.hidden === visible) element.hidden = !visible; };

// ---- asking ----

let timer, failed = 0, gone = 0;

function later(wait = jitter()) {
  clearTimeout(timer);
  timer = setTimeout(ask, wait);
}

async function ask() {
  const here = region();
  if (!here) return;
  try {
    const options = { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch(`${here.dataset.live}?v=${here.dataset.version}`, options);
    if (answer.status >= 500) throw new Error(answer.status);
    if (failed) { failed = 0; show(document.getElementById("room-offline"), false); }
    if (answer.status === 200) refresh();
    if (answer.status === 404 || answer.status === 410) return leave();
    gone = 0;
    show(document.querySelector("[data-live-asleep]"), answer.headers.has("Live-Asleep"));
  } catch {
    failed += 1;
    if (failed > 1) show(document.getElementById("room-offline"), true);
  }
  later();
}

function refresh() {
  const here = region();
  if (here) htmx.ajax("GET", here.dataset.refresh, { target: `#${here.id}`, swap: "outerHTML" });
}

// Whoever follows no more is told so by the page itself. Once: a page that still answers asks again slowly.
function leave() {
  gone += 1;
  if (gone === 1) return later(300);
  location.reload();
}

// ---- the clock: seconds left as the server said, less what has passed since by this device's stopwatch.
// ---- What time this device believes it is doesn't matter.

let clock, met = 0, said = "", spoken = "";

function read() {
  const element = region()?.querySelector("[data-left]");
  if (!element) { clock = null; return; }
  const { left, total, running, say } = element.dataset;
  clock = { element, left: +left, total: +total, running: running !== undefined };
  met = performance.now();
  if (say !== said) {
    if (said) speak(say);
    said = say;
    spoken = "";
  }
  tick();
}

const two = (number) => String(number).padStart(2, "0");

function tick() {
  if (!clock?.element.isConnected) return;
  const left = clock.left - (clock.running ? (performance.now() - met) / 1000 : 0);
  const over = left < 0, whole = Math.abs(Math.trunc(left));
  const time = clock.element.querySelector("[role=timer]");
  const text = `${over && whole ? "+" : ""}${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
  if (time.textContent !== text) time.textContent = text;
  clock.element.querySelector(".left").setAttribute("stroke-dashoffset", 100 * (1 - Math.min(Math.max(left / clock.total, 0), 1)));
  region()?.classList.toggle("over", over);
  show(clock.element.querySelector("[data-when=over]"), over && clock.running);
  if (clock.running && over && spoken !== "over") { if (left > -5) speak(clock.element.dataset.sayOver); spoken = "over"; }
  else if (clock.running && !over && left <= 60 && !spoken) { if (left > 55) speak(clock.element.dataset.sayMinute); spoken = "minute"; }
}

function speak(words) {
  const place = document.getElementById("room-says");
  if (place) place.textContent = words;
}

// ---- the region is swapped: what was open stays open, the clock is read anew ----

let open = [];
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.matches("[data-live]")) open = [...detail.target.querySelectorAll("details[open][id]")].map(({ id }) => id);
});
document.addEventListener("htmx:afterSettle", () => {
  const here = region();
  if (here && detailOf(here)) {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    open = [];
  }
  read();
  if (!here || detailOf(here) === shown) return;
  shown = detailOf(here);
  document.dispatchEvent(new CustomEvent("live:changed"));
});
const detailOf = (here) => here.dataset.version;
let shown = region()?.dataset.version;

// What is agreed comes along too, unless somebody is changing a line of it just here.
document.addEventListener("live:changed", () => {
  const list = document.getElementById("agreed-list");
  if (list && !list.querySelector("details[open]") && !list.contains(document.activeElement)) window.htmx.trigger(list, "refresh");
});

// ---- a device that slept knows nothing: its stopwatch may have slept too ----

let lock;
const awake = async () => { lock = await navigator.wakeLock?.request("screen").catch(() => null); };

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible" || !region()) return;
  refresh();
  later(0);
  if (lock !== undefined) awake();
});
addEventListener("online", () => { if (region()) { refresh(); later(0); } });

if (region()) {
  read();
  setInterval(tick, 250);
  later();
  if (document.querySelector(".on-wall, .lead")) awake(); // the screen others look at doesn't go dark
}
