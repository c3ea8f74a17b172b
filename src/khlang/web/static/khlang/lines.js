// Rows of a document in a plain table, with the keyboard of a ledger clerk: see ux.md, Lines.
import { all, changed, one, say, toast } from "./text.js";
import { read, show } from "./money.js";
import { openSheet } from "./paste.js";

const FIELDS = "input:not([type=hidden]), select, textarea";

export class LineGrid extends HTMLElement {
  connectedCallback() {
    this.body = one("tbody", this);
    this.pattern = one("template", this);
    if (!this.body || !this.pattern || this.ready) return;
    this.ready = true;
    this.addEventListener("keydown", (event) => this.keys(event));
    this.addEventListener("input", () => this.total());
    this.addEventListener("paste", (event) => this.paste(event));
    this.addEventListener("click", (event) => {
      const cross = event.target.closest("[data-delete]");
      if (cross) this.remove(cross.closest("tr"));
    });
    this.form = this.closest("form");
    this.form?.addEventListener("click", (event) => {
      const button = event.target.closest("[data-add-line]");
      // A button inside a grid adds to it; one outside, to the only grid of its form.
      if (!button || (button.closest("line-grid") ?? this) !== this) return;
      event.preventDefault();
      this.fields(this.add())[0].focus();
    });
    this.total();
  }

  get rows() { return all("tr", this.body).filter((row) => !row.classList.contains("why")); }
  fields(row) { return all(FIELDS, row); }
  isEmpty(row) { return this.fields(row).every((field) => field.tagName === "SELECT" || (field.type === "checkbox" ? !field.checked : !field.value.trim())); }

  // Columns in the order of the inputs, for pasting.
  get columns() {
    return this.fields(this.pattern.content).map((field, index) => ({
      index, key: field.dataset.col || String(index), money: Boolean(field.closest("money-input")),
      label: field.closest("td")?.dataset.l || field.dataset.col || "",
    }));
  }

  add(after = this.rows.length - 1) {
    const row = this.pattern.content.firstElementChild.cloneNode(true);
    const before = this.rows[after]?.nextElementSibling;
    this.body.insertBefore(row, before || null);
    this.number();
    return row;
  }

  // A restored draft may have more rows than the page was sent with.
  ensure(count) { while (this.rows.length < count) this.add(); }

  // Names, ids and labels carry the row's place; the pattern says how each is written.
  number() {
    const patterns = this.fields(this.pattern.content);
    const labels = all("label[for]", this.pattern.content);
    this.rows.forEach((row, index) => {
      all("label[for]", row).forEach((label, place) => { label.htmlFor = labels[place]?.htmlFor.replaceAll("__n__", index) ?? label.htmlFor; });
      const number = one("td.n", row);
      if (number) number.textContent = index + 1;
      this.fields(row).forEach((field, place) => {
        for (const name of ["name", "id", "aria-label"]) {
          const written = patterns[place]?.getAttribute(name);
          if (written) field.setAttribute(name, written.replaceAll("__n1__", index + 1).replaceAll("__n__", index));
        }
      });
    });
    this.total();
  }

  keys(event) {
    if (event.isComposing || event.defaultPrevented || !event.target.matches(FIELDS)) return;
    const row = event.target.closest("tr");
    const fields = this.fields(row);
    const place = fields.indexOf(event.target);
    const at = this.rows.indexOf(row);
    const last = at === this.rows.length - 1;
    if (event.key === "Enter" && !event.ctrlKey && !event.altKey && event.target.tagName !== "TEXTAREA") {
      event.preventDefault();
      this.go(at + (event.shiftKey ? -1 : 1), place, !this.isEmpty(row));
    } else if (event.key === "Tab" && !event.shiftKey && last && place === fields.length - 1 && !this.isEmpty(row)) {
      event.preventDefault();
      this.fields(this.add())[0].focus();
    } else if (event.ctrlKey && event.code === "KeyD") {
      event.preventDefault();
      if (at > 0) this.copy(this.fields(this.rows[at - 1])[place], event.target);
    } else if (event.ctrlKey && event.key === "Backspace") {
      event.preventDefault();
      this.remove(row, place);
    }
  }

  go(at, place, mayAdd) {
    const row = this.rows[at] || (at === this.rows.length && mayAdd ? this.add() : null);
    if (row) this.fields(row)[place].focus();
  }

  copy(from, to) {
    to.value = from.value;
    const [name, said] = [from, to].map((field) => one(".says", field.parentElement));
    if (name && said) said.textContent = name.textContent;
    changed(to);
  }

  remove(row, place = 0) {
    const at = this.rows.indexOf(row);
    const why = row.nextElementSibling?.classList.contains("why") ? row.nextElementSibling : null;
    const wasEmpty = this.isEmpty(row);
    row.remove();
    why?.remove();
    if (!this.rows.length) this.add();
    this.number();
    this.fields(this.rows[Math.min(at, this.rows.length - 1)])[place]?.focus();
    this.dispatchEvent(new Event("change", { bubbles: true }));
    if (wasEmpty) return;
    toast(say("row_deleted", { row: at + 1 }), say("undo"), () => {
      this.body.insertBefore(row, this.rows[at] || null);
      if (why) row.after(why);
      this.number();
      this.fields(row)[place]?.focus();
      this.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  paste(event) {
    const text = event.clipboardData.getData("text/plain");
    const rows = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
    if (rows.length < 2 && rows[0].length < 2) return;
    event.preventDefault();
    openSheet({ grid: this, rows, start: event.target.closest("tr") });
  }

  // Put accepted rows in: from the row of the caret when it is empty, else after the last filled row.
  fill(rows, start) {
    const filled = this.rows.map((row) => !this.isEmpty(row)).lastIndexOf(true);
    let at = start && this.isEmpty(start) ? this.rows.indexOf(start) : filled + 1;
    for (const values of rows) {
      this.ensure(at + 1);
      const row = this.isEmpty(this.rows[at]) ? this.rows[at] : this.add(at - 1);
      for (const [index, value] of values) this.put(this.fields(row)[index], value);
      at += 1;
    }
    this.number();
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  put(field, value) {
    if (field.tagName === "SELECT") {
      const wanted = value.trim().toLowerCase();
      const option = [...field.options].find((each) => each.value.toLowerCase() === wanted || each.text.toLowerCase().includes(wanted));
      if (option && wanted) field.value = option.value;
      return;
    }
    field.value = value.trim();
    field.closest("money-input")?.commit?.();
    const combo = field.closest("combo-box");
    if (combo?.ready) { combo.typed = true; combo.leave(); }
  }

  sum(column) {
    return all(`[data-col="${column}"]`, this.body).reduce((total, field) => total + (read(field.value)?.satang ?? 0n), 0n);
  }

  total() {
    // The bar at the foot of the page stands outside the form and belongs to it all the same.
    const near = (selector) => all(selector).filter((output) => (this.form || this).contains(output) || output.closest(".dock"));
    for (const output of near("[data-sum]")) write(output, show(this.sum(output.dataset.sum)));
    for (const output of near("[data-difference]")) {
      const [left, right] = output.dataset.difference.split(" ").map((column) => this.sum(column));
      const difference = left > right ? left - right : right - left;
      write(output, show(difference));
      output.closest("div")?.classList.toggle("off", difference !== 0n);
    }
    for (const mark of near("[data-balanced]")) {
      const [left, right] = mark.dataset.balanced.split(" ").map((column) => this.sum(column));
      mark.hidden = left !== right || left === 0n;
    }
  }
}

function write(output, text) { if (output.textContent !== text) output.textContent = text; }

customElements.define("line-grid", LineGrid);
