// Ctrl K: pages and commands at once, from the page itself; journals and accounts from the server a moment later.
import { all, icon, make, one, say, searchKey } from "./text.js";

const RECENT = 5;

export class CommandKey extends HTMLElement {
  connectedCallback() {
    if (this.dialog) return;
    this.dialog = this.closest("dialog");
    this.input = one("input", this);
    this.box = one("ul", this);
    this.status = one("[role=status]", this);
    this.commands = JSON.parse(one("#khlang-commands")?.textContent || "[]").map(([label, href, picture, key, names]) => ({ label, href, picture, key, names, group: "" }));
    this.found = [];
    this.at = 0;
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.keys(event));
    this.box.addEventListener("click", (event) => {
      const option = event.target.closest("[data-index]");
      if (option) this.open(this.shown[Number(option.dataset.index)]);
    });
    all("[data-palette]").forEach((button) => button.addEventListener("click", () => this.show()));
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") { event.preventDefault(); this.show(); }
    });
  }

  get memory() { return `khlang-recent-${document.body.dataset.user}-${this.getAttribute("source")}`; }

  get recent() {
    try { return JSON.parse(localStorage.getItem(this.memory)) || []; } catch { return []; }
  }

  show() {
    if (this.dialog.open) return this.input.select();
    this.input.value = "";
    this.found = [];
    this.at = 0;
    this.draw();
    this.dialog.showModal();
    this.input.focus();
  }

  typed() {
    this.at = 0;
    this.found = [];
    this.draw();
    clearTimeout(this.timer);
    if (this.input.value.trim().length > 1) this.timer = setTimeout(() => this.ask(this.input.value), 120);
  }

  async ask(text) {
    const address = new URL(this.getAttribute("source"), location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 401) { this.dialog.close(); return document.dispatchEvent(new Event("session-expired")); }
      const { results } = await answer.json();
      if (this.input.value !== text) return;
      this.found = results.map(([label, href, picture, detail, group]) => ({ label, href, picture, detail, group }));
      this.draw();
    } catch {
      this.status.textContent = say("offline_pages");
    }
  }

  matches() {
    const typed = searchKey(this.input.value);
    if (!typed) {
      const recent = this.recent.map((item) => ({ ...item, group: say("recent") }));
      return [...recent, ...this.commands.filter((command) => !recent.some((item) => item.href === command.href)).map((command) => ({ ...command, group: say("pages") }))];
    }
    return [...this.commands.filter((command) => command.names.includes(typed) || searchKey(command.label).includes(typed)).map((command) => ({ ...command, group: say("pages") })), ...this.found];
  }

  draw() {
    this.shown = this.matches();
    this.at = Math.min(this.at, Math.max(0, this.shown.length - 1));
    const lines = [];
    this.shown.forEach((item, index) => {
      if (item.group && item.group !== this.shown[index - 1]?.group) lines.push(make("li", { class: "gl", role: "presentation" }, item.group));
      lines.push(make("li", { role: "option", id: `palette-${index}`, "data-index": index, "aria-selected": String(index === this.at) },
        icon(item.picture || "file-text"), make("span", {}, item.label), item.key ? make("kbd", {}, item.key) : item.detail ? make("small", {}, item.detail) : null));
    });
    if (!lines.length) lines.push(make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "muted" }, say("none_found")));
    this.box.replaceChildren(...lines);
    this.status.textContent = say("results", { count: this.shown.length });
    this.mark();
  }

  mark() {
    all("[data-index]", this.box).forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.at));
      if (index === this.at) option.scrollIntoView({ block: "nearest" });
    });
    if (this.shown.length) this.input.setAttribute("aria-activedescendant", `palette-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  keys(event) {
    if (event.isComposing) return;
    const count = this.shown.length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.mark();
    } else if (event.key === "Enter" && count) { event.preventDefault(); this.open(this.shown[this.at]); }
  }

  open({ label, href, picture, key = "", detail = "" }) {
    const kept = [{ label, href, picture, key, detail }, ...this.recent.filter((item) => item.href !== href)].slice(0, RECENT);
    try { localStorage.setItem(this.memory, JSON.stringify(kept)); } catch { /* a private window forgets */ }
    location.href = href;
  }
}

customElements.define("cmd-k", CommandKey);
