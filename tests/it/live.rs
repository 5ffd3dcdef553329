//! Looking at a project again and again: whatever is edited, in whatever order,
//! what is shown is what a clean build would write, and what is wrong is what
//! a clean check would say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use srm_site::report;
use srm_site::site::engine::{Live, Look, Snapshot};
use srm_site::site::{self, Options};
use srm_site::source::{Hint, Source};

use crate::harness::{Folder, tree};

mod edits;
mod findings;
mod pages;

const SITE: &str = "\
//- book.toml
[book]
title = \"Test\"
src = \"content\"
[output.html]
site-url = \"https://example.com/docs/\"
//- content/srm.yaml
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
  - {id: cloud, kind: third-party, label: Cloud}
areas: [{id: net, label: Network}, {id: disk, label: Disks}]
roles:
  V: {id: verifies, label: Verifies, takes-part: true}
frameworks:
  - {id: soc2, label: SOC 2}
notes: {shifts: 'In [shifts](row:logs).', nights: At night.}
fields:
  - {id: class, label: Class, kind: choice, choices: [must, may]}
//- content/index.md
# Home

See [keys](row:keys), [more](guide/more.md#second) and ![a](pic.svg).
//- content/pic.svg
<svg xmlns=\"http://www.w3.org/2000/svg\"/>
//- content/guide/more.md
---
title: More
---
## First

Text.

## Second

[Logs](row:logs@byoc)
//- content/models/saas.md
---
label: SaaS
order: 1
---
We run it.
//- content/models/byoc.md
---
label: BYOC
order: 2
---
You run it. Compared with [SaaS](saas.md)
this [changes](compare:saas..byoc).
//- content/categories/data.yaml
label: Data
order: 1
rows:
  - id: keys
    label: Keys
    notes: ['Look at [logs](row:logs).']
    models:
      saas:
        responsible: [customer, provider]
        tasks:
          customer: [Bring the keys.]
          provider: [Keep the keys.]
      byoc:
        responsible: customer
        tasks: {customer: [Bring the keys., Keep *all* of them.]}
//- content/categories/ops.yaml
label: Operations
order: 2
rows:
  - id: logs
    label: Logs
    models:
      all:
        responsible: [provider, cloud]
        scope: {cloud: the disks}
        conditional: {customer: when asked}
        accountable: provider
        cadence: daily
        fields: {class: must}
        evidence: {provider: [{text: A report, public: true}, {text: A ticket}]}
        review: {status: approved, by: Ann}
        notes: ['Kept for a year.[^1]

          [^1]: By law.']
        tasks: {provider: [Read the logs.], cloud: [Store the logs.]}
  - id: parts
    label: Parts
    models:
      all:
        areas: {net: provider, disk: {responsible: cloud, notes: [Old ones.]}}
      byoc: customer
  - id: alerts
    label: Alerts
    only-in: {models: [byoc], reason: You run it.}
    models:
      byoc: {roles: {provider: R, cloud: V}, tasks: {provider: [Wake up.], cloud: [Look.]}}
//- content/categories/team.yaml
label: Team
order: 3
only-in: {models: [saas], reason: There is no team.}
conditional: {customer: with a team}
groups: [{id: day, label: By day, groups: [{id: noon, label: At noon}]}, {id: night, label: By night}]
rows:
  - id: shifts
    label: Shifts
    aliases: [Roster]
    group: day
    notes: [Planned., {ref: shifts}]
    models: {all: {responsible: provider, controls: {soc2: C1}, tasks: {provider: [Plan them.]}}}
";

/// One thing an author may do to a project.
#[derive(Clone, Debug)]
enum Edit {
    /// Replaces the first occurrence, where there is one.
    Replace(&'static str, &'static str, &'static str),
    Write(&'static str, &'static str),
    Append(&'static str, &'static str),
    Remove(&'static str),
    Rename(&'static str, &'static str),
    /// Moves all that a file says down by a line that says nothing.
    Shift(&'static str),
}

const EDITS: &[Edit] = {
    use Edit::*;
    const DATA: &str = "content/categories/data.yaml";
    const OPS: &str = "content/categories/ops.yaml";
    const TEAM: &str = "content/categories/team.yaml";
    &[
        Replace(DATA, "Keep the keys.", "Keep the keys safe."),
        Replace(DATA, "Keep the keys safe.", "Keep the keys."),
        Replace(DATA, "label: Keys", "label: Secrets"),
        Replace(DATA, "label: Secrets", "label: Keys"),
        Replace(DATA, "responsible: customer", "responsible: provider"),
        Replace(DATA, "responsible: provider", "responsible: customer"),
        Replace(DATA, "label: Data", "label: Data & more"),
        Replace(DATA, "- id: keys", "- id: secrets"),
        Replace(DATA, "- id: secrets", "- id: keys"),
        Replace(DATA, "label: Data", "label: [Data"),
        Replace(DATA, "label: [Data", "label: Data"),
        Replace(DATA, "order: 1", "order: 9"),
        Replace(DATA, "order: 9", "order: 1"),
        Replace(DATA, "Look at", "Do look at"),
        Append(
            OPS,
            "  - {id: keys, label: Again, models: {byoc: {responsible: provider}}}\n",
        ),
        Append(OPS, "# a remark\n"),
        Append(
            OPS,
            "  - {id: more, label: More, models: {all: {responsible: cloud}}}\n",
        ),
        Replace(
            OPS,
            "scope: {cloud: the disks}",
            "scope: {cloud: all disks}",
        ),
        Replace(OPS, "when asked", "when *asked*"),
        Replace(OPS, "accountable: provider", "accountable: customer"),
        Replace(OPS, "cadence: daily", "cadence: hourly"),
        Replace(OPS, "{class: must}", "{class: may}"),
        Replace(OPS, "{class: may}", "{class: might}"),
        Replace(OPS, "{class: might}", "{class: must}"),
        Replace(OPS, "text: A report", "text: Our report"),
        Replace(OPS, "text: A ticket}", "text: A ticket, public: true}"),
        Replace(OPS, "text: A ticket, public: true}", "text: A ticket}"),
        Replace(OPS, "A report, public: true}", "A report}"),
        Replace(
            OPS,
            "A report}",
            "A report, public: true, url: ../index.md}",
        ),
        Replace(OPS, "status: approved", "status: draft"),
        Replace("content/srm.yaml", "label: Class", "label: Kind"),
        Append("book.toml", "[preprocessor.srm]\npublish-reviews = true\n"),
        Replace(
            "book.toml",
            "publish-reviews = true",
            "publish-reviews = false",
        ),
        Replace(OPS, "Kept for a year", "Kept for two years"),
        Replace(OPS, "By law", "By contract"),
        Replace(OPS, "net: provider", "net: customer"),
        Replace(OPS, "[Old ones.]", "[New ones.]"),
        Replace(
            OPS,
            "areas: {net: provider",
            "areas: {net: {state: not-listed}",
        ),
        Replace(
            OPS,
            "areas: {net: {state: not-listed}, disk",
            "x: {net: provider, disk",
        ),
        Replace(OPS, "all:\n        x:", "saas: cloud\n      byoc: cloud\n#"),
        Replace("content/srm.yaml", "label: Network", "label: Net"),
        Replace(OPS, "reason: You run it.", "reason: It is yours."),
        Replace(
            OPS,
            "tasks: {provider: [Wake up.], cloud: [Look.]}",
            "cadence: always",
        ),
        Replace(
            OPS,
            "roles: {provider: R, cloud: V}",
            "responsible: provider",
        ),
        Replace(OPS, "provider: R, cloud: V", "provider: R V, cloud: I"),
        Replace(OPS, "cloud: V", "cloud: X"),
        Replace("content/srm.yaml", "label: Verifies", "label: Checks"),
        Replace("content/srm.yaml", "takes-part: true", "takes-part: false"),
        Replace("content/srm.yaml", "V: {id", "W: {id"),
        Replace(TEAM, "with a team", "with *two* teams"),
        Replace(
            "content/models/byoc.md",
            "order: 2",
            "order: 2\nversion: '5'\neffective: 2025-01-01",
        ),
        Replace("content/models/byoc.md", "version: '5'", "version: '6'"),
        Replace(
            TEAM,
            "models: {all: {responsible: provider, ",
            "models: {all: {state: unassigned, reason: Not yet., ",
        ),
        Replace(TEAM, "Not yet.", "In June."),
        Replace("content/srm.yaml", "In [shifts]", "In *three* [shifts]"),
        Replace(
            "content/srm.yaml",
            "notes: {shifts",
            "notes: {days: By day., shifts",
        ),
        Replace(TEAM, "ref: shifts", "ref: nights"),
        Replace(TEAM, "ref: nights", "ref: mornings"),
        Replace(TEAM, "ref: mornings", "ref: shifts"),
        Replace(
            TEAM,
            "tasks: {provider: [Plan them.]}}",
            "tasks: {provider: [Plan them.]}}, saas: {keep: [tasks], tasks: {customer: [Ask.]}}",
        ),
        Replace(TEAM, "keep: [tasks], ", "keep: [scope], "),
        Replace(TEAM, "keep: [scope], ", ""),
        Replace(TEAM, "group: day", "group: noon"),
        Replace(TEAM, "group: noon", "group: Sometimes"),
        Replace(TEAM, "label: By day", "label: All day"),
        Replace(TEAM, "Roster", "Timetable"),
        Replace(TEAM, "soc2: C1", "soc2: [C1, C2]"),
        Replace(TEAM, "There is no team", "No team is there"),
        Replace(TEAM, "{models: [saas]", "{models: [saas, byoc]"),
        Replace(OPS, "[provider, cloud]", "[provider, clout]"),
        Replace(OPS, "[provider, clout]", "[provider, cloud]"),
        Replace(OPS, "Read the logs.", "Read [them](row:keys)."),
        Replace(OPS, "Read [them](row:keys).", "Read [them](row:nothing)."),
        Replace(OPS, "Read [them](row:nothing).", "Read the logs."),
        Write(
            OPS,
            "label: Operations\nrows:\n  - {id: logs, label: Logs, models: {all: {responsible: cloud}}}\n",
        ),
        Remove(OPS),
        Remove(DATA),
        Write(
            DATA,
            "label: Data\nrows:\n  - {id: keys, label: Keys, models: {all: {responsible: customer, tasks: {customer: [Bring keys.]}}}}\n",
        ),
        Write(
            "content/categories/new.yaml",
            "label: New\nrows:\n  - {id: new, label: New, models: {saas: {responsible: provider}}}\n",
        ),
        Remove("content/categories/new.yaml"),
        Rename(
            "content/categories/new.yaml",
            "content/categories/newer.yaml",
        ),
        Remove("content/categories/newer.yaml"),
        Replace("content/guide/more.md", "## Second", "## Third"),
        Replace("content/guide/more.md", "## Third", "## Second"),
        Replace("content/guide/more.md", "title: More", "title: Even more"),
        Append("content/guide/more.md", "\n```rust\nlet a = 1;\n```\n"),
        Append("content/guide/more.md", "\n[dead](nowhere.md)\n"),
        Replace("content/guide/more.md", "\n[dead](nowhere.md)\n", ""),
        Rename("content/guide/more.md", "content/guide/other.md"),
        Rename("content/guide/other.md", "content/guide/more.md"),
        Write(
            "content/deep/er/page.md",
            "# Deep\n\n[up](../../index.md)\n",
        ),
        Remove("content/deep/er/page.md"),
        Write("content/index.md", "# Home\n\nNo links.\n"),
        Write("content/README.md", "# Also home\n"),
        Remove("content/README.md"),
        Write("content/pic.svg", "<svg/>"),
        Write("content/pic.svg", "<svg width=\"40\" height=\"30\"/>"),
        Remove("content/pic.svg"),
        Replace("content/models/byoc.md", "label: BYOC", "label: Your cloud"),
        Replace("content/models/byoc.md", "You run it.", "You run *it*."),
        Replace("content/models/saas.md", "order: 1", "order: 3"),
        Rename("content/models/saas.md", "content/models/hosted.md"),
        Rename("content/models/hosted.md", "content/models/saas.md"),
        Replace("content/srm.yaml", "label: Vendor", "label: Example"),
        Replace("content/srm.yaml", "schema: 1", "schema: 2"),
        Replace("content/srm.yaml", "schema: 2", "schema: 1"),
        Append(
            "content/srm.yaml",
            "document: {version: \"7\", catch-all: {text: All *else*., party: cloud}}\n",
        ),
        Replace(
            "content/srm.yaml",
            "document: {version: \"7\", catch-all: {text: All *else*., party: cloud}}\n",
            "",
        ),
        Replace("book.toml", "title = \"Test\"", "title = \"Tested\""),
        Replace("book.toml", "src = \"content\"", "src = content"),
        Replace("book.toml", "src = content\n", "src = \"content\"\n"),
        Append(
            "book.toml",
            "\n[preprocessor.srm]\noutputs = {print = false}\n",
        ),
        Replace(
            "book.toml",
            "\n[preprocessor.srm]\noutputs = {print = false}\n",
            "",
        ),
        Write("themes/default/theme.toml", "api = 1\n"),
        Write("themes/default/static/style.css", "body { color: #123 }\n"),
        Write("themes/default/strings/en.toml", "home = \"Start\"\n"),
        Write(
            "themes/default/templates/prose.html",
            "{% extends \"builtin/prose.html\" %}\n",
        ),
        Write("themes/default/templates/prose.html", "{{ page.titel }}\n"),
        Write("themes/default/templates/category.html", "{% if %}\n"),
        Remove("themes/default/templates/prose.html"),
        Remove("themes/default/templates/category.html"),
        Remove("themes/default/static/style.css"),
        Remove("themes/default/strings/en.toml"),
        Remove("themes/default/theme.toml"),
        Remove("book.toml"),
        Remove("content/index.md"),
        Shift(DATA),
        Shift(OPS),
        Shift("content/srm.yaml"),
        Shift("content/models/saas.md"),
        Shift("content/models/byoc.md"),
        Shift("content/guide/more.md"),
        Shift("content/index.md"),
        Shift("book.toml"),
        Shift("themes/default/theme.toml"),
        Shift("themes/default/strings/en.toml"),
        Shift("themes/default/templates/prose.html"),
        Shift("themes/default/templates/category.html"),
        Replace(
            "content/models/byoc.md",
            "this [changes]",
            "<i>this</i> [changes]",
        ),
        Replace(DATA, "Keep *all*", "Keep <b>all</b>"),
        Append(
            "content/index.md",
            "\n<u>More</u>, but [nothing](#nowhere).\n",
        ),
        Append("content/guide/more.md", "\n<u>More</u>\n"),
        Replace("content/srm.yaml", "All *else*.", "All <b>else</b>."),
    ]
};

/// Does it, and says what a watcher would say.
fn apply(folder: &Path, edit: &Edit) -> Option<Hint> {
    let full = |path: &str| folder.join(path);
    let hint = |paths: &[&str], listing| {
        Some(Hint {
            paths: paths.iter().map(|p| full(p)).collect(),
            listing,
        })
    };
    match edit {
        Edit::Replace(path, from, to) => {
            let text = fs::read_to_string(full(path)).ok()?;
            text.contains(from).then_some(())?;
            fs::write(full(path), text.replacen(from, to, 1)).unwrap();
            hint(&[path], false)
        }
        Edit::Append(path, text) => {
            let before = fs::read_to_string(full(path)).ok()?;
            (before.len() < 5_000).then_some(())?;
            fs::write(full(path), before + text).unwrap();
            hint(&[path], false)
        }
        Edit::Write(path, text) => {
            let there = full(path).exists();
            fs::create_dir_all(full(path).parent().unwrap()).unwrap();
            fs::write(full(path), text).unwrap();
            hint(&[path], !there)
        }
        Edit::Remove(path) => {
            fs::remove_file(full(path)).ok()?;
            remove_empty(folder, &full(path));
            hint(&[path], true)
        }
        Edit::Shift(path) => {
            let before = fs::read_to_string(full(path)).ok()?;
            (before.len() < 5_000).then_some(())?;
            fs::write(full(path), shifted(path, &before)).unwrap();
            hint(&[path], false)
        }
        Edit::Rename(from, to) => {
            fs::rename(full(from), full(to)).ok()?;
            remove_empty(folder, &full(from));
            hint(&[from, to], true)
        }
    }
}

/// A text with a line more that says nothing, above as much as possible.
fn shifted(path: &str, text: &str) -> String {
    let (first, rest) = match text.strip_prefix("---\n") {
        Some(rest) => ("---\n", rest),
        None => ("", text),
    };
    let line = match path.rsplit_once('.') {
        Some((_, "md")) if first.is_empty() => "\n",
        Some((_, "html")) => "{# a remark #}\n",
        _ => "# a remark\n",
    };
    format!("{first}{line}{rest}")
}

/// A project in memory, which is the measure, has no empty folders.
fn remove_empty(folder: &Path, gone: &Path) {
    for parent in gone.ancestors().skip(1).take_while(|p| *p != folder) {
        let _ = fs::remove_dir(parent);
    }
}

/// A project that is being looked at.
struct Author {
    folder: Folder,
    live: Live,
    good: Option<BTreeMap<String, Vec<u8>>>,
}

impl Author {
    fn new() -> Author {
        Author::with("")
    }

    /// With a project in which one category is little.
    fn of_much() -> Author {
        let mut more = String::from(
            "\n//- book.toml\n[book]\ntitle = \"Test\"\nsrc = \"content\"\n\
             [preprocessor.srm]\noutputs = {embed = false}\n",
        );
        for c in 0..30 {
            more += &format!("//- content/categories/c{c}.yaml\nlabel: C {c}\norder: 5\nrows:\n");
            for r in 0..5 {
                more += &format!(
                    "  - id: r-{c}-{r}\n    label: R {c} {r}\n    models: {{all: {{responsible: cloud}}}}\n"
                );
            }
        }
        Author::with(&more)
    }

    fn with(more: &str) -> Author {
        let folder = Folder::of(&format!("{SITE}{more}"));
        let live = Live::new(folder.path(), Options::default(), None);
        Author {
            folder,
            live,
            good: None,
        }
    }

    /// Both halves of a look.
    fn look(&mut self, hint: &Hint) -> (Look, Option<Look>) {
        let (look, rest) = self.live.look(hint);
        (look, rest.and_then(|rest| rest.finish()))
    }

    /// Looks, and compares what is shown with a clean build.
    fn look_and_compare(&mut self, hint: &Hint) {
        self.look(hint);
        self.compare();
    }

    /// Compares what is shown with a clean build.
    fn compare(&mut self) {
        let now = self.live.board().now();
        let mut files = tree(self.folder.path());
        files.retain(|path, _| !path.starts_with("book/"));
        let source = Source::memory(files);
        let (clean, outcome) = site::in_memory(&source, &Options::default());
        let shown_says: Vec<String> = now.problems.iter().map(said).collect();
        let clean_says = report::problems(&outcome.findings, &source, |_, _| None);
        let clean_says: Vec<String> = clean_says.iter().map(said).collect();
        assert_eq!(shown_says, clean_says);
        assert_eq!(now.failed, outcome.failed, "{shown_says:#?}");
        if !outcome.failed {
            self.good = Some(clean);
        }
        match (&now.site, &self.good) {
            (Some(site), Some(good)) => same_files(&shown(site), good),
            (None, None) => {}
            (site, good) => panic!("{} {}", site.is_some(), good.is_some()),
        }
    }
}

/// All of a problem, as one text.
fn said(problem: &report::Problem) -> String {
    format!("{problem:?}")
}

fn shown(site: &Arc<Snapshot>) -> BTreeMap<String, Vec<u8>> {
    site.paths()
        .map(|path| {
            let file = site.file(path).unwrap_or_else(|| panic!("no {path}"));
            (path.to_string(), file.bytes.clone())
        })
        .collect()
}

#[track_caller]
fn same_files(shown: &BTreeMap<String, Vec<u8>>, clean: &BTreeMap<String, Vec<u8>>) {
    let paths = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(shown), paths(clean));
    for (path, bytes) in clean {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&shown[path]), text(bytes), "{path}");
    }
}

fn everything() -> Hint {
    Hint {
        listing: true,
        ..Hint::default()
    }
}

/// Does one edit after another, and compares what is shown after each.
fn follow(mut author: Author, script: Vec<(usize, u8)>) {
    author.look_and_compare(&everything());
    let mut waiting = Hint::default();
    for (at, more) in script {
        let Some(hint) = apply(author.folder.path(), &EDITS[at]) else {
            continue;
        };
        waiting.paths.extend(hint.paths);
        waiting.listing |= hint.listing;
        // Several saves may come in one look.
        if more == 0 {
            continue;
        }
        author.look_and_compare(&std::mem::take(&mut waiting));
    }
    author.look_and_compare(&waiting);
}
