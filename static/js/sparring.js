// Counts the time of a phase down. The server says how many seconds are left, so a device's own clock doesn't matter;
// without this file the page says about how many minutes are left.

const ends = new WeakMap();
const timers = () => document.querySelectorAll(".time-left[data-seconds]");

function arrive() {
  for (const timer of timers()) {
    if (ends.has(timer)) continue;
    ends.set(timer, performance.now() + Number(timer.dataset.seconds) * 1000);
    // Screen readers hear a new phase, not every second of it.
    const title = document.getElementById("now-title")?.textContent ?? "";
    const now = document.getElementById("talk-now");
    if (now && now.textContent !== title) now.textContent = title;
  }
  tick();
}

function tick() {
  for (const timer of timers()) {
    const left = timer.dataset.paused ? Number(timer.dataset.seconds) : Math.round((ends.get(timer) - performance.now()) / 1000);
    const words = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : timer.dataset.over;
    if (timer.textContent !== words) timer.textContent = words;
    timer.classList.toggle("over", left <= 0);
  }
}

document.addEventListener("htmx:load", arrive);
setInterval(tick, 500);
arrive();
