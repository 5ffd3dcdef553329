// Looks at built sites the way readers and validators do.
//
//   node check.mjs FOLDER...
//
// For every HTML page of each folder:
//   - the Nu HTML checker has no error and no warning, nor for style sheets;
//   - axe-core finds nothing (WCAG 2.2 A and AA, best practice), in light and
//     dark, at 1280 and 375 pixels;
//   - nothing scrolls sideways at 320, 375 and 1280 pixels; the Tab key gets
//     into the menu;
//   - code is read from left to right, and addresses by their own letters, whatever
//     the direction of the page;
//   - served below a path, under a strict Content-Security-Policy: no violation,
//     no console error, no request to another host, every request answered,
//     and no menu that does nothing;
//   - from file://: style sheets apply, links lead to files, no console error.
//
// Prints a line for each failure, then `N passed, N failed`.

import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { extname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import vnuJar from "vnu-jar";
import { files, finish, launch, open, result, serve, sideways } from "./site.mjs";

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Messages of the Nu HTML checker that are no faults of the site, each with
// the reason. A filter that answers nothing is a failure.
const FILTERS = [
  {
    // It reads the pages from the disk and takes files there for those of another
    // site. Browsers do not, and would say so on the console.
    file: ".html",
    message: /^Resource violates Content Security Policy \(meta tag\): external script \S+ blocked by .script-src. directive\.$/,
  },
  {
    // Linked data is in a script element and no script, which the checker does not
    // know of policies.
    file: ".html",
    message: /^Inline script violates Content Security Policy \(meta tag\): blocked by .script-src. directive/,
  },
];

const AXE_TAGS = [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice",
];

// The Nu HTML checker

function runChecker(paths) {
  const args = ["-jar", vnuJar, "--also-check-css", "--also-check-svg", "--stdout", "--format", "json"];
  return new Promise((done) => {
    execFile("java", [...args, ...paths], { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      try {
        done({ messages: JSON.parse(stdout).messages });
      } catch {
        done({ broken: error?.code === "ENOENT"
          ? "there is no Java; `apt-get install default-jre-headless`"
          : `the checker did not run: ${stderr || error}` });
      }
    });
  });
}

async function validate(folder, name, used) {
  const checked = [".html", ".css", ".svg"].flatMap((ending) => files(folder, ending));
  const { messages, broken } = await runChecker(checked.map((file) => join(folder, file)));
  if (broken) {
    result(`${name} validator`, [broken]);
    return;
  }
  const byFile = new Map();
  for (const message of messages) {
    const file = fileOf(message);
    byFile.set(file, [...(byFile.get(file) ?? []), message]);
  }
  for (const file of checked) {
    const full = join(folder, file);
    const problems = (byFile.get(full) ?? []).filter((m) => {
      const filter = FILTERS.find((f) => f.file === extname(file) && f.message.test(m.message));
      if (filter) used.add(filter);
      return !filter;
    });
    byFile.delete(full);
    result(
      `${name}/${file} validator`,
      problems.map((m) => `${m.lastLine ?? "?"}:${m.firstColumn ?? m.lastColumn ?? "?"} ${m.subType ?? m.type} ${m.message}`),
    );
  }
  // A message about no file of the site is the checker's own trouble.
  const stray = [...byFile.values()].flat();
  result(`${name} validator`, stray.map((m) => `${m.url ?? "no file"}: ${m.message}`));
}

function fileOf(message) {
  return message.url ? fileURLToPath(message.url.replace(/^file:\/*/, "file:///")) : "";
}

// The browser

// A page that sends its readers on: it has to arrive somewhere.
async function lookRedirect(browser, site, file, name) {
  const context = await browser.newContext();
  const start = site.base + encodeURI(file);
  const { page, problems } = await open(context, start, site.host);
  await page.waitForURL((url) => url.href !== start, { timeout: 10_000 }).catch(() => {
    problems.push("it leads nowhere");
  });
  await page.waitForLoadState("load");
  result(`${name}/${file} redirect`, problems);
  await context.close();
}

// On a wide page the menu is in view, so the Tab key has to get into it.
async function menuByKeyboard(page) {
  const menu = page.locator(".srm-sidebar");
  if ((await menu.count()) === 0) return [];
  await page.locator(".srm-header :is(a, button):visible").last().focus();
  let reached = false;
  // The menu itself may be a stop of its own, since it can scroll.
  for (let presses = 0; presses < 2 && !reached; presses += 1) {
    await page.keyboard.press("Tab");
    reached = await page.evaluate(() => document.activeElement?.matches(".srm-sidebar a") === true);
  }
  await page.evaluate(() => document.activeElement?.blur());
  return reached ? [] : ["the Tab key does not reach the links of the menu"];
}

// Code and addresses that the words around them would put in another order.
function misdirected() {
  const said = [];
  const look = (selector, right) => {
    for (const element of document.querySelectorAll(selector)) {
      const { direction, unicodeBidi, textAlign } = getComputedStyle(element);
      if (!right({ direction, unicodeBidi, textAlign })) {
        said.push(`${element.outerHTML.slice(0, 80)}: ${direction} ${unicodeBidi} ${textAlign}`);
      }
    }
  };
  look("pre, code, kbd, samp", (style) => style.direction === "ltr" && /isolate/.test(style.unicodeBidi));
  look("pre", (style) => style.textAlign === "left");
  look("main :is(p, li, td, dd) a:is([href^='http'], [href^='mailto:'], [href^='tel:'])", (style) => style.unicodeBidi === "plaintext");
  look(".srm-badge-parties, .srm-badge-word", (style) => /isolate/.test(style.unicodeBidi));
  return said.slice(0, 5);
}

async function lookServed(browser, site, file, name) {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const { page, problems } = await open(context, site.base + encodeURI(file), site.host);
  await page.evaluate(axeSource);
  result(`${name}/${file} directions`, await page.evaluate(misdirected));
  for (const width of [1280, 375, 320]) {
    await page.setViewportSize({ width, height: 800 });
    result(`${name}/${file} ${width} sideways`, await page.evaluate(sideways));
    if (width === 1280) result(`${name}/${file} keyboard`, await menuByKeyboard(page));
    if (width === 320) continue;
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const found = await page.evaluate(
        (tags) => window.axe.run(document, {
          runOnly: { type: "tag", values: tags },
          rules: { "target-size": { enabled: true } },
          resultTypes: ["violations"],
        }),
        AXE_TAGS,
      );
      result(
        `${name}/${file} ${width} ${colorScheme} axe`,
        found.violations.flatMap((v) =>
          v.nodes.slice(0, 3).map((n) => {
            const why = [...n.any, ...n.all, ...n.none].map((c) => c.message).join("; ");
            return `${v.id} (${v.nodes.length}): ${n.html.slice(0, 160)} ${why.slice(0, 300)}`;
          }),
        ),
      );
    }
  }
  const menus = await page.evaluate(() => [...document.querySelectorAll(".srm-save")].filter((menu) => !menu.onclick).length);
  if (menus > 0) problems.push(`${menus} menus to take a table along do nothing`);
  const violations = await page.evaluate(() => window.violations);
  result(`${name}/${file} served`, [...problems, ...violations.map((v) => `policy: ${v}`)]);
  await context.close();
}

async function lookFromDisk(browser, folder, file, name) {
  const context = await browser.newContext();
  const url = pathToFileURL(join(folder, file)).href;
  const top = pathToFileURL(folder).href + "/";
  const { page, problems } = await open(context, url, top);
  const styled = await page.evaluate(
    () => document.styleSheets.length > 0
      && [[document.documentElement, "--srm-accent"], [document.querySelector(".srm-embed"), "--srm-line"]]
        .some(([element, name]) => element && getComputedStyle(element).getPropertyValue(name) !== ""),
  );
  if (!styled) problems.push("no style sheet applies");
  const links = await page.evaluate(
    () => [...document.querySelectorAll("a[href], link[href], img[src], script[src]")]
      .map((e) => e.href || e.src),
  );
  for (const link of new Set(links)) {
    if (!link.startsWith("file:")) continue;
    const target = fileURLToPath(link.split(/[?#]/)[0]);
    if (!link.startsWith(top)) problems.push(`a link leaves the site: ${link}`);
    else if (!existsSync(target) || !statSync(target).isFile()) {
      problems.push(`a link leads to no file: ${relative(folder, target)}`);
    }
  }
  result(`${name}/${file} from disk`, problems);
  await context.close();
}

async function main() {
  const folders = process.argv.slice(2);
  if (folders.length === 0) {
    console.error("usage: node check.mjs FOLDER...");
    process.exit(2);
  }
  const browser = await launch();
  const used = new Set();
  for (const given of folders) {
    const folder = resolve(given);
    const name = relative(resolve(folder, ".."), folder);
    const pages = files(folder, ".html");
    result(`${name} pages`, pages.length > 0 ? [] : [`no HTML file in ${given}`]);
    const validated = validate(folder, name, used);
    const site = await serve(folder);
    const queue = [...pages];
    const worker = async () => {
      for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
        try {
          if (readFileSync(join(folder, file), "utf8").includes('http-equiv="refresh"')) {
            await lookRedirect(browser, site, file, name);
            continue;
          }
          await lookServed(browser, site, file, name);
          // Only a host shows the not-found page.
          if (file !== "404.html") await lookFromDisk(browser, folder, file, name);
        } catch (error) {
          result(`${name}/${file}`, [String(error)]);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(4, cpus().length) }, worker));
    await validated;
    site.close();
  }
  for (const filter of FILTERS.filter((f) => !used.has(f))) {
    result("validator filters", [`nothing is filtered by ${filter.message}; remove it`]);
  }
  await browser.close();
  finish();
}

await main();
