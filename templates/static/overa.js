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

// data-scan: a scanner types a code and Enter. What is typed outside of a field belongs to it; scans
// that come while the page is still at work on the last one wait their turn, none is lost.
const scanField = () => document.querySelector("form[data-scan] input[name=code]");
const scans = [];

function catchScan(event) {
  const field = scanField();
  if (!field || event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  field.focus();
  event.stopImmediatePropagation();
}

async function sendScan(event) {
  if (!event.target.matches("form[data-scan]")) return;
  event.preventDefault();
  const field = scanField();
  if (!field.value.trim()) return;
  scans.push(field.value);
  field.value = "";
  if (scans.length > 1) return;
  for (; scans.length && scanField(); scans.shift()) {
    const form = scanField().form;
    const body = new FormData(form);
    body.set("code", scans[0]);
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      showScanned(await answer.text(), answer.url);
    } catch {
      scanField().value = scans[0];
      return form.submit(); // the browser says that the server cannot be reached
    }
  }
}

// The page as it is now, with what is being typed into the scan field meanwhile.
function showScanned(text, address) {
  const { value } = scanField();
  const page = new DOMParser().parseFromString(text, "text/html");
  if (address !== location.href) history.pushState("scanned", "", address);
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  if (document.querySelector("main > .alert-danger")) beep();
  const field = scanField();
  if (!field) return scrollTo(0, 0);
  field.value = value;
  field.focus();
}

function beep() {
  const context = new AudioContext();
  const tone = context.createOscillator();
  tone.frequency.value = 220;
  tone.connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.25);
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
const ANSWERS = { s: "signed", e: "empty", n: "fine", a: "accepted", r: "rejected", l: "later" };

function answer(event) {
  const value = ANSWERS[event.key.toLowerCase()];
  const form = document.querySelector("form[data-marks]");
  if (!form || !value || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const open = [...form.querySelectorAll("[data-mark]")].filter((mark) => !mark.querySelector(":checked"));
  const mark = open.find((each) => each.querySelector(`input[value="${value}"]`));
  if (!mark) return;
  event.preventDefault();
  mark.querySelector(`input[value="${value}"]`).checked = true;
  const reason = mark.querySelector("[data-reason]");
  if (reason && value !== "accepted") reason.focus();
  else showOpen(form);
}

// data-reason: Enter ends the reason and leads to the next mark.
function endReason(event) {
  if (event.key !== "Enter" || event.ctrlKey || !event.target.matches("form[data-marks] [data-reason]")) return;
  event.preventDefault();
  event.target.blur();
  showOpen(event.target.form);
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

// data-empty="#id": empties the place instead of following the link, where the place is on a page that has more.
function emptyPlace(event) {
  const link = event.target.closest("[data-empty]");
  if (!link || !document.querySelector(".overa-record")) return;
  event.preventDefault();
  document.querySelector(link.dataset.empty).replaceChildren();
}

// data-address: what a form brought has an address of its own, for "back" and "reload".
function takeAddress() {
  const found = document.querySelector("[data-address]");
  if (found) history.replaceState(null, "", found.dataset.address);
}

document.addEventListener("click", emptyPlace);
document.addEventListener("DOMContentLoaded", takeAddress);
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-marks]");
  if (form) showOpen(form);
});
document.addEventListener("keydown", answer);
document.addEventListener("keydown", endReason);
for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, dropFiles);
document.addEventListener("change", sendFiles);
document.addEventListener("submit", showSending);
document.addEventListener("keydown", catchScan);
document.addEventListener("keydown", pressKey);
document.addEventListener("click", tickAll);
document.addEventListener("submit", sendScan);
window.addEventListener("popstate", () => location.reload());
document.addEventListener("submit", sendOnce);
document.addEventListener("submit", renew);
document.addEventListener("change", () => showFitting(document));
document.addEventListener("DOMContentLoaded", () => showFitting(document));
document.addEventListener("htmx:afterSwap", () => showFitting(document));
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
