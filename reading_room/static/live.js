// The counts of a running crawl follow its server-sent events; at its end the page is read anew.
"use strict";
for (const box of document.querySelectorAll(".live")) {
  const events = new EventSource(box.dataset.events);
  events.onmessage = (event) => {
    const counts = JSON.parse(event.data);
    if (counts.state !== "running") { events.close(); location.reload(); return; }
    const shown = { ...counts.captures, bytes: counts.bytes };
    for (const [name, count] of Object.entries(shown)) {
      const cell = box.querySelector(`[data-count="${CSS.escape(name)}"]`);
      if (cell) cell.textContent = count.toLocaleString(document.documentElement.lang);
    }
  };
}
