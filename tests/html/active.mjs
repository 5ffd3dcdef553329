// What files and markup with scripts can do in Chromium: in the preview, on a
// host that sends no policy, and from the disk.
//
//   node active.mjs PREVIEW SITE
//
// PREVIEW is the address of a preview, SITE a folder with the same site built;
// `tests/it/browser.rs` makes both. SITE is changed.
//
// Prints a line for each failure, then `N passed, N failed`.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { finish, launch, open, result, serve } from "./site.mjs";

const preview = process.argv[2];
const folder = resolve(process.argv[3]);
const browser = await launch();

function same(problems, what, found, wanted) {
  const [a, b] = [found, wanted].map((value) => JSON.stringify(value));
  if (a !== b) problems.push(`${what}: ${a} instead of ${b}`);
}

// What a script here could read, told by the document it would run in.
async function reach() {
  const attempt = async (work) => {
    try {
      return String(await work());
    } catch (error) {
      return error.name;
    }
  };
  return {
    ran: document.documentElement.getAttribute("ran"),
    origin: self.origin,
    cookie: await attempt(() => document.cookie),
    storage: await attempt(() => localStorage.length),
    state: await attempt(async () => (await fetch("/.srm-site/state")).status),
  };
}

const CLOSED = { ran: null, origin: "null", cookie: "SecurityError", storage: "SecurityError", state: "TypeError" };

async function inPreview() {
  const context = await browser.newContext();
  // As a server on another port of this machine sets it.
  await context.addCookies([{ name: "session", value: "secret", url: preview }]);
  for (const file of ["evil.html", "evil.svg"]) {
    const page = await context.newPage();
    await page.goto(preview + file, { waitUntil: "load" });
    await page.waitForTimeout(200);
    const problems = [];
    same(problems, "it could reach", await page.evaluate(reach), CLOSED);
    result(`${file} in the preview`, problems);
    await page.close();
  }
  // Pages go on as ever: they run the site's scripts, follow edits and show images.
  const { page, problems } = await open(context, `${preview}models/saas.html`, preview);
  await page.waitForFunction(() => performance.getEntriesByType("resource").some((e) => e.name.includes("/.srm-site/state")));
  same(problems, "scripts", await page.evaluate(() => document.documentElement.dataset.script), "on");
  same(problems, "images", await page.evaluate(() => [...document.images].map((image) => image.naturalWidth)), [9]);
  same(problems, "violations", await page.evaluate(() => window.violations), []);
  result("a page in the preview", problems);
  await context.close();
}

const HIT = "document.documentElement.setAttribute('ran', 'yes')";
const INJECTED = `<script>${HIT}</script>
<script src="data:text/javascript,${encodeURIComponent(HIT)}"></script>
<img src="nothing.png" alt="" onerror="${HIT}">
<svg onload="${HIT}"></svg>
<object data="evil.html"></object>
<a id="injected" href="javascript:${HIT}">a</a>
`;

// A page into which somebody got markup that runs scripts.
async function injected(where, url, file) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.effectiveDirective));
  });
  await page.goto(url + file, { waitUntil: "load" });
  await page.evaluate(() => document.getElementById("injected").click());
  await page.waitForTimeout(200);
  const problems = [];
  same(problems, "ran", await page.evaluate(() => document.documentElement.getAttribute("ran")), null);
  same(problems, "objects", page.frames().length, 1);
  const refused = new Set(await page.evaluate(() => window.violations));
  for (const directive of ["script-src-elem", "script-src-attr", "object-src"]) {
    if (!refused.has(directive)) problems.push(`${directive} was not enforced`);
  }
  // The site's own scripts run.
  same(problems, "scripts", await page.evaluate(() => document.documentElement.dataset.script), "on");
  await page.locator(".srm-search-open").click();
  await page.locator("dialog.srm-search[open] input").fill("backup");
  await page.locator("dialog.srm-search[open] a[href]").first().waitFor({ timeout: 5000 }).catch(() => problems.push("the search finds nothing"));
  result(`${file} with injected markup ${where}`, problems);
  await context.close();
}

await inPreview();
const PAGES = ["index.html", "models/saas.html", "print.html", "embed.html", "404.html"];
for (const file of PAGES) {
  const path = join(folder, file);
  writeFileSync(path, readFileSync(path, "utf8").replace("</main>", `${INJECTED}</main>`));
}
const host = await serve(folder, null);
for (const file of PAGES) {
  await injected("on a host", host.base, file);
  await injected("from the disk", `${pathToFileURL(folder).href}/`, file);
}
host.close();
await browser.close();
finish();
