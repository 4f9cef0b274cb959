// Drag a name to another group. Everything it does can be done without it: the name is a link to
// where that person could sit.

let dragged = null;

const seat = (target) => target.closest?.("[data-seat]");
const group = (target) => target.closest?.("[data-group]");
const unmark = (name) => document.querySelectorAll(`.${name}`).forEach((one) => one.classList.remove(name));
const on = (name, act) => document.addEventListener(name, act);

on("dragstart", (event) => {
  dragged = seat(event.target);
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
  dragged.classList.add("is-dragged");
});
on("dragover", (event) => {
  const over = dragged && group(event.target);
  unmark("is-over");
  if (!over || over.contains(dragged)) return;
  event.preventDefault();
  over.classList.add("is-over");
});
on("drop", (event) => {
  const over = dragged && group(event.target);
  if (!over || over.contains(dragged)) return;
  event.preventDefault();
  htmx.ajax("POST", dragged.dataset.seat, {
    source: dragged, target: "#board", swap: "outerHTML", values: { group: over.dataset.group },
  });
});
on("dragend", () => {
  unmark("is-dragged");
  unmark("is-over");
  dragged = null;
});

// Where the keyboard was before a part of the page was replaced, it is again.
let held = "";
on("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "board") held = document.activeElement?.closest("[id]")?.id ?? "";
});
on("htmx:afterSettle", () => {
  if (document.activeElement !== document.body || !held) return;
  document.getElementById(held)?.querySelector("a, button")?.focus();
});
