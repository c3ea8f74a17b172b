// Amounts: whole satang as BigInt, never a float. People may type commas, Thai digits and sums such as 8000*1.07.
import { arabic, list, make, say } from "./text.js";

const LIMIT = 10n ** 17n;
const SIGNS = { "×": "*", "÷": "/", "−": "-", "–": "-" };
const PLAIN = /^-?(\d*)(?:\.(\d*))?$/;

// Exact fractions: [numerator, denominator].
const add = (a, b) => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];
const times = (a, b) => [a[0] * b[0], a[1] * b[1]];

function fraction(text) {
  const [whole, decimals = ""] = text.split(".");
  return [BigInt((whole + decimals) || "0"), 10n ** BigInt(decimals.length)];
}

function sum(tokens) {
  let value = term(tokens);
  while (tokens[0] === "+" || tokens[0] === "-") {
    const sign = tokens.shift() === "+" ? 1n : -1n;
    value = add(value, times(term(tokens), [sign, 1n]));
  }
  return value;
}

function term(tokens) {
  let value = factor(tokens);
  while (tokens[0] === "*" || tokens[0] === "/") {
    const divides = tokens.shift() === "/";
    const next = factor(tokens);
    if (divides && next[0] === 0n) throw new RangeError("division by zero");
    value = times(value, divides ? [next[1], next[0]] : next);
  }
  return value;
}

function factor(tokens) {
  const token = tokens.shift();
  if (token === "-") return times(factor(tokens), [-1n, 1n]);
  if (token === "(") {
    const value = sum(tokens);
    if (tokens.shift() !== ")") throw new SyntaxError("bracket");
    return value;
  }
  if (!/^(\d+\.?\d*|\.\d+)$/.test(token ?? "")) throw new SyntaxError("number");
  const value = fraction(token);
  if (tokens[0] !== "%") return value;
  tokens.shift();
  return times(value, [1n, 100n]);
}

function round([numerator, denominator]) {
  const sign = (numerator < 0n) !== (denominator < 0n) ? -1n : 1n;
  const n = (numerator < 0n ? -numerator : numerator) * 100n;
  const d = denominator < 0n ? -denominator : denominator;
  return { satang: sign * ((2n * n + d) / (2n * d)), exact: n % d === 0n };
}

// What a text means: {satang, sum, exact}; null when empty; undefined when it is no amount.
export function read(text) {
  let typed = arabic(text).replace(/[\s,฿]/g, "").replace(/[×÷−–]/g, (sign) => SIGNS[sign]);
  for (const word of list("baht")) typed = typed.replace(word, "");
  typed = typed.replace(/^=/, "");
  if (!typed) return null;
  const bracketed = /^\((\d[\d.]*)\)$/.exec(typed);
  if (bracketed) typed = `-${bracketed[1]}`;
  const plain = PLAIN.exec(typed);
  if (plain && (plain[2] || "").length > 2) return undefined;
  try {
    const tokens = typed.match(/\d+\.?\d*|\.\d+|[-+*/()%]|./g);
    const value = round(sum(tokens));
    if (tokens.length || value.satang >= LIMIT || value.satang <= -LIMIT) return undefined;
    return { ...value, sum: !plain };
  } catch {
    return undefined;
  }
}

export function show(satang) {
  if (satang < 0n) return `(${show(-satang)})`;
  const whole = String(satang / 100n).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${String(satang % 100n).padStart(2, "0")}`;
}

export class MoneyInput extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.ready) return;
    this.ready = true;
    this.input.addEventListener("focus", () => { this.fresh = true; this.input.select(); });
    this.input.addEventListener("pointerup", (event) => {
      // The first press would put the caret somewhere inside and undo the selection.
      if (this.fresh && this.input.selectionStart === this.input.selectionEnd) { event.preventDefault(); this.input.select(); }
      this.fresh = false;
    });
    this.input.addEventListener("change", () => this.commit());
    this.input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) this.commit(); });
  }

  // Write what was typed as an amount; words below say what was calculated, or that it is no amount.
  commit() {
    const typed = this.input.value;
    const value = read(typed);
    this.hint("");
    this.input.toggleAttribute("data-wrong", value === undefined);
    if (value === undefined) {
      this.input.setAttribute("aria-invalid", "true");
      this.hint(say("no_amount", { text: typed }), true);
      return;
    }
    if (this.wrong) this.input.removeAttribute("aria-invalid");
    this.wrong = false;
    const written = value ? show(value.satang) : "";
    if (value?.sum) this.hint(say("calculated", { sum: typed.trim(), amount: written }));
    if (value && !value.exact) this.hint(say("rounded", { amount: written }));
    if (written !== typed) {
      this.input.value = written;
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  hint(text, wrong = false) {
    this.wrong = wrong || this.wrong;
    let line = this.querySelector(".says");
    if (!line && !text) return;
    if (!line) {
      line = make("small", { class: "says", role: "status", id: `${this.input.id}-says` });
      this.append(line);
      this.input.setAttribute("aria-describedby", `${this.input.getAttribute("aria-describedby") || ""} ${line.id}`.trim());
    }
    line.textContent = text;
    line.classList.toggle("bad", wrong);
  }
}

// Sums never reach the server: every amount of a form is written out before it leaves.
document.addEventListener("submit", (event) => {
  event.target.querySelectorAll("money-input").forEach((field) => field.commit?.());
}, true);

customElements.define("money-input", MoneyInput);
