// Filters tables by words, owner, category, model and the author's own fields; sorts,
// folds, copies and links their rows. The page's address contains the filters. Without this script, the page
// shows everything. The boxes of a party's checklist are below, in the same file to
// save a request.
"use strict";

(() => {
  const own = document.currentScript;
  const NAMES = ["q", "owner", "category", "model", "with", "only", "sort", "fold"];
  // What the filters by the author's own fields begin with.
  const FIELD = "field.";
  // Tables whose groups are rows of the document, with lines below.
  const BY_ROW = ["category", "tasks"];
  // Headings of rows, which have tasks to fold and an address to copy.
  const ROW_HEADS = `[data-kind="detail"] [scope="row"],
    :is([data-kind="category"], [data-kind="tasks"]) [scope="rowgroup"]`;

  let tools;
  // Texts by their keys in the strings file.
  let words = {};
  // The content of the tables, read when a filter is first used.
  let tables = null;
  // Rows with a task that is in only one of two models, and rows that keep their owner
  // on other terms.
  let differing;
  let onOtherTerms;
  let state = {};
  // All filters of the page, with those by fields.
  let names = NAMES;
  let followHash = true;
  // Whether all filters are shown on narrow screens.
  let allChoices = false;

  const control = (name) => tools.querySelector(`[name="${name}"]`);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const count = (key, n) => fill(words[`${key}-${n === 1 ? "one" : "many"}`], { n });

  // Words are compared without accents and letter case.
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // ------------------------------------------------------------ what is there

  const allTables = () => [...document.querySelectorAll(".srm-table")];

  function readAll() {
    tables = allTables().map(read);
    const rowsWith = (mark) => new Set([...document.querySelectorAll(mark)].map((part) => part.closest("tr").dataset.row));
    differing = rowsWith("[data-task=differs]");
    onOtherTerms = rowsWith("[data-change=terms]");
  }

  function read(table) {
    const kind = table.dataset.kind;
    const groups = [...table.tBodies].map((body) => {
      const head = body.querySelector(":scope > tr > [scope=rowgroup]");
      const lines = [...body.rows].map((tr) => line(tr, head, kind));
      return { body, head, lines };
    });
    const columns = [...table.tHead.rows[0].cells];
    return { table, kind, groups, columns, box: table.closest(".srm-figure") ?? table.closest(".srm-scroll") };
  }

  function line(tr, head, kind) {
    const byRow = BY_ROW.includes(kind);
    const badges = [...tr.querySelectorAll(".srm-badge")];
    return {
      tr,
      row: tr.dataset.row ?? "",
      category: tr.dataset.category ?? "",
      model: tr.dataset.model ?? "",
      owners: tr.dataset.owner ? [tr.dataset.owner] : badges.map((badge) => badge.dataset.owner),
      badges,
      tasks: tr.querySelectorAll(".srm-tasks > li").length,
      name: ((byRow && head) || tr.querySelector(":scope > [scope=row]"))?.querySelector("a, b")?.textContent ?? tr.textContent,
      text: null,
      head,
    };
  }

  // Only the original content counts, not messages that were added.
  function textOf(line) {
    if (line.text === null) {
      const said = line.tr.querySelector(".srm-said")?.textContent ?? "";
      line.text = plain(`${line.head?.textContent ?? ""} ${line.tr.textContent.replace(said, "")}`);
    }
    return line.text;
  }

  // ----------------------------------------------------------- what is chosen

  function fromAddress() {
    const asked = new URLSearchParams(location.search);
    state = Object.fromEntries(names.map((name) => [name, asked.get(name) ?? ""]));
    for (const name of names) {
      const field = control(name);
      if (!field) state[name] = "";
      else if (field.localName === "select") {
        field.value = state[name];
        // An address copied from another page may name values that do not exist here.
        if (field.selectedIndex < 0) field.value = state[name] = "";
      } else if (field.localName === "input") field.value = state[name];
    }
    // Filters in use are always shown.
    showChoices(allChoices || [...tools.querySelectorAll(".srm-choices select")].some((list) => list.value));
  }

  function showChoices(all) {
    allChoices = all;
    tools.toggleAttribute("data-open", all);
    control("more").setAttribute("aria-expanded", all);
  }

  function toAddress() {
    const url = new URL(location.href);
    for (const name of names) {
      if (state[name]) url.searchParams.set(name, state[name]);
      else url.searchParams.delete(name);
    }
    if (url.href === location.href) return;
    try {
      history.replaceState(history.state, "", url);
    } catch {
      // Some browsers do not change the addresses of files.
    }
  }

  // If models are columns and two are chosen, only those two count.
  function ownersDiffer({ tr, badges }) {
    if (tr.dataset.change) return tr.dataset.change !== "same";
    const two = state.model && state.with;
    const shown = badges.filter((badge) => !(two && badge.closest("td")?.hidden));
    return new Set(shown.map(({ dataset }) => `${dataset.owner} ${dataset.parties}`)).size > 1;
  }

  function hasFields({ tr, head }) {
    const chosen = names.filter((name) => name.startsWith(FIELD) && state[name]);
    return chosen.every((name) => [tr, head].some((place) => (
      [...(place?.querySelectorAll(`[data-field="${name.slice(FIELD.length)}"]`) ?? [])]
        .some(({ dataset }) => dataset.value === state[name]))));
  }

  function matches(line, wanted) {
    return (!state.owner || line.owners.includes(state.owner))
      && (!state.category || line.category === state.category)
      && (!state.model || !line.model || line.model === state.model)
      && (state.only !== "owners" || ownersDiffer(line))
      && (state.only !== "tasks" || differing.has(line.row))
      && (state.only !== "terms" || onOtherTerms.has(line.row))
      && hasFields(line)
      && wanted.every((word) => textOf(line).includes(word));
  }

  // ------------------------------------------------------------- showing them

  // Restores the original table.
  function restore({ table, groups }) {
    table.querySelectorAll(":scope > .srm-sorted").forEach((body) => body.remove());
    for (const { body, head, lines } of groups) {
      for (const { tr } of lines) {
        tr.querySelectorAll(":scope > .srm-repeated").forEach((cell) => cell.remove());
        tr.hidden = false;
        body.append(tr);
      }
      if (head) {
        head.rowSpan = lines.length;
        lines[0].tr.prepend(head);
      }
      body.hidden = false;
      table.append(body);
    }
  }

  // A heading that spans lines moves to the first of them that is shown.
  function narrow({ body, head, lines }, shown) {
    for (const line of lines) line.tr.hidden = !shown.has(line);
    const left = lines.filter((line) => shown.has(line));
    body.hidden = left.length === 0;
    if (!head || left.length === 0) return;
    head.rowSpan = left.length;
    left[0].tr.prepend(head);
  }

  function order() {
    if (!state.sort) return null;
    const kinds = [...(control("owner")?.options ?? [])].map((option) => option.value);
    const rank = (line) => Math.min(...line.owners.map((owner) => kinds.indexOf(owner)), kinds.length);
    const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });
    return {
      name: (a, b) => collator.compare(a.name, b.name),
      owner: (a, b) => rank(a) - rank(b),
      tasks: (a, b) => b.tasks - a.tasks,
    }[state.sort];
  }

  // Sorted lines are separate, each with the heading of its group.
  function sortLines({ table, groups, kind }, shown, compare) {
    if (BY_ROW.includes(kind)) {
      const left = groups.filter((group) => !group.body.hidden);
      const total = (group) => ({
        ...group.lines[0],
        owners: group.lines.flatMap((line) => line.owners),
        tasks: group.lines.reduce((sum, line) => sum + line.tasks, 0),
      });
      left.sort((a, b) => compare(total(a), total(b)));
      table.append(...left.map((group) => group.body));
      return;
    }
    const body = document.createElement("tbody");
    body.className = "srm-sorted";
    const lines = groups.flatMap((group) => group.lines).filter((line) => shown.has(line)).sort(compare);
    for (const { tr, head } of lines) {
      if (head && !tr.contains(head)) {
        const cell = head.cloneNode(true);
        cell.className = "srm-repeated";
        cell.removeAttribute("id");
        cell.rowSpan = 1;
        tr.prepend(cell);
      } else if (head) {
        head.rowSpan = 1;
      }
      body.append(tr);
    }
    for (const group of groups) group.body.hidden = true;
    table.append(body);
  }

  function markSorted({ columns }) {
    for (const column of columns) {
      const sorted = { name: "row", owner: "owner" }[state.sort];
      if (column.dataset.column === sorted) column.setAttribute("aria-sort", "ascending");
      else column.removeAttribute("aria-sort");
    }
  }

  // If models are columns, the filter by model also selects columns.
  function chooseColumns({ table, kind, columns }) {
    if (kind !== "matrix") return;
    const chosen = [state.model, state.with].filter(Boolean);
    const models = [...(control("model")?.options ?? [])].map((option) => option.value).filter(Boolean);
    columns.filter((column) => column.dataset.column === "model").forEach((column, model) => {
      const at = columns.indexOf(column);
      const hidden = chosen.length > 0 && !chosen.includes(models[model]);
      column.hidden = hidden;
      for (const tr of table.querySelectorAll("tbody > tr")) {
        const cells = [...tr.querySelectorAll(":scope > td")];
        const cell = cells[at - (columns.length - cells.length)];
        if (cell) cell.hidden = hidden;
      }
    });
  }

  function show() {
    if (!tables) readAll();
    const wanted = plain(state.q).split(/\s+/).filter(Boolean);
    const compare = order();
    const left = new Set();
    for (const entry of tables) {
      restore(entry);
      chooseColumns(entry);
      const shown = new Set();
      for (const group of entry.groups) {
        for (const line of group.lines) {
          if (!matches(line, wanted)) continue;
          shown.add(line);
          left.add(line.row);
        }
        narrow(group, shown);
      }
      if (compare) sortLines(entry, shown, compare);
      markSorted(entry);
      entry.box.hidden = shown.size === 0;
      // The section of a group of rows has nothing else.
      entry.box.closest("[id^=srm-group-]")?.toggleAttribute("hidden", shown.size === 0);
    }
    say(left.size);
    measure();
  }

  const chosen = () => names.some((name) => state[name]);

  // How many of all rows are shown.
  function say(left) {
    const lines = [...document.querySelectorAll(".srm-table tbody > tr")];
    const all = new Set(lines.map(({ dataset }) => dataset.row ?? "")).size;
    tools.querySelector(".srm-showing").textContent = fill(words.showing, { shown: left ?? all, all });
    tools.toggleAttribute("data-chosen", chosen());
  }

  // ------------------------------------------------------------------- folding

  function foldRow(cell, folded) {
    const rows = cell.rowSpan > 1 || cell.scope === "rowgroup"
      ? [...cell.closest("tbody").rows]
      : [cell.parentNode];
    for (const tr of rows) {
      tr.toggleAttribute("data-folded", folded);
      for (const list of tr.querySelectorAll(".srm-tasks")) {
        list.parentNode.dataset.tasks = count("tasks", list.children.length);
      }
    }
    cell.querySelector(".srm-fold-row")?.setAttribute("aria-expanded", String(!folded));
  }

  function foldAll() {
    control("fold")?.setAttribute("aria-pressed", String(state.fold === "all"));
    document.querySelectorAll(ROW_HEADS).forEach((cell) => foldRow(cell, state.fold === "all"));
  }

  // ----------------------------------------------------------- tools of a row

  const ICONS = {
    fold: "M3.3 5.5 8 10.2l4.7-4.7 1 1L8 12.2 2.3 6.5z",
    link: "M6.5 11.7 5.3 13A2.5 2.5 0 0 1 1.7 9.4l2.5-2.5a2.5 2.5 0 0 1 3.5 0l.9-.9a3.8 3.8 0 0 0-5.3 0L.8 8.5A3.8 3.8 0 0 0 6.2 13.9l1.2-1.2zM9.5 4.3 10.7 3A2.5 2.5 0 0 1 14.3 6.6l-2.5 2.5a2.5 2.5 0 0 1-3.5 0l-.9.9a3.8 3.8 0 0 0 5.3 0l2.5-2.5A3.8 3.8 0 0 0 9.8 2.1L8.6 3.3z",
  };

  function button(name, label, icon) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.setAttribute("aria-label", label);
    made.title = label;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(svg.namespaceURI, "path");
    path.setAttribute("d", icon);
    svg.append(path);
    made.append(svg);
    return made;
  }

  function addTools(cell) {
    if (cell.querySelector(".srm-row-tools")) return;
    const row = cell.querySelector("a")?.textContent ?? cell.textContent;
    const box = document.createElement("span");
    box.className = "srm-row-tools";
    const fold = button("srm-fold-row", fill(words["row-fold"], { row }), ICONS.fold);
    fold.setAttribute("aria-expanded", String(!cell.closest("tr").hasAttribute("data-folded")));
    fold.onclick = () => foldRow(cell, fold.getAttribute("aria-expanded") === "true");
    const link = button("srm-copy-link", fill(words["row-link"], { row }), ICONS.link);
    link.onclick = () => copyLink(cell, link);
    box.append(fold, link);
    cell.append(box);
  }

  // Adding the tools of all rows at once would slow down a large page. They are added
  // when the reader is a window away; their space is reserved.
  const nearing = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      nearing.unobserve(target);
      addTools(target);
    }
  }, { rootMargin: "100% 0px" });

  async function copyLink(cell, link) {
    const url = new URL(location.href);
    url.search = "";
    url.hash = cell.closest("tr").id || cell.closest("tbody").rows[0].id;
    await window.srmCopy(url.href);
    said(link);
  }

  // Shows beside a button, and tells screen readers, that its action is done.
  function said(beside) {
    const note = document.createElement("span");
    note.className = "srm-said";
    note.setAttribute("role", "status");
    beside.after(note);
    note.textContent = words.copied;
    setTimeout(() => note.remove(), 2000);
  }

  // -------------------------------------------------------------------- saving

  let saving;

  function load(src) {
    saving ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = src;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    return saving;
  }

  async function save(event) {
    const pressed = event.target.closest("[data-save]");
    if (!pressed) return;
    await load(own.dataset.save);
    const table = pressed.closest(".srm-figure").querySelector(".srm-table");
    await window.srmSave(table, pressed.dataset.save);
    if (pressed.dataset.save === "copy") said(pressed);
  }

  // ------------------------------------------------------------ wide and small

  // Marks tables that continue beyond their box. An observer calls this after layout,
  // so that it causes no extra layout.
  const measured = new ResizeObserver(() => {
    const boxes = allTables().map((table) => [table.caption, table.closest(".srm-scroll")]);
    const wide = boxes.map(([, box]) => box.scrollWidth > box.clientWidth + 1);
    boxes.forEach(([caption], at) => { caption.dataset.sideways = wide[at] ? words.sideways : ""; });
  });

  function measure() {
    measured.disconnect();
    for (const table of allTables()) {
      measured.observe(table);
      measured.observe(table.closest(".srm-scroll"));
    }
  }

  // Browsers may no longer treat rows as rows when they are shown as cards.
  function keepRoles(table) {
    const roles = [["table", table], ["rowgroup", ...table.querySelectorAll("thead, tbody")],
      ["row", ...table.rows], ["columnheader", ...table.querySelectorAll("[scope=col]")],
      ["rowheader", ...table.querySelectorAll("[scope=row], [scope=rowgroup]")],
      ["cell", ...table.querySelectorAll("td")]];
    for (const [role, ...elements] of roles) elements.forEach((element) => element.setAttribute("role", role));
  }

  // -------------------------------------------------------------------- start

  // The element that an address names after its `#`, which may be any text, such as
  // `%`.
  function named() {
    const name = location.hash.slice(1);
    try {
      return decodeURIComponent(name);
    } catch {
      return name;
    }
  }

  // A link to a row shows that row, whatever the filters.
  function uncover() {
    const target = named() && document.getElementById(named());
    const line = target && target.closest("tr");
    if (!line || !(line.hidden || line.closest("[hidden]"))) return;
    state = Object.fromEntries(names.map((name) => [name, ""]));
    toAddress();
    fromAddress();
    show();
    target.scrollIntoView();
  }

  function change(event) {
    const { name } = event.target;
    if (!names.includes(name)) return;
    state[name] = event.target.value;
    toAddress();
    show();
  }

  function press(event) {
    const pressed = event.target.closest("button");
    if (pressed?.name === "more") {
      showChoices(!allChoices);
    } else if (pressed?.name === "fold") {
      state.fold = state.fold === "all" ? "" : "all";
      toAddress();
      foldAll();
    } else if (pressed?.name === "reset") {
      state = Object.fromEntries(names.map((name) => [name, ""]));
      toAddress();
      fromAddress();
      show();
      foldAll();
      control("q").focus();
    }
  }

  // Any two models: leads to their page, or to their columns of the matrix.
  function pick() {
    const two = document.querySelector(".srm-two");
    if (!two) return;
    const { page, pairs, matrix } = two.dataset;
    const there = pairs === undefined ? null : new Set(pairs.split("\n"));
    two.onchange = () => {
      const [first, second] = [...two.querySelectorAll("select")].map((select) => select.value);
      if (first === second) return;
      if (!there || there.has(`${first} ${second}`)) {
        const ids = { "{first}": first, "{second}": second };
        location.assign(page.replace(/{first}|{second}/g, (key) => encodeURIComponent(ids[key])));
      } else {
        location.assign(`${matrix}?${new URLSearchParams({ model: first, with: second })}`);
      }
    };
  }

  function start() {
    pick();
    // A page that was not patched needs nothing.
    if (tools?.isConnected && tools.dataset.ready) return;
    tools = document.querySelector(".srm-tools");
    if (!tools) return;
    tools.dataset.ready = "on";
    words = JSON.parse(tools.dataset.words);
    tables = null;
    const lists = [...tools.querySelectorAll(".srm-choices select")].map(({ name }) => name);
    names = [...NAMES, ...lists.filter((name) => name.startsWith(FIELD))];
    tools.oninput = change;
    tools.onclick = press;
    document.querySelectorAll(".srm-save").forEach((menu) => { menu.onclick = save; });
    allTables().forEach(keepRoles);
    fromAddress();
    nearing.disconnect();
    document.querySelectorAll(ROW_HEADS).forEach((cell) => nearing.observe(cell));
    // Otherwise the page is in its original state.
    if (chosen()) {
      show();
      foldAll();
    } else {
      say();
      measure();
    }
    if (followHash) uncover();
    followHash = false;
  }

  start();
  window.addEventListener("hashchange", uncover);
  document.addEventListener("srm-site:updated", start);
})();

// The boxes of checklists. Ticks are stored in this browser; nothing is sent
// anywhere. A tick belongs to the text of its task, so a changed task is open again.
(() => {
  if (document.body.dataset.kind !== "party") return;
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
      // Then ticks last only as long as the page.
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
      note.closest(".srm-ticks").hidden = boxes.length === 0;
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
    // Compute keys before adding boxes, while the text is still the original.
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
  // Another tab may have changed ticks.
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
