// Words of the page, Thai digits, and making elements. No markup is ever built from text.
const source = document.getElementById("khlang-words");
const words = JSON.parse(source?.textContent || "{}");

export const english = words.language === "en";
export const list = (key) => words[key] || [];
export const say = (key, facts = {}) => String(words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");

export const arabic = (text) => text.replace(/[\u0E50-\u0E59]/g, (digit) => digit.charCodeAt(0) - 0x0E50);
// The same key as khlang.kernel.thai_text.search_key, spaces left out: tone marks do not matter for finding.
export const searchKey = (text) => arabic(text.normalize("NFC").toLowerCase())
  .replace(/\u0E4D([\u0E48-\u0E4B]?)\u0E32/g, "$1\u0E33").replace(/[\u0E47-\u0E4C\s]/g, "");
export const clock = (date = new Date()) => `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

// A short word at the foot of the page, with one thing to do about it: for ten seconds, or until it is pressed.
export function toast(text, label, act, { stays = false } = {}) {
  all(".toast").forEach((old) => old.remove());
  const box = make("div", { class: "toast", role: "status" }, make("span", {}, text));
  const end = () => box.remove();
  if (label) box.append(make("button", { type: "button", onclick: () => { end(); act(); } }, label));
  document.body.append(box);
  if (!stays) setTimeout(end, 10000);
}

export const changed = (input) => {
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
};
