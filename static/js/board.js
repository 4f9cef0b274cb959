// The board of a theme day: notes are dragged under a headline, and what was chosen stays chosen while the others
// move theirs. Without this file one ticks notes and presses a button.

const board = () => document.getElementById("board");
const place = (target) => target.closest?.("[data-cluster]");
let taken, chosen = [];

document.addEventListener("dragstart", (event) => {
  const note = event.target.closest?.("[data-note]");
  if (!note) return;
  taken = { note: note.dataset.note, from: place(note).dataset.cluster };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", note.innerText);
});
document.addEventListener("dragover", (event) => {
  const over = taken && place(event.target);
  if (over) event.preventDefault();
  for (const one of board()?.querySelectorAll(".over") ?? []) if (one !== over) one.classList.remove("over");
  over?.classList.add("over");
});
document.addEventListener("dragend", () => { taken = undefined; board()?.querySelector(".over")?.classList.remove("over"); });
document.addEventListener("drop", (event) => {
  const over = taken && place(event.target);
  if (!over) return;
  event.preventDefault();
  const { cluster } = over.dataset;
  const where = cluster === "loose" ? { loose: "1" } : { cluster };
  if (cluster !== taken.from) {
    const values = { notes: taken.note, seen: taken.from, ...where };
    htmx.ajax("POST", document.getElementById("moving").action, { target: "#board", swap: "outerHTML", values });
  }
  taken = undefined;
});

// ---- the board is swapped while somebody is choosing ----

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const sent = detail.requestConfig?.verb === "post"; // what was chosen has been moved
  chosen = sent || !board() ? [] : [...board().querySelectorAll("input[name=notes]:checked")].map(({ value }) => value);
});
document.addEventListener("htmx:afterSettle", () => {
  for (const value of chosen) board()?.querySelector(`input[name=notes][value="${value}"]`)?.click();
  chosen = [];
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const headline = document.getElementById("headline");
  if (headline && detail.successful && detail.elt.id === "moving") headline.value = "";
});
