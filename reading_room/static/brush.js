// Drag over the chart: the first and last day under the pointer become the days of the search form.
"use strict";
for (const box of document.querySelectorAll(".brush")) {
  const chart = box.querySelector("svg");
  const from = Date.parse(box.dataset.from), to = Date.parse(box.dataset.to) + 86400000;
  const left = Number(chart.dataset.left), width = Number(chart.dataset.width);
  const band = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  band.setAttribute("class", "band");
  let start = null;
  const at = (event) => {
    const place = chart.getBoundingClientRect();
    const x = (event.clientX - place.left) / place.width * width;
    return Math.min(width, Math.max(left, x));
  };
  const day = (x) => {
    const time = from + (x - left) / (width - left) * (to - from);
    return new Date(Math.min(time, to - 1)).toISOString().slice(0, 10);
  };
  chart.addEventListener("pointerdown", (event) => { start = at(event); });
  window.addEventListener("pointercancel", () => { start = null; band.remove(); });
  chart.addEventListener("dragstart", (event) => event.preventDefault());
  chart.addEventListener("pointermove", (event) => {
    if (start === null) return;
    const x = at(event);
    if (Math.abs(x - start) < 6) return;
    chart.append(band);
    band.setAttribute("x", Math.min(x, start));
    band.setAttribute("y", 0);
    band.setAttribute("width", Math.abs(x - start));
    band.setAttribute("height", "100%");
  });
  window.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const ends = [start, at(event)].sort((one, other) => one - other);
    start = null;
    if (ends[1] - ends[0] < 6) { band.remove(); return; }
    document.getElementById("since").value = day(ends[0]);
    document.getElementById("until").value = day(ends[1]);
    document.querySelector("form.search").submit();
  });
  chart.addEventListener("click", (event) => { if (band.isConnected) event.preventDefault(); }, true);
}
