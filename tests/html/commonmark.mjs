// Compares pages of a site with the examples of the CommonMark specification.
//
//   node commonmark.mjs FILE
//
// The file is a list of { section, markdown, expected, page } in the order of the
// specification: the HTML that it expects, and a page made from the same Markdown by
// tests/it/commonmark.rs.

import { readFileSync } from "node:fs";

import { parseFragment } from "parse5";

// Examples that differ, and why.
const DIFFERENT = {
  79: "headings without text are left out (SRM409)",
  602: "a bare address is a link, as in GitHub Flavored Markdown",
  606: "the same of e-mail",
  608: "the same",
  611: "the same",
  612: "the same of e-mail",
};

const examples = JSON.parse(readFileSync(process.argv[2], "utf8"));

// What a page says besides its navigation and title.
function prose(page) {
  const open = page.match(/<div class="srm-section" id="[^"]*">\n/);
  const rest = page.slice(open.index + open[0].length);
  const end = rest.search(/<\/div>\n+<\/div>\n+(<nav class="srm-page-nav"|<\/main>)/);
  return rest.slice(0, end);
}

const attribute = (node, name) => node.attrs?.find((a) => a.name === name)?.value;
const hasClass = (node, name) => (attribute(node, "class") ?? "").split(" ").includes(name);

// Links with other schemes, and without an address, are refused.
const isRefused = (address) =>
  address === "" || (/^[a-z][a-z0-9+.-]*:/i.test(address) && !/^(https?|mailto|tel):/i.test(address));

// The address of a page and that in an example lead to the same file.
function address(value) {
  if (isRefused(value)) return "#";
  if (/^([a-z]+:|\/\/)/i.test(value)) return decoded(value);
  const path = decoded(value).replaceAll("\n", "").replace(/^\.?\//, "");
  return path.replace(/\.md$/, ".html");
}
const decoded = (value) => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

// A tree of what both say: the elements, attributes and text that CommonMark defines.
function tree(node) {
  if (node.nodeName === "#comment") return [];
  if (node.nodeName === "#text") return [node.value];
  const children = () => joined((node.content ?? node).childNodes.flatMap(tree));
  // The anchor of a heading, and the box around it.
  if (hasClass(node, "srm-anchor")) return [];
  if (hasClass(node, "srm-heading")) return children();
  let tag = node.tagName;
  let attrs = node.attrs ?? [];
  // The title above a text is the only first-level heading of a page.
  if (tag === "h1") tag = "h2";
  if (/^h[2-6]$/.test(tag)) attrs = attrs.filter((a) => a.name !== "id");
  if (hasClass(node, "srm-code")) attrs = [];
  // Highlighted code.
  if (tag === "span" && (attribute(node, "class") ?? "").startsWith("hl-")) return children();
  if (tag === "img") attrs = attrs.filter((a) => !["loading", "width", "height"].includes(a.name));
  const said = attrs
    .map((a) => `${a.name}=${["href", "src"].includes(a.name) ? address(a.value) : a.value}`)
    .sort();
  return [{ tag, attrs: said, children: children() }];
}

// Adjacent texts are one text.
function joined(nodes) {
  const all = [];
  for (const node of nodes) {
    if (typeof node === "string" && typeof all.at(-1) === "string") all.push(all.pop() + node);
    else all.push(node);
  }
  return all;
}

const BLOCKS = "p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre hr table thead tbody tr th td div".split(" ");
const isBlock = (node) => node === undefined || (typeof node !== "string" && BLOCKS.includes(node.tag));

// Blanks beside blocks and at the ends of lines say nothing.
function withoutBlanks(nodes, inPre = false) {
  return nodes
    .map((node, at) => {
      if (typeof node !== "string") {
        return { ...node, children: withoutBlanks(node.children, inPre || node.tag === "pre") };
      }
      if (inPre) return node;
      let text = node.replace(/[ \t\n]+/g, " ");
      if (isBlock(nodes[at - 1])) text = text.replace(/^ /, "");
      if (isBlock(nodes[at + 1])) text = text.replace(/ $/, "");
      return text;
    })
    .filter((node) => node !== "");
}

const said = (html) => JSON.stringify(withoutBlanks(joined(parseFragment(html).childNodes.flatMap(tree))));

let equal = 0;
const wrong = [];
examples.forEach(({ section, markdown, expected, page }, at) => {
  const number = at + 1;
  const found = prose(page);
  const same = said(found) === said(expected);
  equal += same;
  if (same && DIFFERENT[number]) wrong.push(`${number} (${section}) is equal, but listed as different`);
  if (!same && !DIFFERENT[number]) {
    wrong.push(`${number} (${section})\n  markdown ${JSON.stringify(markdown)}\n  expected ${JSON.stringify(expected)}\n  found    ${JSON.stringify(found)}`);
  }
});
console.log(wrong.join("\n"));
console.log(`${equal} of ${examples.length} examples are equal`);
process.exit(wrong.length === 0 && examples.length > 600 ? 0 : 1);
