// The agenda region. The host orders a set agenda by dragging. Without this file, and by keyboard, "Move up" and "Move down" do it.

const list = (element) => element?.closest?.(".agenda[data-order]");
const row = (element) => list(element) && element.closest("[data-item]");
let dragged = null;

const arrive = () => document.querySelectorAll(".agenda[data-order] > [data-item]").forEach((item) => { item.draggable = true; });
const mark = (over) => document.querySelectorAll(".agenda > .over").forEach((item) => item.classList.toggle("over", item === over));

document.addEventListener("dragstart", (event) => {
  dragged = row(event.target);
  if (!dragged) return;
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.item);
});
document.addEventListener("dragover", (event) => {
  const over = dragged && row(event.target);
  if (!over) return;
  event.preventDefault();
  over.classList.add("over");
  mark(over);
});
document.addEventListener("drop", (event) => {
  const over = dragged && row(event.target);
  if (!over || over === dragged) return;
  event.preventDefault();
  const place = [...over.parentElement.children].indexOf(over) + 1;
  const button = dragged.querySelector("button[name=place]"); // its form knows what one looked at
  button.value = place;
  button.click(); // htmx sends the value of the button that was clicked, of no other
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  mark(null);
  dragged = null;
});
// A question that was begun already goes on where it ends.
document.addEventListener("focusin", ({ target }) => {
  if (target.id === "question" && target.value === target.defaultValue) target.setSelectionRange(target.value.length, target.value.length);
});
document.addEventListener("htmx:load", arrive);
arrive();
