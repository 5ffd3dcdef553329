// Reduces the tokenizer tests of html5lib-tests to what a scanner of start tags can
// be asked. Takes the folder of their *.test files; README.md has the command.
//
// tags.jsonl    [state, last start tag or null, input, [[name, {attribute: value}], ...],
//                whether a tag behind the input is a tag; null if it may be part of one]
// values.jsonl  [text, the same text without character references]
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = process.argv[2];
const here = import.meta.dirname;

// The other file tests how HTML becomes XML.
const files = readdirSync(folder).filter((f) => f.endsWith(".test") && f !== "xmlViolation.test").sort();

const code = (_, digits) => String.fromCharCode(parseInt(digits, 16));
const unescaped = (value) => {
  if (typeof value === "string") return value.replace(/\\u([0-9a-fA-F]{4})/g, code);
  if (Array.isArray(value)) return value.map(unescaped);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [unescaped(k), unescaped(v)]));
};
const ascii = (value) =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));

// Whether a tag that follows the input of a test is one. An unfinished comment, or text
// that no end tag has ended, makes it a part of itself.
const endsInData = (state, input, output, errors) => {
  if (errors.some((error) => ["eof-in-tag", "eof-before-tag-name"].includes(error))) return null;
  if (errors.some((error) => error.startsWith("eof-in-"))) return false;
  const kinds = output.map(([kind]) => kind);
  if (["Comment", "DOCTYPE"].includes(kinds.at(-1)) && !input.endsWith(">")) return false;
  return ["Data state", "CDATA section state"].includes(state) || kinds.includes("EndTag");
};

const tags = new Set();
const values = new Set();
for (const file of files) {
  for (const test of JSON.parse(readFileSync(`${folder}/${file}`, "utf8")).tests) {
    const [input, output] = test.doubleEscaped ? unescaped([test.input, test.output]) : [test.input, test.output];
    // Half of a surrogate pair is no text.
    if (!input.isWellFormed()) continue;
    for (const state of test.initialStates ?? ["Data state"]) {
      if (state === "Data state" && !input.includes("<")) {
        values.add(ascii([input, output.map(([, text]) => text).join("")]));
        continue;
      }
      const starts = output.filter(([kind]) => kind === "StartTag").map(([, name, attributes]) => [name, attributes]);
      const errors = (test.errors ?? []).map((error) => error.code);
      const after = endsInData(state, input, output, errors);
      tags.add(ascii([state, test.lastStartTag ?? null, input, starts, after]));
    }
  }
}
for (const [name, lines] of [["tags", tags], ["values", values]]) {
  writeFileSync(`${here}/${name}.jsonl`, [...lines].map((line) => line + "\n").join(""));
}
