// What readers do with a site of the shipped content, in Chromium, with the
// keyboard alone and under a strict Content-Security-Policy: choose, sort,
// fold, copy and download tables, tick a checklist, change the colours.
//
//   node reader.mjs SHIPPED SAMPLE LARGE
//
// SAMPLE is a site of tests/html/sample, LARGE one of what large.mjs writes.
//
// Prints a line for each failure, then `N passed, N failed`.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { files, finish, launch, open, result, serve } from "./site.mjs";

const [folder, ...others] = process.argv.slice(2).map((argument) => resolve(argument));
const site = await serve(folder);
const [sample, large] = await Promise.all(others.map((other) => serve(other)));
const browser = await launch();

const phone = { width: 375, height: 800 };
const desk = { width: 1280, height: 900 };

// One check: a page of the site, what is done on it, and what is wrong then.
async function check(name, path, act, { at = site, ...options } = {}) {
  const context = await browser.newContext({
    viewport: desk,
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  const { page, problems } = await open(context, at.base + path, at.host);
  page.setDefaultTimeout(5000);
  const expect = (what, found, wanted) => {
    const [a, b] = [found, wanted].map((value) => JSON.stringify(value));
    if (a !== b) problems.push(`${what}: ${a} instead of ${b}`);
  };
  try {
    await act(page, expect, context);
  } catch (error) {
    problems.push(String(error).split("\n")[0]);
  }
  const violations = await page.evaluate(() => window.violations ?? []).catch(() => []);
  result(name, [...problems, ...violations.map((violation) => `policy: ${violation}`)]);
  await context.close();
}

// Gets somewhere with the Tab key, as those do who have no mouse.
async function tabTo(page, selector) {
  for (let presses = 0; presses < 200; presses += 1) {
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not get to ${selector}`);
}

async function type(page, selector, text) {
  await tabTo(page, selector);
  await page.keyboard.type(text);
}

// Chooses in a list by the first letters of what it says. Browsers take
// letters that follow at once for more of the same word.
async function choose(page, selector, text) {
  await tabTo(page, selector);
  await page.waitForTimeout(1100);
  await page.keyboard.type(text);
}

const shown = (page, kind) => page.locator(`table[data-kind=${kind}] tbody > tr`).evaluateAll((rows) =>
  rows.filter((row) => row.checkVisibility()).map((row) => (row.querySelector("[scope=row] a") ?? row.querySelector("[scope=row]")).textContent));
const status = (page) => page.locator(".srm-showing").textContent();
const query = (page) => new URL(page.url()).search;

await check("words narrow all tables of a page", "models/saas.html", async (page, expect) => {
  expect("at first", await status(page), "Showing 16 of 16 responsibilities");
  await type(page, "[name=q]", "tls ENCRYPTION");
  expect("status", await status(page), "Showing 1 of 16 responsibilities");
  expect("detail", await shown(page, "detail"), ["Data Encryption (In-Transit)"]);
  expect("address", query(page), "?q=tls+ENCRYPTION");
  // The summary does not hold the words of tasks.
  expect("summary", await shown(page, "summary"), []);
  await page.reload();
  expect("after a reload", await status(page), "Showing 1 of 16 responsibilities");
  await tabTo(page, "[name=reset]");
  await page.keyboard.press("Enter");
  expect("reset", [await status(page), query(page)], ["Showing 16 of 16 responsibilities", ""]);
});

await check("owner and category", "models/saas.html", async (page, expect) => {
  await choose(page, "[name=owner]", "Prov");
  expect("summary", await shown(page, "summary"),
    ["Data Encryption (In-Rest)", "Vulnerability Management", "Maintenance & Upgrades", "Technical Support"]);
  await choose(page, "[name=category]", "Serv");
  expect("status", await status(page), "Showing 2 of 16 responsibilities");
  expect("address", query(page), "?owner=provider&category=operations");
  const heads = await page.locator("table[data-kind=summary] tr:visible > [scope=rowgroup]").evaluateAll(
    (cells) => cells.map((cell) => [cell.textContent, cell.rowSpan]));
  expect("the heading of the group", heads, [["Service Operations & Reliability", 2]]);
});

await check("nothing matches", "models/saas.html?q=zzz", async (page, expect) => {
  expect("status", await status(page), "Showing 0 of 16 responsibilities");
  expect("tables", await page.locator(".srm-table:visible").count(), 0);
});

await check("a field of the author's", "models/saas.html", async (page, expect) => {
  const all = (await shown(page, "summary")).length;
  await tabTo(page, "[name='field.answer']");
  await page.keyboard.press("End");
  const rows = ["Encryption <at rest>"];
  expect("shown", [await shown(page, "summary"), await shown(page, "detail")], [rows, rows]);
  expect("address", query(page), "?field.answer=%E8%A9%B2%E5%BD%93%E3%81%AA%E3%81%97");
  await page.reload();
  expect("after a reload", await shown(page, "summary"), rows);
  await page.locator("[name=reset]").click();
  expect("after the reset", [(await shown(page, "summary")).length, query(page)], [all, ""]);
}, { at: sample });

await check("areas are lines of their row and count as none", "models/saas.html?category=operations", async (page, expect) => {
  expect("status", await status(page), "Showing 3 of 11 responsibilities");
  const lines = ["Logging", "Logging – Rooms & <doors>", "Logging – プラットフォーム",
    "Logging – Applications and the connections that partners have built for them", "Logging – Devices", "Alerts", "Upkeep"];
  expect("lines", await shown(page, "detail"), lines);
  await type(page, "[name=q]", "collect the logs");
  expect("by the words of an area", [await status(page), (await shown(page, "detail")).includes("Logging – プラットフォーム")],
    ["Showing 1 of 11 responsibilities", true]);
}, { at: sample });

await check("a field on pages where it is a remark", "compare/index.html?field.answer=Yes+%26+no", async (page, expect) => {
  expect("shown", await shown(page, "matrix"), ["Encryption <at rest>", "Logging"]);
}, { at: sample });

await check("an address of another page's choice", "models/saas.html?owner=nobody&sort=%3Cb%3E", async (page, expect) => {
  expect("status", await status(page), "Showing 16 of 16 responsibilities");
});

await check("sorting", "models/saas.html", async (page, expect) => {
  await choose(page, "[name=sort]", "Name");
  const names = await shown(page, "summary");
  expect("order", names, [...names].sort((a, b) => a.localeCompare(b, "en")));
  expect("lines", names.length, 16);
  const groups = await page.locator("table[data-kind=summary] tr:visible > [scope=rowgroup]:visible").count();
  expect("each line has its category", groups, 16);
  expect("said of the column", await page.locator("table[data-kind=summary] [aria-sort]").evaluateAll(
    (cells) => cells.map((cell) => [cell.dataset.column, cell.ariaSort])), [["row", "ascending"]]);
  await choose(page, "[name=sort]", "Document");
  expect("back", (await shown(page, "summary"))[0], "Data & Lifecycle Management");
  expect("groups again", await page.locator("table[data-kind=summary] [scope=rowgroup]:visible").count(), 4);
  await choose(page, "[name=sort]", "Number");
  const tasks = await page.locator("table[data-kind=detail] tbody > tr:visible").evaluateAll(
    (rows) => rows.map((row) => row.querySelectorAll(".srm-tasks > li").length));
  expect("most tasks first", tasks, [...tasks].sort((a, b) => b - a));
});

await check("sorting by owner on a category's page keeps rows together", "categories/data.html?sort=owner", async (page, expect) => {
  expect("rows", await page.locator("[scope=rowgroup]:visible").evaluateAll((cells) => cells.map((cell) => cell.rowSpan)), [2, 2, 2, 2]);
});

await check("one model of a category", "categories/data.html", async (page, expect) => {
  await choose(page, "[name=model]", "BYOC");
  expect("lines", await shown(page, "category"), ["BYOC", "BYOC", "BYOC", "BYOC"]);
  expect("spans", await page.locator("[scope=rowgroup]:visible").evaluateAll((cells) => cells.map((cell) => cell.rowSpan)), [1, 1, 1, 1]);
});

await check("folding", "models/saas.html", async (page, expect) => {
  const visible = () => page.locator(".srm-tasks > li:visible").count();
  const before = await visible();
  await tabTo(page, "[name=fold]");
  await page.keyboard.press("Space");
  expect("all folded", [await visible(), query(page)], [0, "?fold=all"]);
  expect("said", await page.locator("[name=fold]").getAttribute("aria-pressed"), "true");
  await tabTo(page, ".srm-fold-row");
  expect("a row folded", await page.evaluate(() => document.activeElement.ariaExpanded), "false");
  await page.keyboard.press("Enter");
  expect("one open", [await visible() > 0, await page.evaluate(() => document.activeElement.ariaExpanded)], [true, "true"]);
  await page.emulateMedia({ media: "print" });
  expect("on paper", await visible(), before);
});

await check("the link to a row", "models/saas.html?owner=shared", async (page, expect) => {
  await tabTo(page, ".srm-copy-link");
  await page.keyboard.press("Enter");
  await page.locator(".srm-said").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect("copied", copied, `${site.base}models/saas.html#data-lifecycle`);
});

await check("a link to a row that was put out of sight", "models/saas.html?owner=shared#encryption-at-rest", async (page, expect) => {
  expect("row", await page.locator("#encryption-at-rest").isVisible(), true);
  expect("address", query(page), "");
});

await check("only differences", "compare/saas-vs-byoc.html", async (page, expect) => {
  await choose(page, "[name=only]", "Where owners");
  expect("status", await status(page), "Showing 5 of 17 responsibilities");
  expect("owners", (await shown(page, "compare")).length, 5);
  await choose(page, "[name=only]", "Where tasks");
  expect("tasks", await status(page), "Showing 17 of 17 responsibilities");
});

await check("only rows on other terms", "compare/saas-vs-byoc.html", async (page, expect) => {
  await choose(page, "[name=only]", "Where terms");
  const rows = await page.locator("table[data-kind=compare] tr[data-row]:visible").evaluateAll((all) =>
    all.map((tr) => [tr.dataset.row, tr.querySelector("[data-change=terms]") !== null]));
  expect("has the row", rows.some(([row, marked]) => row === "upkeep" && marked), true);
  expect("every one", rows.filter(([, marked]) => !marked), []);
}, { at: sample });
await check("what changes, in words", "compare/saas-vs-byoc.html", async (page, expect) => {
  const leads = () => page.locator(".srm-answer > p").allTextContents();
  expect("answers", await leads(), [
    "4 responsibilities move from Provider to Shared",
    "1 is new: BYOC lists it, SaaS does not",
    "12 keep their owner",
  ]);
  await tabTo(page, ".srm-pick a");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/byoc-vs-saas.html");
  expect("the other way", await leads(), [
    "4 responsibilities move from Shared to Provider",
    "1 is dropped: BYOC lists it, SaaS does not",
    "12 keep their owner",
  ]);
  await tabTo(page, ".srm-answer a");
  await page.keyboard.press("Enter");
  expect("a row", new URL(page.url()).hash, "#srm-change-encryption-at-rest");
});

await check("the matrix, differences only", "compare/index.html?only=owners", async (page, expect) => {
  expect("rows", (await shown(page, "matrix")).length, 5);
  await choose(page, "[name=model]", "SaaS");
  expect("columns", await page.locator("[data-column=model]:visible").allTextContents(), ["SaaS"]);
});

await check("a checklist", "parties/customer.html", async (page, expect) => {
  const progress = () => page.locator(".srm-progress").allTextContents();
  expect("at first", await progress(), ["0 of 35 tasks done", "0 of 40 tasks done"]);
  await tabTo(page, ".srm-tick");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  expect("two", (await progress())[0], "2 of 35 tasks done");
  await page.reload();
  expect("kept", (await progress())[0], "2 of 35 tasks done");
  const download = page.waitForEvent("download");
  await tabTo(page, ".srm-save > summary");
  await page.keyboard.press("Enter");
  await tabTo(page, "[data-save=md]");
  await page.keyboard.press("Enter");
  const file = await download;
  expect("name", file.suggestedFilename(), "Tasks-of-Customer-in-SaaS.md");
  const text = readFileSync(await file.path(), "utf8");
  expect("ticked", text.match(/^ {2}- \[x\] .*/gm), ["  - [x] Provide data.", "  - [x] Manage data lifecycle (creation, retention, deletion)."]);
  expect("open", text.match(/^ {2}- \[ \] /gm).length, 33);
  await page.reload();
  await tabTo(page, ".srm-untick");
  await page.keyboard.press("Enter");
  expect("cleared", (await progress())[0], "0 of 35 tasks done");
  expect("nothing left behind", await page.evaluate(() => localStorage.length), 0);
});

// Another program of the same host may have left anything where this one looks.
for (const poison of ["null", "5", '"text"', "[{}]", "{", '{"__proto__":{"has":1},"length":9}', "<img src=x onerror=alert(1)>"]) {
  await check(`what is kept may be anything: ${poison}`, "index.html", async (page, expect) => {
    await page.evaluate((text) => {
      localStorage.setItem("srm-scheme", text);
      sessionStorage.setItem("srm-menu", text);
      localStorage.setItem(`srm-checklist ${location.pathname.replace("index.html", "parties/customer.html")}`, text);
    }, poison);
    await page.goto(`${site.base}parties/customer.html`);
    expect("no colours", await page.evaluate(() => document.documentElement.dataset.scheme ?? null), null);
    await page.locator(".srm-tick").first().check();
    expect("ticked", (await page.locator(".srm-progress").allTextContents())[0], "1 of 35 tasks done");
    await page.reload();
    expect("kept", (await page.locator(".srm-progress").allTextContents())[0], "1 of 35 tasks done");
    expect("images", await page.locator("img").count(), 0);
  });
}

// Presses a way to save, and returns the file.
async function saved(page, way, at = 0) {
  const menu = page.locator(".srm-save").nth(at);
  await menu.locator("summary").focus();
  if (!(await menu.getAttribute("open"))) await page.keyboard.press("Enter");
  const download = page.waitForEvent("download");
  await tabTo(page, `[data-save=${way}]`);
  await page.keyboard.press("Enter");
  return (await download).path();
}

// What is in a workbook, by another reader than the one who wrote it.
const WORKBOOK = `
import sys, zipfile, json, xml.etree.ElementTree as tree
book = zipfile.ZipFile(sys.argv[1])
assert book.testzip() is None
for name in book.namelist(): tree.fromstring(book.read(name))
sheet = tree.fromstring(book.read("xl/worksheets/sheet1.xml"))
ns = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
rows = [["".join(t.text or "" for t in c.findall(".//m:t", ns)) for c in r.findall("m:c", ns)] for r in sheet.findall(".//m:row", ns)]
print(json.dumps(rows))
`;

await check("a table as it is shown, in files", "models/saas.html?owner=provider&category=data", async (page, expect) => {
  const rows = [
    ["Category", "Responsibility", "Owner", "Customer", "Zilliz (SaaS Provider)"],
    ["Data Management", "Data Encryption (In-Rest)", "Provider (Zilliz)", "Zilliz Handle Everything", "Responsible"],
  ];
  const workbook = JSON.parse(execFileSync("python3", ["-c", WORKBOOK, await saved(page, "xlsx")], { encoding: "utf8" }));
  expect("xlsx", workbook, rows);
  await page.reload();
  const csv = readFileSync(await saved(page, "csv"), "utf8");
  expect("csv", csv, rows.map((row) => `${row.join(",")}\r\n`).join(""));
  await page.reload();
  const markdown = readFileSync(await saved(page, "md", 1), "utf8").split("\n");
  expect("markdown", [markdown[0], markdown[2]], ["**Table 2. SaaS Shared Responsibility in Detail**", "| Category | Responsibility | Customer | Zilliz (SaaS Provider) |"]);
  expect("tasks", markdown[4].includes("| • Ensure data stored on encrypted . <br />• Manage encryption keys |"), true);
  await page.reload();
  await page.locator(".srm-save summary").first().focus();
  await page.keyboard.press("Enter");
  await tabTo(page, "[data-save=copy]");
  await page.keyboard.press("Enter");
  await page.locator(".srm-said").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect("copied", copied.split("\n")[4], "| Data Management | Data Encryption (In-Rest) | Provider (Zilliz) | Zilliz Handle Everything | Responsible |");
});

// What the command writes for the table of a page, by the page's address.
const WRITTEN = [
  [/^models\/(.*)\.html$/, (kind, [model]) => [kind, `model=${model}`]],
  [/^categories\/(.*)\.html$/, (kind, [category]) => [kind, `category=${category}`]],
  [/^compare\/(.*)-vs-(.*)\.html$/, (kind, models) => [kind, `compare=${models}`]],
  [/^compare\/index\.html$/, (kind) => [kind]],
  [/^parties\/(.*)\.html$/, (kind, [party], models, at) => [kind, `party=${party}`, `model=${models[at]}`]],
];

function written(path, kind, at, format, project = ".") {
  const [pattern, options] = WRITTEN.find(([pattern]) => pattern.test(path));
  const asked = options(kind, pattern.exec(path).slice(1), ["saas", "byoc"], at);
  const args = ["run", "--locked", "--quiet", "--", "table", "--quiet", "--project", project, "--format", format, ...asked];
  return execFileSync("cargo", args, { cwd: fileURLToPath(new URL("../..", import.meta.url)) });
}

// The lines of the command's CSV. It has the addresses of links, which a page shows as links.
function writtenLines(...asked) {
  return String(written(...asked)).replace(/ \((?:https?:|mailto:)[^()\s]*\)/g, "").split("\r\n");
}

// A person who saves a table and a program that asks for it get the same file.
const kinds = new Set();
async function sameAsWritten(page, expect, path, project) {
  const found = await page.locator(".srm-figure .srm-table").evaluateAll((all) => all.map((table) => table.dataset.kind));
  expect("has tables", found.length > 0, true);
  for (const [at, kind] of found.entries()) {
    kinds.add(kind);
    const csv = readFileSync(await saved(page, "csv", at), "utf8");
    expect(`csv of ${kind}`, csv.split("\r\n"), writtenLines(path, kind, at, "csv", project));
    await page.reload();
    const markdown = (text) => text.split("\n").find((line) => line.startsWith("| "));
    const md = readFileSync(await saved(page, "md", at), "utf8");
    expect(`heads of ${kind} in Markdown`, markdown(md), markdown(String(written(path, kind, at, "md", project))));
    await page.reload();
  }
}
for (const path of ["models/saas.html", "models/byoc.html", "categories/data.html", "compare/saas-vs-byoc.html",
  "compare/index.html", "parties/customer.html", "parties/provider.html"]) {
  await check("the button and the command write the same table", path, (page, expect) => sameAsWritten(page, expect, path));
}
for (const path of ["models/byoc.html", "compare/index.html"]) {
  await check("they do so with areas, letters, groups, fields and evidence", path, async (page, expect) => {
    await sameAsWritten(page, expect, path, "tests/html/sample");
  }, { at: sample });
}
for (const [path, kind, told] of [["models/byoc.html", "detail", 5], ["categories/data.html", "category", 3]]) {
  await check("footnotes are in saved tables as in those of the command", path, async (page, expect) => {
    const at = await page.locator(".srm-figure .srm-table").evaluateAll(
      (all, kind) => all.findIndex((table) => table.dataset.kind === kind), kind);
    const csv = readFileSync(await saved(page, "csv", at), "utf8");
    expect("csv", csv.split("\r\n"), writtenLines(path, kind, at, "csv", "tests/html/sample"));
    expect("has notes", /\n\[\d\] On disks and in backups\./.test(csv), true);
    await page.reload();
    // Notes of notes have other numbers on a page.
    const notes = (text) => text.split("\n").filter((line) => line.startsWith("&#91;"))
      .map((line) => line.replace(/\[(.*?)\]\(.*?\)|`(.*?)`|\*\*(.*?)\*\*/g, "$1$2$3").replace(/&#91;\d+&#93;/g, "[]")).sort();
    const found = notes(readFileSync(await saved(page, "md", at), "utf8"));
    expect("notes in Markdown", found, notes(String(written(path, kind, at, "md", "tests/html/sample"))));
    expect("they are told once", [found.length, new Set(found).size], [told, told]);
  }, { at: sample });
}
await check("the workbooks of both have the same columns", "parties/customer.html", async (page, expect) => {
  const rows = (file) => JSON.parse(execFileSync("python3", ["-c", WORKBOOK, file], { encoding: "utf8" }));
  const first = rows(await saved(page, "xlsx"))[0];
  expect("xlsx", first, String(written("parties/customer.html", "checklist", 0, "csv")).split("\r\n")[0].split(","));
});
await check("every kind of table that is saved is compared", "index.html", async (page, expect) => {
  const pages = [folder, others[0]].flatMap((site) => files(site, ".html").map((name) => join(site, name)));
  const all = pages.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/srm-figure[\s\S]*?srm-table" data-kind="(\w+)"/g)].map(([, kind]) => kind));
  expect("kinds", [...new Set(all)].sort(), [...kinds].sort());
});

// What a reader of Markdown or a template engine acts on, and what none does.
const HOSTILE = "<img src=x onerror=y> {{ z }} {% if %} a|b `c` *d* _e_ f_g [h](i) C:\\k ~~l~~ &lt; A & B #m 1.5";

await check("a table with any words, as Markdown", "models/saas.html", async (page, expect) => {
  await page.evaluate((text) => { document.querySelector("table[data-kind=detail] td").textContent = text; }, HOSTILE);
  const row = readFileSync(await saved(page, "md", 1), "utf8").split("\n")[4];
  const cell = row.split(" | ")[2];
  expect("the same cells", row.split("|").length, 6);
  expect("nothing to act on", cell.replaceAll("<wbr />", "").match(/[<{}|`*[\]\\~]|(?<!\w)_|_(?!\w)/g), null);
  expect("no two braces", cell.includes("&#123;&#123;"), false);
  const read = await page.evaluate((text) => new DOMParser().parseFromString(text, "text/html").body.textContent, cell);
  expect("the same words", read.replace("• ", ""), HOSTILE);
  expect("what has no power as it is", ["f_g", "A & B #m 1.5"].every((part) => cell.includes(part)), true);
});

// Others than the site's own pages may lead to it with anything behind the `#`.
for (const path of ["models/saas.html", "categories/data.html", "compare/saas-vs-byoc.html"]) {
  await check("an address that cannot be decoded", `${path}#%`, async (page, expect) => {
    expect("the tools work", await page.locator("[name=q]").first().isVisible(), true);
  });
}

await check("a file begins no formula", "models/saas.html", async (page, expect) => {
  await page.evaluate(() => {
    const cells = document.querySelectorAll("[data-kind=detail] tbody tr [scope=row] ~ td .srm-tasks > li, [data-kind=detail] tbody [scope=row] a");
    [...cells].forEach((cell, at) => (cell.textContent = `${"=+-@"[at % 4]}1+1`));
  });
  const csv = readFileSync(await saved(page, "csv", 1), "utf8");
  expect("guarded", [csv.includes("'=1+1"), /(^|,|\r\n)"?[=+\-@]/.test(csv)], [true, false]);
  await page.reload();
  await page.evaluate(() => (document.querySelector("[data-kind=detail] tbody [scope=row] a").textContent = "=1+1"));
  const path = await saved(page, "xlsx", 1);
  const sheet = execFileSync("python3", ["-c", "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('xl/worksheets/sheet1.xml').decode())", path], { encoding: "utf8" });
  expect("a text", [sheet.includes("=1+1"), /<f[ >]/.test(sheet)], [true, false]);
});

await check("most choices wait behind a button on a phone", "models/saas.html", async (page, expect) => {
  const lists = () => page.locator(".srm-tool select").evaluateAll((all) => all.filter((list) => list.checkVisibility()).length);
  const button = page.locator("[name=more]");
  expect("at first", [await lists(), await button.getAttribute("aria-expanded")], [0, "false"]);
  await tabTo(page, "[name=more]");
  await page.keyboard.press("Enter");
  expect("opened", [await lists(), await button.getAttribute("aria-expanded")], [3, "true"]);
  // They stand before the button.
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("Shift+Tab");
  await choose(page, "[name=owner]", "P");
  expect("chosen", await status(page), "Showing 4 of 16 responsibilities");
  await tabTo(page, "[name=more]");
  await page.keyboard.press("Enter");
  expect("closed", [await lists(), await status(page)], [0, "Showing 4 of 16 responsibilities"]);
  await page.reload();
  expect("what was chosen is shown", [await lists(), await page.inputValue("[name=owner]")], [3, "provider"]);
  await page.setViewportSize(desk);
  expect("on a desk", [await lists(), await button.isVisible()], [3, false]);
}, { viewport: phone });

await check("colours", "index.html", async (page, expect) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await tabTo(page, ".srm-scheme");
  const label = async () => (await page.locator(".srm-scheme").innerText()).replace(/\s+/g, " ");
  expect("label", await label(), "Colours: same as system");
  await page.keyboard.press("Enter");
  expect("light", [await label(), await ground()], ["Colours: light", light]);
  await page.keyboard.press("Enter");
  const dark = await ground();
  expect("dark", [await label(), dark !== light], ["Colours: dark", true]);
  await page.hover(".srm-scheme");
  expect("tooltip", await page.getAttribute(".srm-scheme", "title"), "Colours: dark");
  await page.reload();
  expect("kept", await ground(), dark);
  await page.goto(`${site.base}models/saas.html`);
  expect("on other pages", await ground(), dark);
  await page.emulateMedia({ media: "print" });
  expect("on paper", await ground(), light);
}, { colorScheme: "light" });

await check("without scripts", "models/saas.html", async (page, expect) => {
  expect("controls", await page.locator("button:visible, select:visible, input:visible").count(), 0);
  expect("rows", (await page.locator("table[data-kind=detail] tbody > tr:visible").count()), 16);
}, { javaScriptEnabled: false });

// As screen readers see it: rows, cells and headings of tables.
async function tree(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const roles = {};
  for (const { role, ignored } of nodes) {
    if (!ignored && ["table", "row", "cell", "gridcell", "columnheader", "rowheader", "rowgroup"].includes(role?.value)) {
      roles[role.value] = (roles[role.value] ?? 0) + 1;
    }
  }
  return roles;
}

await check("tables on a phone are still tables", "models/saas.html", async (page, expect) => {
  const wide = await tree(page);
  expect("there are tables", [wide.table, wide.columnheader > 0, wide.rowheader > 0, wide.cell > 0], [2, true, true, true]);
  await page.setViewportSize(phone);
  expect("the same", await tree(page), wide);
  const cell = page.locator("table[data-kind=summary] td").first();
  const label = await cell.evaluate((td) => getComputedStyle(td, "::before").content);
  expect("a cell says its column", label, '"Owner"');
  const row = await page.locator("table[data-kind=summary] tbody tr").first().evaluate((tr) => getComputedStyle(tr).display);
  expect("a row is a card", row, "block");
  const lines = await page.locator("td").evaluateAll((cells) => cells.filter((td) => getComputedStyle(td).borderBlockEndWidth !== "0px").length);
  expect("lines inside cards", lines, 0);
});

await check("headings of columns stay in sight", "models/saas.html", async (page, expect) => {
  await page.locator("#incident-response").evaluate((row) => row.scrollIntoView({ block: "center" }));
  const head = await page.locator("table[data-kind=detail] thead").boundingBox();
  const bar = await page.locator(".srm-toc").boundingBox();
  expect("beneath the bar", Math.abs(head.y - (bar.y + bar.height)) < 3, true);
});

await check("a table that is wider than its box says so", "models/saas.html", async (page, expect) => {
  const hint = () => page.locator("caption").nth(1).evaluate((caption) => getComputedStyle(caption, "::after").content);
  expect("wide enough", await hint(), "none");
  await page.setViewportSize({ width: 660, height: 800 });
  await page.waitForFunction(() => document.querySelectorAll("caption")[1].dataset.sideways !== "");
  expect("said", (await hint()).includes("Scroll sideways"), true);
  await page.locator(".srm-scroll").nth(1).focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelectorAll(".srm-scroll")[1].scrollLeft > 0);
});

// Every page: nothing moves while it loads, and focus is always to be seen. The
// scripts come late and the window is high, so that what they do is seen. Once in a hundred
// loads the browser paints a page before it has read all of it, so the best of
// three counts.
for (const path of files(folder, ".html").filter((path) => !/^(embed\/|404)/.test(path))) {
  for (const viewport of [desk, phone]) {
    await check(`${path} ${viewport.width} loads without a move`, path, async (page, expect) => {
      await page.route(/(?<!early)\.js\b/, async (route) => {
        await new Promise((done) => setTimeout(done, 250));
        await route.continue();
      });
      let least = Infinity;
      // Less than a pixel is rounding.
      for (let loads = 0; loads < 3 && least >= 0.0005; loads += 1) {
        await page.reload({ waitUntil: "load" });
        const shift = await page.evaluate(() => new Promise((done) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += entry.value;
          }).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => done(sum), 150);
        }));
        least = Math.min(least, shift);
      }
      expect("layout shift", least < 0.0005 || least, true);
    }, { viewport: { width: viewport.width, height: 3000 } });
  }
}

for (const [path, viewport] of [
  ["index.html", desk], ["models/saas.html", desk], ["compare/saas-vs-byoc.html", desk],
  ["parties/customer.html", desk], ["models/saas.html", phone], ["reading-guide.html", phone],
]) {
  await check(`${path} shows where the focus is, at ${viewport.width}`, path, async (page, expect) => {
    const unseen = [];
    let first;
    for (let presses = 0; presses < 120; presses += 1) {
      await page.keyboard.press("Tab");
      const now = await page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        const box = element.getBoundingClientRect();
        const bar = document.querySelector(".srm-header").getBoundingClientRect();
        const stuck = getComputedStyle(document.querySelector(".srm-header")).position === "sticky";
        const covered = stuck && !element.closest(".srm-header, .srm-skip, .srm-sidebar") && box.bottom < bar.bottom && box.bottom > 0;
        return { what: element.outerHTML.slice(0, 80), seen, covered };
      });
      if (first === now.what) break;
      first ??= now.what;
      // Between the end of the page and its beginning.
      if (now.what.startsWith("<body")) continue;
      if (!now.seen || now.covered) unseen.push(now.what);
    }
    expect("stops without a visible focus", unseen, []);
  }, { viewport });
}

await check("groups of the menu fold", "models/saas.html", async (page, expect) => {
  const links = page.locator(".srm-sidebar .srm-nav a:visible");
  const before = await links.count();
  await tabTo(page, ".srm-nav-group > summary");
  await page.keyboard.press("Enter");
  expect("those of the models", before - await links.count(), 2);
  await page.keyboard.press("Enter");
  expect("open again", await links.count(), before);
  await page.keyboard.press("Enter");
  await page.goto(`${site.base}parties/customer.html`);
  expect("folded on the next page", before - await links.count(), 2);
  await page.goto(`${site.base}models/byoc.html`);
  expect("but where the page is in it", await links.count(), before);
  // Without room beside the page, all of it is folded.
  await page.setViewportSize(phone);
  expect("on a phone", await links.count(), 0);
});

await check("the list of sections is beside what leaves it room", "index.html", async (page, expect) => {
  const beside = () => page.evaluate(() => {
    const [list, title] = [".srm-toc", ".srm-title"].map((part) => document.querySelector(part).getBoundingClientRect());
    return [list.left >= title.right, document.querySelector(".srm-toc a").checkVisibility({ contentVisibilityAuto: true })];
  });
  expect("by text", await beside(), [true, true]);
  await page.setViewportSize({ width: 1270, height: 800 });
  expect("by text, narrower", (await beside())[0], false);
  await page.setViewportSize({ width: 1920, height: 1000 });
  await page.goto(`${site.base}models/saas.html`);
  expect("by tables", await beside(), [false, false]);
  // Only a bar that hides the list says which of them is read.
  const said = () => page.locator(".srm-toc summary[data-here]:not([data-here=''])").evaluate(
    (bar) => getComputedStyle(bar, "::after").content);
  await page.goto(`${site.base}reading-guide.html`);
  expect("said beside text", await said(), "none");
  await page.setViewportSize(phone);
  expect("said on a phone", await said(), "\"Badges\"");
}, { viewport: { width: 1280, height: 800 } });

await check("the anchor of a heading is behind its last word", "reading-guide.html", async (page, expect) => {
  const gap = await page.locator("#findings-and-acknowledgements").evaluate((heading) => {
    const words = document.createRange();
    words.selectNodeContents(heading);
    const lines = [...words.getClientRects()];
    const anchor = heading.parentElement.querySelector(".srm-anchor").getBoundingClientRect();
    return [lines.length, Math.round(anchor.left - lines.at(-1).right), anchor.bottom > lines[0].bottom];
  });
  expect("lines, pixels between, below the first line", gap, [2, 0, true]);
}, { viewport: phone });

await check("a table that cannot be loaded from the disk takes no place", "embed.html", async (page, expect) => {
  const box = await page.locator("srm-table[height]").boundingBox();
  expect("height of a line", box.height > 0 && box.height < 40, true);
}, { at: { base: `${pathToFileURL(folder).href}/`, host: "file:" } });

for (const viewport of [phone, { width: 1280, height: 800 }]) {
  await check(`a bar of sections stays in sight at ${viewport.width} pixels`, "models/byoc.html", async (page, expect) => {
    const links = page.locator(".srm-toc a");
    const says = (words) => page.waitForFunction((wanted) => {
      const bar = document.querySelector(".srm-toc summary");
      return bar.dataset.here === wanted && getComputedStyle(bar, "::after").content === `"${wanted}"`;
    }, words);
    const places = () => page.evaluate(() => [".srm-header", ".srm-toc", "h1 ~ .srm-content"].map((part) => {
      const { top, bottom } = document.querySelector(part).getBoundingClientRect();
      return { top, bottom };
    }));
    const [, , before] = await places();
    await tabTo(page, ".srm-toc summary");
    await page.keyboard.press("Enter");
    expect("unfolded", await links.first().isVisible(), true);
    expect("over the page, which stays", (await places())[2], before);
    await page.keyboard.press("Escape");
    expect("folded by Escape", await links.first().isVisible(), false);
    await page.keyboard.press("Enter");
    await tabTo(page, '.srm-toc a[href="#platform-iam"]');
    await page.keyboard.press("Enter");
    expect("folded by a choice", await links.first().isVisible(), false);
    await says("Security & Compliance (Shared)");
    const [header, bar] = await places();
    expect("below the header", Math.abs(bar.top - header.bottom) <= 1, true);
    const row = await page.evaluate(() => document.getElementById("platform-iam").getBoundingClientRect().top);
    expect("above the row", row >= bar.bottom, true);
    await page.locator(".srm-toc summary").click();
    expect("unfolded by a click", await links.first().isVisible(), true);
    await page.locator(".srm-site-title").focus();
    expect("folded when the reader is elsewhere", await links.first().isVisible(), false);
    await page.locator(".srm-toc summary").click();
    await page.mouse.click(viewport.width / 2, viewport.height - 20);
    expect("folded by a click elsewhere", await links.first().isVisible(), false);
  }, { viewport });
}

await check("without scripts, the list of sections folds where it is", "models/byoc.html", async (page, expect) => {
  expect("folded", await page.locator(".srm-toc a").first().isVisible(), false);
  await page.locator(".srm-toc summary").click();
  expect("unfolded", await page.locator(".srm-toc a").first().isVisible(), true);
  expect("in its place", await page.evaluate(() => getComputedStyle(document.querySelector(".srm-toc")).position), "static");
}, { viewport: phone, javaScriptEnabled: false });

await check("the list of sections marks the one that is read", "models/saas.html", async (page, expect) => {
  const marked = (href) => page.waitForFunction((wanted) => {
    const found = document.querySelectorAll(".srm-toc [aria-current=location]");
    return found.length === 1 && found[0].getAttribute("href") === wanted;
  }, href);
  expect("above the first section", await page.locator(".srm-toc [aria-current]").count(), 0);
  await page.evaluate(() => document.getElementById("srm-summary").scrollIntoView());
  await marked("#srm-summary");
  await page.evaluate(() => document.getElementById("platform-iam").scrollIntoView());
  await marked("#platform-iam");
  await page.evaluate(() => document.getElementById("srm-summary").scrollIntoView());
  await marked("#srm-summary");
}, { viewport: { width: 1440, height: 900 } });

for (const [what, viewport, top] of [
  ["stays in sight on a phone", phone, 0],
  ["makes room where letters are large", { width: 320, height: 256 }, null],
]) {
  await check(`the search ${what}`, "models/saas.html", async (page, expect) => {
    await page.evaluate(() => scrollTo(0, 2000));
    const bar = await page.locator(".srm-header").evaluate((header) => header.getBoundingClientRect().top);
    expect("its bar", bar >= 0 ? bar : null, top);
  }, { viewport });
}

for (const [what, at, from, model, to] of [
  ["has a page, in any script", sample, "saas-vs-byoc", "オンプレミス", "saas-vs-オンプレミス.html"],
  ["has a page of some", large, "saas-vs-byoc", "onprem", "saas-vs-onprem.html"],
  ["has no page of its own", large, "saas-vs-byoc", "hybrid", "index.html?model=saas&with=hybrid"],
]) {
  await check(`another pair of models that ${what} is chosen`, `compare/${from}.html`, async (page, expect) => {
    await page.locator("select[name=second]").selectOption(model);
    await page.waitForURL((url) => !url.pathname.endsWith(`${from}.html`));
    const url = new URL(page.url());
    expect("the page", decodeURIComponent(url.pathname.split("/").pop()) + url.search, to);
    expect("is there", await page.locator("h1.srm-title").count(), 1);
  }, { at });
}

await browser.close();
for (const one of [site, sample, large]) one.close();
finish();
