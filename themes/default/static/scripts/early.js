// Runs before the first paint, so that nothing on the page changes its look or
// its place later: says that scripts run, and brings back the colours chosen.
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
})();
