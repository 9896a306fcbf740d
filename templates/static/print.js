// Opens the printing dialogue as soon as the papers are there; whoever closes it sees them still.
"use strict";

document.getElementById("papers").addEventListener("load", (event) => {
  event.target.contentWindow.focus();
  event.target.contentWindow.print();
});
