"use strict";
// The PIN goes from the field to the desk program on this machine, once, and the field is emptied.

const page = document.body.dataset;
const field = (id) => document.getElementById(id);
const TWICE = ["choose", "keep"];
let shown = -1;

function show(state) {
  if (state.prompt === shown) return;
  shown = state.prompt;
  page.state = state.state;
  page.consent = state.consent ? "yes" : "no";
  field("message").textContent = state.message;
  field("tries").textContent = state.tries;
  field("error").textContent = "";
  for (const id of ["pin", "again"]) field(id).value = "";
  field("consent").checked = false;
  field(state.state === "confirm" ? "confirm" : "pin").focus();
}

async function poll() {
  try {
    const answer = await fetch(`${page.base}/state`, { cache: "no-store" });
    show(await answer.json());
  } catch {
    show({ prompt: -2, state: "done", consent: false, message: page.gone, tries: "" });
    return;
  }
  setTimeout(poll, 300);
}

function fault() {
  if (page.state === "confirm") return "";
  if (!/^[0-9]{6,8}$/.test(field("pin").value)) return page.digits;
  if (TWICE.includes(page.state) && field("pin").value !== field("again").value) return page.different;
  if (page.consent === "yes" && !field("consent").checked) return document.querySelector(".consent").innerText;
  return "";
}

document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  field("error").textContent = fault();
  if (field("error").textContent) return;
  const digits = new TextEncoder().encode(page.state === "confirm" ? "" : field("pin").value);
  for (const id of ["pin", "again"]) field(id).value = "";
  page.state = "wait";
  await fetch(`${page.base}/answer/${shown}`, { method: "POST", body: digits });
  digits.fill(0);
});

poll();
