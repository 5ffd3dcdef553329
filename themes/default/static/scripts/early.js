// Runs before the first paint, so that nothing on the page changes or moves later:
// marks that scripts run, restores the chosen colours, folds the menu as the reader
// left it, and delays the paint of a small page until it is read, because columns of
// a table move while its rows load.
"use strict";

(() => {
  const root = document.documentElement;
  root.dataset.script = "on";
  try {
    const scheme = localStorage.getItem("srm-scheme");
    if (scheme === "light" || scheme === "dark") root.dataset.scheme = scheme;
  } catch {
    // A browser without storage follows the system.
  }
  if (document.currentScript?.dataset.whole !== undefined) {
    const wait = document.createElement("link");
    wait.rel = "expect";
    wait.href = "#srm-main";
    wait.setAttribute("blocking", "render");
    document.head.append(wait);
  }

  const FOLDS = ".srm-sidebar details details";

  // The name of a part of the menu, after the names of the parts around it.
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
      // Then it applies to this page only.
    }
  });

  const folds = kept();

  function foldMenu(_, observer) {
    if (!document.getElementById("srm-main")) return;
    observer.disconnect();
    for (const part of document.querySelectorAll(FOLDS)) {
      // The part with the current page stays open.
      if (!part.querySelector("[aria-current]")) part.open = folds[nameOf(part)] ?? part.open;
    }
  }

  // As soon as the menu has been parsed, before it is visible.
  if (Object.keys(folds).length > 0) {
    new MutationObserver(foldMenu).observe(root, { childList: true, subtree: true });
  }
})();
