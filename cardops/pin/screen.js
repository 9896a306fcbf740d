"use strict";
// The digits go from the keys to the desk program on this machine, once, and are overwritten here.
// With keys on the screen they lie in these bytes only, nowhere in the page.

const page = document.body.dataset;
const field = (id) => document.getElementById(id);
const TWICE = ["choose", "keep"];
const typed = { pin: new Uint8Array(8), again: new Uint8Array(8) };
const count = { pin: 0, again: 0 };
let active = "pin";
let asked = { prompt: -1 };

function forget() {
  for (const id of ["pin", "again"]) {
    typed[id].fill(0);
    count[id] = 0;
    field(id).value = "";
    draw(id);
  }
  active = "pin";
}

function draw(id) {
  field(`${id}-dots`).textContent = "●".repeat(count[id]);
}

function press(digit) {
  if (count[active] === asked.most) return;
  typed[active][count[active]++] = 48 + digit;
  draw(active);
  if (count[active] === asked.most && active === "pin" && TWICE.includes(page.state)) field("again-dots").focus();
}

function erase() {
  if (count[active] === 0) return;
  typed[active][--count[active]] = 0;
  draw(active);
}

function key(digit) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = digit;
  button.addEventListener("click", () => press(digit));
  return button;
}

function layKeys() {
  const keys = (asked.keypad || []).map(key);
  if (keys.length) {
    const last = field("erase").content.firstElementChild.cloneNode(true);
    last.addEventListener("click", erase);
    keys.push(last);
  }
  field("keys").replaceChildren(...keys);
}

function show(state) {
  field("time").textContent = state.time || "";
  if (state.prompt === asked.prompt) return;
  asked = state;
  page.prompt = state.prompt;
  page.state = state.state;
  page.keypad = state.keypad ? "yes" : "no";
  for (const part of ["message", "tries"]) field(part).textContent = state[part];
  field("confirm").textContent = state.submit;
  field("error").textContent = "";
  forget();
  layKeys();
  const first = state.keypad ? "pin-dots" : "pin";
  field(["confirm", "last-try"].includes(state.state) ? "refuse" : first).focus();
}

async function poll() {
  try {
    const answer = await fetch(`${page.base}/state`, { cache: "no-store" });
    show(await answer.json());
  } catch {
    show({ prompt: -2, state: "done", message: page.gone, tries: "", submit: "" });
    return;
  }
  setTimeout(poll, 300);
}

function digits(id) {
  return asked.keypad ? typed[id].slice(0, count[id]) : new TextEncoder().encode(field(id).value);
}

function fault(pin) {
  const short = pin.length < asked.least || pin.length > asked.most;
  if (short || pin.some((byte) => byte < 48 || byte > 57)) return asked.length;
  if (!TWICE.includes(page.state)) return "";
  const again = digits("again");
  const same = again.length === pin.length && again.every((byte, place) => byte === pin[place]);
  again.fill(0);
  return same ? "" : page.different;
}

function tell(verb, body) {
  page.state = "wait";
  return fetch(`${page.base}/${verb}/${asked.prompt}`, { method: "POST", body });
}

document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const typing = ["enter", ...TWICE].includes(page.state);
  const answer = typing ? digits("pin") : new Uint8Array(0);
  field("error").textContent = typing ? fault(answer) : "";
  if (!field("error").textContent) {
    forget();
    await tell("answer", answer);
  }
  answer.fill(0);
});

field("refuse").addEventListener("click", () => {
  forget();
  tell("refuse", null);
});

for (const id of ["pin", "again"]) field(`${id}-dots`).addEventListener("focus", () => { active = id; });

document.addEventListener("keydown", (event) => {
  if (!asked.keypad) return;
  if (asked.keyboard && /^[0-9]$/.test(event.key)) press(Number(event.key));
  else if (asked.keyboard && event.key === "Backspace") erase();
  else if (event.key === "Enter" && event.target.className === "dots") document.querySelector("form").requestSubmit();
});

poll();
