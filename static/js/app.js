// What the server can't do: keep what is being written, calm a double click, say when the network failed.
// Every page works without this file.

const page = document.body.dataset;
const on = (name, act, options) => document.addEventListener(name, act, options);

// ---- drafts: what is being written stays on this device until it is sent, at most 14 days ----
// Kept per person, so that nobody meets a colleague's half sentence on a shared computer.

const DRAFT = "draft:";
const MINE = `${DRAFT}${page.me}:`;
const DAYS_14 = 14 * 24 * 3600 * 1000;

const guarded = (act) => { try { return act(); } catch { return null; } }; // storage may be full or forbidden
const keep = (key, text) => guarded(() =>
  text ? localStorage.setItem(MINE + key, JSON.stringify({ text, at: Date.now() })) : localStorage.removeItem(MINE + key));
const kept = (key) => guarded(() => JSON.parse(localStorage.getItem(MINE + key))?.text);
const forget = (which) => guarded(() => Object.keys(localStorage)
  .filter((key) => key.startsWith(DRAFT) && which(key))
  .forEach((key) => localStorage.removeItem(key)));
const tooOld = (key) => Date.now() - (JSON.parse(localStorage.getItem(key))?.at ?? 0) > DAYS_14;

if (page.me) forget((key) => !key.startsWith(MINE) || tooOld(key));

const within = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];

function arrive(root) {
  for (const done of within(root, "[data-draft-done]")) keep(done.dataset.draftDone, "");
  if (page.me) {
    for (const field of within(root, "[data-draft]")) {
      if (!field.value) field.value = kept(field.dataset.draft) ?? "";
    }
  }
  within(root, "textarea").forEach(grow);
  for (const field of within(root, "textarea[autofocus]")) field.setSelectionRange(field.value.length, field.value.length);
  within(root, "[aria-invalid=true]")[0]?.focus();
}

function forgetSent(form) {
  for (const field of form?.elements ?? []) if (field.dataset.draft) keep(field.dataset.draft, "");
}

on("input", ({ target }) => {
  if (page.me && target.dataset?.draft) keep(target.dataset.draft, target.value);
  if (target.matches("textarea")) grow(target);
});
on("click", ({ target }) => { if (target.closest("a[data-forget-drafts]")) forget(() => true); });

// ---- textareas grow with their text where CSS can't do it ----

function grow(area) {
  if (CSS.supports("field-sizing", "content") || !area.scrollHeight) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

// ---- sending: once, also from the keyboard ----

const send = (form) => {
  const button = form.querySelector("button:not([type=button], [type=reset]), input[type=submit]");
  form.requestSubmit(button && !button.disabled ? button : undefined);
};

on("keydown", (event) => {
  const { target } = event;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches("textarea") && target.form) {
    event.preventDefault();
    send(target.form);
  }
  const open = event.key === "Escape" && target.closest("details.dialog[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

const rest = (form, resting) => {
  form.toggleAttribute("data-sent", resting);
  for (const button of form.querySelectorAll("button")) button.disabled = resting;
};
on("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-forget-drafts]")) forget(() => true);
  if (event.defaultPrevented || form.method !== "post") return; // htmx took it, or nothing is changed by it
  if (form.matches("[data-sent]")) return event.preventDefault();
  setTimeout(() => rest(form, true)); // after the browser has read which button was pressed
  setTimeout(() => rest(form, false), 10_000);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => rest(form, false)));

// ---- htmx ----

const isForm = (element) => element instanceof HTMLFormElement;
const redirect = (xhr) => xhr.getResponseHeader("HX-Redirect");
const toSignIn = (xhr) => redirect(xhr) && new URL(redirect(xhr), location).pathname === page.signIn;

on("htmx:load", ({ detail }) => arrive(detail.elt));
on("htmx:confirm", (event) => {
  const { elt, triggeringEvent } = event.detail;
  if (isForm(elt) && elt.ariaBusy === "true" && triggeringEvent?.type === "submit") event.preventDefault();
});
// A preview asked for while one still writes is no sending: the button stays as it is.
on("htmx:beforeRequest", ({ detail: { elt, requestConfig } }) => {
  if (isForm(elt) && requestConfig.triggeringEvent?.type === "submit") elt.ariaBusy = "true";
});
on("htmx:afterRequest", ({ detail }) => { if (isForm(detail.elt) && !redirect(detail.xhr)) detail.elt.ariaBusy = null; });
on("htmx:beforeOnLoad", ({ detail: { elt, xhr, requestConfig } }) => {
  // Before the answer is swapped in, so that the fresh field is not filled with what was just sent.
  const sent = xhr.status >= 200 && xhr.status < 300 && !toSignIn(xhr) && requestConfig.verb !== "get";
  if (sent) forgetSent(isForm(elt) ? elt : elt.closest("form"));
});

// ---- what just happened ----

function say(text) {
  const toast = document.getElementById("toast").content.cloneNode(true);
  toast.querySelector("div > div").textContent = text;
  document.getElementById("toasts").replaceChildren(toast);
}
// Quiet polling may fail quietly; what a person pressed may not.
const pressed = ({ requestConfig }) => requestConfig.verb !== "get" || requestConfig.triggeringEvent?.isTrusted;

on("htmx:sendError", ({ detail }) => { if (pressed(detail)) say(page.sayNotSent); });
on("htmx:timeout", ({ detail }) => { if (pressed(detail)) say(page.sayNotSent); });
on("htmx:responseError", ({ detail }) => {
  if (pressed(detail)) say(detail.xhr.status >= 500 ? page.sayNotSent : page.sayChanged);
});
on("click", ({ target }) => { target.closest(".dismiss")?.closest(".toast").remove(); });
on("animationend", ({ target }) => { if (target.matches(".toast")) target.remove(); });

arrive(document);
