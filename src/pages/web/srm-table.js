// Shows responsibility tables of a published site in any other page:
//
//   <srm-table src="https://docs.example/srm/" kind="summary" model="saas">
//     <a href="https://docs.example/srm/models/saas.html">Who is responsible</a>
//   </srm-table>
//
// and gives <iframe class="srm-frame"> the height of its content. No other
// script is loaded, nothing is stored, and without this script the text between
// the tags is shown.
"use strict";

(() => {
  const here = document.currentScript?.src;

  // In a frame: tell the surrounding page how high the table is. It learns nothing
  // else, so any page may know.
  if (window.parent !== window && document.querySelector("main.srm-page")) {
    const tell = () => {
      const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
      window.parent.postMessage({ srm: "height", height }, "*");
    };
    new ResizeObserver(tell).observe(document.documentElement);
  }

  window.addEventListener("message", (event) => {
    const { srm, height } = event.data ?? {};
    if (srm !== "height" || !Number.isFinite(height) || height < 0) return;
    for (const frame of document.querySelectorAll("iframe.srm-frame")) {
      if (frame.contentWindow === event.source) frame.height = String(Math.min(height, 100000));
    }
  });

  if (!window.customElements || customElements.get("srm-table")) return;

  // One style sheet for all tables of a page. Sheets made this way need no
  // permission in a Content-Security-Policy.
  const sheets = new Map();
  const sheetOf = (address) => {
    if (!sheets.has(address)) {
      const loading = text(address).then((css) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        return sheet;
      });
      sheets.set(address, loading);
    }
    return sheets.get(address);
  };

  const text = async (address) => {
    const answer = await fetch(address, { credentials: "omit" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.text();
  };

  // A page as a document in which nothing runs. Parsing its text would need a policy on
  // pages with `require-trusted-types-for 'script'`; a request for a document does not.
  const documentAt = (address) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("GET", address);
      request.responseType = "document";
      request.onload = () => {
        if (request.status === 200 && request.response) resolve(request.response);
        else reject(new Error(`${address}: ${request.status}`));
      };
      request.onerror = () => reject(new Error(`${address}: no answer`));
      request.send();
    });

  // What tables are made of. Everything else in an answer is left out, so that it can
  // run nothing in the surrounding page.
  const HTML = "http://www.w3.org/1999/xhtml";
  const SVG = "http://www.w3.org/2000/svg";
  const list = (names) => new Set(names.split(" "));
  const ELEMENTS = {
    [HTML]: list(
      "a abbr audio b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure " +
        "h1 h2 h3 h4 h5 h6 hr i img input ins kbd label li mark ol p picture pre q s samp section small source " +
        "span strong sub summary sup table tbody td tfoot th thead time tr track u ul var video wbr",
    ),
    [SVG]: list("svg path"),
  };
  const ATTRIBUTES = list(
    "alt checked class colspan controls d datetime default dir disabled fill for headers height id kind label lang " +
      "loading media open role rowspan scope sizes srclang start tabindex title type viewBox width",
  );
  const LINKS = list("http: https: mailto: tel:");
  const FILES = list("http: https:");
  // Every attribute with an address that these elements have.
  const ADDRESSES = {
    a: ["href"], audio: ["src"], img: ["src", "srcset"], source: ["src", "srcset"], track: ["src"],
    video: ["src", "poster"],
  };

  // A copy of a parsed node, with addresses resolved from its source.
  const copy = (node, from) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    const { namespaceURI: space, localName: name } = node;
    if (!ELEMENTS[space]?.has(name) || (name === "input" && node.type !== "checkbox")) return null;
    const made = document.createElementNS(space, name);
    for (const { name: key, value } of node.attributes) {
      if (ATTRIBUTES.has(key) || /^(aria|data)-[a-z-]+$/.test(key)) made.setAttribute(key, value);
    }
    if (space === HTML) {
      for (const key of ADDRESSES[name] ?? []) {
        const value = node.getAttribute(key);
        const address = key === "srcset" ? candidatesOf(value, from) : addressOf(value, from, key === "href" ? LINKS : FILES);
        if (address) made.setAttribute(key, address);
      }
    }
    made.append(...copies(node, from));
    return made;
  };

  const copies = (node, from) => [...node.childNodes].map((child) => copy(child, from)).filter(Boolean);

  const addressOf = (value, from, schemes) => {
    try {
      const address = new URL(value, from);
      return value !== null && schemes.has(address.protocol) ? address.href : null;
    } catch {
      return null;
    }
  };

  // The images of a `srcset`: addresses, each with a width or a density.
  const candidatesOf = (value, from) => {
    const images = [...(value ?? "").matchAll(/([^\s,]\S*[^\s,]|[^\s,])(\s+[^,]*)?/g)].map(([, address, size = ""]) => {
      const full = addressOf(address, from, FILES);
      // A comma would end the address.
      return full && full.replaceAll(",", "%2C") + size.trimEnd();
    });
    return images.filter(Boolean).join(", ");
  };

  const words = (value) => (value ?? "").split(",").map((part) => part.trim()).filter(Boolean);

  class SrmTable extends HTMLElement {
    static observedAttributes = [
      "src", "kind", "model", "compare", "party", "category", "row", "owner", "columns", "height", "loading",
    ];

    #root = this.attachShadow({ mode: "open" });
    #frame = new CSSStyleSheet();
    #turn = 0;
    #queued = false;
    #nearing = null;

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [this.#frame];
      // Until there is a table, the content between the tags is shown.
      this.#root.append(document.createElement("slot"));
    }

    connectedCallback() {
      this.#start();
    }

    disconnectedCallback() {
      this.#nearing?.disconnect();
    }

    attributeChangedCallback() {
      // Several attributes can change at once; load only once.
      if (!this.isConnected || this.#queued) return;
      this.#queued = true;
      queueMicrotask(() => {
        this.#queued = false;
        this.#start();
      });
    }

    #start() {
      this.#nearing?.disconnect();
      // Browsers do not let pages read files: the text between the tags stays.
      const onDisk = this.#site()?.protocol === "file:";
      const height = onDisk ? 0 : Number.parseInt(this.getAttribute("height"), 10);
      this.#frame.replaceSync(
        ":host { display: block } :host([hidden]) { display: none }" +
          (height > 0 ? ` @media screen { :host { block-size: ${height}px; overflow: auto } }` : ""),
      );
      if (onDisk) return;
      if (this.getAttribute("loading") !== "lazy") {
        this.#load();
        return;
      }
      this.#nearing = new IntersectionObserver((seen, nearing) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
        nearing.disconnect();
        this.#load();
      }, { rootMargin: "50%" });
      this.#nearing.observe(this);
    }

    // The address of the site, if it is known: a module does not know where it is from.
    #site() {
      const site = this.getAttribute("src") ?? (here && new URL("../", here).href);
      return site === undefined ? null : new URL(site.endsWith("/") ? site : `${site}/`, document.baseURI);
    }

    // The address of the table in the site.
    #address(base) {
      const kind = this.getAttribute("kind") ?? "summary";
      const named = ["party", "model", "compare"].flatMap((name) => {
        const of = {
          party: ["checklist"],
          compare: ["compare", "tasks"],
          model: ["summary", "areas", "raci", "detail", "evidence", "checklist"],
        };
        return of[name].includes(kind) ? words(this.getAttribute(name)) : [];
      });
      const pair = ["compare", "tasks"].includes(kind);
      const file = pair ? `${kind}-${named.join("-vs-")}` : [kind, ...named].join("-");
      return new URL(`embed/${encodeURIComponent(file)}.html`, base);
    }

    async #load() {
      const turn = ++this.#turn;
      this.setAttribute("aria-busy", "true");
      try {
        const base = this.#site();
        if (!base) throw new Error("the attribute `src` is missing; a script that is imported as a module needs it");
        const address = this.#address(base);
        const [page, sheet] = await Promise.all([
          documentAt(address),
          sheetOf(new URL("embed/srm-table.css", base).href),
        ]);
        if (turn !== this.#turn) return;
        const table = page.querySelector(".srm-embed");
        if (!table) throw new Error(`${address}: no table in it`);
        this.#choose(table);
        const box = document.createElement("div");
        box.className = "srm-embed";
        box.part = "table";
        box.append(...copies(table, address));
        this.#root.adoptedStyleSheets = [sheet, this.#frame];
        this.#root.replaceChildren(box);
        this.dispatchEvent(new Event("load"));
      } catch (error) {
        if (turn !== this.#turn) return;
        const note = document.createElement("p");
        note.role = "alert";
        note.part = "error";
        note.textContent = this.getAttribute("error-text") ?? "The table could not be loaded.";
        this.#root.replaceChildren(note, document.createElement("slot"));
        console.error("srm-table:", error.message);
        this.dispatchEvent(new Event("error"));
      } finally {
        if (turn === this.#turn) this.removeAttribute("aria-busy");
      }
    }

    // Removes the lines and columns that were not requested.
    #choose(table) {
      const [rows, categories, owners, columns] = ["row", "category", "owner", "columns"].map(
        (name) => words(this.getAttribute(name)),
      );
      const wanted = (list, value) => list.length === 0 || value === undefined || list.includes(value);
      for (const line of table.querySelectorAll("[data-row]")) {
        const { row, category, owner } = line.dataset;
        if (wanted(rows, row) && wanted(categories, category) && wanted(owners, owner)) continue;
        // The heading of a group moves to the next of its lines.
        const head = line.querySelector('th[scope="rowgroup"]');
        const next = line.nextElementSibling;
        if (head && next) next.prepend(head);
        line.remove();
      }
      for (const group of table.querySelectorAll("tbody, ul.srm-checklist > li")) {
        if (!group.querySelector("[data-row]")) {
          if (rows.length || categories.length || owners.length) group.remove();
          continue;
        }
        const head = group.querySelector('th[scope="rowgroup"]');
        if (head) head.rowSpan = group.rows.length;
      }
      if (columns.length === 0) return;
      for (const head of [...table.querySelectorAll("thead th")]) {
        const heads = ["group", "row"].includes(head.dataset.column);
        if (heads || columns.includes(head.dataset.id)) continue;
        const at = [...head.parentElement.children].indexOf(head);
        const fromEnd = head.parentElement.children.length - at;
        // Counted from the end, because lines below a group's heading are shorter.
        for (const line of table.querySelectorAll("tr")) line.children[line.children.length - fromEnd]?.remove();
      }
    }
  }

  customElements.define("srm-table", SrmTable);
})();
