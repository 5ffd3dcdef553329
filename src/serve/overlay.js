// Shows over a page what keeps a new site from being made. `serve.rs` joins this
// file, `patch.js` and `event_channel.js` into one script, in this order.

// Resolves when a style sheet is there, or cannot be had in a sensible time.
function loaded(link) {
  return new Promise((done) => {
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    setTimeout(done, 3000);
  });
}

// The button in the corner, the list of problems and the banner of one page.
// `own` is the address of the folder in which serve keeps its own files.
function makeOverlay(own) {
  // The same list as in own_pages.rs.
  const SCHEMES = ["http", "https", "file", "vscode", "vscodium", "cursor", "idea", "zed", "subl", "txmt"];
  let host = null;
  let layer = null;
  let dismissed = "";

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // Shown once its style is there, in a root that no theme reaches into.
  function open() {
    if (layer) {
      place();
      return layer;
    }
    host = document.createElement("srm-site-overlay");
    const style = make("link", { rel: "stylesheet", href: new URL("overlay.css", own) });
    layer = make("div", { className: "layer", hidden: true });
    host.attachShadow({ mode: "open" }).append(style, layer);
    loaded(style).then(() => {
      layer.hidden = false;
      const panel = layer.querySelector(".panel.failed");
      if (!isFieldInUse()) panel?.focus({ preventScroll: true });
    });
    // Keys and clicks here mean nothing to the dialog that this may be in.
    for (const type of ["keydown", "pointerdown", "click"]) {
      host.addEventListener(type, (event) => event.stopPropagation());
    }
    place();
    // Dialogs that open, close, or go with a patch of the page.
    const dialogs = new MutationObserver(place);
    dialogs.observe(document.documentElement, { subtree: true, attributeFilter: ["open"] });
    dialogs.observe(document.body, { childList: true });
    return layer;
  }

  // A modal dialog makes all that is not in it inert, so the layer has to be in the
  // topmost one.
  function place() {
    const modal = [...document.querySelectorAll("dialog:modal")].at(-1);
    const home = modal ?? document.documentElement;
    const focused = isFocusIn(layer.querySelector(".panel"));
    if (host.parentNode !== home) home.append(host);
    raise(focused);
  }

  // Shows the list of problems above everything, also above what is shown there
  // already.
  function raise(focused) {
    const panel = layer.querySelector(".panel");
    if (!panel?.showPopover) return;
    if (panel.matches(":popover-open")) panel.hidePopover();
    panel.showPopover();
    if (focused) panel.focus({ preventScroll: true });
  }

  // Whether the reader may be typing.
  function isFieldInUse() {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return Boolean(element?.matches("input, textarea, select") || element?.isContentEditable);
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
    const focused = isFocusIn(old);
    const takesFocus = focused || asked || (failed && !isFieldInUse());
    // An alert is read out without the focus.
    panel.setAttribute("role", !failed ? "dialog" : takesFocus ? "alertdialog" : "alert");
    panel.popover = "manual";
    panel.setAttribute("aria-labelledby", "title");
    panel.setAttribute("aria-describedby", "lead");
    panelText = text;
    if (!old) focusBefore = document.activeElement;
    put("panel", panel);
    raise(takesFocus);
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

  // Escape is for what is uppermost, and that alone.
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || !layer?.querySelector(".panel")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    dismiss();
  }, { capture: true });

  // The same form as that of the page before the first site.
  function problem({ code, severity, message, file, line, column, excerpt, help, open: link }) {
    const article = make("article", { className: `problem ${severity}` },
      make("h2", {}, make("span", { className: "severity", textContent: severity }), " ",
        make("code", { textContent: code }), ` ${message}`));
    if (file) {
      const place = line ? `${file}:${line}:${column}` : file;
      const linked = SCHEMES.includes(/^([a-z]+):/i.exec(link ?? "")?.[1].toLowerCase());
      article.append(make("p", { className: "place" }, linked ? make("a", { href: link, textContent: place }) : place));
    }
    if (excerpt) article.append(make("pre", { className: "excerpt", textContent: excerpt, tabIndex: 0 }));
    article.append(...help.map((text) => make("p", { className: "help", textContent: text })));
    return article;
  }

  return { show, banner };
}
