// The search of built sites: what it answers, and its dialog in Chromium.
//
//   node search.mjs SHIPPED SAMPLE
//
// SHIPPED is a site of the shipped content, SAMPLE one of tests/html/sample.
// Answers are compared with those of MiniSearch: the right one never stands
// lower here than there.
//
// Prints a line for each failure, then `N passed, N failed`. With FIGURES set,
// sizes and times as well.

import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { gzipSync } from "node:zlib";

import MiniSearch from "minisearch";
import { launch, serve } from "./site.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [shipped, sample] = process.argv.slice(2).map((folder) => resolve(folder));

let passed = 0;
let failed = 0;

async function check(name, look) {
  try {
    await look();
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.message}`);
  }
}

const equal = (got, wanted, what = "") => {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    throw new Error(`${what} ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
  }
};

const holds = (truth, what) => {
  if (!truth) throw new Error(what);
};

// ---------------------------------------------------------------- the answers

const SCRIPT = "assets/scripts/search.js";
const INDEX = "search/index.js";

// The search without a page.
function searchOf(folder) {
  const context = vm.createContext({ document: { addEventListener() {} } });
  for (const file of [SCRIPT, INDEX]) vm.runInContext(readFileSync(join(folder, file), "utf8"), context);
  return context.srmSearch;
}

// What MiniSearch makes of the same index: with words cut by the browser's own
// dictionary, prefixes, misspelt words and a title that counts more.
function miniOf({ texts, badges, pages, entries }) {
  const segmenter = new Intl.Segmenter("ja", { granularity: "word" });
  const tokenize = (text) => [...segmenter.segment(text)].filter((part) => part.isWordLike).map((part) => part.segment);
  const mini = new MiniSearch({ fields: ["title", "names", "says", "where"], tokenize });
  const join = (numbers) => numbers.filter((number) => number >= 0).map((number) => texts[number]).join("\n");
  const hrefs = entries.map(([, page, anchor]) => pages[page] + (texts[anchor] ? `#${texts[anchor]}` : ""));
  mini.addAll(entries.map(([kind, , anchor, title, badge, where, names, says], id) => ({
    id,
    title: texts[title],
    names: join(kind === 0 ? [...names, anchor] : names),
    says: join(says),
    where: join(where) + (badge ? `\n${badges[badge - 1][1]} ${badges[badge - 1][2]}` : ""),
  })));
  const options = { prefix: true, fuzzy: 0.2, boost: { title: 4, names: 2 } };
  return (query) => mini.search(query, options).map(({ id }) => hrefs[id]);
}

// Query, the address of the right answer (or several that are as good), and
// whether it has to be the first.
const EXACT = true;
const ANSWERS = {
  shipped: [
    ["Data Encryption (In-Rest)", ["models/saas.html#encryption-at-rest", "models/byoc.html#encryption-at-rest"], EXACT],
    ["data encryption (in-transit)", ["models/saas.html#encryption-in-transit", "models/byoc.html#encryption-in-transit"], EXACT],
    ["at-rest", ["models/saas.html#encryption-at-rest", "models/byoc.html#encryption-at-rest"], EXACT],
    ["in rest", ["models/saas.html#encryption-at-rest", "models/byoc.html#encryption-at-rest"], EXACT],
    ["in-rest", ["models/saas.html#encryption-at-rest", "models/byoc.html#encryption-at-rest"], EXACT],
    ["encryption-at-rest", ["models/saas.html#encryption-at-rest", "models/byoc.html#encryption-at-rest"], EXACT],
    ["data-encryption", ["models/saas.html#encryption-at-rest", "models/byoc.html#encryption-at-rest", "models/saas.html#encryption-in-transit", "models/byoc.html#encryption-in-transit"], EXACT],
    ["encrypton", ["models/saas.html#encryption-at-rest", "models/byoc.html#encryption-at-rest", "models/saas.html#encryption-in-transit", "models/byoc.html#encryption-in-transit"], EXACT],
    ["encrypt", ["models/saas.html#encryption-at-rest", "models/byoc.html#encryption-at-rest", "models/saas.html#encryption-in-transit", "models/byoc.html#encryption-in-transit"], EXACT],
    ["ENCRYPTIÖN", ["models/saas.html#encryption-at-rest", "models/byoc.html#encryption-at-rest", "models/saas.html#encryption-in-transit", "models/byoc.html#encryption-in-transit"], EXACT],
    ["SaaS", "models/saas.html", EXACT],
    ["byoc", "models/byoc.html", EXACT],
    ["data", "categories/data.html", EXACT],
    ["infrastructure", "categories/infrastructure.html", EXACT],
    ["security & compliance", "categories/security-compliance.html", EXACT],
    ["Data Management", "categories/data.html", EXACT],
    ["network", ["models/saas.html#network", "models/byoc.html#network"], EXACT],
    ["network saas", "models/saas.html#network", EXACT],
    ["network byoc", "models/byoc.html#network", EXACT],
    ["cloud account", "models/byoc.html#cloud-account", EXACT],
    ["Vulnerability Management", ["models/saas.html#vulnerability-management", "models/byoc.html#vulnerability-management"], EXACT],
    ["vulnerabilty", ["models/saas.html#vulnerability-management", "models/byoc.html#vulnerability-management"], EXACT],
    ["incident respose", ["models/saas.html#incident-response", "models/byoc.html#incident-response"], EXACT],
    ["response incident", ["models/saas.html#incident-response", "models/byoc.html#incident-response"], EXACT],
    ["monitoring", ["models/saas.html#monitoring-alerting", "models/byoc.html#monitoring-alerting"], EXACT],
    ["loging", ["models/saas.html#auditing-logging", "models/byoc.html#auditing-logging"], EXACT],
    ["audit logs", ["models/saas.html#auditing-logging", "models/byoc.html#auditing-logging"], EXACT],
    ["iam", ["models/saas.html#platform-iam", "models/byoc.html#platform-iam"], EXACT],
    ["identity access management", ["models/saas.html#platform-iam", "models/byoc.html#platform-iam"], EXACT],
    ["sla", "models/saas.html#availability", EXACT],
    ["availability continuity sla", "models/saas.html#availability", EXACT],
    ["technical suport", ["models/saas.html#technical-support", "models/byoc.html#technical-support"], EXACT],
    ["maintenance windows", ["models/saas.html#maintenance-upgrades", "models/byoc.html#maintenance-upgrades"], EXACT],
    ["upgrades", ["models/saas.html#maintenance-upgrades", "models/byoc.html#maintenance-upgrades"], EXACT],
    ["\"manage encryption keys\"", "models/saas.html#encryption-at-rest", EXACT],
    ["manage encryption keys", "models/saas.html#encryption-at-rest", EXACT],
    ["\"Configure API keys\"", ["models/saas.html#data-access-control", "models/byoc.html#data-access-control"], EXACT],
    ["securely manage credentials", ["models/saas.html#data-access-control", "models/byoc.html#data-access-control"]],
    ["RBAC", ["models/saas.html#platform-iam", "models/byoc.html#platform-iam", "models/saas.html#data-access-control", "models/byoc.html#data-access-control"], EXACT],
    ["TLS", ["models/saas.html#encryption-in-transit", "models/byoc.html#encryption-in-transit"], EXACT],
    ["knowledge base", ["models/saas.html#technical-support", "models/byoc.html#technical-support"], EXACT],
    ["backup policies", ["models/saas.html#availability", "models/byoc.html#availability"], EXACT],
    ["privatelink", ["models/saas.html", "models/saas.html#network"]],
    ["dedicated vpc", "models/saas.html#infrastructure-provisioning", EXACT],
    ["reading guide", "reading-guide.html", EXACT],
    ["badges", "reading-guide.html#badges", EXACT],
    ["about the source", "about-the-source.html", EXACT],
    ["four contradictions", "about-the-source.html#four-contradictions", EXACT],
    ["contradictons", "about-the-source.html#four-contradictions", EXACT],
    ["compared", ["compare/index.html", "compare/saas-vs-byoc.html"], EXACT],
    ["saas and byoc", "compare/saas-vs-byoc.html", EXACT],
    ["responsibilities of customer", "parties/customer.html", EXACT],
    ["zilliz", "parties/provider.html", EXACT],
    ["mdbook", "embed.html#srm-embed-book", EXACT],
    ["scaling performance qwertz", ["models/saas.html#scaling-performance", "models/byoc.html#scaling-performance"], EXACT],
  ],
  sample: [
    ["オンプレミス", "models/オンプレミス.html", EXACT],
    ["クラウド", "parties/cloud.html", EXACT],
    ["クラウド事業者", "parties/cloud.html", EXACT],
    ["事業", "parties/cloud.html", EXACT],
    ["業", "parties/cloud.html", EXACT],
    ["ｸﾗｳﾄﾞ", "parties/cloud.html", EXACT],
    ["クラウト事業者", "parties/cloud.html", EXACT],
    ["佐藤", "index.html#srm-document", EXACT],
    ["encryption オンプレミス", "models/オンプレミス.html#encryption", EXACT],
    ["lock the room", "models/オンプレミス.html#only", EXACT],
    ["in one model only", "models/オンプレミス.html#only", EXACT],
    ["data & <storage>", "categories/data.html", EXACT],
    ["your keys", "models/byoc.html#encryption", EXACT],
    ["rotate them", ["models/byoc.html#encryption", "models/オンプレミス.html#encryption"], EXACT],
    ["CC6.1", ["models/saas.html#encryption", "models/byoc.html#encryption", "models/オンプレミス.html#encryption"], EXACT],
    ["auditor", "parties/auditor.html", EXACT],
    ["auditor 🔎", "parties/auditor.html", EXACT],
    ["🔎", "parties/auditor.html", EXACT],
    ["by-contract", ["models/saas.html#by-contract", "models/byoc.html#by-contract", "models/オンプレミス.html#by-contract"], EXACT],
    ["nobody", ["models/saas.html#nobody", "models/byoc.html#nobody", "models/オンプレミス.html#nobody"], EXACT],
    ["start here", "index.html", EXACT],
    ["callouts", "guides/everything.html#callouts", EXACT],
    ["println", "guides/everything.html#code", EXACT],
    ["a heading of its own", "models/saas.html#a-heading-of-its-own", EXACT],
    ["anything else", "index.html#srm-catch-all", EXACT],
    ["collect the logs", ["models/saas.html#logging", "models/オンプレミス.html#logging"], EXACT],
    ["logging rooms", ["models/saas.html#logging", "models/オンプレミス.html#logging"], EXACT],
    ["SIEM", ["models/saas.html#logging", "models/byoc.html#logging", "models/オンプレミス.html#logging"], EXACT],
    ["verifies signs byoc", "models/byoc.html#alerts"],
    ["on-call plan", ["models/saas.html#alerts", "models/byoc.html#alerts", "models/オンプレミス.html#alerts"], EXACT],
    ["2024-12-01", ["models/saas.html#logging", "models/byoc.html#logging", "models/オンプレミス.html#logging"], EXACT],
  ],
};

for (const [name, folder] of [["shipped", shipped], ["sample", sample]]) {
  const search = searchOf(folder);
  const mini = miniOf(search.index);
  const data = search.index;
  for (const [query, answers, exact] of ANSWERS[name]) {
    await check(`${name}, ${query}`, () => {
      const right = [answers].flat();
      const place = (hrefs) => {
        const at = hrefs.findIndex((href) => right.includes(href));
        return at < 0 ? Infinity : at;
      };
      const found = search.find(query, Infinity).hits.map(({ href }) => href);
      const [ours, theirs] = [place(found), place(mini(query))];
      holds(found.length > 0 && ours < Infinity, `it is not found: ${found.slice(0, 3)}`);
      holds(ours <= theirs, `it is at ${ours + 1}, with MiniSearch at ${theirs + 1}: ${found.slice(0, 3)}`);
      holds(!exact || ours === 0, `it is at ${ours + 1}: ${found.slice(0, 3)}`);
    });
  }

  await check(`${name}: all marks together are the text`, () => {
    for (const query of ["e", "data", "in rest", "クラウド", "&", "\"data", "encrypton"]) {
      for (const { title, parts } of search.find(query, Infinity).hits) {
        equal(parts.map(({ text }) => text).join(""), title);
      }
    }
  });

  await check(`${name}: every address leads to an anchor`, () => {
    for (const [, page, anchor] of data.entries) {
      const html = readFileSync(join(folder, decodeURIComponent(data.pages[page])), "utf8");
      const id = decodeURIComponent(data.texts[anchor]).replaceAll("&", "&amp;");
      holds(!id || html.includes(` id="${id}"`), `${data.pages[page]} has no #${id}`);
    }
  });

  await check(`${name}: any query has an answer, or none`, () => {
    // The same queries in each run: a small generator instead of chance.
    let state = 7;
    const next = (n) => (state = (state * 1103515245 + 12345) % 2147483648) % n;
    const text = data.texts.join(" ");
    const signs = "\"“”「」()[]{}*+?.\\^$|/<>&'-_ \t\n\0é\u0301\u3099ｶﾞ鍵🔎👩‍👩‍👧\ud83d\uffffß한글ไทยאַ".split("");
    for (let at = 0; at < 2000; at += 1) {
      const from = next(text.length);
      const cut = text.slice(from, from + next(24)).split("");
      for (let many = next(4); many > 0; many -= 1) cut.splice(next(cut.length + 1), next(2), signs[next(signs.length)]);
      const query = cut.join("");
      const { total, hits } = search.find(query);
      holds(hits.length === Math.min(total, 50) && hits.every(({ href }) => href), JSON.stringify(query));
    }
  });
}

await check("a task is found in the model it stands in, with its party and its words marked", () => {
  const [first] = searchOf(shipped).find("manage encryption keys").hits;
  equal(first.href, "models/saas.html#encryption-at-rest");
  equal([first.badge[1], first.where.at(-1)], ["Provider", "SaaS"]);
  equal(first.excerpt.lead, "Zilliz (SaaS Provider)");
  equal(first.excerpt.parts.filter(({ marked }) => marked).map(({ text }) => text), ["Manage", "encryption", "keys"]);
});

await check("all words have to be there, and some of them only when no place has all", () => {
  const search = searchOf(shipped);
  const all = search.find("network saas").total;
  holds(all < search.find("network").total, "more words find no less");
  holds(search.find("network saas qwertz").total >= all, "a word that is nowhere leaves nothing");
  equal(search.find("qwertz").total, 0);
  equal(search.find("").total, 0);
});

await check("a phrase is only found where its words stand side by side", () => {
  const search = searchOf(shipped);
  holds(search.find("\"encryption data\"").total < search.find("encryption data").total, "quotes make no difference");
  equal(search.find("\"keys encryption manage\"").total, 0);
});

await check("index and script are small", () => {
  const size = [SCRIPT, INDEX].map((file) => gzipSync(readFileSync(join(shipped, file)), { level: 9 }).length);
  holds(size[0] + size[1] <= 25 * 1024, `${size} bytes`);
  if (process.env.FIGURES) console.log(`gzip: script ${size[0]}, index ${size[1]}; raw ${[SCRIPT, INDEX].map((file) => statSync(join(shipped, file)).size)}`);
});

// ----------------------------------------------------------------- the dialog

const browser = await launch();

// Opens a page of a site, and holds that nothing went wrong on it at the end.
async function look(name, url, use, options = {}) {
  await check(name, async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    const problems = [];
    const asked = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => /search/.test(request.url()) && asked.push(request.url()));
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
    });
    try {
      await page.goto(url);
      await use(page, asked);
      equal(await page.evaluate(() => window.violations), [], "violations of the policy:");
      equal(problems, [], "on the console:");
    } finally {
      await context.close();
    }
  });
}

const DIALOG = "dialog.srm-search[open]";
const options = (page) => page.locator(`${DIALOG} [role=option]`);
const status = (page) => page.locator(`${DIALOG} [role=status]`).textContent();
const active = (page) => page.evaluate(() => {
  const input = document.querySelector(".srm-search-input");
  const option = document.getElementById(input.getAttribute("aria-activedescendant"));
  const all = [...document.querySelectorAll(".srm-search [role=option]")];
  const selected = all.filter((one) => one.getAttribute("aria-selected") === "true");
  return option && selected.length === 1 && selected[0] === option ? all.indexOf(option) : -1;
});
const focused = (page) => page.evaluate(() => document.activeElement.className);

async function ask(page, query, key = "/") {
  await page.keyboard.press(key);
  await page.locator(DIALOG).waitFor();
  await page.waitForFunction(() => globalThis.srmSearch?.index === null);
  await page.keyboard.type(query);
}

const host = await serve(shipped);
const sampleHost = await serve(sample);
const places = [["from the disk", pathToFileURL(shipped).href + "/"], ["below a path", host.base]];

for (const [where, base] of places) {
  await look(`${where}: nothing is asked for before the first use`, `${base}models/saas.html`, async (page, asked) => {
    await page.waitForTimeout(200);
    equal(asked, []);
    equal(await page.evaluate(() => typeof globalThis.srmSearch), "undefined");
  });

  await look(`${where}: by keyboard alone, from the key to the row`, `${base}models/saas.html`, async (page, asked) => {
    await ask(page, "encrypton in-transit byoc");
    equal(await focused(page), "srm-search-input");
    equal(await active(page), 0);
    equal(asked.length, 4, "requests:");
    holds(/^\d+ results?\.$/.test(await status(page)), await status(page));
    const first = options(page).first();
    equal(await first.getAttribute("href"), "../models/byoc.html#encryption-in-transit");
    equal(await first.locator(".srm-badge-word").textContent(), "Shared");
    holds((await first.locator("mark").count()) > 0, "nothing is marked");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${base}models/byoc.html#encryption-in-transit`);
  });

  await look(`${where}: a row of the same page`, `${base}models/saas.html`, async (page) => {
    await ask(page, "technical support saas", "Control+k");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#technical-support$/);
    equal(await page.locator(DIALOG).count(), 0);
  });
}

await look("arrows, Home and End go through the results, and round at both ends", `${host.base}index.html`, async (page) => {
  await ask(page, "data");
  const last = (await options(page).count()) - 1;
  holds(last > 5, "there are too few results");
  const presses = [["ArrowDown", 1], ["ArrowDown", 2], ["ArrowUp", 1], ["End", last], ["ArrowDown", 0], ["ArrowUp", last], ["Home", 0]];
  for (const [key, wanted] of presses) {
    await page.keyboard.press(key);
    equal(await active(page), wanted, key);
  }
  await page.keyboard.press("End");
  const inView = await page.evaluate(() => {
    const box = document.querySelector(".srm-search-hits").getBoundingClientRect();
    const option = document.querySelector("[aria-selected=true]").getBoundingClientRect();
    return option.top >= box.top && option.bottom <= box.bottom + 1;
  });
  holds(inView, "the last result is out of view");
  const expanded = await page.locator(".srm-search-input").getAttribute("aria-expanded");
  equal(expanded, "true");
});

await look("Escape closes, focus returns, what was asked for is still there", `${host.base}index.html`, async (page) => {
  await page.locator(".srm-search-open").focus();
  await page.keyboard.press("Enter");
  await page.locator(DIALOG).waitFor();
  await page.keyboard.type("network");
  await page.keyboard.press("Escape");
  equal(await page.locator(DIALOG).count(), 0);
  equal(await focused(page), "srm-search-open");
  await page.keyboard.press("Meta+k");
  await page.locator(DIALOG).waitFor();
  equal(await page.evaluate(() => getSelection().toString()), "network");
  await page.keyboard.press("Tab");
  equal(await focused(page), "srm-search-close");
  await page.keyboard.press("Enter");
  equal(await page.locator(DIALOG).count(), 0);
});

await look("keys mean letters where something is written", `${host.base}index.html`, async (page, asked) => {
  await page.evaluate(() => {
    const input = document.createElement("input");
    document.body.append(input);
    input.focus();
  });
  await page.keyboard.type("a/b");
  await page.keyboard.press("Control+k");
  await page.waitForTimeout(100);
  equal([asked.length, await page.evaluate(() => document.activeElement.value)], [0, "a/b"]);
});

await look("a click beside the dialog closes it, one that began inside does not", `${host.base}index.html`, async (page) => {
  await ask(page, "data");
  const box = await page.locator(".srm-search-input").boundingBox();
  await page.mouse.move(box.x + 20, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(20, 780);
  await page.mouse.up();
  equal(await page.locator(DIALOG).count(), 1);
  await page.mouse.click(20, 780);
  equal(await page.locator(DIALOG).count(), 0);
});

await look("nothing found is said, as is what can be asked", `${host.base}index.html`, async (page) => {
  await ask(page, "");
  holds((await status(page)).length > 10, "no hint");
  await page.keyboard.type("qwertz");
  equal(await status(page), "No results.");
  equal(await page.locator(".srm-search-input").getAttribute("aria-expanded"), "false");
  equal(await active(page), -1);
});

await look("what an input method composes is no query yet", `${sampleHost.base}index.html`, async (page) => {
  await ask(page, "");
  const client = await page.context().newCDPSession(page);
  await client.send("Input.imeSetComposition", { text: "クラウド", selectionStart: 4, selectionEnd: 4 });
  equal(await options(page).count(), 0);
  await client.send("Input.insertText", { text: "クラウド" });
  await page.waitForFunction(() => document.querySelectorAll(".srm-search [role=option]").length > 0);
  equal(await options(page).first().getAttribute("href"), "parties/cloud.html");
});

await look("labels are text, whatever is in them", `${sampleHost.base}index.html`, async (page) => {
  await ask(page, "storage");
  const title = page.locator(`${DIALOG} .srm-search-title`);
  equal(await title.first().textContent(), "Data & <storage>");
  equal(await page.locator(`${DIALOG} storage`).count(), 0);
});

// What a query says is neither markup nor a name that every object of the language has.
for (const query of ["__proto__", "constructor", "toString", "<img src=x onerror=alert(1)>", "<i>storage", "\"><svg onload=alert(1)>"]) {
  await look(`a query is text: ${query}`, `${sampleHost.base}index.html`, async (page) => {
    await ask(page, "storage");
    for (const text of [query, `storage ${query}`]) {
      await page.locator(".srm-search-input").fill(text);
      equal(await page.locator(DIALOG).locator("img, i, script, [onerror], [onload]").count(), 0, `${text}:`);
    }
    equal(await page.evaluate(() => globalThis.srmSearch.find("constructor").total), 0);
  });
}

await look("without scripts there is no button", `${host.base}index.html`, async (page) => {
  equal(await page.locator(".srm-search-open").isVisible(), false);
}, { javaScriptEnabled: false });

for (const width of [1280, 375, 320]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const direction of ["ltr", "rtl"]) {
      const where = `${width} ${colorScheme} ${direction}`;
      await look(`${where}: the open dialog is accessible and fits`, `${host.base}models/saas.html`, async (page) => {
        await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
        await ask(page, "encrypton");
        await page.evaluate(axeSource);
        const found = await page.evaluate(() => window.axe.run(document, {
          runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"] },
          rules: { "target-size": { enabled: true } },
          resultTypes: ["violations"],
        }));
        equal(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`), []);
        const wide = await page.evaluate(() => {
          const dialog = document.querySelector(".srm-search");
          const box = dialog.getBoundingClientRect();
          const inside = [...dialog.querySelectorAll("*")].every((one) => one.scrollWidth <= one.clientWidth + 1 || getComputedStyle(one).display === "inline" || one.localName === "input");
          return { fits: box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight, inside };
        });
        equal(wide, { fits: true, inside: true });
      }, { viewport: { width, height: 720 }, colorScheme });
    }
  }
}

await look("new versions of the index are taken in", `${host.base}index.html`, async (page, asked) => {
  await ask(page, "network");
  const before = asked.length;
  await page.evaluate(() => document.dispatchEvent(new CustomEvent("srm-site:updated", { detail: { files: ["index.html"] } })));
  await page.waitForTimeout(100);
  equal(asked.length, before);
  await page.evaluate(() => document.dispatchEvent(new CustomEvent("srm-site:updated", { detail: { files: ["search/index.js"] } })));
  await page.waitForFunction(() => globalThis.srmSearch.index === null && document.querySelector("script[data-updates]").src.includes("?"));
  equal(asked.length, before + 1);
  equal(await page.locator("script[data-updates]").count(), 1);
  holds((await options(page).count()) > 0, "nothing is shown any more");
});

await look("an open dialog outlives a patch of the page", `${host.base}index.html`, async (page) => {
  await ask(page, "network");
  await page.evaluate(() => {
    document.querySelector(".srm-search").remove();
    document.dispatchEvent(new CustomEvent("srm-site:updated", { detail: { files: ["index.html"] } }));
  });
  equal([await page.locator(DIALOG).count(), await focused(page)], [1, "srm-search-input"]);
  await page.keyboard.press("ArrowDown");
  equal(await active(page), 1);
});

// Time from the key to the first result: with nothing loaded, and again.
async function times(page) {
  return page.evaluate(async () => {
    const shown = () => document.querySelector(".srm-search [role=option]");
    const until = (there) => new Promise((done) => {
      if (there()) return done();
      const watch = new MutationObserver(() => there() && (watch.disconnect(), done()));
      watch.observe(document.documentElement, { childList: true, subtree: true, attributes: true });
    });
    const type = (query) => {
      const input = document.querySelector(".srm-search-input");
      input.value = query;
      input.dispatchEvent(new InputEvent("input"));
    };
    const cold = performance.now();
    document.querySelector(".srm-search-open").click();
    await until(() => document.querySelector(".srm-search[open]"));
    type("encryption");
    await until(shown);
    const warm = performance.now();
    type("network policy");
    return { cold: warm - cold, warm: performance.now() - warm };
  });
}

if (process.env.FIGURES) {
  for (const folder of [shipped, ...process.env.FIGURES.split(delimiter).filter(existsSync)]) {
    const large = await serve(resolve(folder));
    const all = [];
    for (let run = 0; run < 9; run += 1) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${large.base}index.html`);
      await page.waitForTimeout(500);
      all.push(await times(page));
      await context.close();
    }
    const middle = (key) => all.map((one) => one[key]).sort((a, b) => a - b)[4].toFixed(1);
    console.log(`${folder}: cold ${middle("cold")} ms, warm ${middle("warm")} ms`);
    large.close();
  }
}

await browser.close();
host.close();
sampleHost.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
