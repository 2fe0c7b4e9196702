// The counts of a running crawl follow its server-sent events; at its end the page is read anew.
"use strict";
function countCell(box, name) {
  const known = box.querySelector(`[data-count="${CSS.escape(name)}"]`);
  if (known) return known;
  const row = document.createElement("tr"), head = document.createElement("th"), cell = document.createElement("td");
  head.scope = "row";
  head.textContent = name;
  cell.className = "number";
  cell.dataset.count = name;
  row.append(head, cell);
  box.querySelector("[data-count=bytes]").closest("tr").before(row);
  return cell;
}
for (const box of document.querySelectorAll(".live")) {
  const events = new EventSource(box.dataset.events);
  events.onmessage = (event) => {
    const counts = JSON.parse(event.data);
    if (counts.state !== "running") { events.close(); location.reload(); return; }
    const shown = { ...counts.captures, bytes: counts.bytes, per_minute: counts.per_minute, bytes_per_second: counts.bytes_per_second };
    for (const [name, count] of Object.entries(shown)) {
      countCell(box, name).textContent = count.toLocaleString(document.documentElement.lang);
    }
  };
}
