// What every page does with a script: the choice of colours.
"use strict";

(() => {
  const root = document.documentElement;
  const SCHEMES = ["system", "light", "dark"];

  function keep(scheme) {
    try {
      if (scheme === "system") localStorage.removeItem("srm-scheme");
      else localStorage.setItem("srm-scheme", scheme);
    } catch {
      // It holds for this page then.
    }
  }

  // The colour of the browser's own bars is that of the page.
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
    const show = () => {
      const scheme = root.dataset.scheme ?? "system";
      const label = `${button.dataset.label}: ${button.dataset[scheme]}`;
      button.setAttribute("aria-label", label);
      button.title = label;
      tintBrowser(scheme);
    };
    button.onclick = () => {
      const now = root.dataset.scheme ?? "system";
      const next = SCHEMES[(SCHEMES.indexOf(now) + 1) % SCHEMES.length];
      if (next === "system") delete root.dataset.scheme;
      else root.dataset.scheme = next;
      keep(next);
      show();
    };
    show();
  }

  const start = () => schemes();
  start();
  document.addEventListener("srm-site:updated", start);
})();
