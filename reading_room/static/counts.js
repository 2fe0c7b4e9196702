// The counts of many articles are read after the page, and take the place of the link to them.
"use strict";
for (const box of document.querySelectorAll("[data-counts]")) {
  fetch(box.dataset.counts).then((answer) => answer.ok ? answer.text() : Promise.reject()).then((text) => {
    const counted = new DOMParser().parseFromString(text, "text/html");
    box.replaceChildren(...counted.querySelector(".counts").children);
    document.querySelector(".total").textContent = counted.querySelector(".total").textContent;
  }).catch(() => {});  // the link stays
}
