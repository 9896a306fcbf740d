// Small behaviours that plain HTML does not have; the pages work without them.
"use strict";

const typing = (element) =>
  element.matches("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");

const visible = (element) => element.offsetParent !== null && !element.disabled;

// data-key="r": pressing the letter outside a field presses the button (or focuses the field).
function pressKey(event) {
  const primary = event.key === "Enter" && event.ctrlKey;
  if (!primary && (event.ctrlKey || event.altKey || event.metaKey || typing(event.target))) return;
  const wanted = primary ? "[data-primary]" : `[data-key="${CSS.escape(event.key.toLowerCase())}"]`;
  const found = [...document.querySelectorAll(wanted)].find(visible);
  if (!found) return;
  event.preventDefault();
  if (typing(found)) found.focus();
  else found.click();
}

// data-when="email_choice=yes": the block is shown only while that choice is made (or one of "a|b").
function showFitting(root) {
  for (const block of root.querySelectorAll("[data-when]")) {
    const [name, values] = block.dataset.when.split("=");
    const met = values === "off"
      ? !document.querySelector(`[name="${name}"]`)?.checked
      : values.split("|").some((value) => document.querySelector(`[name="${name}"][value="${value}"]`)?.checked);
    block.hidden = !met;
  }
}

// data-tick-all="#id": ticks every open box below it.
function tickAll(event) {
  const button = event.target.closest("[data-tick-all]");
  if (!button) return;
  for (const box of document.querySelectorAll(`${button.dataset.tickAll} input[type=checkbox]:not(:disabled)`)) box.checked = true;
  document.querySelector(button.dataset.tickAll)?.closest("form")?.querySelector("[data-primary]")?.focus();
}

// A form is sent once, however often Enter is pressed; data-again: it brings a file, so it may be sent anew.
function sendOnce(event) {
  const { target } = event;
  if (event.defaultPrevented || target.method !== "post" || "again" in target.dataset) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
}

// data-renews: the form opens a paper in another window; this page follows when the case has moved.
async function renew(event) {
  if (!event.target.matches("form[data-renews]")) return;
  const { live, version } = document.getElementById("case").dataset;
  for (let tries = 0; tries < 60; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const answer = await fetch(`${live}?version=${encodeURIComponent(version)}`);
    if (answer.status === 200) return location.reload();
  }
}

// data-marks: a letter answers the next picture that has no answer yet; then the button is next.
const ANSWERS = { s: "signed", e: "empty", n: "fine" };

function answer(event) {
  const value = ANSWERS[event.key.toLowerCase()];
  const form = document.querySelector("form[data-marks]");
  if (!form || !value || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const open = [...form.querySelectorAll("[data-mark]")].filter((mark) => !mark.querySelector(":checked"));
  const mark = open.find((each) => each.querySelector(`input[value="${value}"]`));
  if (!mark) return;
  event.preventDefault();
  mark.querySelector(`input[value="${value}"]`).checked = true;
  showOpen(form);
}

function showOpen(form) {
  const next = [...form.querySelectorAll("[data-mark]")].find((mark) => !mark.querySelector(":checked"));
  if (next) next.scrollIntoView({ block: "center" });
  else form.querySelector("[data-primary]")?.focus({ preventScroll: true });
}

// data-drop: files dropped on the form, or chosen in it, are sent at once.
function dropFiles(event) {
  const form = event.target.closest?.("form[data-drop]");
  if (!form) return;
  event.preventDefault();
  form.toggleAttribute("data-over", event.type === "dragover");
  if (event.type !== "drop" || !event.dataTransfer.files.length) return;
  form.querySelector("input[type=file]").files = event.dataTransfer.files;
  form.requestSubmit();
}

function sendFiles(event) {
  const form = event.target.closest("form[data-drop]");
  if (form && event.target.files.length) form.requestSubmit();
}

function showSending(event) {
  const note = event.target.querySelector("[data-sending]");
  if (note) note.hidden = false;
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-marks]");
  if (form) showOpen(form);
});
document.addEventListener("keydown", answer);
for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, dropFiles);
document.addEventListener("change", sendFiles);
document.addEventListener("submit", showSending);
document.addEventListener("keydown", pressKey);
document.addEventListener("click", tickAll);
document.addEventListener("submit", sendOnce);
document.addEventListener("submit", renew);
document.addEventListener("change", () => showFitting(document));
document.addEventListener("DOMContentLoaded", () => showFitting(document));
document.addEventListener("htmx:afterSwap", () => showFitting(document));
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
