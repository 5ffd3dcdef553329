// Applies a change to the page in place. The page keeps what its reader did: what is
// in view, in focus, selected, opened and scrolled to.

// What brings a document up to date. `top` is the address of the site, `page` the path of the
// document in it and `wanted` the path that was asked for, if it is another.
function makePatcher(top, page, wanted) {
  // -------------------------------------------------------- files of the page

  const ADDRESSED = "link[rel~=stylesheet][href], img[src], script[src]";
  const OWN_QUERY = "srm-site";

  const address = (element) => element.href || element.src;
  const addressed = () => [...document.querySelectorAll(ADDRESSED)];
  const addresses = () => new Map(addressed().map((element) => [element, address(element)]));

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
    const named = addressed().map(address);
    const loaded = performance.getEntriesByType("resource")
      .filter((entry) => !["link", "script"].includes(entry.initiatorType))
      .map((entry) => entry.name);
    const paths = new Set([page, wanted, ...[...named, ...loaded].map(pathOf)]);
    // All of them have to fit into one address.
    let room = 8000;
    const fits = (path) => path && (room -= encodeURIComponent(path).length) > 0;
    return [...paths].filter(fits).slice(0, 200);
  }

  // Shows a new version of a file, if that can be done without a reload. `before`
  // holds the addresses from before the page was patched.
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
      const texts = textsInView();
      const restore = remember(texts);
      outdated.forEach((element) => element.remove());
      morphAttributes(document.documentElement, next.documentElement);
      const release = texts.size > 0 ? hold(document.documentElement) : () => {};
      morph(document.body, next.body);
      restore();
      release();
      return { hash: tag.dataset.hash };
    } catch {
      return null;
    }
  }

  // A swapped file keeps its new address as long as the page names the same.
  function keepVersions(next) {
    const versions = new Map();
    for (const element of addressed()) {
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
    let old = [...from.childNodes].filter((node) => node.localName !== "srm-site-overlay");
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

  // The text at a point of the window, or close to it.
  function textAt(x, y) {
    const node = document.caretPositionFromPoint?.(x, y)?.offsetNode
      ?? document.caretRangeFromPoint?.(x, y)?.startContainer;
    return node?.nodeType === Node.TEXT_NODE && node.data.trim() ? node : null;
  }

  function boxOf(text) {
    const range = document.createRange();
    range.selectNode(text);
    return range.getBoundingClientRect();
  }

  // Whether something scrolls with the page.
  function scrolls(element) {
    for (let e = element; e; e = e.parentElement) {
      const { position, top, bottom } = getComputedStyle(e);
      // The first column of a table may stick to the side, and scrolls up and down.
      const sticks = position === "sticky" && (top !== "auto" || bottom !== "auto");
      if (sticks || position === "fixed") return false;
    }
    return true;
  }

  // Some texts in view with their heights, around the place where readers look. Boxes
  // would not do: a box stays where it is when something comes at its beginning.
  function textsInView() {
    const texts = new Map();
    // At the top nothing has to be held in its place.
    if (scrollY <= 0 && ![...scrolled].some((box) => box.scrollTop > 0)) return texts;
    for (const part of [0.33, 0.4, 0.25, 0.5, 0.15]) {
      for (const side of [0.5, 0.3, 0.7, 0.15, 0.85]) {
        const text = textAt(innerWidth * side, innerHeight * part);
        const box = text && boxOf(text);
        if (!box || box.bottom <= 0 || box.top >= innerHeight || !scrolls(text.parentElement)) continue;
        texts.set(text, box.top);
        break;
      }
    }
    return texts;
  }

  // How far texts have moved. Where some moved and others did not, the change is among
  // them, and the one in the middle counts. So it does if one of several equal texts was
  // taken for another.
  function movement(texts, heights) {
    const moved = [];
    for (const text of texts) {
      const box = text.isConnected ? boxOf(text) : null;
      if (box?.height > 0) moved.push(box.top - heights.get(text));
    }
    return moved.sort((a, b) => a - b)[moved.length >> 1] ?? 0;
  }

  // Where the reader is: what is in view, in focus, selected and scrolled to. `texts` are
  // those of `textsInView`.
  function remember(texts) {
    for (const element of scrolled) if (!element.isConnected) scrolled.delete(element);
    const boxes = [...scrolled].map((e) => ({
      box: e,
      up: e.scrollTop,
      left: e.scrollLeft,
      top: e.getBoundingClientRect().top,
      texts: [...texts.keys()].filter((text) => e.scrollTop > 0 && e.contains(text)),
    }));
    const isDown = scrollY > 0;
    const focus = document.activeElement ?? document.body;
    const caret = focus.selectionStart !== undefined && focus.selectionStart !== null
      ? [focus.selectionStart, focus.selectionEnd, focus.selectionDirection] : null;
    const selection = getSelection();
    const { anchorNode, anchorOffset, focusNode, focusOffset, isCollapsed } = selection;

    return () => {
      const held = boxes.filter((one) => one.texts.length > 0 && one.box.isConnected).map(({ box }) => hold(box));
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
      for (const { box, up, left, top, texts: inside } of boxes) {
        if (box.scrollTop !== up) box.scrollTop = up;
        if (box.scrollLeft !== left) box.scrollLeft = left;
        if (inside.length === 0) continue;
        const own = box.getBoundingClientRect().top - top;
        const moved = movement(inside, texts) - own;
        if (moved) box.scrollTop += moved;
      }
      const moved = isDown ? movement(texts.keys(), texts) : 0;
      if (moved) scrollBy({ top: moved, behavior: "instant" });
      held.forEach((release) => release());
    };
  }

  // Some browsers hold what is in view themselves, at once or later; not twice.
  function hold({ style }) {
    const before = style.overflowAnchor;
    style.overflowAnchor = "none";
    return () => (style.overflowAnchor = before);
  }

  return { addresses, pathOf, parts, swap, patch };
}
