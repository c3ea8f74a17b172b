// Passkeys, log-in in place after a session ended, and proof of identity in place. Fetched when one of them is needed.
import { all, make, one, say } from "../khlang/text.js";
import { headers, user } from "../khlang/asking.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const send = (url, body) => fetch(url, { method: "POST", headers: headers(), body }).catch(() => null);

function refuse(form, words) {
  const said = one(".wrong", form);
  said.textContent = words;
  said.hidden = !words;
}

function asked(options) {
  const listed = (found) => found?.map((each) => ({ ...each, id: bytes(each.id) }));
  return {
    ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials), excludeCredentials: listed(options.excludeCredentials),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  };
}

function written(found) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) if (found.response[name]) response[name] = text(found.response[name]);
  return JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, clientExtensionResults: found.getClientExtensionResults(), response });
}

// The browser's own window asks for finger, face or PIN; what it answers goes into the form.
async function passkey(button) {
  const form = button.form;
  refuse(form, "");
  let answer = await send(button.dataset.passkey);
  if (answer?.status === 401 && await prove()) answer = await send(button.dataset.passkey);
  if (!answer?.ok) return refuse(form, say("unreachable"));
  try {
    const publicKey = asked((await answer.json()).publicKey);
    const found = "makes" in button.dataset ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
    one("[name=credential], [data-credential]", form).value = written(found);
  } catch { return refuse(form, say("passkey_failed")); }
  form.requestSubmit();
}

let listening = false;
export function ready(root = document) {
  if (window.PublicKeyCredential) all("[data-passkey]", root).forEach((button) => { button.hidden = false; });
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => { const button = event.target.closest("[data-passkey]"); if (button) passkey(button); });
}

// Answers true when the person has proved who she is; the page stays as it is.
export async function prove() {
  const page = await fetch("/account/prove/", { headers: headers() }).catch(() => null);
  if (!page?.ok) return false;
  const form = document.adoptNode(one("form", new DOMParser().parseFromString(await page.text(), "text/html")));
  const dialog = make("dialog", { class: "ask", "aria-labelledby": "prove-title" }, form);
  document.body.append(dialog);
  ready(dialog);
  return new Promise((resolve) => {
    let proved = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await send(form.action, new URLSearchParams(new FormData(form)));
      const heard = await answer?.json().catch(() => ({}));
      if (!answer?.ok) { one("[data-credential]", form).value = ""; return refuse(form, heard?.message || say("unreachable")); }
      proved = true;
      dialog.close();
    });
    dialog.addEventListener("close", () => { dialog.remove(); resolve(proved); });
    dialog.showModal();
    one("input:not([type=hidden]):not([readonly])", form)?.focus();
  });
}

// A fragment was refused for want of a proof: ask, then press again what was pressed.
export async function proveAndGoOn(source) {
  if (!await prove()) return;
  if (source.matches?.("form")) source.requestSubmit();
  else source.click?.();
}

function resume(form, board, csrf) {
  all("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = csrf; });
  all("[type=password], [name=code], [name=credential]", form).forEach((field) => { field.value = ""; });
  refuse(form, "");
  second(form, false);
  one("#signed-out").close();
  board.signedIn();
}

function second(form, on) {
  one("[data-second]", form).hidden = !on;
  one("[data-first]", form).hidden = on;
}

const come = (heard, form, board) => { if (String(heard.user) !== user()) location.reload(); else resume(form, board, heard.csrf); };

export async function signIn(form, board) {
  refuse(form, "");
  const again = await fetch(document.body.dataset.session, { headers: headers() }).catch(() => null);
  if (!again?.ok) return refuse(form, say("unreachable"));
  const place = !one("[data-second]", form).hidden ? form.dataset.secondStep : one("[name=credential]", form).value ? form.dataset.passkeyStep : form.action;
  const answer = await send(place, new URLSearchParams(new FormData(form)));
  const heard = await answer?.json().catch(() => ({}));
  if (answer?.status === 202) { second(form, true); one("[name=code]", form).focus(); return; }
  if (answer?.status === 401) second(form, false);
  if (answer?.ok) return come(heard, form, board);
  one("[name=credential]", form).value = "";
  refuse(form, heard?.message || say("unreachable"));
}

// She came back from another tab, where she may have logged in by ThaiD.
export async function lookAgain(form, board) {
  const answer = await fetch(document.body.dataset.session, { headers: headers() }).catch(() => null);
  const heard = await answer?.json().catch(() => ({}));
  if (heard?.user) come(heard, form, board);
}
