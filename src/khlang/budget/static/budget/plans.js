// The grid of spending plans: Enter and the arrows go up and down in a column, and each line shows what is not planned yet.
import { read, show } from "../khlang/money.js";

const grid = document.querySelector(".b-plan tbody");
const FIELDS = "input[inputmode]";

function rest(row) {
  const shown = row.querySelector("[data-rest]");
  const planned = [...row.querySelectorAll(FIELDS)].reduce((sum, field) => sum + (read(field.value)?.satang ?? 0n), 0n);
  const given = read(row.dataset.appropriation)?.satang ?? 0n;
  shown.textContent = show(given - planned);
  shown.classList.toggle("b-warn", planned > given);
}

function go(field, step) {
  const row = field.closest("tr");
  const place = [...row.querySelectorAll(FIELDS)].indexOf(field);
  let next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  while (next && !next.querySelector(FIELDS)) next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
  const target = next?.querySelectorAll(FIELDS)[place];
  if (target) { target.focus(); target.select(); }
}

grid?.addEventListener("input", (event) => rest(event.target.closest("tr")));
grid?.addEventListener("change", (event) => rest(event.target.closest("tr")));
grid?.addEventListener("keydown", (event) => {
  if (event.isComposing || !event.target.matches(FIELDS)) return;
  const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  go(event.target, step);
});
