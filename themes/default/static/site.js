// What every page does with a script: the choice of colours, and copying for
// the scripts of its parts.
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
    button.onclick = () => {
      const now = root.dataset.scheme ?? "system";
      const next = SCHEMES[(SCHEMES.indexOf(now) + 1) % SCHEMES.length];
      if (next === "system") delete root.dataset.scheme;
      else root.dataset.scheme = next;
      keep(next);
      tintBrowser(next);
    };
    tintBrowser(root.dataset.scheme ?? "system");
  }

  // Pages from a disk or a plain address have no clipboard of the modern kind.
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

  const start = () => schemes();
  start();
  document.addEventListener("srm-site:updated", start);
})();
