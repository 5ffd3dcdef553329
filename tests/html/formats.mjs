// Reads tables in several formats and compares what they say with the JSON.
//
//   node formats.mjs FOLDER
//
// The folder holds, for each table, NAME.json and beside it NAME.html, NAME.md,
// NAME.mdx, NAME.adoc, NAME.csv, NAME.tsv, NAME.rst.html (see rst.py), and
// NAME.md.READER.html (see mkdocs.py and programs.py). The same Markdown is read by all who take
// Markdown for something else, and nothing in it may be live in any of them.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { convert } from "@asciidoctor/core";
import { evaluate } from "@mdx-js/mdx";
import { parse as parseVue } from "@vue/compiler-dom";
import { parse as parseCsv } from "csv-parse/sync";
import { Liquid } from "liquidjs";
import MarkdownIt from "markdown-it";
import { marked } from "marked";
import Papa from "papaparse";
import { parse } from "parse5";
import remarkGfm from "remark-gfm";

const folder = process.argv[2];
const read = (name) => readFileSync(join(folder, name), "utf8");

// All readers give trees of texts and { tag, props, children }.
const node = (tag, props, children) => ({ tag, props, children });

function fromHtml(html) {
  const convertNode = (one) =>
    one.nodeName === "#text"
      ? one.value
      : node(
          one.tagName ?? one.nodeName,
          Object.fromEntries((one.attrs ?? []).map((a) => [a.name, a.value])),
          (one.childNodes ?? []).filter((c) => c.nodeName !== "#comment").map(convertNode),
        );
  return convertNode(parse(html));
}

async function fromMdx(text) {
  const jsx = (type, props) =>
    typeof type === "function"
      ? type(props)
      : node(type, props, [props.children ?? []].flat(Infinity).map((c) => (c?.tag ? c : String(c))));
  const Fragment = (props) => node("fragment", {}, [props.children ?? []].flat(Infinity));
  const { default: Content } = await evaluate(text, {
    Fragment,
    jsx,
    jsxs: jsx,
    remarkPlugins: [remarkGfm],
  });
  return Content({});
}

// What Vue's compiler finds in a template: text, elements, and what it would run.
function fromVue(template) {
  const ELEMENT = 1, TEXT = 2, COMMENT = 3, ATTRIBUTE = 6;
  const convertNode = (one) =>
    one.type === TEXT
      ? one.content
      : one.type === ELEMENT
        ? node(
            one.tag,
            Object.fromEntries(one.props.map((p) => (p.type === ATTRIBUTE ? [p.name, p.value?.content ?? ""] : ["v-", p.loc.source]))),
            one.children.filter((c) => c.type !== COMMENT).map(convertNode),
          )
        : node("interpolation", {}, [one.loc.source]);
  return node("fragment", {}, parseVue(template).children.map(convertNode));
}

const markdownIt = new MarkdownIt({ html: true });

const liquid = new Liquid();

const READERS = {
  "markdown-it": (name) => fromHtml(markdownIt.render(read(`${name}.md`))),
  marked: (name) => fromHtml(marked.parse(read(`${name}.md`))),
  // As Docusaurus reads it.
  "md as mdx": (name) => fromMdx(read(`${name}.md`)),
  // As Jekyll reads it.
  liquid: (name) => fromHtml(markdownIt.render(liquid.parseAndRenderSync(read(`${name}.md`)))),
  // As VitePress reads it.
  vue: (name) => fromVue(markdownIt.render(read(`${name}.md`))),
  "html in markdown": (name) => fromHtml(markdownIt.render(read(`${name}.html`))),
  "html in vue": (name) => fromVue(markdownIt.render(read(`${name}.html`))),
  html: (name) => fromHtml(read(`${name}.html`)),
  rst: (name) => fromHtml(read(`${name}.rst.html`)),
  mdx: (name) => fromMdx(read(`${name}.mdx`)),
  adoc: async (name) => fromHtml(await convert(read(`${name}.adoc`), { standalone: false })),
};

function* all(tree, tag) {
  if (typeof tree === "string") return;
  if (tree.tag === tag) yield tree;
  for (const child of tree.children) yield* all(child, tag);
}

// Elements and attributes that tables have in some format, all of them harmless.
const KNOWN = (
  "#document #documentType html head body fragment div p span table caption colgroup col thead tbody tfoot tr th td ul ol li dl dt dd " +
  "strong b em i code pre tt del s a br wbr hr h2 h3 input label svg path img main section style title meta link aside header blockquote"
).split(" ");
const isLive = (tree) =>
  !KNOWN.includes(tree.tag) ||
  Object.entries(tree.props ?? {}).some(
    ([name, value]) =>
      /^(on|v-|srcdoc|action|formaction)/i.test(name) ||
      (/^(href|src|xlink:href)$/i.test(name) && /^\s*(javascript|data):/i.test(String(value))),
  );

function* nodes(tree) {
  if (typeof tree === "string") return;
  yield tree;
  for (const child of tree.children) yield* nodes(child);
}

// A tree as the JSON says it: with the addresses of links that authors wrote, and with
// tildes around what is struck through.
const SILENT = ["head", "style", "title", "colgroup"];
const SITE = "https://docs.example.com/srm/";
const STRUCK = /(^| )line-through( |$)/;
function text(tree) {
  if (typeof tree === "string") return tree;
  const { tag, props, children } = tree;
  if (SILENT.includes(tag)) return "";
  if (tag === "img") return isOwn(props.src) ? props.alt : told(props.alt ?? "", props.src);
  const said = children.map(text).join("");
  if (tag === "a" && !isOwn(props.href)) return told(said, props.href);
  const struck = ["del", "s"].includes(tag) || STRUCK.test(props?.class ?? "");
  return struck && said.trim() ? `~~${said}~~` : said;
}
const isOwn = (address = "") => ["", "#"].includes(address[0] ?? "") || address.startsWith(SITE);
const told = (said, address) => (decoded(address).endsWith(decoded(said.trim())) ? said : `${said} (${address})`);
const decoded = (words) => words.replace(/%([0-7][0-9a-f])/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));

// Without what formats may show as they like: blanks, bullets, boxes, the brackets of
// badges, and how quotes are drawn.
const letters = (words) =>
  decoded(words)
    .normalize("NFC")
    .replace(/[\s\p{Cc}\u2022\u2610\u274f\u2751()]/gu, "")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replaceAll("\u2026", "...");

// The cells of a table, those that span lines in each of them.
function cells(table) {
  const rows = [];
  const open = [];
  for (const tr of all(table, "tr")) {
    const row = [];
    const own = tr.children.filter((c) => c.tag === "td" || c.tag === "th");
    while (own.length > 0 || open[row.length]?.left > 0) {
      const at = row.length;
      if (open[at]?.left > 0) {
        open[at].left -= 1;
        row.push(open[at].words);
        continue;
      }
      const cell = own.shift();
      const words = letters(text(cell));
      open[at] = { words, left: Number(cell.props.rowspan ?? 1) - 1 };
      row.push(words);
    }
    rows.push(row);
  }
  return rows;
}

let failed = 0;
let passed = 0;
function same(where, found, expected) {
  // Hugo's default settings drop tags, `<del>` too.
  const shown = (said) => (/\.hugo(:|$)/.test(where) ? String(said).replaceAll("~~", "") : said);
  if (shown(found) === shown(expected)) {
    passed += 1;
  } else {
    failed += 1;
    if (failed < 20) console.log(`${where}:\n  found    ${from(found, expected)}\n  expected ${from(expected, found)}`);
  }
}

// A text from shortly before the place where another differs.
function from(text, other) {
  const [one, two] = [String(text), String(other)];
  let at = 0;
  while (at < one.length && one[at] === two[at]) at += 1;
  return JSON.stringify(one.slice(Math.max(0, at - 40), at + 200));
}

function compareTables(where, found, tables) {
  same(`${where}: tables`, found.length, tables.length);
  tables.forEach((table, t) => {
    const rows = cells(found[t]);
    same(`${where}: rows`, rows.length, table.rows.length + 1);
    const header = table.columns.map((c) => letters(c.label));
    same(`${where}: header`, JSON.stringify(rows[0]), JSON.stringify(header));
    table.rows.forEach((row, r) => {
      const shown = rows[r + 1] ?? [];
      same(`${where}: row ${r}`, shown.length, table.columns.length);
      table.columns.forEach((column, c) => {
        const expected = letters(row.cells[column.id].join(""));
        // Formats without spans say the remarks of a group once.
        const short = column.kind === "group" && shown[c] && expected.startsWith(shown[c]);
        same(`${where}: row ${r}, ${column.id}`, short ? expected : shown[c], expected);
      });
    });
  });
}

// Lists: the same words in the same order.
function compareList(where, tree, tables) {
  const expected = tables.map((table) => {
    let group = null;
    const rows = table.rows.map((row) => {
      const said = table.columns.map((column) => row.cells[column.id].join(""));
      const heading = said.shift();
      const shown = heading === group ? "" : heading;
      group = heading;
      return shown + said.join("");
    });
    return table.caption + (rows.join("") || "No responsibilities to show.");
  });
  // Not all readers know boxes.
  const words = (said) => letters(said).replaceAll("[]", "");
  same(where, words(text(tree)), words(expected.join("")));
}

// Readers of CSV and of tab-separated values.
const FIELDS = {
  "csv in Papa Parse": (name) => Papa.parse(read(`${name}.csv`), { skipEmptyLines: true }).data,
  "csv in csv-parse": (name) => parseCsv(read(`${name}.csv`)),
  "tsv in Papa Parse": (name) => Papa.parse(read(`${name}.tsv`), { delimiter: "\t", skipEmptyLines: true }).data,
  "tsv in csv-parse": (name) => parseCsv(read(`${name}.tsv`), { delimiter: "\t" }),
  "csv in Python": (name) => JSON.parse(read(`${name}.csv.json`)),
  "tsv in Python": (name) => JSON.parse(read(`${name}.tsv.json`)),
};

// Each line has the words of its row, whatever the order of the columns. A field that
// looks like a formula begins with an apostrophe.
function compareFields(where, lines, tables) {
  const rows = tables.flatMap((table) => table.rows.map((row) => [table, row]));
  same(`${where}: lines`, lines.length, rows.length + 1);
  rows.forEach(([table, row], r) => {
    const own = (lines[r + 1] ?? []).slice(tables.length > 1 ? 1 : 0);
    const said = table.columns.map((column) => row.cells[column.id].join("\n"));
    const guarded = said.map((text) => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text));
    const sorted = (fields) => JSON.stringify(fields.map(letters).filter(Boolean).sort());
    same(`${where}: line ${r}`, sorted(own), sorted(guarded));
  });
}

// What other programs made of the Markdown: NAME.md.READER.html.
const files = readdirSync(folder);
for (const file of files) {
  const reader = file.match(/^0\.md\.(.+)\.html$/)?.[1];
  if (reader) READERS[reader] = (name) => fromHtml(read(`${name}.md.${reader}.html`));
}

for (const file of files.filter((f) => /^\d+\.json$/.test(f))) {
  const name = file.slice(0, -".json".length);
  const { tables } = JSON.parse(read(file));
  for (const [format, reader] of Object.entries(READERS)) {
    const where = `${name}.${format}`;
    const tree = await reader(name);
    const live = [...nodes(tree)].filter(isLive).map(({ tag, props }) => `${tag} ${JSON.stringify(props)}`);
    same(`${where}: live`, live.join("; "), "");
    if (tables[0].kind === "checklist") compareList(where, tree, tables);
    else compareTables(where, [...all(tree, "table")], tables);
  }
  // A checklist has a line for each task there, and letters of roles have their names.
  if (["checklist", "raci"].includes(tables[0].kind)) continue;
  for (const [reader, fields] of Object.entries(FIELDS)) compareFields(`${name}.${reader}`, fields(name), tables);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 1000 ? 0 : 1);
