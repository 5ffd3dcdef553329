// Looks at where things stand on built sites: a broken style sheet, a column
// that ran over another and a side that was forgotten from right to left are
// seen here. The fonts are those of fonts.conf, so results do not depend on the
// machine.
//
//   node layout.mjs FOLDER...
//
// For a page of each kind of each folder, at 320 to 1920 pixels:
//   - its text is shown in those fonts;
//   - nothing sticks out, no words stand on other words, and none are cut off;
//   - headers stay in sight at the other end of a table;
//   - in the other reading direction everything stands on the other side.
// For the first folder the columns of the page and the order of its parts are
// those of layout.json; UPDATE=1 writes that file again.
//
// Prints a line for each failure, then `N passed, N failed`.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { files, finish, launch, open, result, serve, sideways } from "./site.mjs";

const WIDTHS = [320, 375, 768, 1280, 1920];
const APPROVED = fileURLToPath(new URL("layout.json", import.meta.url));
// Versions of Chromium may move a part by this many pixels.
const NEAR = 8;
// The fonts of fonts.conf that pages may need.
const FONTS = ["DejaVu Sans", "DejaVu Sans Mono", "BIZ UDPGothic"];

// The parts of a page whose places are compared.
const PARTS = [
  ".srm-header", ".srm-site-title", ".srm-search-open", ".srm-scheme", ".srm-sidebar", ".srm-main",
  ".srm-breadcrumbs", ".srm-title", ".srm-toc", ".srm-heading", ".srm-answers", ".srm-cards", ".srm-tools",
  ".srm-showing", ".srm-figure", ".srm-table th", ".srm-table td", ".srm-table .srm-badge", ".srm-tick",
  ".srm-page-nav", ".srm-footer", ".srm-footer-links",
];

// Boxes of the first of each part that is to be seen.
function boxes(parts) {
  const round = (n) => Math.round(n * 10) / 10;
  const found = {};
  for (const part of parts) {
    const shown = [...document.querySelectorAll(part)].find((one) => one.checkVisibility({ visibilityProperty: true }));
    if (!shown) continue;
    const { left, right, top } = shown.getBoundingClientRect();
    found[part] = { left: round(left), right: round(right), top: round(top) };
  }
  return found;
}

// Words that stand on other words, and words that are cut off.
function faults() {
  const clips = (style) => /hidden|clip|auto|scroll/.test(`${style.overflowX} ${style.overflowY}`);
  const seen = new Map();
  // What of an element's surroundings can be seen; null where nothing can.
  function window(element) {
    if (!element) return { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
    if (seen.has(element)) return seen.get(element);
    const style = getComputedStyle(element);
    let room = element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
      ? window(style.position === "fixed" ? null : element.parentElement)
      : null;
    if (room && element !== document.documentElement && element !== document.body && clips(style)) {
      const box = element.getBoundingClientRect();
      // Words for screen readers only.
      room = box.width <= 1 || box.height <= 1 ? null : {
        left: Math.max(room.left, box.left), top: Math.max(room.top, box.top),
        right: Math.min(room.right, box.right), bottom: Math.min(room.bottom, box.bottom),
      };
    }
    seen.set(element, room);
    return room;
  }
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || node.parentElement.closest("script, style, template, option, noscript")) continue;
    const room = window(node.parentElement);
    if (!room) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const box = {
        left: Math.max(rect.left, room.left), right: Math.min(rect.right, room.right),
        // Half of the room between lines is no ink.
        top: Math.max(rect.top + rect.height * 0.15, room.top), bottom: Math.min(rect.bottom - rect.height * 0.15, room.bottom),
      };
      if (box.right - box.left > 1 && box.bottom - box.top > 1) words.push({ node, ...box });
    }
  }
  words.sort((a, b) => a.top - b.top);
  const said = [];
  const short = (node) => JSON.stringify(node.data.trim().slice(0, 40));
  for (let at = 0; at < words.length; at += 1) {
    const one = words[at];
    for (let next = at + 1; next < words.length && words[next].top < one.bottom - 2; next += 1) {
      const other = words[next];
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - other.top;
      if (one.node !== other.node && across > 2 && down > 2) said.push(`${short(one.node)} and ${short(other.node)} stand on each other`);
    }
  }
  for (const [element, room] of seen) {
    const style = getComputedStyle(element);
    const cuts = /hidden|clip/.test(style.overflowX) || /hidden|clip/.test(style.overflowY);
    if (!room || !cuts || style.textOverflow === "ellipsis" || element === document.documentElement || element === document.body) continue;
    if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1) {
      said.push(`something of <${element.localName} class="${element.getAttribute("class") ?? ""}"> is cut off`);
    }
  }
  return [...new Set(said)].slice(0, 5);
}

// Tables whose last cell cannot be read together with the headers of its column
// and its row. Where rows are cards, cells name their columns themselves.
function lost() {
  const said = [];
  for (const table of document.querySelectorAll(".srm-table")) {
    const head = table.tHead;
    if (!head || getComputedStyle(head).position !== "sticky" || !table.checkVisibility()) continue;
    const cell = [...table.querySelectorAll("tbody td:last-child")].at(-1);
    cell.scrollIntoView({ block: "nearest", inline: "end" });
    const at = cell.getBoundingClientRect();
    const name = table.caption?.textContent.trim() ?? "a table";
    const top = head.rows[0].cells[head.rows[0].cells.length - 1].getBoundingClientRect();
    const seen = document.elementFromPoint((Math.max(at.left, top.left) + Math.min(at.right, top.right)) / 2, (top.top + top.bottom) / 2);
    if (!seen?.closest("thead")) said.push(`${name}: at its end the header row is out of sight`);
    const grouped = ["category", "tasks"].includes(table.dataset.kind);
    const row = grouped ? cell.closest("tbody").querySelector("[scope=rowgroup]") : cell.parentElement.querySelector("[scope=row]");
    const room = table.closest(".srm-scroll").getBoundingClientRect();
    const side = row.getBoundingClientRect();
    if (side.left < room.left - 1 || side.right > room.right + 1) said.push(`${name}: at its end the headers of rows are out of sight`);
    table.closest(".srm-scroll").scrollTo(0, 0);
  }
  scrollTo(0, 0);
  return said;
}

function turn() {
  const root = document.documentElement;
  root.dir = root.dir === "rtl" ? "ltr" : "rtl";
}

// What does not stand on the other side once the direction changed.
function unmirrored(before, after, width) {
  return Object.keys(before).flatMap((part) => {
    const expected = width - before[part].right;
    const { left } = after[part] ?? { left: NaN };
    return Math.abs(left - expected) <= 2 ? [] : [`${part} begins at ${left}, and not at ${expected}`];
  });
}

// What the outline of a page is: the parts from top to bottom, with the columns
// they take up.
function outline(found) {
  return Object.entries(found)
    .sort(([, a], [, b]) => Math.round(a.top) - Math.round(b.top) || a.left - b.left)
    .map(([part, { left, right }]) => [part, Math.round(left), Math.round(right)]);
}

function differences(expected, found) {
  if (!expected) return ["nothing is approved for this page; UPDATE=1 writes what is there"];
  const names = (list) => list.map(([part]) => part).join(" ");
  if (names(expected) !== names(found)) return [`parts ${names(found)}, and not ${names(expected)}`];
  return found.flatMap(([part, left, right], at) => {
    const [, l, r] = expected[at];
    return Math.abs(left - l) <= NEAR && Math.abs(right - r) <= NEAR ? [] : [`${part} from ${left} to ${right}, and not ${l} to ${r}`];
  });
}

// Fonts in which the page's title, its text and its code are shown, if they are not
// those of fonts.conf.
async function strangeFonts(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("DOM.enable");
  await devtools.send("CSS.enable");
  const { root } = await devtools.send("DOM.getDocument");
  const strange = new Set();
  for (const selector of ["h1", "p", "a", "td", "code"]) {
    const { nodeId } = await devtools.send("DOM.querySelector", { nodeId: root.nodeId, selector });
    if (!nodeId) continue;
    const { fonts } = await devtools.send("CSS.getPlatformFontsForNode", { nodeId });
    for (const { familyName } of fonts) if (!FONTS.includes(familyName)) strange.add(`<${selector}> is shown in ${familyName}`);
  }
  await devtools.detach();
  return [...strange];
}

// A page of each kind, the one with the most in it.
function kinds(folder) {
  const chosen = new Map();
  for (const file of files(folder, ".html")) {
    const html = readFileSync(join(folder, file), "utf8");
    const kind = /<body class="srm-page" data-kind="([^"]*)"/.exec(html)?.[1];
    if (kind && (chosen.get(kind)?.length ?? -1) < html.length) chosen.set(kind, { file, length: html.length });
  }
  return [...chosen.values()].map(({ file }) => file).sort();
}

const folders = process.argv.slice(2).map((folder) => resolve(folder));
const approved = existsSync(APPROVED) ? JSON.parse(readFileSync(APPROVED, "utf8")) : {};
const outlines = {};
const browser = await launch();
for (const folder of folders) {
  const site = await serve(folder);
  for (const file of kinds(folder)) {
    const context = await browser.newContext({ reducedMotion: "reduce" });
    const { page, problems } = await open(context, site.base + encodeURI(file), site.host);
    result(`${basename(folder)}/${file} fonts`, await strangeFonts(page));
    for (const width of WIDTHS) {
      const what = `${basename(folder)}/${file} ${width}`;
      await page.setViewportSize({ width, height: 800 });
      const settled = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await settled();
      result(`${what} words`, [...(await page.evaluate(sideways)), ...(await page.evaluate(faults))]);
      result(`${what} headers`, await page.evaluate(lost));
      const before = await page.evaluate(boxes, PARTS);
      await page.evaluate(turn);
      await settled();
      result(`${what} other direction`, [...unmirrored(before, await page.evaluate(boxes, PARTS), width), ...(await page.evaluate(sideways)), ...(await page.evaluate(faults))]);
      await page.evaluate(turn);
      if (folder !== folders[0]) continue;
      const found = outline(before);
      (outlines[file] ??= {})[width] = found;
      if (!process.env.UPDATE) result(`${what} outline`, differences(approved[file]?.[width], found));
    }
    result(`${basename(folder)}/${file}`, problems);
    await context.close();
  }
  site.close();
}
await browser.close();
if (process.env.UPDATE) {
  const pages = Object.entries(outlines).map(([file, widths]) => {
    const lines = Object.entries(widths).map(([width, parts]) => `    "${width}": ${JSON.stringify(parts)}`);
    return `  ${JSON.stringify(file)}: {\n${lines.join(",\n")}\n  }`;
  });
  writeFileSync(APPROVED, `{\n${pages.join(",\n")}\n}\n`);
}
finish();
