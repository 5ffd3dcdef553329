// Reads tables in several formats and compares what they say with the JSON.
//
//   node formats.mjs FOLDER
//
// The folder holds, for each table, NAME.json and beside it NAME.html,
// NAME.mdx, NAME.adoc and NAME.rst.html (see rst.py).

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { convert } from "@asciidoctor/core";
import { evaluate } from "@mdx-js/mdx";
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

const READERS = {
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

const SILENT = ["head", "style", "title", "colgroup"];
const text = (tree) =>
  typeof tree === "string"
    ? tree
    : SILENT.includes(tree.tag)
      ? ""
      : tree.tag === "img"
        ? tree.props.alt
        : tree.children.map(text).join("");

// Without what formats may show as they like: blanks, bullets, boxes, and the
// brackets of badges.
const letters = (words) => words.replace(/[\s\p{Cc}\u2022\u2610\u274f\u2751()]/gu, "");

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
  if (found === expected) {
    passed += 1;
  } else {
    failed += 1;
    if (failed < 20) console.log(`${where}:\n  found    ${JSON.stringify(found)}\n  expected ${JSON.stringify(expected)}`);
  }
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
    return table.caption + rows.join("");
  });
  same(where, letters(text(tree)), letters(expected.join("")));
}

for (const file of readdirSync(folder).filter((f) => /^\d+\.json$/.test(f))) {
  const name = file.slice(0, -".json".length);
  const { tables } = JSON.parse(read(file));
  for (const [format, reader] of Object.entries(READERS)) {
    const where = `${name}.${format}`;
    const tree = await reader(name);
    if (tables[0].kind === "checklist") compareList(where, tree, tables);
    else compareTables(where, [...all(tree, "table")], tables);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 1000 ? 0 : 1);
