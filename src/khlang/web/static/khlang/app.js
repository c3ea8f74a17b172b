// Entry: the elements, the keys that work everywhere, and the small manners of a page.
import { all, one, say, toast } from "./text.js";
import "./money.js";
import "./dates.js";
import "./combo.js";
import "./lines.js";
import "./drafts.js";
import "./palette.js";

const openDialog = (id) => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  // Links among them lead to the same box on a page without scripts.
  if (opener) { event.preventDefault(); openDialog(opener.dataset.open); return; }
  const entities = event.target.closest("[data-entities]");
  if (entities) { event.preventDefault(); import("./entities.js").then((module) => module.open(entities)); return; }
  if (event.target.closest("[data-close]")) { event.preventDefault(); event.target.closest("dialog")?.close(); return; }
  // A press beside the box closes it; nothing typed is lost.
  if (event.target.tagName === "DIALOG" && event.target.id !== "signed-out") event.target.close();
  if (event.target.closest("[data-reload]")) location.reload();
  if (event.target.closest("[data-print-page]")) print();
  const link = event.target.closest("[data-field]");
  if (link && focusField(link.dataset.field)) event.preventDefault();
  for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

function focusField(id) {
  const place = document.getElementById(id) || document.getElementsByName(id)[0];
  const field = place?.matches("input, select, textarea, button, a") ? place : place?.querySelector("input, select, textarea");
  if (!field) return false;
  field.focus();
  field.scrollIntoView({ block: "center" });
  return true;
}

// Letters by their place on the board: with the Thai layout on, event.key is another letter.
const KEYS = [
  [(event) => event.key === "F1", () => openDialog("help")],
  [(event) => control(event) && event.code === "Slash", () => openDialog("keys")],
  [(event) => control(event) && event.code === "KeyS", () => { document.activeElement?.closest("money-input, be-date")?.commit?.(); one("save-state")?.flush?.(); }],
  [(event) => control(event) && event.key === "Enter", () => one("[data-submit]"), (button) => button.click()],
  [(event) => control(event) && event.code === "KeyP", () => one("[data-print]"), (link) => link.click()],
  [(event) => event.altKey && !event.ctrlKey && event.code === "KeyN", newDocument, (go) => go()],
  [(event) => event.altKey && !event.ctrlKey && !event.shiftKey && event.code === "KeyU", () => one("[data-entities]"), (link) => link.click()],
  [(event) => event.altKey && !event.ctrlKey && event.shiftKey && event.code === "KeyU", () => one("[data-switch-user]"), (button) => button.click()],
];
const control = (event) => (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;

function newDocument() {
  const link = one("[data-new]");
  if (link) return () => link.click();
  const command = one("cmd-k")?.commands?.find((each) => each.key === "Alt N");
  return command && (() => { location.href = command.href; });
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Escape") all("details.menu[open]").forEach((menu) => { menu.open = false; one("summary", menu).focus(); });
  for (const [fits, find, act] of KEYS) {
    if (!fits(event)) continue;
    const found = act ? find() : true;
    if (!found) return;
    event.preventDefault();
    return act ? act(found) : find();
  }
});

for (const button of all("[data-show-password]")) {
  const field = document.getElementById(button.dataset.showPassword);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-label", say(shown ? "show_password" : "hide_password"));
    one("use", button).setAttribute("href", `${document.body.dataset.icons}#${shown ? "eye" : "eye-off"}`);
    field.focus();
  });
}

// A box the server sent open, to be answered again.
for (const dialog of all("dialog[open]")) { dialog.close(); dialog.showModal(); }
// What the server refuses to a fragment is said at the foot of the page; the fragment stays as it was.
document.addEventListener("problem", (event) => toast(`${event.detail.message} ${event.detail.error_id || ""}`.trim()));

const doors = () => import("../authentication/doors.js");
if (one("[data-passkey]:not(dialog *)")) doors().then((door) => door.ready());
document.addEventListener("step-up-needed", (event) => doors().then((door) => door.proveAndGoOn(event.target)));
for (const button of all("[data-print-page]")) { button.hidden = false; button.addEventListener("click", () => print()); }

one("[data-focus]")?.focus();
if (location.hash) focusField(decodeURIComponent(location.hash.slice(1)));
one("form[data-filter]")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());

// A double click sends once. The button works again when the page comes back from the history.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "1";
  setTimeout(() => delete event.target.dataset.sent, 4000);
});
addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

// A page that stays open learns of the mode of the system: every five minutes, on coming back to it, and when saving was refused.
const notice = one("[data-notice]");
async function askNotice() {
  const answer = await fetch(notice.dataset.notice, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (answer?.ok) notice.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
}
if (notice && document.body.dataset.user) {
  setInterval(() => { if (!document.hidden) askNotice(); }, 300000);
  addEventListener("focus", askNotice);
  document.addEventListener("mode-changed", askNotice);
}

if ("serviceWorker" in navigator && document.body.dataset.user) {
  navigator.serviceWorker.register("/service-worker.js").then((registration) => {
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        if (worker.state !== "installed" || !navigator.serviceWorker.controller || one("save-state")?.busy) return;
        toast(say("new_version"), say("update_now"), () => { worker.postMessage("take-over"); location.reload(); });
      });
    });
  }).catch(() => { /* without it everything works, only the offline page is missing */ });
}

// A file dropped anywhere on its box is the file of the field inside it.
document.addEventListener("dragover", (event) => { if (event.target.closest?.("[data-drop]")) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  const field = event.target.closest?.("[data-drop]")?.querySelector("input[type=file]");
  if (!field || !event.dataTransfer.files.length) return;
  event.preventDefault();
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
