// Keeps a page that serve sent up to date. It hears of each new revision of
// the site, patches the page where it stands, and shows what keeps a new site
// from being made. After a patch `srm-site:updated` is dispatched on the
// document; its `detail.files` names the files that are new.
"use strict";

(() => {
  const script = document.currentScript;
  const own = new URL("./", script.src);
  const top = new URL("../", own);
  const name = `srm-site ${top.pathname}`;
  // The page's path in the site. A page that is shown for a path where nothing
  // is knows that path as well; the page before the first site has neither.
  const { page, wanted } = script.dataset;

  // What the document is made from: a revision, and the hashes of its files.
  let made = script.dataset.revision;
  let known = null;
  // The newest state heard of.
  let last = { session: "", number: -1 };

  // ------------------------------------------------------------- hearing news

  const FIRST_DELAY = 250;
  const LAST_DELAY = 5000;
  let delay = FIRST_DELAY;
  let leave = () => {};

  // Browsers keep few connections to a host, so one tab listens for all. Where
  // tabs cannot agree on one (no secure context), each asks now and then.
  function follow() {
    catchUp();
    if (!navigator.locks || !window.BroadcastChannel) {
      const timer = setInterval(() => document.hidden || look(), 1000);
      leave = () => clearInterval(timer);
      return;
    }
    const channel = new BroadcastChannel(name);
    channel.onmessage = (event) => take(event.data);
    const gone = new AbortController();
    leave = () => {
      gone.abort();
      channel.close();
    };
    const { signal } = gone;
    const lead = () => new Promise((end) => listen(channel, signal, end));
    const queue = () => navigator.locks.request(name, { signal }, lead).then(queue, () => {});
    queue();
  }

  // Listens until the server is gone, and leaves the next try to the next tab.
  function listen(channel, gone, end) {
    const source = new EventSource(new URL("events", own));
    gone.addEventListener("abort", () => {
      source.close();
      end();
    });
    source.onmessage = (event) => {
      delay = FIRST_DELAY;
      const state = JSON.parse(event.data);
      channel.postMessage(state);
      take(state);
    };
    source.onerror = () => {
      source.close();
      setTimeout(end, delay);
      delay = Math.min(delay * 2, LAST_DELAY);
    };
  }

  async function ask(paths) {
    const query = paths.map((path) => `path=${encodeURIComponent(path)}`).join("&");
    const response = await fetch(new URL(`state?${query}`, own), { cache: "no-store" });
    if (!response.ok) throw new Error(`${response.status}`);
    return response.json();
  }

  const look = () => ask([]).then(take, () => {});

  function take(state) {
    // A late answer must not take the place of a newer one.
    if (state.session === last.session && state.number <= last.number) return;
    last = state;
    if (page) show(state);
    if (!page || (state.site && state.site !== made)) catchUp();
  }

  // -------------------------------------------------------------- catching up

  let busy = false;
  let again = false;

  async function catchUp() {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      // Without an answer the next message is the next try.
      await update().catch(() => {});
    }
    busy = false;
  }

  async function update() {
    const paths = parts();
    if (await follows(paths)) return;
    const state = await ask(paths);
    take(state);
    if (!page) return wait(state);
    if (!state.site) return;
    const now = new Map(paths.map((path, at) => [path, state.hashes[at]]));
    if (state.site === made) {
      known = new Map([...now, ...(known ?? [])]);
      return;
    }
    // When the site changed while this was loading, anything may be old.
    known ??= new Map();
    const gone = !wanted && now.get(page) === null;
    banner(gone ? "This page is gone from the site. What it showed last is still here." : "");
    if (gone) now.set(page, known.get(page));
    const changed = paths.filter((path) => (now.get(path) ?? null) !== (known.get(path) ?? null));
    const before = new Map([...document.querySelectorAll(ADDRESSED)].map((e) => [e, address(e)]));
    if (changed.includes(page) && !(await patch())) return reload();
    for (const path of changed) {
      if (path !== page && now.get(path) && !(await swap(path, now.get(path), before))) return reload();
    }
    made = state.site;
    known = now;
    if (changed.length === 0) return;
    // The patch may have brought new files along.
    again = true;
    tell(changed);
  }

  // An event that follows on what is shown says which files are new, so that
  // nothing has to be asked where that is the page alone, or nothing of it.
  async function follows(paths) {
    const { site, since, changed } = last;
    if (!changed || since !== made || site === made) return false;
    if (!known || !paths.every((path) => known.has(path))) return false;
    const own = paths.filter((path) => changed.includes(path));
    if (own.some((path) => path !== page)) return false;
    if (own.length > 0) {
      const patched = await patch();
      if (!patched?.hash) return false;
      known.set(page, patched.hash);
      banner("");
    }
    made = site;
    if (own.length === 0) return true;
    again ||= parts().some((path) => !known.has(path));
    tell(own);
    return true;
  }

  const tell = (files) => document.dispatchEvent(new CustomEvent("srm-site:updated", { detail: { files } }));

  // Before the first site: the list of problems is the page.
  async function wait(state) {
    const newest = `${state.session}.${state.number}`;
    if (state.site || (newest !== made && !(await patch()))) return reload();
    made = newest;
  }

  // Browsers keep the scroll position over a reload.
  const reload = () => location.reload();

  // -------------------------------------------------------- files of the page

  const ADDRESSED = "link[rel~=stylesheet][href], img[src], script[src]";
  const OWN_QUERY = "srm-site";

  const address = (element) => element.href || element.src;

  function pathOf(url) {
    try {
      const { origin, pathname } = new URL(url, document.baseURI);
      const inside = origin === top.origin && pathname.startsWith(top.pathname);
      const path = inside ? decodeURIComponent(pathname.slice(top.pathname.length)) : "";
      return path.startsWith(".srm-site/") ? "" : path;
    } catch {
      return "";
    }
  }

  // Paths of everything this page is made of: what it names, and what those
  // load in turn (fonts, imported style sheets, data).
  function parts() {
    const named = [...document.querySelectorAll(ADDRESSED)].map(address);
    const loaded = performance.getEntriesByType("resource")
      .filter((entry) => !["link", "script"].includes(entry.initiatorType))
      .map((entry) => entry.name);
    const paths = new Set([page, wanted, ...[...named, ...loaded].map(pathOf)]);
    // All of them have to fit into one address.
    let room = 8000;
    const fits = (path) => path && (room -= encodeURIComponent(path).length) > 0;
    return [...paths].filter(fits).slice(0, 200);
  }

  // Shows a new version of a file, if that can be done without a reload.
  async function swap(path, hash, before) {
    const users = [...before.keys()].filter((e) => pathOf(before.get(e)) === path);
    for (const element of users) {
      const renamed = address(element) !== before.get(element);
      // Who loaded such a script takes its new version from `detail.files`.
      const looksAfterItself = element.dataset.updates !== undefined;
      if (renamed || !element.isConnected || looksAfterItself) continue;
      if (element.localName === "script" || element.srcset) return false;
      const url = new URL(address(element));
      url.searchParams.set(OWN_QUERY, hash.slice(0, 8));
      if (element.localName === "img") {
        element.src = url;
        continue;
      }
      const next = element.cloneNode();
      next.href = url;
      const done = loaded(next);
      element.after(next);
      if (served.has(element)) served.add(next);
      await done;
      element.remove();
    }
    return users.length > 0;
  }

  function loaded(link) {
    return new Promise((done) => {
      link.addEventListener("load", done);
      link.addEventListener("error", done);
      setTimeout(done, 3000);
    });
  }

  // ----------------------------------------------------------------- patching

  const isOwn = (element) => element.localName === "script" && element.dataset.revision !== undefined;
  // What scripts are, what they work with and whether they may run: a policy
  // cannot be taken back. Comparing nodes leaves templates out.
  const POLICY = 'meta[http-equiv="Content-Security-Policy" i]';
  const scripts = (of) => [...of.querySelectorAll(`script:not([type$=json]), template, ${POLICY}`)]
    .map((element) => isOwn(element) ? element.src : element.outerHTML)
    .join("\n");
  const madeOfScripts = scripts(document);
  // Scripts and extensions put things into the head; those stay.
  const served = new Set(document.head.children);

  // Turns the document into what the server has now; null if that takes a
  // reload. The hash is that of what the document is now.
  async function patch() {
    const response = await fetch(location.href, { cache: "no-store" });
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    const tag = [...next.scripts].find(isOwn);
    if (!tag) return null;
    // Gone or made meanwhile: the next message says so.
    if (tag.dataset.page !== page) return page ? {} : null;
    if (scripts(next) !== madeOfScripts) return null;
    try {
      keepVersions(next);
      const outdated = await morphHead(next.head);
      const restore = remember();
      outdated.forEach((element) => element.remove());
      morphAttributes(document.documentElement, next.documentElement);
      morph(document.body, next.body);
      restore();
      return { hash: tag.dataset.hash };
    } catch {
      return null;
    }
  }

  // A swapped file keeps its new address as long as the page names the same.
  function keepVersions(next) {
    const versions = new Map();
    for (const element of document.querySelectorAll(ADDRESSED)) {
      const url = new URL(address(element));
      if (!url.searchParams.has(OWN_QUERY)) continue;
      const version = url.href;
      url.searchParams.delete(OWN_QUERY);
      versions.set(url.href, version);
    }
    for (const element of next.querySelectorAll("link[href], img[src]")) {
      const version = versions.get(element.href || element.src);
      if (version) element.setAttribute(element.href ? "href" : "src", version);
    }
  }

  // Brings in what is new in the head, waits for its style sheets, and returns
  // what is to go.
  async function morphHead(next) {
    const old = new Set([...served].filter((e) => !isOwn(e)));
    const waits = [];
    let previous = null;
    for (const fresh of next.children) {
      if (isOwn(fresh)) continue;
      let element = [...old].find((e) => e.outerHTML === fresh.outerHTML);
      if (element) {
        old.delete(element);
        // Style sheets that trade places would have to be loaded again.
        if (previous && previous.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING) {
          throw new Error("order");
        }
      } else {
        element = document.importNode(fresh, true);
        if (element.matches("link[rel~=stylesheet]")) waits.push(loaded(element));
        if (previous) previous.after(element);
        else document.head.prepend(element);
        served.add(element);
      }
      previous = element;
    }
    await Promise.all(waits);
    for (const element of old) served.delete(element);
    return old;
  }

  // What a reader did to an element is no attribute of the page, and what
  // scripts say of the whole document holds on.
  const isState = (element, attribute) => element === document.documentElement
    ? attribute.startsWith("data-")
    : attribute === "open" && element.matches("details, dialog");

  function morphAttributes(from, to) {
    for (const { name } of [...from.attributes]) {
      if (!to.hasAttribute(name) && !isState(from, name)) from.removeAttribute(name);
    }
    for (const { name, value } of to.attributes) {
      if (from.getAttribute(name) !== value && !isState(from, name)) from.setAttribute(name, value);
    }
  }

  function morph(from, to) {
    if (from.nodeType !== Node.ELEMENT_NODE) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    // A parser without scripts reads `noscript` in another way.
    if (from.localName === "noscript" || from.isEqualNode(to)) return;
    morphAttributes(from, to);
    morphChildren(from, to);
  }

  const kind = (node) => `${node.namespaceURI} ${node.nodeName}`;
  const content = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return `${kind(node)} ${node.data}`;
    if (node.id) return `${kind(node)} #${node.id}`;
    // The words, since scripts put attributes on nearly everything.
    return `${kind(node)} ${node.textContent || node.outerHTML.replaceAll(' open=""', "")}`;
  };

  // Finds for each new child the old one it goes on from: first those with the
  // same id or words, then any of the same kind, in order. What is found
  // stays in the document, so that it keeps its state.
  function morphChildren(from, to) {
    let old = [...from.childNodes];
    let fresh = [...to.childNodes];
    // What is the same at both ends is most of it.
    const differs = old.findIndex((node, at) => !node.isEqualNode(fresh[at] ?? null));
    const start = differs < 0 ? old.length : differs;
    old = old.slice(start);
    fresh = fresh.slice(start);
    let end = null;
    while (old.length && fresh.length && old.at(-1).isEqualNode(fresh.at(-1))) {
      end = old.pop();
      fresh.pop();
    }
    // One of a kind on both sides is the usual edit, and needs no search.
    if (old.length === 1 && fresh.length === 1 && kind(old[0]) === kind(fresh[0]) && old[0].id === fresh[0].id) {
      return morph(old[0], fresh[0]);
    }
    const partners = new Map();
    const pair = (key, mayPair) => {
      const groups = new Map();
      for (const node of old.filter(mayPair)) {
        const group = groups.get(key(node)) ?? [];
        group.push(node);
        groups.set(key(node), group);
      }
      for (const node of fresh.filter((n) => !partners.has(n) && mayPair(n))) {
        const partner = groups.get(key(node))?.shift();
        if (partner) partners.set(node, partner);
      }
    };
    pair(content, () => true);
    const taken = new Set(partners.values());
    pair(kind, (node) => !node.id && !taken.has(node));

    const kept = new Set(partners.values());
    let place = old.find((node) => kept.has(node)) ?? end;
    old.filter((node) => !kept.has(node)).forEach((node) => node.remove());
    for (const node of fresh) {
      const partner = partners.get(node);
      if (!partner) {
        from.insertBefore(document.importNode(node, true), place);
        continue;
      }
      if (partner === place) place = place.nextSibling;
      else from.insertBefore(partner, place);
      morph(partner, node);
    }
  }

  // Boxes that were ever scrolled. To ask all elements of a large page would
  // take longer than to patch it.
  const scrolled = new Set();
  document.addEventListener("scroll", ({ target }) => {
    if (target !== document) scrolled.add(target);
  }, { capture: true, passive: true });

  // Where the reader is: what is in view, in focus, selected and scrolled to.
  function remember() {
    // At the top of the page nothing has to be held in its place.
    const inView = scrollY > 0 ? [document.elementFromPoint(innerWidth / 2, innerHeight / 3)] : [];
    while (inView.at(-1)?.parentElement) inView.push(inView.at(-1).parentElement);
    const heights = inView.filter(Boolean).map((e) => [e, e.getBoundingClientRect().top]);
    for (const element of scrolled) if (!element.isConnected) scrolled.delete(element);
    const boxes = [...scrolled].map((e) => [e, e.scrollTop, e.scrollLeft]);
    const focus = document.activeElement ?? document.body;
    const caret = focus.selectionStart !== undefined && focus.selectionStart !== null
      ? [focus.selectionStart, focus.selectionEnd, focus.selectionDirection] : null;
    const selection = getSelection();
    const { anchorNode, anchorOffset, focusNode, focusOffset, isCollapsed } = selection;

    return () => {
      if (document.activeElement !== focus) {
        const target = focus.isConnected ? focus : document.getElementById(focus.id);
        target?.focus({ preventScroll: true });
        if (caret && target?.setSelectionRange) target.setSelectionRange(...caret);
      }
      if (!isCollapsed && anchorNode?.isConnected && focusNode.isConnected) {
        const within = (node, offset) => Math.min(offset, (node.data ?? node.childNodes).length);
        selection.setBaseAndExtent(
          anchorNode, within(anchorNode, anchorOffset), focusNode, within(focusNode, focusOffset),
        );
      }
      for (const [box, up, left] of boxes) {
        if (box.scrollTop !== up) box.scrollTop = up;
        if (box.scrollLeft !== left) box.scrollLeft = left;
      }
      const still = heights.find(([element]) => element.isConnected);
      const moved = still ? still[0].getBoundingClientRect().top - still[1] : 0;
      if (moved) scrollBy({ top: moved, behavior: "instant" });
    };
  }

  // ------------------------------------------------------------- what is shown

  // The same list as in serve.rs.
  const SCHEMES = ["http", "https", "file", "vscode", "vscodium", "cursor", "idea", "zed", "subl", "txmt"];
  let layer = null;
  let dismissed = "";

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // Shown once its style is there, in a root that no theme reaches into.
  function open() {
    if (layer) return layer;
    const host = document.createElement("srm-site-live");
    const style = make("link", { rel: "stylesheet", href: new URL("live.css", own) });
    layer = make("div", { className: "layer", hidden: true });
    host.attachShadow({ mode: "open" }).append(style, layer);
    loaded(style).then(() => {
      layer.hidden = false;
      layer.querySelector(".panel.failed")?.focus({ preventScroll: true });
    });
    document.documentElement.append(host);
    return layer;
  }

  function put(className, element) {
    const old = layer?.querySelector(`.${className}`);
    if (element && old) old.replaceWith(element);
    else if (element) open().append(element);
    else old?.remove();
  }

  function banner(words) {
    const shown = words && make("p", { className: "banner", role: "status", textContent: words });
    put("banner", shown || null);
  }

  function count(problems, more) {
    const words = ["error", "warning", "note"].map((severity) => {
      const n = problems.filter((p) => p.severity === severity).length;
      return n ? `${n} ${severity}${n > 1 ? "s" : ""}` : "";
    });
    return words.filter(Boolean).join(", ") + (more ? ` and ${more} more` : "");
  }

  // Problems that stop the site are shown at once, others when asked for.
  function show(state) {
    const { failed, problems } = state;
    const text = JSON.stringify([failed, problems]);
    const wasOpen = Boolean(layer?.querySelector(".panel"));
    if (!failed) dismissed = "";
    corner(state, text);
    if (problems.length === 0) return closePanel();
    if (failed ? text !== dismissed : wasOpen) openPanel(state, text);
    else closePanel();
  }

  function corner(state, text) {
    const { failed, problems, more } = state;
    if (problems.length === 0) return put("corner", null);
    const button = make("button", { type: "button", textContent: count(problems, more) });
    button.className = failed ? "corner failed" : "corner";
    button.setAttribute("aria-haspopup", "dialog");
    button.onclick = () => openPanel(state, text, true);
    put("corner", button);
  }

  let panelText = "";
  let focusBefore = null;

  function openPanel(state, text, asked = false) {
    const old = layer?.querySelector(".panel");
    if (old && text === panelText) return;
    const { failed, problems, more } = state;
    const title = make("h1", { id: "title", textContent: failed ? "The site cannot be made" : "Findings" });
    const close = make("button", { type: "button", textContent: "Close", title: "Esc", onclick: dismiss });
    const lead = failed
      ? `${count(problems, more)}. Beneath is the last site without errors.`
      : `${count(problems, more)}.`;
    const panel = make("section", { className: failed ? "panel failed" : "panel", tabIndex: -1 },
      make("div", { className: "top" }, title, close),
      make("p", { className: "lead", id: "lead", textContent: lead }),
      ...problems.map(problem));
    panel.setAttribute("role", failed ? "alertdialog" : "dialog");
    panel.setAttribute("aria-labelledby", "title");
    panel.setAttribute("aria-describedby", "lead");
    panelText = text;
    const focused = isFocusIn(old);
    if (!old) focusBefore = document.activeElement;
    put("panel", panel);
    if (failed || asked || focused) panel.focus({ preventScroll: true });
  }

  const isFocusIn = (part) => Boolean(part?.contains(part.getRootNode().activeElement));

  function closePanel() {
    const panel = layer?.querySelector(".panel");
    if (!panel) return;
    const focused = isFocusIn(panel);
    put("panel", null);
    // Of what is in a shadow root, the document only knows the root.
    const isCorner = focusBefore === layer.getRootNode().host;
    const target = isCorner ? layer.querySelector(".corner") : focusBefore;
    if (focused) target?.focus({ preventScroll: true });
  }

  function dismiss() {
    dismissed = panelText;
    closePanel();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && layer?.querySelector(".panel")) dismiss();
  });

  // The same form as that of the page before the first site.
  function problem({ code, severity, message, file, line, column, excerpt, help, open: link }) {
    const article = make("article", { className: `problem ${severity}` },
      make("h2", {}, make("span", { className: "severity", textContent: severity }), " ",
        make("code", { textContent: code }), ` ${message}`));
    if (file) {
      const place = `${file}:${line}:${column}`;
      const linked = SCHEMES.includes(/^([a-z]+):/i.exec(link ?? "")?.[1].toLowerCase());
      article.append(make("p", { className: "place" }, linked ? make("a", { href: link, textContent: place }) : place));
    }
    if (excerpt) article.append(make("pre", { className: "excerpt", textContent: excerpt, tabIndex: 0 }));
    article.append(...help.map((text) => make("p", { className: "help", textContent: text })));
    return article;
  }

  // ------------------------------------------------------------ to and from it

  // What is loaded late has to be asked about as well.
  new PerformanceObserver((list) => {
    const paths = list.getEntries().map((entry) => pathOf(entry.name));
    if (paths.some((path) => path && !known?.has(path))) catchUp();
  }).observe({ type: "resource", buffered: true });
  addEventListener("pagehide", () => leave());
  addEventListener("pageshow", (event) => event.persisted && follow());
  document.addEventListener("visibilitychange", () => document.hidden || look());
  follow();
})();
