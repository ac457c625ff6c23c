// What a page gains where scripts run; every page works without.
"use strict";

// A chart's marks carry their own labels: hover, tap or arrow keys read them out below the chart.
document.addEventListener("DOMContentLoaded", () => {
  for (const figure of document.querySelectorAll("figure.chart")) readable(figure);
  for (const area of document.querySelectorAll("[data-drop]")) takesFiles(area);
});
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  const names = event.target.dataset.ticks;
  if (names) for (const tick of event.target.form.querySelectorAll(`input[name^="${names}"]`)) tick.checked = event.target.checked;
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.me[open]")) if (!menu.contains(event.target)) menu.open = false;
});

function readable(figure) {
  const output = figure.querySelector("output");
  const marks = () => [...figure.querySelectorAll("svg [aria-label]")].filter((mark) => mark.checkVisibility?.() ?? true);
  let place = -1;
  const read = (mark) => { if (output) output.textContent = mark.getAttribute("aria-label"); };
  figure.addEventListener("pointerover", (event) => {
    const mark = event.target.closest("svg [aria-label]");
    if (mark) read(mark);
  });
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const all = marks();
    if (!step || !all.length) return;
    place = Math.min(Math.max(place + step, 0), all.length - 1);
    read(all[place]);
    event.preventDefault();
  });
}

function takesFiles(area) {
  const input = area.querySelector("input[type=file]");
  const stop = (event, over) => { event.preventDefault(); area.classList.toggle("over", over); };
  area.addEventListener("dragover", (event) => stop(event, true));
  area.addEventListener("dragleave", (event) => stop(event, false));
  area.addEventListener("drop", (event) => {
    stop(event, false);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
