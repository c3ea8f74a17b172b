// Rows copied from Excel: a sheet shows how they will be read; nothing enters the form before it is accepted.
import { all, make, one, say, searchKey } from "./text.js";
import { read } from "./money.js";

const SHOWN = 50;

function remembered(grid) {
  try { return JSON.parse(localStorage.getItem(`khlang-columns-${grid.getAttribute("name")}`)); } catch { return null; }
}

function remember(grid, choice) {
  try { localStorage.setItem(`khlang-columns-${grid.getAttribute("name")}`, JSON.stringify(choice)); } catch { /* a private window forgets */ }
}

// The first row is a heading when its words are the names of columns, or stand where amounts stand below it.
function heading(columns, rows) {
  const named = rows[0].map((cell) => columns.find((column) => column.label && cell.trim() && searchKey(cell).includes(searchKey(column.label)))?.key ?? "");
  return rows.length > 1 && named.filter(Boolean).length > 1 ? named : null;
}

export function openSheet({ grid, rows, start }) {
  const columns = grid.columns;
  const width = Math.max(...rows.map((row) => row.length));
  const named = heading(columns, rows);
  const body = named ? rows.slice(1) : rows;
  const kept = remembered(grid);
  const choice = Array.from({ length: width }, (_, index) => named?.[index] ?? (kept?.length === width ? kept[index] : columns[index]?.key ?? ""));
  const table = make("table", { class: "plain" });
  const warning = make("p", { class: "hint warn", role: "status" });
  const accept = make("button", { class: "btn btn-p", type: "button" }, say("paste_accept", { rows: body.length }));
  const dialog = make("dialog", { class: "ask sheet", "aria-label": say("paste_title", { rows: body.length }) },
    make("div", {}, make("h2", {}, say("paste_title", { rows: body.length })), make("p", { class: "hint" }, say("paste_hint")),
      make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("paste_title", { rows: body.length }) }, table), warning,
      make("div", { class: "acts" }, make("button", { class: "btn", type: "button", onclick: () => dialog.close() }, say("cancel")), accept)));

  const column = (index) => columns.find((each) => each.key === choice[index]);
  const draw = () => {
    const heads = choice.map((key, index) => make("th", { scope: "col" }, make("select", {
      class: "in", "aria-label": `${say("field")} ${index + 1}`,
      onchange: (event) => { choice[index] = event.target.value; draw(); one(`th:nth-child(${index + 1}) select`, table).focus(); },
    }, make("option", { value: "", selected: !key }, say("column_skip")), ...columns.map((each) => make("option", { value: each.key, selected: each.key === key }, each.label)))));
    let wrong = 0;
    const lines = body.map((cells) => make("tr", {}, ...choice.map((key, index) => {
      const text = cells[index] ?? "";
      const bad = column(index)?.money && read(text) === undefined;
      if (bad) wrong += 1;
      return make("td", { class: [column(index)?.money ? "num" : "", bad ? "bad-cell" : ""].join(" ").trim() }, text);
    })));
    table.replaceChildren(make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...lines.slice(0, SHOWN)));
    warning.textContent = wrong ? say("paste_bad", { count: wrong }) : "";
  };
  accept.addEventListener("click", () => {
    remember(grid, choice);
    dialog.close();
    const values = body.map((cells) => choice.map((key, index) => [column(index)?.index, cells[index] ?? ""]).filter(([place]) => place !== undefined));
    grid.fill(values, start);
  });
  dialog.addEventListener("close", () => { dialog.remove(); all("input", start || grid)[0]?.focus(); });
  draw();
  document.body.append(dialog);
  dialog.showModal();
  accept.focus();
}
