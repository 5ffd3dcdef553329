//! Tables in other people's documents: what is asked for on the command line
//! and in regions, what is written, what is left alone, and what is refused.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;

use srm_site::embed::{Dialect, Embedder, find_regions};
use srm_site::findings::{Digest, Findings};
use srm_site::tables::Request;
use srm_site::tables::formats::TableFormat as Format;

use crate::harness::{Folder, Run, fed, tree};
use crate::properties::holds;

/// Two models, three parties, two categories.
const SITE: &str = "\
//- data/book.toml
[book]
title = \"Test\"
src = \"content\"
//- data/content/srm.yaml
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
  - {id: cloud, kind: third-party, label: Cloud}
//- data/content/models/saas.md
---
label: SaaS
order: 1
---
//- data/content/models/byoc.md
---
label: BYOC
order: 2
---
//- data/content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys | locks
    models:
      saas: {responsible: [provider], tasks: {provider: [Keep `a|b` safe.]}}
      byoc: {responsible: [customer, provider], tasks: {customer: [Keep *them*.], provider: [Help.]}}
  - id: backup
    label: Backup
    models:
      all: {responsible: [customer, cloud], tasks: {customer: [Look.], cloud: [Store.]}}
//- data/content/categories/network.yaml
label: Network
rows:
  - id: wires
    label: Wires
    only-in: {models: [byoc], reason: There are none in SaaS.}
    models:
      byoc: {responsible: [customer], tasks: {customer: [Pull.]}}
";

fn project() -> Folder {
    Folder::of(SITE)
}

fn run(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&[args, &["--project", "data"]].concat())
}

fn table(request: &[&str]) -> String {
    let run = run(&project(), &[&["table"], request].concat());
    run.code(0);
    run.stdout
}

/// What a document becomes.
fn filled(name: &str, text: &str) -> String {
    let folder = project();
    folder.write(name, text);
    run(&folder, &["embed", name]).code(0);
    folder.read(name)
}

/// What is said about a document that is refused, which stays as it was.
fn refused(name: &str, text: &str) -> String {
    let folder = project();
    folder.write(name, text);
    folder.write("good.md", "<!-- srm:begin totals -->\n<!-- srm:end -->\n");
    let before = tree(folder.path());
    let said = run(&folder, &["embed", "good.md", name]);
    said.code(2);
    assert_eq!(tree(folder.path()), before, "something was written");
    said.stderr
}

#[test]
fn every_kind_is_written() {
    assert_eq!(
        table(&["summary", "model=saas"]),
        "SaaS: who is responsible\n\n\
         | Category | Responsibility | Owner | Customer | Vendor | Cloud |\n\
         | --- | --- | --- | --- | --- | --- |\n\
         | Data | Keys &#124; locks | **Provider (Vendor)** | Not responsible | Responsible | Not responsible |\n\
         | Data | Backup | **Shared (Customer + Cloud)** | Responsible | Not responsible | Responsible |\n"
    );
    let detail = table(&["detail", "model=byoc", "row=keys"]);
    assert!(detail.contains("• Keep *them*."), "{detail}");
    let both = table(&["detail"]);
    assert!(both.contains("SaaS: who does what") && both.contains("BYOC: who does what"));
    assert!(
        both.contains("• Keep <code>a&#124;b</code> safe."),
        "{both}"
    );
    let compare = table(&["compare"]);
    assert!(
        compare.contains("| Owner changes | Keys &#124; locks |"),
        "{compare}"
    );
    assert!(compare.contains("| Only in BYOC | Wires |"), "{compare}");
    let tasks = table(&["tasks", "compare=byoc,saas", "row=keys"]);
    assert!(
        tasks.contains("| Responsibility | Party | BYOC | SaaS |"),
        "{tasks}"
    );
    let matrix = table(&["matrix", "model=byoc"]);
    assert!(
        matrix.contains("| Category | Responsibility | BYOC |"),
        "{matrix}"
    );
    let category = table(&["category", "category=network"]);
    assert!(
        category.starts_with("Network in each deployment model"),
        "{category}"
    );
    assert_eq!(
        table(&["totals"]),
        "Responsibilities by owner\n\n\
         | Deployment model | Customer | Shared | Provider | Not listed |\n\
         | --- | --- | --- | --- | --- |\n\
         | SaaS | 0 | 1 | 1 | 1 |\n\
         | BYOC | 1 | 2 | 0 | 0 |\n"
    );
    assert_eq!(
        table(&["checklist", "model=byoc", "category=data"]),
        "Tasks of Customer in BYOC\n\n\
         **Data**\n\n\
         - Keys &#124; locks\n  - **Shared (Customer + Vendor)**\n  - [ ] Keep *them*.\n\
         - Backup\n  - **Shared (Customer + Cloud)**\n  - [ ] Look.\n"
    );
    assert_eq!(
        table(&["badge", "row=keys", "model=saas"]),
        "**Provider (Vendor)**\n"
    );
}

#[test]
fn options_choose_rows_and_columns() {
    let lines = |request: &[&str]| {
        let text = table(request);
        let rows = text.lines().filter(|l| l.starts_with('|')).skip(2);
        rows.map(str::to_string).collect::<Vec<_>>()
    };
    assert_eq!(lines(&["matrix"]).len(), 3);
    assert_eq!(lines(&["matrix", "category=network"]).len(), 1);
    assert_eq!(lines(&["matrix", "row=keys,wires"]).len(), 2);
    assert_eq!(lines(&["matrix", "party=cloud"]).len(), 1);
    // A party that takes part in another model only is none here.
    assert_eq!(lines(&["summary", "model=saas", "party=customer"]).len(), 1);
    assert_eq!(lines(&["matrix", "owner=provider"]).len(), 1);
    assert_eq!(lines(&["matrix", "owner=provider", "model=byoc"]).len(), 0);
    assert_eq!(lines(&["compare", "change=moved,only-second"]).len(), 2);
    assert_eq!(
        lines(&["summary", "model=saas", "columns=cloud,owner", "row=backup"]),
        ["| Data | Backup | Responsible | **Shared (Customer + Cloud)** |"]
    );
    assert_eq!(
        lines(&[
            "summary",
            "model=saas",
            "columns=-category,-owner,-customer",
            "row=backup"
        ]),
        ["| Backup | Responsible |"]
    );
    let text = table(&["totals", "caption=none"]);
    assert!(text.starts_with("| Deployment model"), "{text}");
    let text = table(&["totals", "caption=Who \"has\" what"]);
    assert!(text.starts_with("Who \"has\" what\n"), "{text}");
}

#[test]
fn links_lead_where_they_are_told_to() {
    let text = table(&["matrix", "row=keys"]);
    assert!(!text.contains("]("), "{text}");
    let text = table(&["matrix", "row=keys", "links=https://x.example/srm"]);
    assert!(
        text.contains("[Keys &#124; locks](https://x.example/srm/categories/data.html#keys)"),
        "{text}"
    );
    let folder = project();
    let asked = ["table", "matrix", "row=keys", "-u", "https://y.example/"];
    let html = run(&folder, &[&asked[..], &["-f", "html"]].concat());
    assert!(
        html.stdout
            .contains("href=\"https://y.example/categories/data.html#keys\"")
    );
    let none = run(
        &folder,
        &[&asked[..], &["links=none", "-f", "html"]].concat(),
    );
    assert!(!none.stdout.contains("href"), "{}", none.stdout);
    for bad in ["links=javascript:alert(1)", "links=", "links=x y"] {
        run(&folder, &["table", "matrix", bad]).code(2);
    }
}

#[test]
fn anchors_in_html_begin_with_the_tables_own() {
    let html = table(&["summary", "model=saas", "-f", "html"]);
    assert!(html.contains("<tr id=\"srm-summary-saas-keys\""), "{html}");
    assert!(html.contains("<caption id=\"srm-summary-saas-caption\""));
    let html = table(&["summary", "model=saas", "ids=mine-", "-f", "html"]);
    assert!(html.contains("<tr id=\"mine-keys\""), "{html}");
    // Two tables of one request do not share any.
    let both = table(&["detail", "-f", "html"]);
    let mut ids: Vec<&str> = both.split(" id=\"").skip(1).collect();
    ids.iter_mut()
        .for_each(|id| *id = id.split('"').next().unwrap());
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    assert!(all >= 7, "{ids:?}");
}

#[test]
fn what_is_wrong_with_a_request_is_told_with_its_place() {
    let folder = project();
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["sumary"],
            &["`sumary` is not a table kind", "did you mean `summary`?"],
        ),
        (
            &["summary", "modle=saas", "category=dta"],
            &[
                "has no option `modle`",
                "did you mean `model`?",
                "no category `dta`",
                "did you mean `data`?",
            ],
        ),
        (
            &["summary", "model=saas,sass"],
            &["1:20", "there is no model `sass`"],
        ),
        (
            &["summary", "columns=ownr"],
            &["there is no column `ownr`", "did you mean `owner`?"],
        ),
        (
            &["summary", "columns=-owner,cloud"],
            &["either named or left out"],
        ),
        (
            &["summary", "columns=-responsibility"],
            &["heads the lines"],
        ),
        (&["compare", "compare=saas"], &["two different models"]),
        (
            &["compare", "compare=saas,nope"],
            &["there is no model `nope`"],
        ),
        (
            &["badge"],
            &["a badge is of one row", "a badge is of one model"],
        ),
        (
            &["summary", "format=mdd"],
            &["`mdd` is not a format", "did you mean `md`?"],
        ),
        (&["summary", "model"], &["`model` is not an option"]),
        (&["summary", "model=saas", "model=byoc"], &["given twice"]),
        (&["summary", "ids=a b"], &["cannot begin an anchor"]),
        (
            &["summary", "owner=nobody"],
            &["there is no owner `nobody`"],
        ),
        (&["summary", "row="], &["`row` names no row"]),
    ];
    for (request, parts) in cases {
        let said = run(&folder, &[&["table"], *request].concat());
        said.code(2);
        assert_eq!(said.stdout, "", "{request:?}");
        for part in *parts {
            assert!(
                said.stderr.contains(part),
                "{request:?}: no {part}:\n{}",
                said.stderr
            );
        }
        assert!(said.stderr.contains("(command line):1:"), "{}", said.stderr);
    }
}

#[test]
fn a_file_is_written_but_not_over_another() {
    let folder = project();
    run(&folder, &["table", "totals", "-o", "t.md"]).code(0);
    assert!(folder.read("t.md").contains("| SaaS |"));
    run(&folder, &["table", "totals", "-o", "t.md"]).code(0);
    folder.write("t.md", "mine");
    let said = run(&folder, &["table", "totals", "-o", "t.md"]);
    said.code(2);
    assert!(said.stderr.contains("--force"), "{}", said.stderr);
    assert_eq!(folder.read("t.md"), "mine");
    run(&folder, &["table", "totals", "-o", "t.md", "--force"]).code(0);
    assert!(folder.read("t.md").contains("| SaaS |"));
    // The format comes from the name.
    run(&folder, &["table", "totals", "-o", "t.html"]).code(0);
    assert!(folder.read("t.html").contains("<table"));
    run(&folder, &["table", "totals", "-o", "no/such/folder.md"]).code(2);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere.md", folder.join("link.md")).unwrap();
        run(&folder, &["table", "totals", "-o", "link.md"]).code(2);
        assert!(folder.join("link.md").is_symlink());
    }
}

#[test]
fn broken_data_is_told_and_nothing_is_written() {
    let folder = project();
    folder.write("data/content/categories/data.yaml", "label: [\n");
    folder.write("a.md", "<!-- srm:begin totals -->\n<!-- srm:end -->\n");
    let before = tree(folder.path());
    for args in [
        &["table", "totals"][..],
        &["embed", "a.md"],
        &["embed", "--check", "a.md"],
    ] {
        let said = run(&folder, args);
        said.code(1);
        assert_eq!(said.stdout, "");
        assert!(
            said.stderr.contains("content/categories/data.yaml"),
            "{}",
            said.stderr
        );
    }
    assert_eq!(tree(folder.path()), before);
    let said = folder.run(&["table", "totals", "--project", "nowhere"]);
    said.code(2);
}

#[test]
fn every_dialect_has_its_markers_and_its_format() {
    let badge = "badge row=keys model=saas";
    for (name, open, close, content) in [
        ("a.md", "<!-- ", " -->", "**Provider (Vendor)**"),
        ("b.md", "[//]: # (", ")", "**Provider (Vendor)**"),
        ("c.md", "[comment]: # (", ")", "**Provider (Vendor)**"),
        ("d.mdx", "{/* ", " */}", "**Provider (Vendor)**"),
        ("e.html", "<!-- ", " -->", "<span class=\"srm-badge\""),
        ("f.adoc", "// ", "", "*Provider (Vendor)*"),
        ("g.rst", ".. ", "", "**Provider (Vendor)**"),
        ("h.txt", "# ", "", "**Provider (Vendor)**"),
        ("i.tex", "% ", "", "**Provider (Vendor)**"),
        ("j.html", "<!--", "-->", "<span class=\"srm-badge\""),
        ("k.md", "[//]: # \"", "\"", "**Provider (Vendor)**"),
        ("k.md", "[//]: # '", "'", "**Provider (Vendor)**"),
        ("k.md", "[comment]: # \"", "\"", "**Provider (Vendor)**"),
        ("k.md", "[comment]: # '", "'", "**Provider (Vendor)**"),
        ("k.mdx", "<!-- ", " -->", "**Provider (Vendor)**"),
        ("k.mdx", "[//]: # (", ")", "**Provider (Vendor)**"),
        ("k.adoc", "<!-- ", " -->", "*Provider (Vendor)*"),
        ("k.tmpl", "{/* ", " */}", "**Provider (Vendor)**"),
        ("k.c", "/* ", " */", "**Provider (Vendor)**"),
        ("k.js", "// ", "", "**Provider (Vendor)**"),
        ("k.sql", "-- ", "", "**Provider (Vendor)**"),
        ("k.ini", "; ", "", "**Provider (Vendor)**"),
        ("k", ".. ", "", "**Provider (Vendor)**"),
        ("k.py", "\t# ", "", "\n\t**Provider (Vendor)**\n\t# srm:end"),
        ("k.c", "/*", "*/", "**Provider (Vendor)**"),
    ] {
        let text =
            format!("before\n\n{open}srm:begin {badge}{close}\n{open}srm:end{close}\n\nafter\n");
        let out = filled(name, &text);
        assert!(out.contains(content), "{name}: {out}");
        // Words and the end of a comment are held apart; only where blank
        // lines mean something there are any.
        let last = out.lines().find(|l| l.contains("sum=")).unwrap();
        let apart = close.starts_with([' ', ')', '"', '\'']) || close.is_empty();
        assert!(apart || last.ends_with(&format!(" {close}")), "{last}");
        let dialect = name.rsplit('.').next().unwrap();
        let spaced = ["md", "mdx", "adoc", "rst"].contains(&dialect);
        assert_eq!(
            out.contains(&format!("{close}\n\n{content}")),
            spaced,
            "{out}"
        );
        assert!(
            out.starts_with(&format!("before\n\n{open}srm:begin {badge}{close}\n")),
            "{out}"
        );
        assert!(
            out.ends_with(&format!("{close}\n\nafter\n")),
            "{name}: {out}"
        );
        let folder = project();
        folder.write(name, &out);
        let check = run(&folder, &["embed", "--check", name]);
        assert_eq!(check.code, Some(0), "{name}: {out}\n{}", check.stdout);
    }
}

#[test]
fn what_is_foreign_to_a_document_stands_as_code() {
    let region = "srm:begin badge row=keys model=saas format=html";
    let md = filled("a.md", &format!("<!-- {region} -->\n<!-- srm:end -->\n"));
    assert!(md.contains("\n\n<span class"), "{md}");
    let mdx = filled("a.mdx", &format!("{{/* {region} */}}\n{{/* srm:end */}}\n"));
    assert!(mdx.contains("\n```html\n<span class"), "{mdx}");
    let rst = filled("a.rst", &format!(".. {region}\n.. srm:end\n"));
    assert!(rst.contains("\n.. raw:: html\n\n   <span class"), "{rst}");
    let adoc = filled("a.adoc", &format!("// {region}\n// srm:end\n"));
    assert!(adoc.contains("\n++++\n<span class"), "{adoc}");
    let html = filled(
        "a.html",
        "<!-- srm:begin totals format=md -->\n<!-- srm:end -->\n",
    );
    assert!(html.contains("<pre><code>Responsibilities"), "{html}");
    // What is in a document has the document's line ends.
    let csv = filled(
        "a.md",
        "<!-- srm:begin totals format=csv -->\n<!-- srm:end -->\n",
    );
    assert!(csv.contains("```csv\nDeployment model,"), "{csv}");
    assert!(!csv.contains('\r'), "{csv}");
    // A fence is longer than any in the text.
    let json = "srm:begin totals format=json caption=\"```` a\"";
    let md = filled("a.md", &format!("<!-- {json} -->\n<!-- srm:end -->\n"));
    assert!(
        md.contains("\n`````json\n{") && md.contains("\n}\n`````\n"),
        "{md}"
    );
}

#[test]
fn code_is_text_and_never_a_marker() {
    for (name, text) in [
        (
            "fence.md",
            "```\n<!-- srm:begin x -->\n```\n\n~~~~md\n<!-- srm:end -->\n~~~\n~~~~\n",
        ),
        ("indented.md", "Text:\n\n    <!-- srm:begin x -->\n"),
        (
            "span.md",
            "Write `<!-- srm:begin x -->` and\n``<!-- srm:end -->`` there.\n",
        ),
        ("list.md", "- a\n\n  ```\n  <!-- srm:begin x -->\n  ```\n"),
        ("pre.md", "<pre>\n\n<!-- srm:begin x -->\n\n</pre>\n"),
        (
            "pre.html",
            "<PRE class=a>\n<!-- srm:begin x -->\n</PRE>\n<script>\n<!-- srm:end -->\n</script>\n",
        ),
        (
            "comment.html",
            "<!--\nsrm:begin x\n <!-- srm:begin y\n-->\n",
        ),
        (
            "listing.adoc",
            "----\n// srm:begin x\n----\n\n....\n// srm:end\n....\n\n```\n// srm:end\n```\n",
        ),
        ("indented.adoc", "Text:\n\n // srm:begin x\n"),
        ("comment.adoc", "////\n// srm:begin x\n////\n"),
        (
            "literal.rst",
            "Text::\n\n   .. srm:begin x\n\n.. code-block:: rst\n\n   .. srm:end\n",
        ),
        ("fence.mdx", "```md\n{/* srm:begin x */}\n```\n"),
    ] {
        let folder = project();
        folder.write(name, text);
        let said = run(&folder, &["embed", name]);
        assert_eq!(said.code, Some(0), "{name}: {}", said.stderr);
        assert!(said.stderr.contains("0 regions"), "{name}: {}", said.stderr);
        assert_eq!(folder.read(name), text);
    }
    // MDX has no code by indentation.
    let out = filled(
        "a.mdx",
        "    {/* srm:begin totals */}\n    {/* srm:end */}\n",
    );
    assert!(out.contains("\n    | SaaS |"), "{out}");
}

#[test]
fn bytes_outside_the_regions_stay() {
    let begin = "<!-- srm:begin badge row=keys model=saas -->";
    let sum = |text: &str| {
        let at = text.find("sum=").unwrap() + 4;
        text[at..at + 10].to_string()
    };
    // Line ends, byte order mark, tabs, blanks, no line end at the end.
    let out = filled(
        "a.md",
        &format!("\u{feff}# A \r\n\r\n\tx\n{begin}\r\n<!-- srm:end -->\r\n\r\nlast  "),
    );
    let sum = sum(&out);
    assert_eq!(
        out,
        format!(
            "\u{feff}# A \r\n\r\n\tx\n{begin}\r\n\r\n**Provider (Vendor)**\r\n\r\n\
             <!-- srm:end sum={sum} -->\r\n\r\nlast  "
        )
    );
    // A marker on the first line, behind the mark.
    let out = filled("a.md", &format!("\u{feff}{begin}\n<!-- srm:end -->"));
    assert_eq!(
        out,
        format!("\u{feff}{begin}\n\n**Provider (Vendor)**\n\n<!-- srm:end sum={sum} -->")
    );
    // Quotes and lists.
    let out = filled("a.md", &format!("> a\n>\n> {begin}\n> <!-- srm:end -->\n"));
    assert_eq!(
        out,
        format!("> a\n>\n> {begin}\n>\n> **Provider (Vendor)**\n>\n> <!-- srm:end sum={sum} -->\n")
    );
    let out = filled(
        "a.md",
        &format!("- a\n\n  {begin}\n  <!-- srm:end -->\n- b\n"),
    );
    assert_eq!(
        out,
        format!(
            "- a\n\n  {begin}\n\n  **Provider (Vendor)**\n\n  <!-- srm:end sum={sum} -->\n- b\n"
        )
    );
}

#[cfg(unix)]
#[test]
fn modes_links_and_times_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = project();
    let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    folder.write("real/a.md", text);
    fs::set_permissions(folder.join("real/a.md"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real/a.md", folder.join("link.md")).unwrap();
    let mut opened = fs::File::open(folder.join("real/a.md")).unwrap();
    run(&folder, &["embed", "link.md"]).code(0);
    // Whoever reads it meanwhile reads the old text to its end.
    let mut old = String::new();
    opened.read_to_string(&mut old).unwrap();
    assert_eq!(old, text);
    assert!(folder.join("link.md").is_symlink());
    let meta = fs::metadata(folder.join("real/a.md")).unwrap();
    assert_eq!(meta.permissions().mode() & 0o777, 0o640);
    assert!(folder.read("real/a.md").contains("| SaaS |"));
    // What is current is not written again, and nothing is left behind.
    let before = meta.modified().unwrap();
    run(&folder, &["embed", "link.md"]).code(0);
    let after = fs::metadata(folder.join("real/a.md")).unwrap().modified();
    assert_eq!(after.unwrap(), before);
    let names: Vec<String> = fs::read_dir(folder.join("real"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, ["a.md"]);
    // A link beside its file is the same file.
    folder.write("real/a.md", text);
    run(&folder, &["embed", "link.md", "real/a.md"]).code(0);
    assert!(folder.read("real/a.md").contains("| SaaS |"));
    // Links below a folder are not followed.
    folder.write("outside/b.md", text);
    fs::create_dir(folder.join("docs")).unwrap();
    symlink("../outside/b.md", folder.join("docs/b.md")).unwrap();
    run(&folder, &["embed", "docs"]).code(0);
    assert_eq!(folder.read("outside/b.md"), text);
}

#[cfg(unix)]
#[test]
fn all_files_are_written_or_none() {
    use std::os::unix::fs::PermissionsExt;
    let folder = project();
    let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    folder.write("a/a.md", text);
    folder.write("b/b.md", text);
    fs::set_permissions(folder.join("a"), fs::Permissions::from_mode(0o777)).unwrap();
    // Nothing can be made in this folder, so the new text has no place.
    fs::set_permissions(folder.join("b"), fs::Permissions::from_mode(0o555)).unwrap();
    let args = ["embed", "a", "b/b.md", "--project", "data"];
    let Some(said) = crate::output::as_nobody(&folder, &args) else {
        return;
    };
    fs::set_permissions(folder.join("b"), fs::Permissions::from_mode(0o755)).unwrap();
    said.code(2);
    assert!(
        said.stderr.contains("cannot write `b/b.md`"),
        "{}",
        said.stderr
    );
    assert_eq!(folder.read("a/a.md"), text);
    assert_eq!(folder.read("b/b.md"), text);
    assert_eq!(fs::read_dir(folder.join("a")).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn files_are_put_back_when_a_later_one_cannot_be_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let folder = project();
    let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    // Anybody may make files in `b`, but replace only their own: the new text
    // has a place beside the old one, which cannot be taken away.
    for (path, mode) in [("a/a.md", 0o777), ("b/b.md", 0o1777)] {
        folder.write(path, text);
        let parent = folder.join(path).parent().unwrap().to_path_buf();
        fs::set_permissions(parent, fs::Permissions::from_mode(mode)).unwrap();
    }
    let args = ["embed", "a/a.md", "b/b.md", "--project", "data"];
    let Some(said) = crate::output::as_nobody(&folder, &args) else {
        return;
    };
    if said.code == Some(0) {
        // Whoever runs the tests owns both.
        return;
    }
    said.code(2);
    assert!(said.stderr.contains("cannot write"), "{}", said.stderr);
    for path in ["a/a.md", "b/b.md"] {
        assert_eq!(folder.read(path), text);
        let parent = folder.join(path).parent().unwrap().to_path_buf();
        assert_eq!(fs::read_dir(parent).unwrap().count(), 1);
    }
}

#[test]
fn markers_that_are_wrong_are_refused() {
    for (text, parts) in [
        (
            "<!-- srm:begin totals -->\n",
            &["[SRM801]", "1:1", "never ended"][..],
        ),
        ("a\n<!-- srm:end -->\n", &["2:1", "never began"]),
        (
            "<!-- srm:end -->\n<!-- srm:begin totals -->\n",
            &["1:1", "2:1"],
        ),
        (
            "<!-- srm:begin totals -->\n<!-- srm:begin totals -->\n<!-- srm:end -->\n<!-- srm:end -->\n",
            &["2:1", "inside another", "4:1"],
        ),
        (
            "<!-- srm:begni totals -->\n<!-- srm:end -->\n",
            &["1:10", "did you mean `begin`?"],
        ),
        (
            "<!-- srm:begin -->\n<!-- srm:end -->\n",
            &["no table kind is given", "`summary`"],
        ),
        (
            "<!-- srm:begin totls -->\n<!-- srm:end -->\n",
            &["1:16", "did you mean `totals`?"],
        ),
        (
            "<!-- srm:begin summary model=sas columns=ownr -->\n<!-- srm:end -->\n",
            &["1:30", "there is no model `sas`", "did you mean `saas`?"],
        ),
        (
            "<!-- srm:begin summary columns=ownr -->\n<!-- srm:end -->\n",
            &["1:32", "`owner`"],
        ),
        (
            "x <!-- srm:begin totals -->\n<!-- srm:end -->\n",
            &["1:3", "stands before this marker"],
        ),
        (
            "<!-- srm:begin totals --> x\n<!-- srm:end -->\n",
            &["stands behind this marker"],
        ),
        (
            "<!-- srm:begin totals\n-->\n<!-- srm:end -->\n",
            &["not closed on its line"],
        ),
        (
            "> <!-- srm:begin totals -->\n<!-- srm:end -->\n",
            &["stand differently"],
        ),
        (
            "<!-- srm:begin totals -->\n<!-- srm:end row=x -->\n",
            &["2:14", "nothing but `sum=...`"],
        ),
        (
            "<!-- srm:begin totals caption=\"x -->\n<!-- srm:end -->\n",
            &["quotes are not closed"],
        ),
        // What is asked for is looked at all the same.
        (
            "<!-- srm:begin totls -->\n<!-- srm:begin sumary -->\n",
            &[
                "2:1",
                "inside another",
                "1:16",
                "`totals`?",
                "never ended",
                "2:16",
                "`summary`?",
            ],
        ),
        (
            "> <!-- srm:begin totls -->\n<!-- srm:end -->\n",
            &["stand differently", "1:18", "`totals`?"],
        ),
    ] {
        let said = refused("bad.md", text);
        assert!(said.contains("bad.md:"), "{text}: {said}");
        for part in parts {
            assert!(said.contains(part), "{text}: no {part}:\n{said}");
        }
    }
    // All findings of all files in one run.
    let folder = project();
    folder.write("a.md", "<!-- srm:end -->\n");
    let said = run(&folder, &["embed", "--format", "github", "a.md"]);
    said.code(2);
    assert!(
        said.stdout.starts_with("::error file=a.md,line=1,"),
        "{}",
        said.stdout
    );
    folder.write("b.md", "<!-- srm:begin nope -->\n<!-- srm:end -->\n");
    let said = run(&folder, &["embed", "a.md", "b.md", "c.md"]);
    said.code(2);
    for part in [
        "a.md:1:1",
        "b.md:1:16",
        "[SRM804]",
        "no file matches `c.md`",
        "3 errors",
    ] {
        assert!(said.stderr.contains(part), "{part}: {}", said.stderr);
    }
    // And those of the data, in the format that was asked for.
    folder.write("data/content/categories/bad.yaml", "label: Bad\nrowz: []\n");
    let said = run(&folder, &["embed", "--format", "github", "a.md"]);
    said.code(1);
    let place = "::error file=content/categories/bad.yaml,line=2,";
    assert!(said.stdout.contains(place), "{}", said.stdout);
    let bytes = refused_bytes(
        "bad.md",
        b"\xff<!-- srm:begin totals -->\n<!-- srm:end -->\n",
    );
    assert!(bytes.contains("is not UTF-8"), "{bytes}");
}

fn refused_bytes(name: &str, bytes: &[u8]) -> String {
    let folder = project();
    folder.write(name, bytes);
    let said = run(&folder, &["embed", name]);
    said.code(2);
    assert_eq!(fs::read(folder.join(name)).unwrap(), bytes);
    said.stderr
}

#[test]
fn hand_edits_are_shown_and_kept() {
    let folder = project();
    folder.write("a.md", "<!-- srm:begin totals -->\n<!-- srm:end -->\n");
    folder.write("b.md", "<!-- srm:begin matrix -->\n<!-- srm:end -->\n");
    run(&folder, &["embed", "a.md"]).code(0);
    let good = folder.read("a.md");
    let edited = good.replace("| SaaS | 0 |", "| SaaS | 9 |");
    assert_ne!(edited, good);
    folder.write("a.md", &edited);
    let said = run(&folder, &["embed", "a.md", "b.md"]);
    said.code(1);
    assert!(said.stderr.contains("[SRM803]"), "{}", said.stderr);
    assert!(said.stderr.contains("edited by hand"), "{}", said.stderr);
    assert!(said.stdout.contains("\n-| SaaS | 9 |"), "{}", said.stdout);
    assert!(said.stdout.contains("\n+| SaaS | 0 |"), "{}", said.stdout);
    assert_eq!(folder.read("a.md"), edited);
    assert!(!folder.read("b.md").contains("Keys"), "all files or none");
    assert!(!said.stdout.contains("b.md"), "{}", said.stdout);
    let said = run(&folder, &["embed", "--check", "a.md"]);
    said.code(1);
    assert!(said.stderr.contains("[SRM803]"), "{}", said.stderr);
    assert!(said.stderr.contains("1 region out"), "{}", said.stderr);
    let said = run(&folder, &["embed", "--format", "json", "a.md", "b.md"]);
    said.code(1);
    let line: serde_json::Value = serde_json::from_str(said.stdout.trim()).unwrap();
    assert_eq!(line["code"], "SRM803");
    run(&folder, &["embed", "--force", "a.md"]).code(0);
    assert_eq!(folder.read("a.md"), good);
    // What formatters do to blank lines and line ends is none, but told.
    for text in [
        good.replacen("-->\n\n", "-->\n", 1),
        good.replace("| --- |\n", "| --- |\r\n"),
    ] {
        assert_ne!(text, good);
        folder.write("a.md", text);
        let said = run(&folder, &["embed", "--check", "a.md"]);
        said.code(1);
        assert!(said.stderr.contains("[SRM802]"), "{}", said.stderr);
        assert!(said.stderr.contains("1 region out"), "{}", said.stderr);
        run(&folder, &["embed", "a.md"]).code(0);
        assert_eq!(folder.read("a.md"), good);
    }
    // A checksum that is gone or another is written again, and told until then.
    for wrong in ["srm:end", "srm:end sum=0123456789"] {
        let at = good.rfind("srm:end").unwrap();
        let end = good[at..].find(" -->").unwrap();
        let without = [&good[..at], wrong, &good[at + end..]].concat();
        folder.write("a.md", without);
        let said = run(&folder, &["embed", "--check", "a.md"]);
        said.code(1);
        assert!(said.stderr.contains("[SRM802]"), "{}", said.stderr);
        run(&folder, &["embed", "a.md"]).code(0);
        assert_eq!(folder.read("a.md"), good);
    }
    // What was there before the tool came is nobody's to overwrite.
    folder.write(
        "c.md",
        "<!-- srm:begin totals -->\nmine\n<!-- srm:end -->\n",
    );
    let said = run(&folder, &["embed", "c.md"]);
    said.code(1);
    assert!(
        said.stderr.contains("not written by this tool"),
        "{}",
        said.stderr
    );
    // A change of the data is not an edit.
    let data = folder.read("data/content/categories/data.yaml");
    folder.write(
        "data/content/categories/data.yaml",
        data.replace("[provider], tasks", "[cloud, provider], tasks"),
    );
    folder.write("d.md", good);
    folder.write("d.md", folder.read("d.md").replace("totals", "matrix"));
    run(&folder, &["embed", "d.md"]).code(0);
    assert!(folder.read("d.md").contains("Keys"));
}

/// What becomes of a region that one version filled with `old`, when this one
/// has `new` for it: whether it is left alone, and what is told of it.
fn respelled(name: &str, text: &str, format: Format, [old, new]: [&str; 2]) -> (bool, String) {
    let dialect = Dialect::of_file(name);
    let file = Arc::from(name);
    let mut findings = Findings::default();
    let mut fill = |text: &str, content: &str| {
        let show = |_: &Request, asked: Format, _: &mut Findings| {
            assert_eq!(asked, format, "{name}");
            Some(content.as_bytes().to_vec())
        };
        Embedder::new(&show).fill(text, dialect, &file, &mut findings)
    };
    let before = fill(text, old).text;
    assert_ne!(before, text);
    let filled = fill(&before, new);
    assert_eq!(filled.edited.list.len(), 0, "{before}");
    // What is written today is up to date tomorrow.
    let after = fill(&filled.text, new);
    assert_eq!((after.stale.list.len(), &after.text), (0, &filled.text));
    assert!(findings.list.is_empty(), "{findings:?}");
    let help: Vec<String> = filled
        .stale
        .list
        .iter()
        .map(|f| f.help.join("; "))
        .collect();
    (filled.text == before, help.join("; "))
}

#[test]
fn regions_of_earlier_versions_are_kept_while_they_say_the_same() {
    let md = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    let quoted = "> <!-- srm:begin totals -->\r\n> <!-- srm:end -->\r\n";
    let html = "<!-- srm:begin totals format=html -->\n<!-- srm:end -->\n";
    let mdx = "{/* srm:begin totals */}\n{/* srm:end */}\n";
    let adoc = "// srm:begin totals\n// srm:end\n";
    let listing = "// srm:begin totals format=md\n// srm:end\n";
    let raw = ".. srm:begin totals format=html\n.. srm:end\n";
    let code = "<!-- srm:begin totals format=md -->\n<!-- srm:end -->\n";
    let [m, h, x] = [Format::Markdown, Format::Html, Format::Mdx];
    for (name, text, format, old, new) in [
        (
            "a.md",
            md,
            m,
            "• 日本<br>é & &",
            "• 日本<br />&#xE9; &#38; &",
        ),
        (
            "a.md",
            quoted,
            m,
            "a<br>b\n\nc & d",
            "a<br />b\n\nc &amp; d",
        ),
        (
            "a.md",
            md,
            m,
            "\\*a\\_b\\* \\[c\\] \\\\",
            "&#42;a&#x5f;b&#42; &#91;c&#93; &#92;",
        ),
        (
            "a.md",
            md,
            m,
            "`a` **b** [c](d_e)<br>",
            "`a` **b** [c](d_e)<br />",
        ),
        (
            "a.md",
            md,
            m,
            "ab & ``c`` ~~d~~",
            "a<wbr />b &amp; ``c`` ~~d~~",
        ),
        ("a.txt", md, m, "\\# a \"b\"", "&#35; a &quot;b&quot;"),
        (
            "a.md",
            html,
            h,
            "<td a=\"b\">c<br>'</td>",
            "<td a=\"b\">c<br />&#39;</td>",
        ),
        (
            "a.html",
            html,
            h,
            "<img a=\"b&amp;c\"><code>x</code>",
            "<img a=\"b&#38;c\" /><code>x</code>",
        ),
        ("a.mdx", mdx, x, "\\{a\\}", "&#123;a&#125;"),
        ("a.adoc", listing, m, "a<br>b", "a<br />b"),
        ("a.html", code, m, "a<br>`b` & c", "a<br />`b` &amp; c"),
        ("a.rst", raw, h, "<p>a<br>b", "<p>a<br />b"),
        (
            "a.mdx",
            "{/* srm:begin totals format=md */}\n{/* srm:end */}\n",
            m,
            "`a` ``b``<br>c",
            "`a` ``b``<br />c",
        ),
    ] {
        let said = respelled(name, text, format, [old, new]);
        assert_eq!(said, (true, String::new()), "{name}: {old} -> {new}");
    }

    // Spelled in a way that was given up.
    for (name, text, format, old, new, what) in [
        (
            "a.md",
            md,
            m,
            "a {b}",
            "a &#123;b}",
            "`{` in a way that some readers run as code",
        ),
        (
            "a.md",
            md,
            m,
            "{{",
            "&#123;<wbr />&#123;",
            "`{` in a way that some readers run as code",
        ),
        (
            "a.md",
            quoted,
            m,
            "x\na \\< b<br>",
            "x\na &lt; b<br />",
            "`<` in a way that some readers run as code",
        ),
        (
            "a.md",
            md,
            m,
            "a \\| b",
            "a &#124; b",
            "`|` in a way that some readers take for markup",
        ),
        (
            "a.md",
            md,
            m,
            "\\~a",
            "&#126;a",
            "`~` in a way that some readers take for markup",
        ),
        (
            "a.md",
            md,
            m,
            "\\`a",
            "&#96;a",
            "a backtick in a way that some readers take for markup",
        ),
        (
            "a.md",
            md,
            m,
            "`a\\|b`",
            "<code>a&#124;b</code>",
            "a backtick in a way that some readers take for markup",
        ),
        (
            "a.md",
            md,
            m,
            "`` `a ``",
            "<code>&#96;a</code>",
            "a backtick in a way that some readers take for markup",
        ),
        (
            "a.mdx",
            mdx,
            x,
            "a \\{b} {c",
            "a &#123;b&#125; &#123;c",
            "`}` in a way that some readers run as code",
        ),
        (
            "a.html",
            html,
            h,
            "<b>{{a</b>",
            "<b>&#123;<wbr />&#123;a</b>",
            "`{` in a way that some readers run as code",
        ),
    ] {
        let (kept, said) = respelled(name, text, format, [old, new]);
        assert!(
            !kept && said.contains(what),
            "{name}: {old} -> {new}: {said}"
        );
    }

    // Something else, or nothing that is known to be the same.
    for (name, text, format, old, new) in [
        ("a.md", md, m, "a<br>b", "a<br />c"),
        ("a.md", md, m, "a", "a<br />"),
        ("a.md", md, m, "\\*a\\*", "*a*"),
        ("a.md", md, m, "`a&amp;b`", "`a`&amp;`b`"),
        ("a.md", md, m, "`&amp;`", "<code>&amp;</code>"),
        ("a.md", md, m, "&amp;lt;", "&lt;"),
        ("a.md", md, m, "a \\| b", "a | b"),
        ("a.md", md, m, "\\<br>", "<br />"),
        ("a.html", html, h, "\\*", "*"),
        ("a.html", html, h, "<b>a</b>", "&lt;b&gt;a</b>"),
        ("a.html", code, m, "a<br>b", "a&lt;br />b"),
        ("a.adoc", adoc, Format::Asciidoc, "a &amp; b", "a & b"),
    ] {
        let said = respelled(name, text, format, [old, new]);
        let plain = "run `srm-site embed` on the file".to_string();
        assert_eq!(said, (false, plain), "{name}: {old} -> {new}");
    }
}

#[test]
fn a_region_of_an_earlier_version_is_told_by_the_program() {
    let folder = project();
    let sum = |text: &str| Digest::of_bytes(text.as_bytes()).to_string()[..10].to_string();
    let region = |text: &str, sum: &str| {
        let lines = text.lines().map(|line| format!("> {line}\r\n"));
        let lines: String = lines.collect();
        let begin = "> <!-- srm:begin badge row=keys model=saas -->\r\n>\r\n";
        format!("{begin}{lines}>\r\n> <!-- srm:end sum={sum} -->\r\n")
    };
    let embed = |args: &[&str], text: &str| {
        folder.write("a.md", text);
        run(&folder, &[&["embed", "a.md"], args].concat())
    };
    let old = "**Provider &#40;Vendor&#41;**";
    let kept = region(old, &sum(old));
    let said = embed(&["--check"], &kept);
    said.code(0);
    assert!(
        said.stderr.contains("1 region up to date"),
        "{}",
        said.stderr
    );
    embed(&[], &kept).code(0);
    assert_eq!(folder.read("a.md"), kept);
    // Edited by hand, moved within its lines, or without its checksum.
    embed(&[], &region(old, &sum("**Provider**"))).code(1);
    for text in [
        kept.replacen("-->\r\n>\r\n", "-->\r\n", 1),
        region("**Provider (Vendor)**", "0123456789"),
    ] {
        let said = embed(&["--check"], &text);
        said.code(1);
        assert!(said.stderr.contains("[SRM802]"), "{}", said.stderr);
        embed(&[], &text).code(0);
        let now = "**Provider (Vendor)**";
        assert_eq!(folder.read("a.md"), region(now, &sum(now)));
    }
}

#[test]
fn where_a_region_stands_is_no_edit_of_it() {
    let folder = project();
    let region =
        |prefix: &str| format!("{prefix}<!-- srm:begin totals -->\n{prefix}<!-- srm:end -->\n");
    folder.write("quote.md", region("> "));
    folder.write("list.md", format!("- a\n\n{}", region("  ")));
    folder.write("moved.md", region(""));
    let names = ["quote.md", "list.md", "moved.md"];
    let all = |args: &[&str]| run(&folder, &[&["embed"], args, &names].concat());
    all(&[]).code(0);
    // Somebody moves a region into a list.
    let moved = folder.read("moved.md").replace('\n', "\n  ");
    let moved = moved.replace("\n  \n", "\n\n");
    folder.write("moved.md", format!("- a\n\n  {}\n", moved.trim_end()));
    all(&["--check"]).code(0);
    // A change of the data reaches all of them.
    let data = "data/content/categories/network.yaml";
    let text = folder.read(data);
    folder.write(data, text.replace("[customer]", "[customer, provider]"));
    let said = all(&["--check"]);
    said.code(1);
    assert!(!said.stderr.contains("[SRM803]"), "{}", said.stderr);
    all(&[]).code(0);
    assert!(folder.read("quote.md").contains("\n> | BYOC | 3 |"));
}

#[test]
fn check_tells_and_writes_nothing() {
    let folder = project();
    folder.write(
        "a.md",
        "# A\n\n<!-- srm:begin totals -->\n<!-- srm:end -->\n",
    );
    run(&folder, &["embed", "a.md"]).code(0);
    let data = "data/content/categories/network.yaml";
    folder.write(
        data,
        folder
            .read(data)
            .replace("[customer]", "[customer, provider]"),
    );
    let before = tree(folder.path());
    let said = run(&folder, &["embed", "--check", "a.md"]);
    said.code(1);
    assert!(
        said.stdout.starts_with("--- a/a.md\n+++ b/a.md\n@@ "),
        "{}",
        said.stdout
    );
    assert!(
        said.stdout.contains("-| BYOC | 1 | 2 | 0 | 0 |"),
        "{}",
        said.stdout
    );
    assert!(
        said.stdout.contains("+| BYOC | 0 | 3 | 0 | 0 |") || said.stdout.contains("+| BYOC | 3 |"),
        "{}",
        said.stdout
    );
    assert!(said.stderr.contains("a.md:3:16"), "{}", said.stderr);
    let said = run(&folder, &["embed", "--check", "--no-diff", "a.md"]);
    said.code(1);
    assert_eq!(said.stdout, "");
    let said = run(&folder, &["embed", "--check", "--format", "json", "a.md"]);
    said.code(1);
    let line: serde_json::Value = serde_json::from_str(said.stdout.trim()).unwrap();
    assert_eq!(line["code"], "SRM802");
    let said = run(&folder, &["embed", "--check", "--format", "github", "a.md"]);
    said.code(1);
    assert!(
        said.stdout.starts_with("::error file=a.md,line=3,"),
        "{}",
        said.stdout
    );
    let said = run(&folder, &["embed", "--check", "--format", "sarif", "a.md"]);
    said.code(1);
    assert!(
        said.stdout.contains("\"ruleId\": \"SRM802\"")
            || said.stdout.contains("\"ruleId\":\"SRM802\"")
    );
    assert_eq!(tree(folder.path()), before);
    run(&folder, &["embed", "a.md"]).code(0);
    run(&folder, &["embed", "--check", "a.md"]).code(0);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = project();
    let pass = |args: &[&str], text: &str| {
        fed(
            folder.command(&[args, &["--project", "data"]].concat()),
            text,
        )
    };
    let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    let out = pass(&["embed", "-"], text);
    out.code(0);
    assert!(out.stdout.contains("| SaaS |"), "{}", out.stdout);
    let again = pass(&["embed", "-"], &out.stdout);
    assert_eq!(again.stdout, out.stdout);
    pass(&["embed", "--check", "-"], &out.stdout).code(0);
    pass(&["embed", "--check", "-"], text).code(1);
    let html = pass(&["embed", "-", "--stdin-name", "x.html"], text);
    assert!(html.stdout.contains("<table"), "{}", html.stdout);
    let bad = pass(&["embed", "-"], "<!-- srm:end -->\n");
    bad.code(2);
    assert!(
        bad.stderr.contains("(standard input):1:1"),
        "{}",
        bad.stderr
    );
    assert_eq!(bad.stdout, "");
    pass(&["embed", "-", "x.md"], text).code(2);
}

#[test]
fn folders_and_patterns_mean_the_files_below() {
    let folder = project();
    let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    for path in [
        "docs/a.md",
        "docs/b/c.md",
        "docs/b/d.txt",
        "docs/old/e.md",
        "docs/.hidden.md",
        "docs/f.rs",
    ] {
        folder.write(path, text);
    }
    folder.write("docs/.gitignore", "old/\n");
    // Ignore files of other tools, and of the folders above.
    folder.write("docs/b/g.MD", text);
    folder.write("docs/b/h.md", text);
    folder.write("docs/b/.ignore", "h.md\n");
    folder.write("docs/b/i.md", text);
    folder.write(".gitignore", "i.md\n");
    let reached = |args: &[&str]| -> Vec<String> {
        for path in tree(folder.path())
            .keys()
            .filter(|p| p.starts_with("docs/") && !p.ends_with("ignore"))
        {
            folder.write(path, text);
        }
        run(&folder, &[&["embed"], args].concat()).code(0);
        let files: BTreeMap<String, Vec<u8>> = tree(&folder.join("docs"));
        let changed = files
            .into_iter()
            .filter(|(path, bytes)| bytes != text.as_bytes() && !path.ends_with("ignore"));
        changed.map(|(path, _)| path).collect()
    };
    assert_eq!(reached(&["docs"]), ["a.md", "b/c.md", "b/d.txt", "b/g.MD"]);
    assert_eq!(reached(&["docs/*.md"]), ["a.md"]);
    assert_eq!(reached(&["docs/**/*.md"]), ["a.md", "b/c.md"]);
    assert_eq!(
        reached(&[
            "./docs/b/*",
            "docs/a.md",
            "docs/a.md",
            "./docs/a.md",
            "docs/b/../b/d.txt"
        ]),
        ["a.md", "b/c.md", "b/d.txt", "b/g.MD"]
    );
    folder.write("docs/a.md", text);
    folder.write("docs/b/c.md", text);
    let said = run(&folder, &["embed", "docs/b/c.md", "docs/a.md"]);
    assert!(
        said.stderr
            .starts_with("wrote   docs/a.md\nwrote   docs/b/c.md\n"),
        "{}",
        said.stderr
    );
    // A file that is named itself is always meant.
    assert_eq!(
        reached(&["docs/old/e.md", "docs/f.rs"]),
        ["f.rs", "old/e.md"]
    );
    run(&folder, &["embed", "docs/*.nothing"]).code(2);
    run(&folder, &["embed", "docs/[.md"]).code(2);
}

#[test]
fn a_site_holds_tables_and_badges_for_other_pages() {
    let folder = project();
    let toml = "[book]\ntitle = \"Test\"\nsrc = \"content\"\nlanguage = \"ar\"\n";
    folder.write("data/book.toml", toml);
    let model = "---\nlabel: S<a>aS\norder: 1\n---\n";
    folder.write("data/content/models/saas.md", model);
    let data = "data/content/categories/data.yaml";
    folder.write(data, folder.read(data).replace("Keys |", "Keys &"));
    folder.run(&["build", "data", "--dest-dir", "site"]).code(0);
    let page = folder.read("site/embed/summary-saas.html");
    for part in [
        "<html lang=\"ar\" dir=\"rtl\">",
        "<title>S&lt;a&gt;aS",
        "<meta name=\"robots\" content=\"noindex\">",
        "<base target=\"_top\">",
        "<h1>S&lt;a&gt;aS",
        "href=\"../models/saas.html#keys\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let json = |name: &str| -> serde_json::Value {
        serde_json::from_str(&folder.read(&format!("site/embed/{name}.json"))).unwrap()
    };
    let summary = &json("summary-saas")["tables"][0];
    assert_eq!(summary["name"], "S<a>aS");
    let row = &summary["rows"][0];
    assert_eq!(
        (&row["id"], &row["owner"], &row["change"]),
        (&"keys".into(), &"provider".into(), &serde_json::Value::Null)
    );
    let compare = &json("compare-saas-vs-byoc")["tables"][0]["rows"];
    let wires = compare
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["id"] == "wires");
    assert_eq!(wires.unwrap()["change"], "only-second");
    // A table of a row's tasks has several lines of one row.
    let tasks = &json("tasks-saas-vs-byoc")["tables"][0]["rows"];
    assert!(
        tasks
            .as_array()
            .unwrap()
            .iter()
            .all(|r| r["id"].is_string())
    );
    let badge = folder.read("site/badges/saas/keys.svg");
    for part in [
        "role=\"img\" aria-labelledby=\"t d\"",
        "<title id=\"t\">Keys &amp; locks: ",
        "<desc id=\"d\">S&lt;a&gt;aS</desc>",
    ] {
        assert!(badge.contains(part), "{part} in {badge}");
    }
}

/// Pieces that documents are made of.
const PIECES: &[&str] = &[
    "# Title",
    "text",
    "",
    "    indented",
    "```",
    "~~~",
    "> quote",
    "- item",
    "  more",
    "<pre>",
    "</pre>",
    "<div>",
    "| a | b |",
    "|---|---|",
    "\\",
    "`code",
    "<!-- comment -->",
    "<!--",
    "-->",
    "日本語",
    "\u{feff}",
    "srm:begin",
    "---",
    "***",
    "[//]: # (x)",
    "\t",
    "1. one",
    "{{#srm badge}}",
];

/// Pieces and markers, with one region that is whole.
fn document() -> impl Strategy<Value = String> {
    let requests = select(vec![
        "totals",
        "badge row=keys model=saas",
        "matrix category=data columns=byoc",
        "summary model=byoc caption=\"a b\"",
        "totals format=html",
    ]);
    let lines = || prop::collection::vec(select(PIECES.to_vec()), 0..8);
    let prefix = select(vec!["", "", "  ", "> ", "> > ", "\t"]);
    let end = select(vec!["\n", "\r\n"]);
    (lines(), prefix, requests, end, lines(), any::<bool>()).prop_map(
        |(before, prefix, request, end, after, last)| {
            let mut all: Vec<String> = before.iter().map(|l| l.to_string()).collect();
            all.push(format!("{prefix}<!-- srm:begin {request} -->"));
            all.push(format!("{prefix}<!-- srm:end -->"));
            all.extend(after.iter().map(|l| l.to_string()));
            let mut text = all.join(end);
            if last {
                text.push_str(end);
            }
            text
        },
    )
}

#[test]
fn embedding_is_stable_and_changes_nothing_else() {
    use srm_site::embed::Dialect;
    use srm_site::embed::Embedder;
    use srm_site::findings::Findings;
    use srm_site::site::{self, Memos, Options, Site};
    use srm_site::source::Source;
    use srm_site::tables::Request;
    use srm_site::tables::formats::TableFormat as Format;

    let folder = project();
    let source = Source::disk(&folder.join("data"));
    let mut findings = Findings::default();
    let options = Options::default();
    let config = std::sync::Arc::new(site::config(&source, &options, &mut findings));
    let site = Site::read(&source, config, &options, findings, &Memos::default());
    let show = |request: &Request, format: Format, findings: &mut Findings| {
        site.show(request, format, None, findings)
    };
    let embedder = Embedder::new(&show);
    let file: std::sync::Arc<str> = "x".into();
    let regions_seen = std::cell::Cell::new(0);
    let dialects = select(vec![
        Dialect::Markdown,
        Dialect::Mdx,
        Dialect::Html,
        Dialect::Plain,
    ]);
    holds(400, (document(), dialects), |(text, dialect)| {
        let mut findings = Findings::default();
        let once = embedder.fill(&text, dialect, &file, &mut findings);
        if !findings.list.is_empty() {
            // Pieces may have opened a comment around a marker.
            return;
        }
        regions_seen.set(regions_seen.get() + once.regions);
        // Twice is once, and then nothing is out of date.
        let twice = embedder.fill(&once.text, dialect, &file, &mut findings);
        assert_eq!(twice.text, once.text);
        assert_eq!(twice.regions, once.regions);
        assert!(twice.stale.list.is_empty() && twice.edited.list.is_empty());
        // Every byte outside is where it was.
        let outside = |text: &str| {
            let mut findings = Findings::default();
            let mut out = String::new();
            let mut at = 0;
            for region in find_regions(text, dialect, &file, &mut findings).regions {
                out.push_str(&text[at..region.body.start]);
                out.push_str(text[region.body.end..region.sum.start].trim_end());
                at = region.sum.end;
            }
            out.push_str(&text[at..]);
            out
        };
        assert_eq!(outside(&once.text), outside(&text));
    });
    assert!(regions_seen.get() > 200, "{} regions", regions_seen.get());
}

#[test]
fn serve_and_watch_keep_documents_current() {
    use crate::harness::Running;
    use std::time::{Duration, Instant};

    for command in ["serve", "watch"] {
        let folder = project();
        let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
        folder.write("docs/a.md", text);
        // A file that is wrong is left as it is, and keeps no other from it.
        let wrong = format!("{text}<!-- srm:begin totals model=nope -->\n<!-- srm:end -->\n");
        folder.write("docs/wrong.md", &wrong);
        let mut running = Running::start(&folder, &[command, "data", "--embed", "docs"]);
        let until = |part: &str| {
            let started = Instant::now();
            while !folder.read("docs/a.md").contains(part) {
                assert!(
                    started.elapsed() < Duration::from_secs(20),
                    "{command}: {part}"
                );
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        until("| BYOC | 1 | 2 | 0 | 0 |");
        running.wait_for("there is no model `nope`");
        assert_eq!(folder.read("docs/wrong.md"), wrong);
        let data = "data/content/categories/network.yaml";
        let good = folder.read(data);
        folder.write(data, good.replace("[customer]", "[customer, provider]"));
        until("| BYOC | 3 | 0 | 0 |");
        // A change of the document itself.
        folder.write(
            "docs/a.md",
            folder.read("docs/a.md").replace("totals", "matrix"),
        );
        until("| Network | Wires |");
        // Broken data leaves it as it is; an edit by hand is kept and told.
        folder.write(data, "label: [\n");
        running.wait_for("error[");
        folder.write(data, good);
        until("| Network | Wires | **Not listed** | **Customer** |");
        folder.write(
            "docs/a.md",
            folder.read("docs/a.md").replace("Wires", "Cables"),
        );
        running.wait_for("edited by hand");
        assert!(folder.read("docs/a.md").contains("Cables"));
        running.end();
    }
}
