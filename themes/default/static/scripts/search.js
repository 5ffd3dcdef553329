// The search of the site: searches the index in `search/index.js` and shows the
// results in a dialog. site.js loads it when a reader first opens the search.
"use strict";

(() => {
  const own = (globalThis.srmSearch ??= {});

  // -------------------------------------------------------------------- words

  const WORD = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu;
  // Scripts without spaces between words. If every two neighbouring characters count
  // as a word, they need no dictionary.
  const UNSPACED = /([\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]+)/u;
  // Most texts need only this, which is faster.
  const PLAIN = /[a-z0-9]+/g;
  const ASCII = /^[\0-\x7f]*$/;
  // Accents of Latin, Greek and Cyrillic, and the optional marks of Hebrew and
  // Arabic. Those of Japanese and of Indian scripts change the letter.
  const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;
  const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i", ς: "σ" };

  // A word in the form that is compared: letter case, accents and width do not count.
  function fold(text) {
    const lower = text.toLowerCase();
    if (ASCII.test(lower)) return lower;
    const bare = lower.normalize("NFKD").replace(ACCENTS, "").normalize("NFC").toLowerCase();
    return bare.replace(/[ßæœøłđıς]/g, (letter) => LETTERS[letter]);
  }

  // The words of a text with their positions; for scripts without spaces, runs of
  // characters.
  function split(text) {
    const pieces = [];
    if (ASCII.test(text)) {
      for (const { 0: word, index } of text.toLowerCase().matchAll(PLAIN)) {
        pieces.push({ word, from: index, to: index + word.length, run: false });
      }
      return pieces;
    }
    const mayRun = UNSPACED.test(text);
    for (const { 0: whole, index } of text.matchAll(WORD)) {
      let from = index;
      for (const part of mayRun ? whole.split(UNSPACED) : [whole]) {
        const to = from + part.length;
        if (part) pieces.push({ word: fold(part), from, to, run: mayRun && UNSPACED.test(part) });
        from = to;
      }
    }
    return pieces;
  }

  // The terms of a run: each character, and each pair of neighbours.
  function grams(run) {
    const signs = [...run];
    return [...signs, ...pairs(signs)];
  }

  const pairs = (signs) => signs.slice(1).map((sign, at) => signs[at] + sign);

  // How many edits turn `a` into the word `b` or its beginning: letters inserted,
  // left out, changed, or two swapped. Stops counting beyond `most`.
  function edits(a, b, most) {
    if (a.length - b.length > most) return { whole: most + 1, start: most + 1 };
    // The rest of a longer word can only add edits.
    const length = Math.min(b.length, a.length + most);
    let before = [];
    let row = Array.from({ length: length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= length; j += 1) {
        const same = a[i - 1] === b[j - 1] ? 0 : 1;
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          next[j] = Math.min(next[j], before[j - 2] + 1);
        }
      }
      if (Math.min(...next) > most) return { whole: most + 1, start: most + 1 };
      [before, row] = [row, next];
    }
    return { whole: length < b.length ? most + 1 : row[length], start: Math.min(...row) };
  }

  // -------------------------------------------------------------------- index

  const ROW = 0;
  const PAGE = 1;

  // Where a text is in an entry, and the weight of a word there.
  const TITLE = 0;
  const NAME = 1;
  const SAYS = 2;
  const WHERE = 3;
  const WORTH = [10, 6, 3, 3];

  // Indexes texts. Each text is processed once, however many entries have it.
  function build({ texts, badges, pages, entries }) {
    const badgeTexts = badges.map(([, word, parties]) => `${word} ${parties}`);
    const all = [...texts, ...badgeTexts];
    const words = new Map();
    const add = (word, text) => {
      const list = words.get(word);
      if (!list) words.set(word, [text]);
      else if (list.at(-1) !== text) list.push(text);
    };
    all.forEach((text, number) => {
      for (const { word, run } of split(text)) {
        if (run) grams(word).forEach((gram) => add(gram, number));
        else add(word, number);
      }
    });
    // For each text, the entries that have it: four times the entry, plus where.
    const uses = all.map(() => []);
    entries.forEach(([kind, , anchor, title, badge, where, names, says], number) => {
      const use = (text, field) => uses[text].push(number * WORTH.length + field);
      use(title, TITLE);
      names.forEach((text) => use(text, NAME));
      if (kind === ROW) use(anchor, NAME);
      says.forEach((text) => text >= 0 && use(text, SAYS));
      where.forEach((text) => use(text, WHERE));
      if (badge) use(texts.length + badge - 1, WHERE);
    });
    // A word in a short text counts more than one in a long text.
    const share = all.map((text) => 0.6 + 0.4 / (1 + text.length / 300));
    return { all, badges, pages, entries, words, uses, share, sorted: [...words.keys()].sort(), flats: [] };
  }

  // A text as its words with one space around each.
  function flat(index, text) {
    return (index.flats[text] ??= flatten(split(index.all[text])));
  }

  const flatten = (pieces) => ` ${pieces.map(({ word }) => word).join(" ")} `;

  // -------------------------------------------------------------------- query

  // The query: words, runs and phrases, in any order.
  function parse(query) {
    const terms = [];
    const parts = query.split(/["“”„«»「」『』]/);
    parts.forEach((part, at) => {
      const pieces = split(part);
      const closed = at < parts.length - 1;
      if (at % 2 === 1 && pieces.length > 0) terms.push({ pieces, closed });
      else pieces.forEach((piece) => terms.push({ pieces: [piece], closed: false }));
    });
    return terms.slice(0, 24);
  }

  // How well each text matches a term, as a number up to 1. `seen` collects the words
  // that matched, for the marks.
  function matches(index, term, seen) {
    const { pieces: [first], closed } = term;
    if (term.pieces.length > 1 || closed) return phrase(index, term, seen);
    return first.run ? run(index, first.word, seen) : word(index, first.word, seen);
  }

  function word(index, asked, seen) {
    const found = new Map();
    const take = (known, worth) => {
      seen.add(known);
      for (const text of index.words.get(known)) {
        if (worth > (found.get(text) ?? 0)) found.set(text, worth);
      }
    };
    for (let at = lowerBound(index.sorted, asked); index.sorted[at]?.startsWith(asked); at += 1) {
      const known = index.sorted[at];
      take(known, known === asked ? 1 : 0.4 + 0.4 * (asked.length / known.length));
    }
    if (found.size > 0) return found;
    if (asked.length > 2) {
      for (const known of index.sorted) if (known.includes(asked)) take(known, 0.35);
    }
    if (found.size > 0) return found;
    const most = asked.length >= 8 ? 2 : asked.length >= 4 ? 1 : 0;
    for (const known of most ? index.sorted : []) {
      const { whole, start } = edits(asked, known, most);
      if (whole <= most) take(known, 0.5 - 0.1 * whole);
      else if (start <= most) take(known, 0.3 - 0.1 * start);
    }
    return found;
  }

  function lowerBound(sorted, asked) {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < asked) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function run(index, asked, seen) {
    const signs = [...asked];
    const parts = signs.length > 1 ? pairs(signs) : signs;
    const counts = new Map();
    for (const part of new Set(parts)) {
      for (const text of index.words.get(part) ?? []) counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const found = new Map();
    for (const text of counts.keys()) if (flat(index, text).includes(asked)) found.set(text, 1);
    if (found.size > 0) {
      seen.add(asked);
      return found;
    }
    // One character may be wrong: then at least half of the pairs match.
    const needed = Math.max(1, new Set(parts).size / 2);
    if (signs.length < 3) return found;
    for (const [text, count] of counts) {
      if (count >= needed) found.set(text, 0.4 * (count / parts.length));
    }
    parts.forEach((part) => seen.add(part));
    return found;
  }

  // Words side by side. The reader may still be typing the last one.
  function phrase(index, { pieces, closed }, seen) {
    const last = pieces.at(-1);
    const asked = flatten(pieces).slice(pieces[0].run ? 1 : 0, last.run || !closed ? -1 : undefined);
    const begin = pieces[0].run ? [...pieces[0].word][0] : pieces[0].word;
    const found = new Map();
    for (const text of index.words.get(begin) ?? []) {
      if (flat(index, text).includes(asked)) found.set(text, 1);
    }
    for (const { word: part } of pieces) seen.add(part);
    if (!closed && !last.run) {
      for (let at = lowerBound(index.sorted, last.word); index.sorted[at]?.startsWith(last.word); at += 1) {
        seen.add(index.sorted[at]);
      }
    }
    return found;
  }

  // ------------------------------------------------------------------ ranking

  // The score of one term in each entry. Rare words count more than common ones.
  function score(index, found) {
    const fields = new Map();
    for (const [text, match] of found) {
      for (const use of index.uses[text]) {
        const entry = Math.floor(use / WORTH.length);
        const field = use % WORTH.length;
        const worth = field === SAYS ? match * index.share[text] : match;
        const best = fields.get(entry) ?? [0, 0, 0, 0];
        // Several matching tasks add a little.
        best[field] = best[field] ? Math.max(best[field], worth) + 0.05 : worth;
        fields.set(entry, best);
      }
    }
    const rare = Math.log(2 + index.entries.length / (fields.size || 1));
    const scores = new Map();
    for (const [entry, best] of fields) {
      const sum = best.reduce((all, worth, field) => all + Math.min(worth, 1.2) * WORTH[field], 0);
      scores.set(entry, { sum: sum * rare, title: Math.max(best[TITLE], best[NAME]) });
    }
    return scores;
  }

  // What comes first in any case: an equal title, then a title that begins with the
  // query, then one that contains it; of equals, the shorter one.
  function closeness(index, entry, asked, titled) {
    const [kind, , anchor, title, , , names] = index.entries[entry];
    const close = (text, whole, start, middle) => {
      const known = flat(index, text);
      const share = asked.length / known.length;
      if (known === asked) return whole;
      const open = asked.slice(0, -1);
      if (known.startsWith(open)) return start + 20 * share;
      return known.includes(open) ? middle + 20 * share : 0;
    };
    const others = kind === ROW ? [...names, anchor] : names;
    const best = Math.max(close(title, 1000, 300, 120), ...others.map((text) => close(text, 600, 200, 80)));
    const all = titled ? 40 * Math.min(1, asked.length / flat(index, title).length) : 0;
    return best + all + (kind === PAGE ? 1 : 0);
  }

  function rank(index, query) {
    const terms = parse(query).map((term) => ({ ...term, seen: new Set() }));
    if (terms.length === 0) return { terms, ranked: [] };
    for (const term of terms) {
      term.found = matches(index, term, term.seen);
      term.scores = score(index, term.found);
    }
    const entries = new Set(terms.flatMap(({ scores }) => [...scores.keys()]));
    const every = [...entries].filter((entry) => terms.every(({ scores }) => scores.has(entry)));
    const asked = flatten(terms.flatMap(({ pieces }) => pieces));
    const value = (entry) => {
      const there = terms.map(({ scores }) => scores.get(entry)).filter(Boolean);
      const sum = there.reduce((all, { sum: one }) => all + one, 0);
      if (there.length < terms.length) return sum * (there.length / terms.length) ** 2;
      return sum + closeness(index, entry, asked, there.every(({ title }) => title > 0));
    };
    // Some of the words are enough only if no entry has all of them.
    const ranked = (every.length > 0 ? every : [...entries])
      .map((entry) => ({ entry, value: value(entry) }))
      .sort((a, b) => b.value - a.value || a.entry - b.entry);
    return { terms, ranked };
  }

  // ------------------------------------------------------------ what is shown

  // A text split into marked and unmarked parts.
  function mark(text, terms) {
    const places = [];
    for (const { word: known, from, to, run: isRun } of split(text)) {
      for (const { seen } of terms) {
        if (!isRun) {
          if (seen.has(known)) places.push([from, to]);
          continue;
        }
        // If folding changed the length, the position is not exact.
        if (known.length !== to - from) continue;
        for (const part of seen) {
          for (let at = known.indexOf(part); at >= 0; at = known.indexOf(part, at + 1)) {
            places.push([from + at, from + at + part.length]);
          }
        }
      }
    }
    places.sort((a, b) => a[0] - b[0]);
    const parts = [];
    let done = 0;
    for (const [from, to] of places) {
      if (to <= done) continue;
      if (from > done) parts.push({ text: text.slice(done, from), marked: false });
      parts.push({ text: text.slice(Math.max(from, done), to), marked: true });
      done = to;
    }
    if (done < text.length) parts.push({ text: text.slice(done), marked: false });
    return parts;
  }

  const LONGEST = 180;

  // A long text is shortened around its first mark, between words.
  function cut(text, terms) {
    if (text.length <= LONGEST) return mark(text, terms);
    const [first] = mark(text, terms);
    const before = first.marked ? 0 : first.text.length;
    const start = before < LONGEST / 2 ? 0 : text.lastIndexOf(" ", before - LONGEST / 3) + 1 || before;
    const end = start + LONGEST < text.length ? text.lastIndexOf(" ", start + LONGEST) : text.length;
    const stop = end > before ? end : Math.min(text.length, start + LONGEST);
    const shown = `${start > 0 ? "… " : ""}${text.slice(start, stop)}${stop < text.length ? " …" : ""}`;
    return mark(shown, terms);
  }

  // The text of an entry that matches best, and whose task it is. Of equals, a task
  // is preferred to a note.
  function excerpt(index, says, terms) {
    let best = null;
    let lead = "";
    for (const number of says) {
      if (number < 0) {
        lead = index.all[-1 - number];
        continue;
      }
      const value = terms.reduce((sum, { found }) => sum + (found.get(number) ?? 0), 0);
      const better = best ? value > best.value || (value === best.value && lead && !best.lead) : value > 0;
      if (better) best = { value, lead, number };
    }
    return best && { lead: best.lead, parts: cut(index.all[best.number], terms) };
  }

  function hit(index, entry, terms) {
    const [kind, page, anchor, title, badge, where, , says] = index.entries[entry];
    const fragment = index.all[anchor];
    const named = terms.some(({ scores }) => scores.get(entry)?.title > 0);
    return {
      group: kind === ROW ? "rows" : named ? "pages" : "mentions",
      href: index.pages[page] + (fragment ? `#${fragment}` : ""),
      title: index.all[title],
      parts: mark(index.all[title], terms),
      badge: badge ? index.badges[badge - 1] : null,
      where: where.map((text) => index.all[text]),
      excerpt: excerpt(index, says, terms),
    };
  }

  let current = null;

  // The results of a query, best first: their number, and the first of them.
  // Addresses are relative to the top of the site.
  function find(query, limit = 50) {
    if (own.index) {
      current = build(own.index);
      own.index = null;
    }
    if (!current) return { total: 0, hits: [] };
    const { terms, ranked } = rank(current, query);
    return { total: ranked.length, hits: ranked.slice(0, limit).map(({ entry }) => hit(current, entry, terms)) };
  }

  own.find = find;

  // --------------------------------------------------------------- the dialog

  const SHOWN = 50;

  // Data from the page's button: the way to the top of the site and the path of the
  // index. Then the dialog and its words.
  let site = null;
  let parts = null;
  let words = null;

  function describe(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // The index is a script, because a page from a disk cannot read data. In the
  // preview, new versions are loaded without reloading the page.
  let loaded = null;
  let version = 0;

  function loadIndex() {
    version += 1;
    const script = make("script", { src: `${site.root}${site.index}?srm-site=${version}` });
    script.dataset.updates = "";
    document.querySelector("script[data-updates]")?.remove();
    return new Promise((done, fail) => {
      script.onload = done;
      script.onerror = fail;
      document.head.append(script);
    });
  }

  function buildDialog() {
    words = own.words;
    const input = describe(make("input", { className: "srm-search-input", type: "text" }), {
      role: "combobox", "aria-label": words.label, placeholder: words.label, "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": "srm-search-hits", autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", enterkeyhint: "go",
    });
    const close = make("button", { className: "srm-search-close", type: "button", textContent: words.close });
    const bar = describe(make("div", { className: "srm-search-bar" }, input, close), { role: "search" });
    const status = describe(make("p", { className: "srm-search-status" }), { role: "status" });
    const hits = describe(make("div", { className: "srm-search-hits", id: "srm-search-hits" }), {
      role: "listbox", "aria-label": words.hits,
    });
    const box = make("div", { className: "srm-search-box" }, bar, status, hits);
    const dialog = describe(make("dialog", { className: "srm-search" }, box), { "aria-label": words.search });
    parts = { dialog, input, status, hits, options: [], active: -1 };
    document.body.append(dialog);
    listen();
  }

  function listen() {
    const { dialog, input, hits } = parts;
    input.addEventListener("input", (event) => {
      // Text that an input method is still composing is not a query yet.
      if (!event.isComposing) show();
    });
    input.addEventListener("compositionend", show);
    input.addEventListener("keydown", onKey);
    dialog.querySelector(".srm-search-close").addEventListener("click", () => dialog.close());
    // A click beside the dialog closes it, unless it began inside, as when text is
    // selected.
    let began = null;
    dialog.addEventListener("pointerdown", (event) => (began = event.target));
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog && began === dialog) dialog.close();
    });
    hits.addEventListener("click", (event) => {
      const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
      if (event.target.closest("[role=option]") && !elsewhere) dialog.close();
    });
    dialog.addEventListener("close", () => {
      input.setAttribute("aria-expanded", "false");
    });
  }

  const STEPS = {
    ArrowDown: (at, n) => (at + 1) % n,
    ArrowUp: (at, n) => (at <= 0 ? n - 1 : at - 1),
    Home: () => 0,
    End: (_, n) => n - 1,
  };

  function onKey(event) {
    const { options, active } = parts;
    const composing = event.isComposing || event.keyCode === 229;
    if (composing || options.length === 0) return;
    if (event.key === "Enter") {
      event.preventDefault();
      const { ctrlKey, metaKey, shiftKey } = event;
      options[active]?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
    } else if (Object.hasOwn(STEPS, event.key) && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      activate(STEPS[event.key](active, options.length));
    }
  }

  function activate(at) {
    const { input, options, active } = parts;
    options[active]?.setAttribute("aria-selected", "false");
    parts.active = at;
    const option = options[at];
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  // Runs the current query and shows the results.
  function show() {
    const { input, hits, status } = parts;
    const { total, hits: found } = find(input.value, SHOWN);
    // The group of the best result comes first.
    const groups = [...new Set(found.map(({ group }) => group))];
    parts.options = [];
    hits.replaceChildren(...groups.map((name) => groupOf(name, found.filter(({ group }) => group === name))));
    hits.scrollTop = 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    activate(found.length > 0 ? 0 : -1);
    if (!input.value.trim()) status.textContent = words.hint;
    else if (total === 0) status.textContent = words.none;
    else {
      const count = fill(total === 1 ? words.one : words.many, total);
      status.textContent = total > SHOWN ? `${count} ${fill(words.first, SHOWN)}` : count;
    }
  }

  function groupOf(name, inside) {
    const id = `srm-search-${name}`;
    const heading = make("div", { className: "srm-search-group", id, textContent: words[name] });
    heading.setAttribute("role", "presentation");
    const group = make("div", {}, heading, ...inside.map(option));
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", id);
    return group;
  }

  const fill = (text, n) => text.replace("{n}", n);

  // Text is inserted as text only, never as HTML.
  const marked = (pieces) => pieces.map(({ text, marked: yes }) => (yes ? make("mark", { textContent: text }) : text));

  function option({ href, parts: title, badge, where, excerpt: told }) {
    const line = make("span", { className: "srm-search-title" }, ...marked(title));
    const element = make("a", { href: site.root + href, className: "srm-search-hit", tabIndex: -1 }, line);
    element.id = `srm-search-${parts.options.length}`;
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    if (badge) element.append(" ", badgeOf(badge));
    if (where.length > 0) {
      const places = where.flatMap((text, at) => [...(at > 0 ? [" · "] : []), make("bdi", { textContent: text })]);
      element.append(" ", make("span", { className: "srm-search-where" }, ...places));
    }
    if (told) {
      const lead = told.lead ? [make("b", { textContent: told.lead }), ": "] : [];
      element.append(" ", make("span", { className: "srm-search-excerpt" }, ...lead, ...marked(told.parts)));
    }
    parts.options.push(element);
    return element;
  }

  const SVG = "http://www.w3.org/2000/svg";

  // The same as in the tables: shape, word, parties.
  function badgeOf([owner, word, parties, remark, shape]) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    svg.append(path);
    const badge = make("span", { className: "srm-badge" }, svg, make("span", { className: "srm-badge-word", textContent: word }));
    badge.dataset.owner = owner;
    if (parties) badge.append(" ", make("span", { className: "srm-badge-parties", textContent: parties }));
    if (remark) badge.append(make("span", { className: "srm-badge-conditional", textContent: `, ${remark}` }));
    return badge;
  }

  // Opens the search. `button` names the files of its page; `index` is a promise that
  // resolves when the index is loaded.
  own.open = async (button, index) => {
    const { root, files } = button.dataset;
    site = { root, index: files.split(" ")[0] };
    loaded ??= version === 0 ? index : loadIndex();
    if (!parts) buildDialog();
    const { dialog, input, status } = parts;
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    show();
    try {
      await loaded;
      show();
    } catch {
      loaded = null;
      version += 1;
      status.textContent = words.failed;
    }
  };

  // The preview removes what scripts have added to the page.
  function restore() {
    const { dialog } = parts;
    if (dialog.isConnected) return;
    document.body.append(dialog);
    if (!dialog.open) return;
    dialog.removeAttribute("open");
    dialog.showModal();
  }

  // In the preview, results may have disappeared or been added.
  document.addEventListener("srm-site:updated", async ({ detail }) => {
    if (parts) restore();
    if (!site || !detail?.files?.includes(site.index)) return;
    loaded = loadIndex();
    await loaded.catch(() => {});
    if (parts?.dialog.open) show();
  });
})();
