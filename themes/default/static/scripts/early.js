// Runs before the first paint, so that nothing on the page changes its look or
// its place later: says that scripts run, brings back the colours chosen, and
// has a small page shown once it is read, since columns of a table move while
// its rows come in.
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
})();
