// Saves a table as it is shown: the visible rows and columns, as Markdown, CSV or
// XLSX. Loaded when a reader first uses it. It reads only the page.
"use strict";

(() => {
  const SKIPPED = ".srm-row-tools, .srm-said, .srm-hidden, svg, [hidden], [role=doc-backlink]";
  const BLOCKS = ".srm-remark, .srm-text, .srm-words, .srm-field, .srm-nothing, .srm-mark, .srm-change, .srm-roles";

  // -------------------------------------------------------- a table as a grid

  const squeeze = (text) => text.replace(/\s+/g, " ").trim();

  // The footnotes of a table, numbered as by the command: in the table's own order.
  class Notes {
    #numbers = new Map();
    #listed = 0;

    mark(reference) {
      const id = decodeURIComponent(reference.querySelector("a").hash.slice(1));
      if (!this.#numbers.has(id)) this.#numbers.set(id, this.#listed + this.#numbers.size + 1);
      return `[${this.#numbers.get(id)}]`;
    }

    // The texts of the notes referred to since the last time.
    take() {
      // A note may refer to further notes, which then are in the map, too.
      const texts = [...function* texts(notes) {
        for (const [id, number] of notes.#numbers) {
          yield `[${number}] ${textOf(document.getElementById(id), notes)}`;
        }
      }(this)];
      this.#listed += this.#numbers.size;
      this.#numbers.clear();
      return texts;
    }
  }

  // A text as the command writes it: pictures as their words, what follows a task in
  // brackets, and a line for each paragraph and after each line break. With `told`, the
  // letters of roles have their names.
  function textOf(element, notes, told = false) {
    const copy = element.cloneNode(true);
    const letters = told ? copy.querySelectorAll(".srm-role[aria-label]") : [];
    letters.forEach((part) => part.append(` (${part.getAttribute("aria-label")})`));
    copy.querySelectorAll(".srm-noteref").forEach((part) => part.replaceWith(notes.mark(part)));
    copy.querySelectorAll(SKIPPED).forEach((part) => part.remove());
    copy.querySelectorAll(".srm-controls, .srm-task-mark").forEach((part) => part.replaceWith(`(${part.textContent})`));
    copy.querySelectorAll("img").forEach((part) => part.replaceWith(part.alt));
    copy.querySelectorAll("br").forEach((part) => part.replaceWith("\0"));
    copy.querySelectorAll("p, li, pre, tr, h1, h2, h3, h4, h5, h6").forEach((part) => part.append("\0"));
    // The sign before a reference keeps it on the line of its word.
    return copy.textContent.replace(/\u2060(?=\[\d)/g, "").split("\0").map(squeeze).filter(Boolean).join("\n");
  }

  function badgeText(badge) {
    const part = (name) => badge.querySelector(`.srm-badge-${name}`)?.textContent ?? "";
    const parties = part("parties");
    return `${part("word")}${parties && ` (${parties})`}${part("areas")}${part("conditional")}`;
  }

  const ticked = (item) => item.querySelector("input[type=checkbox]")?.checked ?? null;

  // The lines of a cell. With `told`, footnotes follow the text that refers to them.
  function lines(cell, notes, told) {
    const found = [];
    const text = (part) => {
      const own = textOf(part, notes, told);
      return told ? [own, ...notes.take()].join("\n") : own;
    };
    for (const part of cell.childNodes) {
      if (part.nodeType === Node.TEXT_NODE) {
        if (squeeze(part.data)) found.push({ text: squeeze(part.data) });
      } else if (part.nodeType !== Node.ELEMENT_NODE || part.matches(SKIPPED)) {
        continue;
      } else if (part.matches(".srm-tasks")) {
        found.push(...[...part.children].map((item) => ({ text: text(item), item: true, done: ticked(item) })));
      } else if (part.matches(".srm-badge")) {
        found.push({ text: badgeText(part) });
      } else if (part.matches(".srm-head-group")) {
        // Formats for spreadsheets have a column for it.
        if (!told) found.at(-1).text += ` \u203A ${text(part)}`;
      } else if (part.matches(BLOCKS) || part.localName === "a") {
        found.push({ text: text(part) });
      } else {
        found.push(...lines(part, notes, told));
      }
    }
    return found;
  }

  // Finds the group of rows that each line belongs to, from the heading above it or from
  // the row's own remark. Lines have to be asked about in their order.
  function groups() {
    let heading = null;
    let own = {};
    return (tr, head) => {
      if (head) heading = head.querySelector(".srm-head-group");
      const remark = tr.querySelector(".srm-remark[data-kind=group]");
      if (remark) own = { row: tr.dataset.row, label: [...remark.childNodes].slice(1).map((part) => part.textContent).join("") };
      if (heading) return squeeze(heading.textContent);
      return own.row === tr.dataset.row ? squeeze(own.label) : "";
    };
  }

  // Adds the column of groups, as the command does.
  function withGroups(table, { head, rows, ...rest }) {
    const label = table.dataset.groups;
    if (!label) return { head, rows, ...rest };
    return { ...rest, head: [...head, label], rows: rows.map((row) => [...row, [{ text: row.of }]]) };
  }

  const inSight = (element) => !element.hidden && !element.closest("[hidden]");

  function grid(table, told) {
    const notes = new Notes();
    const read = (cell) => lines(cell, notes, told);
    const columns = [...table.tHead.rows[0].cells].filter((cell) => !cell.hidden);
    const rows = [];
    const groupOf = groups();
    for (const body of table.tBodies) {
      let group = null;
      for (const tr of body.rows) {
        const head = tr.querySelector(":scope > [scope=rowgroup]");
        if (head) group = read(head);
        const of = groupOf(tr, head);
        if (!inSight(tr)) continue;
        const cells = [...tr.cells].filter((cell) => cell !== head && !cell.hidden).map(read);
        rows.push(Object.assign(group ? [group, ...cells] : cells, { of }));
      }
    }
    const words = (element) => textOf(element, notes);
    const legend = [...table.closest(".srm-figure").querySelectorAll(".srm-legend")].map(words);
    return { caption: words(table.caption), head: columns.map(words), rows, notes: [...legend, ...notes.take()] };
  }

  // A checklist as the command writes it: a line for each task, with a first column
  // for what is done. Lines before the first task, such as a condition, get a
  // separate line.
  function taskLines(table, { caption, head, rows }) {
    const words = JSON.parse(table.closest(".srm-figure").querySelector(".srm-progress").dataset.words);
    const out = [];
    for (const row of rows) {
      const tasks = row.at(-1);
      const before = tasks.filter(({ item }) => !item);
      for (const part of [before, ...tasks.filter(({ item }) => item).map((task) => [task])]) {
        if (part.length === 0) continue;
        out.push(Object.assign([[{ text: part[0].done ? "x" : "" }], ...row.slice(0, -1), part], { of: row.of }));
      }
    }
    return { caption, head: [words["task-done"], ...head], rows: out };
  }

  // ------------------------------------------------------------------ Markdown

  // Characters that a Markdown parser or a template engine could act on. All of them
  // read references the same way, but not backslashes.
  const reference = (c) => `&#${c.codePointAt(0)};`;
  const escaped = (text) => text
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replace(/(?<!\w)_|_(?!\w)|[\\|<*`[\]{}~^$]/g, (c) => (c === "<" ? "&lt;" : reference(c)))
    .replace(/(&#123;)(?=&#123;)/g, "$1<wbr />")
    .replace(/^([#>]|[-+](?=\s)|\d+(?=[.)]\s))/, (mark) => (/\d/.test(mark) ? `${mark}\\` : reference(mark)));

  function markdownCell(cell) {
    return cell.map(({ text, item, done }) => {
      const mark = done === null || done === undefined ? "" : done ? "☑ " : "☐ ";
      return `${item && !mark ? "• " : ""}${mark}${escaped(text).replaceAll("\n", " <br />")}`;
    }).join(" <br />");
  }

  const markdownNotes = (notes) => notes.flatMap((note) => [escaped(note).replaceAll("\n", " <br />"), ""]);

  function markdown({ caption, head, rows, notes }) {
    const line = (cells) => `| ${cells.join(" | ")} |`;
    return [
      `**${escaped(caption)}**`,
      "",
      line(head.map(escaped)),
      line(head.map(() => "---")),
      ...rows.map((row) => line(row.map(markdownCell))),
      "",
      ...markdownNotes(notes),
    ].join("\n");
  }

  // A checklist is a list: of categories, of responsibilities, of boxes.
  function checklist({ caption, rows, notes }) {
    const out = [`**${escaped(caption)}**`, ""];
    let last = "";
    for (const [group, head, owner, tasks] of rows) {
      const category = escaped(group.map(({ text }) => text).join(" "));
      if (category !== last) out.push(`### ${category}`, "");
      last = category;
      const text = (cell) => escaped(squeeze(cell.filter(({ item }) => !item).map((line) => line.text).join("; ")));
      const rest = text(tasks);
      out.push(`- ${text(head)}: ${text(owner)}${rest && `. ${rest}`}`);
      for (const { text: task, item, done } of tasks) {
        if (item) out.push(`  - [${done ? "x" : " "}] ${escaped(squeeze(task))}`);
      }
      out.push("");
    }
    return [...out, ...markdownNotes(notes)].join("\n");
  }

  // ----------------------------------------------------------------------- CSV

  // Spreadsheets run fields that begin like a formula (OWASP, CSV injection).
  const guarded = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  // Quotes are in the same places as those of the command.
  const quoted = (text) => (/[,"\n\r]/.test(text) || text.trim() !== text
    ? `"${guarded(text).replaceAll('"', '""')}"` : guarded(text));
  const record = (fields) => `${fields.map(quoted).join(",")}\r\n`;
  const flat = (cell) => cell.map(({ text }) => text).join("\n");

  function csv({ head, rows }) {
    return [head, ...rows.map((row) => row.map(flat))].map(record).join("");
  }

  // ---------------------------------------------------------------------- XLSX

  const bytesOf = (text) => new TextEncoder().encode(text);

  const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });

  function crc32(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = CRC[(crc ^ byte) & 0xff] ^ (crc >>> 8);
    return (crc ^ 0xffffffff) >>> 0;
  }

  // Numbers with these sizes in bytes, lowest byte first.
  function packed(...fields) {
    const out = [];
    for (const [size, value] of fields) {
      for (let at = 0; at < size; at += 1) out.push((value >>> (8 * at)) & 0xff);
    }
    return Uint8Array.from(out);
  }

  // A ZIP archive with uncompressed files (PKWARE APPNOTE, 4.3).
  // Names are UTF-8 (flag bit 11), and the date is the earliest possible one.
  function zip(files) {
    const parts = [];
    const directory = [];
    let offset = 0;
    for (const [name, text] of files) {
      const path = bytesOf(name);
      const data = bytesOf(text);
      const common = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, crc32(data)], [4, data.length],
        [4, data.length], [2, path.length], [2, 0]];
      const local = packed([4, 0x04034b50], ...common);
      directory.push(packed([4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), path);
      parts.push(local, path, data);
      offset += local.length + path.length + data.length;
    }
    const size = directory.reduce((sum, part) => sum + part.length, 0);
    const end = packed([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size],
      [4, offset], [2, 0]);
    return new Blob([...parts, ...directory, end]);
  }

  // Characters that XML 1.0 does not allow are left out.
  const xml = (text) => text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

  function column(at) {
    const rest = Math.floor(at / 26);
    return (rest ? column(rest - 1) : "") + String.fromCharCode(65 + (at % 26));
  }

  // Parts and names by ECMA-376 part 1, only those that programs require.
  function xlsx({ caption, head, rows }) {
    const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    const declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
    const cell = (text, style) => (at, row) =>
      `<c r="${column(at)}${row}" t="inlineStr" s="${style}"><is><t xml:space="preserve">${xml(text)}</t></is></c>`;
    const all = [head.map((text) => cell(text, 1)), ...rows.map((row) => row.map((lines) => cell(flat(lines), 2)))];
    const data = all.map((cells, at) =>
      `<row r="${at + 1}">${cells.map((make, column) => make(column, at + 1)).join("")}</row>`).join("");
    const last = `${column(head.length - 1)}${all.length}`;
    const widths = head.map((_, at) => `<col min="${at + 1}" max="${at + 1}" width="${at < 2 ? 28 : 44}" customWidth="1"/>`);
    // Names of sheets: at most 31 characters, and some characters are not allowed.
    const name = caption.replace(/[[\]:*?/\\']/g, " ").trim().slice(0, 31) || "SRM";
    return zip([
      ["[Content_Types].xml", `${declared}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/></Types>`],
      ["_rels/.rels", `${declared}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
      ["xl/workbook.xml", `${declared}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${xml(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
      ["xl/_rels/workbook.xml.rels", `${declared}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`],
      ["xl/styles.xml", `${declared}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>`],
      ["xl/worksheets/sheet1.xml", `${declared}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join("")}</cols><sheetData>${data}</sheetData><autoFilter ref="A1:${last}"/></worksheet>`],
    ]);
  }

  // -------------------------------------------------------------------- saving

  function download(name, blob) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    // The browser reads it after the click.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  const fileName = (caption) => caption.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "table";

  // `way` is `copy`, `md`, `csv` or `xlsx`.
  window.srmSave = async (table, way) => {
    const shown = grid(table, way === "csv" || way === "xlsx");
    const list = table.dataset.kind === "checklist";
    const asLines = () => withGroups(table, list ? taskLines(table, shown) : shown);
    const asMarkdown = () => (list ? checklist(shown) : markdown(shown));
    if (way === "copy") return window.srmCopy(asMarkdown());
    const made = {
      md: () => new Blob([asMarkdown()], { type: "text/markdown" }),
      csv: () => new Blob([csv(asLines())], { type: "text/csv" }),
      xlsx: () => xlsx(asLines()),
    }[way]();
    return download(`${fileName(shown.caption)}.${way}`, made);
  };
})();
