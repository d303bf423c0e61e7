// What the pages can do beyond forms: keys, the live view, the seconds of a hold, and a text that
// survives a closed tab. Without this file everything works all the same.
"use strict";

const one = (selector) => document.querySelector(selector);
const byKey = (name) => one(`[data-key="${name}"]`);

// A page that nobody is typing in is replaced when something happens; one in which somebody types only
// says so, and its buttons no longer pretend to work.
function live() {
  const place = one("[data-live]");
  if (!place || !window.EventSource) return;
  const look = async () => {
    if (place.dataset.live === "thread") {
      const writes = one("form[data-keep]") ? "?redige=1" : "";
      const answer = await fetch(`/fils/${place.dataset.thread}/version${writes}`);
      if (!answer.ok) return;
      const [now, ...others] = (await answer.text()).trim().split("\n");
      show(others);
      if (now === `${place.dataset.version} ${place.dataset.state}`) return;
      if (isBusy()) return stale();
    } else if (isBusy()) {
      return;
    }
    refresh();
  };
  new EventSource("/evenements").onmessage = look;
  // Says that the page is still open, and learns who else has it.
  if (place.dataset.live === "thread") setInterval(look, 10_000);
}

function show(others) {
  const lines = others.map((text) => Object.assign(document.createElement("span"), { textContent: text }));
  one(".presence").replaceChildren(...lines);
}

function isBusy() {
  const active = document.activeElement;
  const typing = active && active.matches("input, textarea, select");
  const touched = [...document.querySelectorAll("[data-live] input, [data-live] textarea")].some((field) =>
    field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
  return Boolean(typing || touched || one("form[data-keep]"));
}

function stale() {
  one(".changed").hidden = false;
  // What is typed can still be sent: the answer keeps it and says what changed.
  document.querySelectorAll("[data-key=approve]").forEach((button) => (button.disabled = true));
}

async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return location.reload();
  const focused = document.activeElement && document.activeElement.getAttribute("href");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["nav.states", "[data-live]"]) {
    const [old, fresh] = [one(part), page.querySelector(part)];
    if (old && fresh) old.replaceChildren(...fresh.childNodes);
    if (old && fresh) Object.assign(old.dataset, fresh.dataset);
  }
  // Whoever goes through the rows by keys stays where they were.
  const row = focused && [...document.querySelectorAll("[data-row]")].find((link) => link.getAttribute("href") === focused);
  if (row) row.focus();
  count();
}

// The seconds until a letter leaves.
function count() {
  document.querySelectorAll("[data-countdown], [data-until]").forEach((place) => {
    const until = Date.parse(place.dataset.countdown || place.dataset.until);
    const label = place.dataset.label || (place.dataset.label = place.textContent);
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    place.textContent = `${label} (${left}\u00a0s)`.trim();
    if (left === 0 && place.dataset.until) place.disabled = true;
  });
}

function keys() {
  // Turned off in the account (WCAG 2.1.4).
  if (document.documentElement.dataset.keys === "off") return;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const typing = event.target.matches("input, textarea, select");
    if (event.ctrlKey && event.key === "Enter") {
      const button = typing ? event.target.closest("form").querySelector("button:not([type=button])") : byKey("approve");
      if (button && !button.disabled) button.click();
      return event.preventDefault();
    }
    if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
    const rows = [...document.querySelectorAll("[data-row]")];
    const step = { j: 1, k: -1 }[event.key];
    if (step && rows.length) {
      const at = rows.indexOf(document.activeElement);
      rows[Math.min(rows.length - 1, Math.max(0, at + step))].focus();
      return event.preventDefault();
    }
    const name = { j: "next", k: "previous", e: "edit", r: "reclassify", d: "changes", a: "claim", z: "withdraw", "/": "search", "?": "help" }[event.key];
    const target = name && byKey(name);
    if (!target) return;
    event.preventDefault();
    if (name === "search") return target.focus();
    if (name === "reclassify") {
      target.parentElement.open = true;
      return target.parentElement.querySelector("select").focus();
    }
    target.click();
  });
}

// What is typed stays in this tab until it is sent.
function keep() {
  const form = one("form[data-keep]");
  if (!form) return;
  const text = form.querySelector("textarea");
  const name = `greffier-texte-${form.dataset.keep}`;
  const kept = sessionStorage.getItem(name);
  if (kept !== null) text.value = kept;
  text.addEventListener("input", () => sessionStorage.setItem(name, text.value));
  form.addEventListener("submit", () => sessionStorage.removeItem(name));
  const cancel = form.querySelector("a.button");
  if (cancel) cancel.addEventListener("click", () => sessionStorage.removeItem(name));
}

// How the text will be read, a moment after the last stroke.
function preview() {
  const form = one("form[data-keep]");
  const button = form && form.querySelector("[data-preview]");
  if (!button) return;
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch(button.formAction, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(".preview");
      if (fresh) one(".preview").replaceChildren(...fresh.childNodes);
    }, 400);
  });
}

// All the ticks of a group at once, for whoever has read them.
function ticks() {
  document.querySelectorAll("[data-all]").forEach((button) => {
    button.hidden = false;
    button.onclick = () => button.closest("form").querySelectorAll("input[name=fil]").forEach((box) => (box.checked = true));
  });
}

ticks();
keep();
preview();
keys();
live();
count();
setInterval(count, 500);
