// Boxes to tick on a party's checklist. What is ticked stays in this browser:
// nothing is sent anywhere. A tick belongs to the words of its task, so that a
// task that changes is open again.
"use strict";

(() => {
  const place = `srm-checklist ${location.pathname}`;

  function read() {
    try {
      return new Set(JSON.parse(localStorage.getItem(place) ?? "[]"));
    } catch {
      return new Set();
    }
  }

  let done = read();

  function keep() {
    try {
      if (done.size) localStorage.setItem(place, JSON.stringify([...done]));
      else localStorage.removeItem(place);
    } catch {
      // Then the ticks last as long as the page.
    }
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

  function items() {
    return [...document.querySelectorAll("[data-kind=checklist] .srm-tasks > li")].map((item) => {
      const { model = "", row = "" } = item.closest("tr").dataset;
      return { item, key: [model, row, item.textContent].join("\n") };
    });
  }

  function progress() {
    for (const figure of document.querySelectorAll(".srm-figure:has(.srm-progress)")) {
      const boxes = [...figure.querySelectorAll(".srm-tick")];
      const note = figure.querySelector(".srm-progress");
      const ticked = boxes.filter((box) => box.checked).length;
      note.textContent = fill(JSON.parse(note.dataset.words).progress, { done: ticked, all: boxes.length });
    }
  }

  function box({ item, key }) {
    if (item.querySelector(".srm-tick")) return;
    const label = document.createElement("label");
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.className = "srm-tick";
    tick.checked = done.has(key);
    tick.onchange = () => {
      if (tick.checked) done.add(key);
      else done.delete(key);
      keep();
      progress();
    };
    label.append(tick, ...item.childNodes);
    item.append(label);
  }

  function start() {
    // Keys before boxes: the text is the page's own then.
    const all = items();
    all.forEach(box);
    for (const clear of document.querySelectorAll(".srm-untick")) {
      clear.onclick = () => {
        const figure = clear.closest(".srm-figure");
        for (const { item, key } of all) if (figure.contains(item)) done.delete(key);
        keep();
        figure.querySelectorAll(".srm-tick").forEach((tick) => { tick.checked = false; });
        progress();
      };
    }
    progress();
  }

  start();
  document.addEventListener("srm-site:updated", start);
  // Another tab may have ticked something.
  window.addEventListener("storage", (event) => {
    if (event.key !== place) return;
    done = read();
    for (const { item, key } of items()) {
      const tick = item.querySelector(".srm-tick");
      if (tick) tick.checked = done.has(key);
    }
    progress();
  });
})();
