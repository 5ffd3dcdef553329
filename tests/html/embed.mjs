// Tables and badges of a built site in pages of another origin, in Chromium.
//
//   node embed.mjs FOLDER
//
// FOLDER is a site of the shipped content. It is served by one server, with the
// header that lets others read it, as hosts for static files do; the pages that
// show its tables come from another, under a strict Content-Security-Policy.
//
// Prints a line for each failure, then `N passed, N failed`.

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { launch } from "./site.mjs";

const folder = process.argv[2];
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };

const listen = (handler) =>
  new Promise((resolve) => {
    const server = createServer(handler);
    server.listen(0, "127.0.0.1", () => resolve({ server, origin: `http://127.0.0.1:${server.address().port}` }));
  });

// The site, below a path. `closed` leaves out the header for other origins.
let closed = false;
let slow = 0;
const site = await listen((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
  const file = join(folder, normalize(path.replace(/^\/srm\//, "/")));
  const there = path.startsWith("/srm/") && existsSync(file) && statSync(file).isFile();
  if (path === "/favicon.ico") {
    response.writeHead(204);
    response.end();
    return;
  }
  const headers = { "Content-Type": TYPES[extname(file)] ?? "text/plain" };
  if (!closed) headers["Access-Control-Allow-Origin"] = "*";
  setTimeout(() => {
    response.writeHead(there ? 200 : 404, headers);
    if (there) createReadStream(file).pipe(response);
    else response.end("no");
  }, path.endsWith(".html") ? slow : 0);
});
const address = `${site.origin}/srm/`;

// A site that sends more than tables: `src` leads to it by mistake, or somebody
// has taken it over.
const RUN = "(window.top ?? window).ran = (window.ran ?? 0) + 1";
const HOSTILE = `<!doctype html><title>t</title><main class="srm-page"><div class="srm-embed">
<div class="srm-scroll"><table class="srm-table" data-kind="summary"><caption style="position:fixed" onclick="${RUN}">Words</caption>
<thead><tr><th data-column="row">Row</th></tr></thead><tbody><tr data-row="r"><th scope="row">
<a id="good" href="../models/saas.html#r">good</a> <a href="mailto:a@b.example">mail</a>
<a href="javascript:${RUN}">bad</a> <a href="&#1;java&#10;script:${RUN}">worse</a> <a href="data:text/html,x">data</a> <a href="vbscript:x">old</a>
</th><td>text <img src="../pic.svg" alt="picture" width="10" height="10"><img src="x" onerror="${RUN}"><img src="data:image/svg+xml,x" srcset="x 2x">
<iframe srcdoc="<script>parent.ran = 1</script>"></iframe><iframe src="javascript:${RUN}"></iframe><object data="x"></object><embed src="x">
<style>* { display: none }</style><link rel="stylesheet" href="x.css"><script>${RUN}</script><meta http-equiv="refresh" content="0; url=/">
<svg viewBox="0 0 16 16" onload="${RUN}"><path d="M2 7h12v2H2z"/><a xlink:href="javascript:${RUN}"><text>svg link</text></a><animate onbegin="${RUN}"/><foreignObject><img src="x" onerror="${RUN}"></foreignObject></svg>
<picture><source srcset="../a.webp 1x, ../b,c.webp 2x" media="(min-width: 1px)" onerror="${RUN}"><img src="../fallback.png" alt="" sizes="10px"></picture>
<img alt="" srcset="javascript:${RUN} 1x, data:image/png,x 2x, ../ok.png 3x"><video src="../film.mp4" poster="../poster.png" controls autoplay onplay="${RUN}"><track src="../words.vtt" kind="captions"><source src="javascript:${RUN}"></video>
<math><maction actiontype="statusline" xlink:href="javascript:${RUN}">m</maction></math>
<form action="javascript:${RUN}"><button formaction="javascript:${RUN}">send</button><input name="q"></form>
<input type="checkbox" onfocus="${RUN}" autofocus><template><img src="x" onerror="${RUN}"></template><srm-table></srm-table><details ontoggle="${RUN}" open><summary>s</summary></details>
</td></tr></tbody></table></div></div></main>`;
const other = await listen((request, response) => {
  const asked = { ".html": [TYPES[".html"], HOSTILE], ".css": [TYPES[".css"], ""] }[extname(request.url)];
  response.writeHead(asked ? 200 : 404, { "Content-Type": asked?.[0] ?? "text/plain", "Access-Control-Allow-Origin": "*" });
  response.end(asked?.[1] ?? "no");
});

// The pages of somebody else.
let body = "";
let policy = true;
// What else its policy says, and how it loads the script.
let more = "";
let load = "";
const host = await listen((request, response) => {
  if (request.url !== "/") {
    response.writeHead(404);
    response.end();
    return;
  }
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    [policy ? "Content-Security-Policy" : "X-None"]:
      `default-src 'none'; script-src ${site.origin}; connect-src ${site.origin}; frame-src ${site.origin}; img-src ${site.origin}${more}`,
  });
  const script = load || `<script src="${address}embed/srm-table.js"></script>`;
  response.end(`<!doctype html><html lang="en"><head><title>Host</title>${script}</head><body>${body}</body></html>`);
});

let passed = 0;
let failed = 0;
const browser = await launch();

async function check(name, html, look, { scripts = true, allowed = [], strict = true, rules = "", script = "" } = {}) {
  closed = false;
  more = rules;
  load = script;
  policy = strict;
  slow = 0;
  body = html;
  const context = await browser.newContext({ javaScriptEnabled: scripts });
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  if (scripts) {
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shift += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`violation of ${event.violatedDirective} by ${event.blockedURI}`);
      });
    });
  }
  try {
    await look(page);
    const unexpected = problems.filter((text) => !allowed.some((part) => text.includes(part)));
    if (unexpected.length) throw new Error(unexpected.join("; "));
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.message}`);
  }
  await context.close();
}

const equal = (got, wanted) => {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(`${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
};
const open = async (page) => {
  await page.goto(host.origin + "/");
  await page.waitForFunction(() => {
    const tables = [...document.querySelectorAll("srm-table")];
    return tables.every((table) => table.shadowRoot && !table.hasAttribute("aria-busy"));
  });
};
// Has the page remember that a table told this.
const listenFor = (page, event) =>
  page.addInitScript((name) => {
    document.addEventListener(name, (event) => (window.told ||= event.target.localName === "srm-table"), true);
  }, event);
const told = (page) => page.evaluate(() => window.told === true);
// Rows of the first table, each as the texts of its cells.
const rows = (page) =>
  page.evaluate(() => {
    const table = document.querySelector("srm-table").shadowRoot.querySelector("table");
    return [...(table?.rows ?? [])].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  });

const summary = `<srm-table src="${address}" kind="summary" model="saas"`;
const fallback = `<a href="${address}models/saas.html">Who is responsible</a></srm-table><p id="after">after</p>`;

await check("a table is shown as the site has it", `${summary}>${fallback}`, async (page) => {
  await listenFor(page, "load");
  await open(page);
  equal(await told(page), true);
  const shown = await rows(page);
  await page.goto(`${address}embed/summary-saas.html`);
  const own = await page.evaluate(() => [...document.querySelector("table").rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
  equal(shown, own);
  equal(shown.length, 17);
});

await check("links lead to the site, fonts and colours are the page's", `<div id="d">${summary}>${fallback}</div>`, async (page) => {
  await open(page);
  const found = await page.evaluate(() => {
    const root = document.querySelector("srm-table").shadowRoot;
    document.querySelector("#d").style.font = "20px monospace";
    document.querySelector("#d").style.color = "rgb(1, 2, 3)";
    const style = getComputedStyle(root.querySelector("caption"));
    return { link: root.querySelector("tbody th[scope=row] a").href, font: style.fontFamily, color: style.color, part: root.querySelector("[part=table]") !== null };
  });
  equal(found, { link: `${address}models/saas.html#data-lifecycle`, font: "monospace", color: "rgb(1, 2, 3)", part: true });
});

await check("nothing moves while it loads", `<p>before</p>${summary} height="300">${fallback}`, async (page) => {
  slow = 400;
  await page.goto(host.origin + "/");
  const top = () => page.evaluate(() => document.querySelector("#after").getBoundingClientRect().top);
  const before = await top();
  equal(await page.evaluate(() => document.querySelector("srm-table").getAttribute("aria-busy")), "true");
  await open(page);
  equal(await top(), before);
  await page.waitForTimeout(300);
  equal(await page.evaluate(() => window.shift), 0);
});

await check("a lazy table is loaded when it is nearly in view", `${"<p>before</p>".repeat(200)}${summary} height="300" loading="lazy">${fallback}`, async (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  const loads = () => asked.filter((url) => url.endsWith("/embed/summary-saas.html")).length;
  await page.goto(host.origin + "/");
  await page.waitForTimeout(300);
  equal(loads(), 0);
  const top = () => page.evaluate(() => document.querySelector("#after").offsetTop);
  const before = await top();
  await page.evaluate(() => document.querySelector("srm-table").scrollIntoView({ block: "end" }));
  await page.waitForFunction(() => document.querySelector("srm-table").shadowRoot.querySelector("table"));
  equal([loads(), await top() === before, (await rows(page)).length], [1, true, 17]);
});

await check("a table higher than its place scrolls, and is whole on paper", `${summary} height="300">${fallback}`, async (page) => {
  await open(page);
  const cut = () => page.evaluate(() => {
    const table = document.querySelector("srm-table");
    return table.scrollHeight > table.clientHeight;
  });
  equal(await cut(), true);
  await page.emulateMedia({ media: "print" });
  equal(await cut(), false);
});

await check("what stands between the tags is shown without scripts", `${summary}>${fallback}`, async (page) => {
  await page.goto(host.origin + "/");
  equal(await page.locator("srm-table a").isVisible(), true);
}, { scripts: false });

await check("and when the table is not there", `<srm-table src="${address}" kind="summary" model="nope" error-text="Nicht da.">${fallback}`, async (page) => {
  await listenFor(page, "error");
  await open(page);
  equal(await told(page), true);
  equal(await page.locator("srm-table a").isVisible(), true);
  const note = await page.evaluate(() => document.querySelector("srm-table").shadowRoot.querySelector("[role=alert]").textContent);
  equal(note, "Nicht da.");
}, { allowed: ["404", "srm-table:"] });

await check("and when the site may not be read", `${summary}>${fallback}`, async (page) => {
  closed = true;
  await open(page);
  equal(await page.locator("srm-table a").isVisible(), true);
}, { allowed: ["CORS", "srm-table:", "ERR_FAILED"] });

await check("lines and columns are chosen", `<srm-table src="${address}" kind="summary" model="saas" category="data" owner="shared" columns="owner,customer">${fallback}`, async (page) => {
  await open(page);
  const shown = await rows(page);
  equal(shown.map((row) => row.length), [4, 4, 3, 3]);
  equal(shown[0].slice(0, 3), ["Category", "Responsibility", "Owner"]);
  equal(shown.slice(1).every((row) => row.some((cell) => cell.startsWith("Shared"))), true);
});

await check("a row is chosen, and its group keeps its heading", `<srm-table src="${address}" kind="detail" model="byoc" row="encryption-in-transit">${fallback}`, async (page) => {
  await open(page);
  const shown = await rows(page);
  equal(shown.length, 2);
  equal(shown[1][0], "Data Governance & Security");
  equal(shown[1].length, shown[0].length);
});

for (const [kind, attributes] of [["compare", 'compare="saas,byoc"'], ["tasks", 'compare="saas,byoc"'], ["matrix", ""], ["totals", ""], ["checklist", 'party="customer" model="byoc"']]) {
  await check(`the kind ${kind} is shown`, `<srm-table src="${address}" kind="${kind}" ${attributes}>${fallback}`, async (page) => {
    await open(page);
    const text = await page.evaluate(() => document.querySelector("srm-table").shadowRoot.textContent);
    equal(text.trim().length > 60, true);
  });
}

await check("another table is loaded when an attribute changes, and only the last one shown", `${summary}>${fallback}`, async (page) => {
  await open(page);
  slow = 200;
  await page.evaluate(() => {
    const table = document.querySelector("srm-table");
    table.setAttribute("model", "nope");
    setTimeout(() => {
      table.setAttribute("kind", "detail");
      table.setAttribute("model", "byoc");
    }, 50);
  });
  await page.waitForFunction(() => document.querySelector("srm-table").shadowRoot.querySelector("[data-kind=detail]"));
  const caption = await page.evaluate(() => document.querySelector("srm-table").shadowRoot.querySelector("caption").textContent);
  equal(caption.includes("BYOC"), true);
}, { allowed: ["404"] });

// A page without a policy: only the element itself stands between it and this.
await check("an answer that is more than a table runs nothing", `<srm-table src="${other.origin}/s/" kind="summary" model="saas">${fallback}`, async (page) => {
  const pictures = [];
  page.on("request", (request) => request.resourceType() === "image" && pictures.push(request.url().replace(other.origin, "")));
  await open(page);
  const found = await page.evaluate(async () => {
    const root = document.querySelector("srm-table").shadowRoot;
    for (const element of root.querySelectorAll("*")) {
      if (element.localName === "a" && element.id === "good") continue;
      for (const event of ["click", "focus", "load", "error", "toggle"]) element.dispatchEvent(new Event(event));
      if (element.localName === "a" && element.hasAttribute("href") && !element.href.startsWith("mailto:")) element.click();
    }
    await new Promise((done) => setTimeout(done, 300));
    return {
      ran: window.ran ?? 0,
      elements: [...new Set([...root.querySelectorAll(".srm-embed *")].map((element) => element.localName))].sort().join(" "),
      attributes: [...new Set([...root.querySelectorAll(".srm-embed *")].flatMap((element) => element.getAttributeNames()))].sort().join(" "),
      links: [...root.querySelectorAll("[href]")].map((link) => link.getAttribute("href")),
      files: [...root.querySelectorAll("[src], [srcset], [poster]")].flatMap((e) => ["src", "srcset", "poster"].map((key) => e.getAttribute(key))).filter(Boolean),
      words: root.querySelector("caption").textContent,
    };
  });
  equal(found, {
    ran: 0,
    elements: "a caption details div img input path picture source summary svg table tbody td th thead tr track video",
    attributes: "alt class controls d data-column data-kind data-row height href id kind media open poster scope sizes src srcset type viewBox width",
    links: [`${other.origin}/s/models/saas.html#r`, "mailto:a@b.example"],
    files: [
      "pic.svg", "embed/x", "embed/x 2x", "a.webp 1x, ../b%2Cc.webp 2x", "fallback.png", "ok.png 3x",
      "film.mp4", "poster.png", "words.vtt",
    ].map((path) => `${other.origin}/s/${path}`.replace("../", `${other.origin}/s/`)),
    words: "Words",
  });
  // None is looked for on the host's own pages.
  equal([...new Set(pictures)].sort(), ["/s/a.webp", "/s/embed/x", "/s/ok.png", "/s/pic.svg", "/s/poster.png"]);
}, { strict: false, allowed: ["404"] });

await check("Trusted Types are kept without a policy", `${summary}>${fallback}`, async (page) => {
  await open(page);
  equal((await rows(page)).length > 5, true);
}, { rules: "; require-trusted-types-for 'script'; trusted-types 'none'" });

const asModule = { script: `<script type="module" src="${address}embed/srm-table.js"></script>` };
await check("a module shows tables whose site is named", `${summary}>${fallback}`, async (page) => {
  await open(page);
  equal((await rows(page)).length > 5, true);
}, asModule);

await check("and says that it needs the name", `<srm-table kind="summary" model="saas">${fallback}`, async (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  await listenFor(page, "error");
  await open(page);
  equal(await told(page), true);
  equal(said.some((text) => text.includes("the attribute `src` is missing")), true);
  equal(asked.filter((path) => path.endsWith(".html") || path.endsWith(".css")), []);
}, { ...asModule, allowed: ["the attribute `src` is missing"] });

await check("a frame becomes as high as its table", `<iframe class="srm-frame" title="t" width="100%" height="100" src="${address}embed/summary-saas.html"></iframe>`, async (page) => {
  await page.goto(host.origin + "/");
  await page.waitForFunction(() => document.querySelector("iframe").getBoundingClientRect().height > 400);
  const [inner, outer] = [await page.frames()[1].evaluate(() => document.documentElement.scrollHeight), await page.evaluate(() => document.querySelector("iframe").clientHeight)];
  equal(Math.abs(inner - outer) <= 2, true);
  // Others cannot set its height.
  await page.evaluate(() => window.postMessage({ srm: "height", height: 5 }, "*"));
  await page.waitForTimeout(100);
  equal(await page.evaluate(() => document.querySelector("iframe").clientHeight), outer);
});

await check("a badge is a picture with words", `<img src="${address}badges/saas/network.svg" alt="Shared">`, async (page) => {
  await page.goto(host.origin + "/");
  const size = await page.evaluate(async () => {
    const image = document.querySelector("img");
    await image.decode();
    return [image.naturalWidth > 60, image.naturalHeight];
  });
  equal(size, [true, 24]);
  await page.goto(`${address}badges/saas/network.svg`);
  const text = await page.evaluate(() => {
    const words = document.querySelector("text");
    const box = document.querySelector("rect").getBBox();
    const inner = words.getBBox();
    return { role: document.documentElement.getAttribute("role"), title: document.querySelector("title").textContent, fits: inner.x + inner.width < box.x + box.width };
  });
  equal(text, { role: "img", title: "Network Policy & Connectivity: Shared (Customer + Zilliz)", fits: true });
});

await browser.close();
site.server.close();
other.server.close();
host.server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
