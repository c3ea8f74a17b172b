// Buddhist dates, typing first. The same reading as khlang.kernel.thai_dates, which decides; here it only helps.
import { arabic, changed, english, icon, list, make, say } from "./text.js";

const ERA = 543;
const DAY = 86400000;
const plain = (text) => text.replace(/\./g, "").toLowerCase();
const utc = (year, month, day) => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
};
export const today = () => { const now = new Date(); return utc(now.getFullYear(), now.getMonth() + 1, now.getDate()); };
const months = () => new Map(list("months").flatMap((names) => names.map((name, index) => [plain(name), index + 1])));

// What a text means: {date, gregorian}; null when empty; undefined when it is not understood.
export function read(text, now = today()) {
  let typed = arabic(text.normalize("NFC")).trim().replace(/\s+/g, " ").toLowerCase();
  if (!typed) return null;
  for (const prefix of list("prefixes")) if (typed.startsWith(prefix)) typed = typed.slice(prefix.length).trim();
  const near = [["today", 0], ["tomorrow", 1], ["yesterday", -1]].find(([name]) => (list("days")[name] || []).includes(typed));
  if (near) return { date: new Date(+now + near[1] * DAY), gregorian: false };
  let found;
  if ((found = /^([+-])(\d{1,4})$/.exec(typed.replace(/ /g, "")))) return { date: new Date(+now + Number(found[1] + found[2]) * DAY), gregorian: false };
  if ((found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed))) return dated(now, found[3], +found[2], "", found[1]);
  if ((found = /^(\d{2})(\d{2})(\d{2}|\d{4})?$/.exec(typed))) return dated(now, found[1], +found[2], "", found[3]);
  if ((found = /^(\d{1,2})[/. -](\d{1,2})(?:[/. -](\D*)(\d+))?$/.exec(typed))) return dated(now, found[1], +found[2], found[3] || "", found[4]);
  found = /^(\d{1,2})[/. -]*([^\d/. -]+)[/ -]*(?:([^\d/. -]+)[/ -]*)?(\d+)?$/.exec(typed.replace(/([^\d\s./-])\./g, "$1"));
  const month = found && months().get(found[2]);
  return month ? dated(now, found[1], month, found[3] || "", found[4]) : undefined;
}

function dated(now, day, month, era, year) {
  if (!year && !era) return nearest(now, +day, month);
  const [buddhist, christian] = list("eras");
  const said = era.replace(/\./g, "").trim();
  const isBuddhist = (buddhist || []).includes(said);
  const isChristian = (christian || []).includes(said);
  if (!year || (said && !isBuddhist && !isChristian)) return undefined;
  let number = Number(year);
  let gregorian = false;
  if (year.length === 2 && !isChristian) {
    const close = (candidate) => Math.abs(candidate - now.getUTCFullYear()) <= 10;
    if (!isBuddhist && close(2000 + number) && !close(2500 + number - ERA)) return undefined;
    number = 2500 + number - ERA;
  } else if (number >= 1941 + ERA && number < 2158 + ERA && !isChristian) number -= ERA;
  else if (number >= 1941 && number < 2158 && !isBuddhist) gregorian = true;
  else return undefined;
  const date = utc(number, month, +day);
  return date ? { date, gregorian } : undefined;
}

function nearest(now, day, month) {
  const year = now.getUTCFullYear();
  const found = [year, year - 1, year + 1].map((each) => utc(each, month, day)).filter(Boolean);
  if (!found.length) return undefined;
  return { date: found.reduce((best, each) => (Math.abs(each - now) < Math.abs(best - now) ? each : best)), gregorian: false };
}

const names = (form) => list("months")[(english ? 2 : 0) + (form === "short" ? 1 : 0)] || [];
const shownYear = (date) => date.getUTCFullYear() + (english ? 0 : ERA);
export const show = (date, form = "short") => `${date.getUTCDate()} ${names(form)[date.getUTCMonth()]} ${shownYear(date)}`;
export const fiscalYear = (date) => date.getUTCFullYear() + ERA + (date.getUTCMonth() >= 9 ? 1 : 0);
const weekday = (date, form) => new Intl.DateTimeFormat(english ? "en-GB" : "th-TH", { weekday: form, timeZone: "UTC" }).format(date);

export class BeDate extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.ready) return;
    this.ready = true;
    this.line = make("small", { class: "says", role: "status", id: `${this.input.id}-says` });
    const open = make("button", { type: "button", class: "opens", tabindex: "-1", "aria-label": say("open_calendar"), onclick: () => this.open() }, icon("calendar"));
    this.append(open, this.line);
    this.input.setAttribute("aria-describedby", `${this.input.getAttribute("aria-describedby") || ""} ${this.line.id}`.trim());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("change", () => this.commit());
    this.input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") this.commit();
      if (event.altKey && event.key === "ArrowDown") { event.preventDefault(); this.open(); }
    });
    if (this.input.value) this.explain(read(this.input.value));
  }

  commit() {
    const value = read(this.input.value);
    this.explain(value);
    if (value && this.input.value !== show(value.date)) {
      this.input.value = show(value.date);
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  explain(value) {
    this.line.classList.toggle("bad", value === undefined);
    this.line.classList.toggle("quiet", Boolean(value) && !value.gregorian);
    if (value === undefined) this.line.textContent = say("no_date", { text: this.input.value });
    else if (!value) this.line.textContent = "";
    else if (value.gregorian && !english) this.line.textContent = say("gregorian", { year: value.date.getUTCFullYear(), date: show(value.date, "long") });
    else this.line.textContent = `${weekday(value.date, "long")} · ${say("fiscal", { year: fiscalYear(value.date) })}`;
  }

  open() {
    if (this.box) return this.close();
    const value = read(this.input.value);
    this.chosen = (value && value.date) || today();
    this.box = make("div", { class: "pick month", role: "dialog", "aria-label": say("open_calendar") });
    this.append(this.box);
    this.draw(this.chosen);
    this.box.addEventListener("keydown", (event) => this.keys(event));
    this.leave = (event) => { if (!this.contains(event.target)) this.close(); };
    document.addEventListener("pointerdown", this.leave);
  }

  close() {
    this.box?.remove();
    this.box = null;
    document.removeEventListener("pointerdown", this.leave);
    this.input.focus();
  }

  keys(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const day = Number(event.target.dataset.day);
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(); }
    else if (day && steps[event.key]) { event.preventDefault(); this.draw(new Date(day + steps[event.key] * DAY)); }
    else if (event.key === "PageUp" || event.key === "PageDown") { event.preventDefault(); this.turn(event.key === "PageUp" ? -1 : 1); }
  }

  turn(by) {
    const year = this.at.getUTCFullYear();
    const month = this.at.getUTCMonth() + by;
    const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    this.draw(new Date(Date.UTC(year, month, Math.min(this.at.getUTCDate(), last))));
  }

  draw(at) {
    this.at = at;
    const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
    const start = new Date(+first - ((first.getUTCDay() + 6) % 7) * DAY);
    const head = make("tr", {}, ...[0, 1, 2, 3, 4, 5, 6].map((day) => make("th", { scope: "col" }, weekday(new Date(+start + day * DAY), english ? "narrow" : "short").replace(/\.$/, ""))));
    const rows = [0, 1, 2, 3, 4, 5].map((week) => make("tr", {}, ...[0, 1, 2, 3, 4, 5, 6].map((day) => this.cell(new Date(+start + (week * 7 + day) * DAY), first))));
    const turn = (by, label, name) => make("button", { type: "button", "aria-label": say(label), onclick: () => this.turn(by) }, icon(name));
    this.box.replaceChildren(
      make("header", {}, turn(-1, "month_before", "chevron-left"), make("b", { "aria-live": "polite" }, `${names("long")[at.getUTCMonth()]} ${shownYear(at)}`), turn(1, "month_after", "chevron-right")),
      make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)),
    );
    this.box.querySelector(`[data-day="${+at}"]`)?.focus();
  }

  cell(date, first) {
    if (date.getUTCMonth() !== first.getUTCMonth()) return make("td");
    const pick = () => { this.input.value = show(date); changed(this.input); this.close(); };
    const attributes = { type: "button", "data-day": +date, tabindex: +date === +this.at ? "0" : "-1", "aria-pressed": +date === +this.chosen ? "true" : "false", "aria-label": show(date, "long"), onclick: pick };
    if (+date === +today()) attributes["aria-current"] = "date";
    return make("td", {}, make("button", attributes, String(date.getUTCDate())));
  }
}

customElements.define("be-date", BeDate);
