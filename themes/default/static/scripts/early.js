// Runs before the first paint, so that nothing on the page changes its look or
// its place later: says that scripts run, brings back the colours chosen, folds
// the menu as the reader left it, and has a small page shown once it is read,
// since columns of a table move while its rows come in.
"use strict";

(() => {
  const root = document.documentElement;
  root.dataset.script = "on";
  try {
    const scheme = localStorage.getItem("srm-scheme");
    if (scheme === "light" || scheme === "dark") root.dataset.scheme = scheme;
  } catch {
    // A browser that keeps nothing follows the system.
  }
  if (document.currentScript?.dataset.whole !== undefined) {
    const wait = document.createElement("link");
    wait.rel = "expect";
    wait.href = "#srm-main";
    wait.setAttribute("blocking", "render");
    document.head.append(wait);
  }

  const FOLDS = ".srm-sidebar details details";

  // What a part of the menu is called, after those it is in.
  function nameOf(part) {
    const above = part.parentElement.closest(FOLDS);
    return (above ? `${nameOf(above)}/` : "") + part.firstElementChild.textContent;
  }

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem("srm-menu")) ?? {};
    } catch {
      return {};
    }
  }

  document.addEventListener("click", ({ target }) => {
    const part = target.closest?.("summary")?.parentElement;
    if (!part?.matches(FOLDS)) return;
    try {
      sessionStorage.setItem("srm-menu", JSON.stringify({ ...kept(), [nameOf(part)]: !part.open }));
    } catch {
      // It holds for this page then.
    }
  });

  const folds = kept();

  function foldMenu(_, observer) {
    if (!document.getElementById("srm-main")) return;
    observer.disconnect();
    for (const part of document.querySelectorAll(FOLDS)) {
      // Where the reader is stays in sight.
      if (!part.querySelector("[aria-current]")) part.open = folds[nameOf(part)] ?? part.open;
    }
  }

  // As soon as the menu has been read, and that is before it is seen.
  if (Object.keys(folds).length > 0) {
    new MutationObserver(foldMenu).observe(root, { childList: true, subtree: true });
  }
})();
