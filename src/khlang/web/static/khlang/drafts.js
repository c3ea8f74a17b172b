// Nothing typed is lost: every change goes to this computer within half a second and to the server two seconds later.
import { all, clock, icon, make, one, say, toast } from "./text.js";
import { headers, user } from "./asking.js";
import * as store from "./store.js";

const TO_DISK = 400;
const TO_SERVER = 2000;
const SHOW_SAVING = 300;
const RETRY = [2000, 60000];
const WARNING = 300;

const doors = () => import("../authentication/doors.js");

export function fieldsOf(form) {
  const fields = {};
  for (const field of form.elements) {
    if (!field.name || field.type === "file" || ["csrfmiddlewaretoken", "revision", "idempotency_key"].includes(field.name)) continue;
    if ((field.type === "checkbox" || field.type === "radio") && !field.checked) continue;
    fields[field.name] = field.value;
  }
  return fields;
}

function fillIn(form, fields) {
  for (const grid of all("line-grid", form)) {
    const pattern = new RegExp(`^${grid.getAttribute("name")}\\.(\\d+)\\.`);
    const count = Math.max(0, ...Object.keys(fields).map((name) => Number(pattern.exec(name)?.[1] ?? -1) + 1));
    grid.ensure?.(count);
  }
  for (const [name, value] of Object.entries(fields)) {
    for (const field of all(`[name="${CSS.escape(name)}"]`, form)) {
      if (field.type === "checkbox" || field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
  }
  all("line-grid", form).forEach((grid) => grid.total?.());
}

class Draft {
  constructor(form, board) {
    Object.assign(this, { form, board, id: form.dataset.draft, url: form.dataset.draftUrl, revision: Number(form.dataset.revision || 0) });
    form.addEventListener("input", () => this.typed());
    form.addEventListener("change", () => this.typed());
    form.addEventListener("focusout", () => { if (this.dirty) this.keep().then(() => this.later(400)); });
    form.addEventListener("submit", (event) => this.leave(event));
  }

  get item() {
    return { id: this.id, user: user(), url: this.url, revision: this.revision, fields: fieldsOf(this.form), at: Date.now(), page: location.pathname, title: document.title.split(" · ")[0] };
  }

  // Bring back what an earlier page kept and the server never got.
  async restore() {
    const kept = await store.take("drafts", this.id).catch(() => null);
    if (!kept || kept.user !== user()) return;
    if (JSON.stringify(kept.fields) === JSON.stringify(fieldsOf(this.form))) return store.drop("drafts", this.id);
    if (kept.revision < this.revision) return this.conflict({ revision: this.revision, fields: fieldsOf(this.form), by: "" }, kept.fields);
    fillIn(this.form, kept.fields);
    toast(say("recovered", { time: clock(new Date(kept.at)) }));
    this.dirty = true;
    await this.push();
  }

  typed() {
    this.dirty = true;
    this.changes = (this.changes || 0) + 1;
    clearTimeout(this.disk);
    this.disk = setTimeout(() => this.keep(), TO_DISK);
    this.later(TO_SERVER);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.push(), wait);
  }

  async keep() {
    clearTimeout(this.disk);
    if (!this.dirty) return;
    try { await store.put("drafts", this.item); this.kept = true; } catch { this.board.noStore(); }
  }

  async push() {
    clearTimeout(this.timer);
    if (!this.dirty || this.pushing || this.stopped) return;
    this.pushing = true;
    const sent = this.changes;
    const slow = setTimeout(() => this.board.show("saving", say("saving"), "cloud-up"), SHOW_SAVING);
    let answer = null;
    try {
      answer = await fetch(this.url, { method: "PUT", headers: headers({ "Content-Type": "application/json" }), body: JSON.stringify({ revision: this.revision, fields: fieldsOf(this.form) }) });
    } catch { /* the line is down; it waits on this computer */ }
    clearTimeout(slow);
    this.pushing = false;
    await this.heard(answer, sent);
  }

  async heard(answer, sent) {
    if (answer?.ok) {
      const { revision } = await answer.json();
      this.setRevision(revision);
      this.dirty = this.changes !== sent;
      if (this.dirty) return this.later(TO_SERVER);
      await store.drop("drafts", this.id).catch(() => {});
      return this.board.saved();
    }
    if (answer?.status === 409) return this.conflict(await answer.json(), fieldsOf(this.form));
    await this.keep();
    if (answer?.status === 401) return this.board.signedOut();
    await this.board.waits(answer);
  }

  setRevision(revision) {
    this.revision = revision;
    this.form.dataset.revision = revision;
    if (this.form.elements.revision) this.form.elements.revision.value = revision;
  }

  // Two versions side by side; neither is thrown away before the reader chooses.
  conflict(theirs, mine) {
    this.stopped = true;
    this.board.show("bad", say("conflict"), "alert-triangle");
    const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs.fields)])].filter((name) => name !== "idempotency_key" && (mine[name] ?? "") !== (theirs.fields[name] ?? ""));
    const label = (name) => { const field = this.form.elements[name]; return field?.getAttribute?.("aria-label") || field?.labels?.[0]?.textContent.trim() || name; };
    const rows = names.map((name) => make("tr", {}, make("th", { scope: "row" }, label(name)), make("td", {}, mine[name] ?? ""), make("td", {}, theirs.fields[name] ?? "")));
    const decide = (keepMine) => () => {
      dialog.close();
      this.stopped = false;
      this.setRevision(theirs.revision);
      fillIn(this.form, keepMine ? mine : theirs.fields);
      this.dirty = keepMine;
      if (keepMine) return this.push();
      store.drop("drafts", this.id).catch(() => {});
      this.board.saved();
    };
    const dialog = make("dialog", { class: "ask sheet", "aria-label": say("conflict") }, make("div", {}, make("h2", {}, say("conflict")),
      make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("conflict") }, make("table", { class: "plain" }, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("field")), make("th", { scope: "col" }, say("mine")), make("th", { scope: "col" }, say("theirs", { name: theirs.by || "" })))), make("tbody", {}, ...rows))),
      make("div", { class: "acts" }, make("button", { class: "btn", type: "button", onclick: decide(false) }, say("take_theirs")), make("button", { class: "btn btn-p", type: "button", onclick: decide(true) }, say("keep_mine")))));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  // A form that leaves takes its text with it; without a line it waits, if its act may wait at all.
  leave(event) {
    clearTimeout(this.timer);
    if (navigator.onLine) { this.stopped = true; this.keep(); return; }
    event.preventDefault();
    this.keep();
    if (this.form.hasAttribute("data-outbox")) this.board.queue(this.form, event.submitter, this);
    else this.board.waits();
  }
}

export class SaveState extends HTMLElement {
  connectedCallback() {
    if (this.button || !user()) return;
    this.button = make("button", { class: "save", type: "button", onclick: () => this.list() });
    this.button.append(icon("cloud-check"), make("span", { role: "status" }));
    this.append(this.button);
    this.drafts = all("form[data-draft]").map((form) => new Draft(form, this));
    this.tries = 0;
    this.begin();
    addEventListener("online", () => this.retry());
    addEventListener("offline", () => this.show("wait", say("offline"), "wifi-off"));
    addEventListener("focus", () => {
      if (one("#signed-out")?.open) doors().then((door) => door.lookAgain(one("form[data-sign-in]"), this));
      else if (this.count) this.retry();
    });
    addEventListener("visibilitychange", () => { if (document.hidden) this.drafts.forEach((draft) => draft.keep()); });
    addEventListener("pagehide", () => this.drafts.forEach((draft) => draft.keep()));
    document.addEventListener("session-expired", () => this.signedOut());
    this.countDown(Number(document.body.dataset.expires || 0));
    one("[data-retry]")?.addEventListener("click", () => this.retry());
    one("form[data-sign-in]")?.addEventListener("submit", (event) => { event.preventDefault(); doors().then((door) => door.signIn(event.target, this)); });
    all("form[data-logout]").forEach((form) => form.addEventListener("submit", (event) => this.logOut(event)));
  }

  async begin() {
    this.show("ok", say("stored"), "cloud-check");
    for (const draft of this.drafts) await draft.restore();
    await this.recount();
    if (this.count) this.retry();
    if (this.drafts.length) navigator.storage?.persist?.();
  }

  show(state, text, picture) {
    this.button.dataset.s = state;
    one("span", this.button).textContent = text;
    one("use", this.button).setAttribute("href", `${document.body.dataset.icons}#${picture}`);
  }

  async saved() {
    this.tries = 0;
    if (this.told) document.dispatchEvent(new Event("mode-changed"));
    this.told = "";
    await this.recount();
    if (this.count) return;
    this.show("ok", say("saved", { time: clock() }), "cloud-check");
  }

  noStore() { this.show("bad", say("no_store"), "alert-triangle"); }

  async recount() {
    try { this.count = (await store.waiting(user())).length; } catch { this.count = 0; this.noStore(); return; }
    if (this.count && !this.drafts.some((draft) => draft.pushing)) this.show("wait", say("local", { count: this.count }), "cloud-off");
  }

  // Wait longer each time, and never all offices at the same moment.
  async waits(answer) {
    await this.recount();
    if (!navigator.onLine) this.show("wait", say("offline"), "wifi-off");
    const asked = Number(answer?.headers?.get("Retry-After") || 0) * 1000;
    const longest = Math.min(RETRY[1], RETRY[0] * 2 ** this.tries);
    this.tries += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.retry(), Math.max(asked, RETRY[0] / 2) + Math.random() * longest);
    if (answer?.status === 503) await this.closed(answer);
  }

  // The system is closed to writing: say so once, and show it on the page that stayed open.
  async closed(answer) {
    const { code, message } = await answer.json().catch(() => ({}));
    if (!code?.startsWith("operations.") || this.told === code) return;
    this.told = code;
    toast(message);
    document.dispatchEvent(new Event("mode-changed"));
  }

  async retry() {
    clearTimeout(this.timer);
    const alive = await fetch("/health", { cache: "no-store", headers: headers() }).then((answer) => answer.ok, () => false);
    if (!alive) return this.waits();
    for (const draft of this.drafts) { draft.dirty ||= draft.kept; await draft.push(); }
    const turnedAway = await this.send() || await this.others();
    await this.recount();
    if (turnedAway) return this.waits(turnedAway);
    if (!this.count && this.button.dataset.s !== "bad") this.show("ok", say("saved", { time: clock() }), "cloud-check");
  }

  // Commands that waited, until one is turned away because the system is closed to writing. The key was made with the draft, so that sending twice does it once.
  async send() {
    for (const item of await store.everything("outbox").catch(() => [])) {
      if (item.user !== user()) continue;
      const answer = await fetch(item.url, { method: "POST", headers: headers({ "Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": item.key }), body: item.body }).catch(() => null);
      if (answer?.status === 401) return this.signedOut();
      if (answer?.status === 503) return answer;
      if (answer && (answer.ok || answer.status === 409)) await store.drop("outbox", item.key);
      else if (answer && answer.status < 500) await store.put("outbox", { ...item, tries: item.tries + 1, refused: answer.status });
    }
  }

  // Drafts of pages closed since.
  async others() {
    for (const item of await store.everything("drafts").catch(() => [])) {
      if (item.user !== user() || this.drafts.some((draft) => draft.id === item.id)) continue;
      const answer = await fetch(item.url, { method: "PUT", headers: headers({ "Content-Type": "application/json" }), body: JSON.stringify({ revision: item.revision, fields: item.fields }) }).catch(() => null);
      if (answer?.status === 503) return answer;
      // A document that went on without this draft, or is gone: opening it shows the difference.
      if (answer && (answer.ok || answer.status === 404)) await store.drop("drafts", item.id);
    }
  }

  async queue(form, submitter, draft) {
    const body = new URLSearchParams(new FormData(form, submitter));
    body.delete("csrfmiddlewaretoken");
    const key = body.get("idempotency_key") || draft.id;
    await store.put("outbox", { key, user: user(), url: submitter?.formAction || form.action, body: body.toString(), tries: 0, at: Date.now(), title: document.title.split(" · ")[0], page: location.pathname });
    await this.waits();
  }

  signedOut() {
    this.show("bad", say("signed_out"), "lock");
    const dialog = one("#signed-out");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    one("[type=password]", dialog).focus();
    doors().then((door) => door.ready(), () => { /* fetched when the line is back */ });
  }

  // Five minutes before the session ends one press keeps it (WCAG 2.2.1).
  countDown(seconds) {
    clearTimeout(this.ending);
    if (seconds <= 0) return;
    const stay = async () => {
      const answer = await fetch(document.body.dataset.session, { method: "POST", headers: headers() }).catch(() => null);
      const left = answer?.ok ? (await answer.json()).expires_in : 0;
      // The whole life of a session is no longer than it is: then only a new log-in, in place, goes on.
      if (left > WARNING) this.countDown(left);
      else this.signedOut();
    };
    this.ending = setTimeout(() => toast(say("ends_soon"), say("stay"), stay, { stays: true }), Math.max(0, seconds - WARNING) * 1000);
  }

  // Logged in again in place: the drafts go on.
  signedIn() {
    this.button.dataset.s = "wait";
    this.retry();
  }

  // On a shared computer nothing stays behind, except what the server does not have: then log-out asks first.
  async logOut(event) {
    const form = event.target;
    if (form.dataset.sure) return;
    event.preventDefault();
    await Promise.all(this.drafts.map((draft) => draft.push()));
    await this.recount();
    if (this.count) { this.list(); form.dataset.sure = "1"; return; }
    Object.keys(localStorage).filter((key) => key.startsWith("khlang-recent")).forEach((key) => localStorage.removeItem(key));
    form.dataset.sure = "1";
    form.requestSubmit();
  }

  async list() {
    const items = await store.waiting(user()).catch(() => []);
    const rows = items.map((item) => make("div", { class: "row" }, make("a", { href: item.page }, item.title || item.page), make("span", { class: "muted" }, clock(new Date(item.at)))));
    one("[data-waiting]")?.replaceChildren(...(rows.length ? rows : [make("p", { class: "muted" }, say("nothing_waiting"))]));
    one("#waiting")?.showModal();
  }

  flush() { this.drafts.forEach((draft) => { draft.dirty = true; draft.push(); }); if (!this.drafts.length) this.retry(); }
  get busy() { return this.drafts.some((draft) => draft.dirty); }
}

customElements.define("save-state", SaveState);
