// A field that searches on the server while one types: WAI-ARIA combobox with a list. It holds the code; the name stands below.
import { all, changed, make, say } from "./text.js";

let number = 0;

export class ComboBox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.ready) return;
    this.ready = true;
    this.box = make("ul", { class: "pick", role: "listbox", id: `combo-${(number += 1)}`, hidden: true, "aria-label": this.input.getAttribute("aria-label") || this.input.labels?.[0]?.textContent.trim() || "" });
    this.status = make("span", { class: "vh", role: "status" });
    this.line = this.querySelector(".says") || make("small", { class: "says" });
    this.line.id = `${this.box.id}-says`;
    this.append(this.line, this.box, this.status);
    const facts = { role: "combobox", "aria-expanded": "false", "aria-controls": this.box.id, "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false" };
    for (const [name, value] of Object.entries(facts)) this.input.setAttribute(name, value);
    this.input.setAttribute("aria-describedby", `${this.input.getAttribute("aria-describedby") || ""} ${this.line.id}`.trim());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("input", (event) => { if (event.isTrusted) this.later(); });
    this.input.addEventListener("keydown", (event) => this.keys(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.leave(), 120));
    this.box.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[data-index]");
      if (option) this.choose(Number(option.dataset.index));
    });
  }

  get isOpen() { return !this.box.hidden; }

  later() {
    this.typed = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), 130);
  }

  async search() {
    const asked = this.input.value.trim();
    this.asked = asked;
    const address = new URL(this.getAttribute("source"), location.href);
    address.searchParams.set("q", asked);
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 401) return document.dispatchEvent(new Event("session-expired"));
      if (!answer.ok) throw new Error(String(answer.status));
      const { results } = await answer.json();
      if (this.asked === asked && document.activeElement === this.input) this.draw(results);
      return results;
    } catch {
      this.draw([], say("unreachable"));
      return null;
    }
  }

  draw(results, problem) {
    this.results = results;
    this.at = results.length ? 0 : -1;
    const options = results.map((result, index) => make("li", { role: "option", id: `${this.box.id}-${index}`, "data-index": index },
      make("code", {}, result.value), make("span", {}, result.label), result.detail ? make("small", {}, result.detail) : null));
    this.box.replaceChildren(...(options.length ? options : [make("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, problem || say("none_found"))]));
    this.status.textContent = problem || (results.length ? say("results", { count: results.length }) : say("none_found"));
    this.show(true);
    this.mark();
  }

  show(open) {
    this.box.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) return this.input.removeAttribute("aria-activedescendant");
    // Fixed, so that no scrolling table cuts the list off.
    const place = this.input.getBoundingClientRect();
    const below = innerHeight - place.bottom;
    Object.assign(this.box.style, { position: "fixed", left: `${Math.min(place.left, Math.max(8, innerWidth - 420))}px`, minWidth: `${place.width}px`, maxHeight: `${Math.max(160, Math.min(320, below - 12))}px` });
    this.box.style.top = below > 180 ? `${place.bottom + 2}px` : "auto";
    this.box.style.bottom = below > 180 ? "auto" : `${innerHeight - place.top + 2}px`;
    addEventListener("scroll", () => this.show(false), { once: true, passive: true });
  }

  mark() {
    all("[data-index]", this.box).forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.at));
      if (index === this.at) option.scrollIntoView({ block: "nearest" });
    });
    if (this.at >= 0) this.input.setAttribute("aria-activedescendant", `${this.box.id}-${this.at}`);
  }

  keys(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" && !this.isOpen && (event.altKey || !this.closest("line-grid"))) { event.preventDefault(); this.search(); }
    else if (!this.isOpen) return;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const count = this.results.length;
      if (count) { this.at = (this.at + (event.key === "ArrowDown" ? 1 : count - 1)) % count; this.mark(); }
    } else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.show(false); }
    else if (event.key === "Enter" && this.at >= 0) { event.preventDefault(); this.choose(this.at); }
    else if (event.key === "Tab" && this.at >= 0 && this.typed && this.input.value) this.choose(this.at);
  }

  choose(index) {
    const chosen = this.results[index];
    clearTimeout(this.timer);
    this.typed = false;
    this.input.value = chosen.value;
    this.says(chosen.label);
    this.show(false);
    changed(this.input);
  }

  says(text, wrong = false) {
    this.line.textContent = text;
    this.line.classList.toggle("bad", wrong);
  }

  async leave() {
    this.show(false);
    if (!this.typed || document.activeElement === this.input) return;
    this.typed = false;
    clearTimeout(this.timer);
    const typed = this.input.value.trim();
    if (!typed) return this.says("");
    const results = this.asked === typed && this.results ? this.results : await this.search();
    this.show(false);
    if (!results) return;
    const found = results.find((result) => result.value === typed) || (results.length === 1 ? results[0] : null);
    if (!found) return this.says(say("none_found"), true);
    this.says(found.label);
    if (found.value !== typed) { this.input.value = found.value; changed(this.input); }
  }
}

customElements.define("combo-box", ComboBox);
