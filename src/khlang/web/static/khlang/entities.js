// Change the entity in two keys: Alt U, then its number; or a few letters of its name. Fetched when it is asked for.
import { all, make, one, say, searchKey } from "./text.js";
import { headers } from "./asking.js";

const NUMBERED = 9;

export async function open(button) {
  const answer = await fetch(button.getAttribute("href"), { headers: headers({ Accept: "application/json" }) }).catch(() => null);
  if (!answer?.ok) { location.href = button.getAttribute("href"); return; }
  const { entities } = await answer.json();
  const field = make("input", { class: "in", type: "text", autocomplete: "off", "aria-label": say("entity_filter"), placeholder: say("entity_filter") });
  const list = make("ul", { class: "pick-entity" }, ...entities.map((entity) => make("li", { "data-key": searchKey(`${entity.name}${entity.code}`) },
    make("a", { class: "btn btn-w", href: entity.href, "aria-current": entity.code === document.body.dataset.entity && "true" }, make("kbd", {}), make("span", {}, entity.name), make("small", { class: "muted push" }, entity.code)))));
  const dialog = make("dialog", { class: "ask", "aria-label": say("entity_choose") }, make("div", {}, make("h2", {}, say("entity_choose")), field, list));
  const shown = () => all("li:not([hidden]) a", list);
  const number = () => shown().forEach((link, index) => { one("kbd", link).textContent = index < NUMBERED ? index + 1 : ""; });
  field.addEventListener("input", () => {
    const wanted = searchKey(field.value);
    all("li", list).forEach((item) => { item.hidden = !item.dataset.key.includes(wanted); });
    number();
  });
  dialog.addEventListener("keydown", (event) => {
    // With the Thai layout on, a key of the digit row is a letter: it chooses while nothing was typed yet.
    const digit = /^[1-9]$/.test(event.key) ? event.key : /^Digit[1-9]$/.test(event.code) && !event.shiftKey && !field.value ? event.code.slice(-1) : "";
    const link = digit ? shown()[digit - 1] : event.key === "Enter" && event.target === field ? shown()[0] : null;
    if (!link) return;
    event.preventDefault();
    link.click();
  });
  dialog.addEventListener("close", () => dialog.remove());
  number();
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}
