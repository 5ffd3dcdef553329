// The script of every page: the choice of colours, the scroll position of a long
// menu, the mark in the list of sections, copying for other scripts, and loading the
// search when a reader opens it.
"use strict";

(() => {
  const root = document.documentElement;
  const SCHEMES = ["system", "light", "dark"];

  function keep(scheme) {
    try {
      if (scheme === "system") localStorage.removeItem("srm-scheme");
      else localStorage.setItem("srm-scheme", scheme);
    } catch {
      // Then the choice applies to this page only.
    }
  }

  // The browser's own bars get the colour of the page.
  function tintBrowser(scheme) {
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
      meta.dataset.media ??= meta.media;
      const dark = meta.dataset.media.includes("dark");
      meta.media = scheme === "system" ? meta.dataset.media : dark === (scheme === "dark") ? "all" : "not all";
    }
  }

  function schemes() {
    const button = document.querySelector(".srm-scheme");
    if (!button) return;
    button.onclick = () => {
      const now = root.dataset.scheme ?? "system";
      const next = SCHEMES[(SCHEMES.indexOf(now) + 1) % SCHEMES.length];
      if (next === "system") delete root.dataset.scheme;
      else root.dataset.scheme = next;
      keep(next);
      tintBrowser(next);
      button.onpointerenter();
    };
    // The name of the icon is also a tooltip.
    button.onpointerenter = () => (button.title = button.innerText);
    tintBrowser(root.dataset.scheme ?? "system");
  }

  // Scrolls a long menu to the current page. An observer reports its position, so
  // that this causes no extra layout.
  function showPlace() {
    const menu = document.querySelector(".srm-sidebar");
    const here = menu?.querySelector(".srm-nav [aria-current]");
    if (!here) return;
    new IntersectionObserver(([{ boundingClientRect, rootBounds }], observer) => {
      observer.disconnect();
      const below = boundingClientRect.bottom - rootBounds.bottom;
      if (below > 0) menu.scrollTop += below + rootBounds.height / 2;
    }, { root: menu }).observe(here);
  }

  // Marks the current section in the list: the last one above a line in the upper
  // part of the window.
  let sections = null;

  function markSections() {
    sections?.disconnect();
    const list = document.querySelector(".srm-toc");
    if (!list) return;
    const links = new Map();
    for (const link of list.querySelectorAll("a")) {
      const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (section) links.set(section, link);
    }
    const [fold, bar] = list.querySelectorAll("details, summary");
    const above = new Set();
    let marked = null;
    // Beside the page, the list itself scrolls; below the bar, its unfolded content
    // does.
    const showMarked = () => {
      for (const box of [list, marked?.closest("ul")]) {
        if (box && marked) box.scrollTop = marked.offsetTop - box.clientHeight / 2;
      }
    };
    // A theme may leave them out.
    if (fold) fold.ontoggle = showMarked;
    sections = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        if (isIntersecting) above.add(target);
        else above.delete(target);
      }
      const link = links.get([...links.keys()].findLast((section) => above.has(section)));
      if (link === marked) return;
      marked?.removeAttribute("aria-current");
      link?.setAttribute("aria-current", "location");
      marked = link;
      if (bar) bar.dataset.here = link?.textContent ?? "";
      showMarked();
    }, { rootMargin: "9999999px 0px -66% 0px" });
    for (const section of links.keys()) sections.observe(section);
  }

  // The unfolded bar of sections covers the page, so it closes when the reader
  // chooses a section or moves elsewhere.
  function foldSections() {
    const fold = document.querySelector(".srm-toc > [open]");
    if (fold?.contains(document.activeElement)) fold.firstElementChild.focus();
    if (fold) fold.open = false;
  }

  const inSections = ({ target }) => target.closest?.(".srm-toc");
  document.addEventListener("focusin", (event) => inSections(event) || foldSections());
  document.addEventListener("click", (event) => (inSections(event) && !event.target.closest("a")) || foldSections());
  document.addEventListener("keydown", ({ key }) => key === "Escape" && foldSections());

  // Pages from a disk or from plain HTTP cannot use the modern clipboard.
  window.srmCopy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      field.className = "srm-hidden";
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  };

  // The search is loaded when a reader first opens it, all files at once.
  let search = null;

  function add(tag, attributes) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return new Promise((done, fail) => {
      element.onload = done;
      element.onerror = fail;
      document.head.append(element);
    });
  }

  function loadSearch({ root, files }) {
    const [index, script, style, words] = files.split(" ");
    search ??= {
      index: add("script", { src: root + index, "data-updates": "" }),
      style: add("link", { rel: "stylesheet", href: root + style }).catch(() => {}),
      script: Promise.all([script, words].map((path) => add("script", { src: root + path }))),
    };
    // Missing files are reported when the search opens.
    search.index.catch(() => {});
    search.script.catch(() => (search = null));
    return search;
  }

  function openSearch() {
    const button = document.querySelector(".srm-search-open");
    if (!button) return false;
    const { index, style, script } = loadSearch(button.dataset);
    Promise.all([script, style]).then(() => globalThis.srmSearch.open(button, index), () => {});
    return true;
  }

  const isOpener = ({ target }) => target.closest?.(".srm-search-open");
  document.addEventListener("focusin", (event) => isOpener(event) && loadSearch(isOpener(event).dataset));
  document.addEventListener("click", (event) => isOpener(event) && openSearch());

  // `/` and Ctrl-K or Cmd-K, but not while typing text.
  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false])");
    if (writing || altKey || event.isComposing || event.defaultPrevented) return;
    const slash = key === "/" && !ctrlKey && !metaKey;
    const letter = key.toLowerCase() === "k" && ctrlKey !== metaKey && !shiftKey;
    if ((slash || letter) && openSearch()) event.preventDefault();
  });

  function start() {
    schemes();
    markSections();
  }
  start();
  showPlace();
  document.addEventListener("srm-site:updated", start);
})();
