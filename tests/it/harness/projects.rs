//! Named projects that tests share, and a builder that changes one of them a little.

use std::collections::BTreeMap;

use srm_site::findings::Severity;
use srm_site::site::Options;

use super::reader::parse;
use super::{Built, Folder, build_files, files_in, fixture, tree};

/// One model, a row that the customer and the vendor share, and a home page.
pub const ONE_MODEL: &str = "\
//- content/index.md
# Home

Hello.
//- content/models/saas.md
---
label: SaaS
---
We run it.
//- content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys
    models:
      saas:
        responsible: [customer, provider]
        tasks:
          customer: [Bring the keys.]
          provider: [Keep the keys.]
";

/// Two models, and a row that is the same in both: the customer and the vendor
/// share it.
pub const TWO_MODELS: &str = "\
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
You run it.
//- content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys
    models:
      all:
        responsible: [customer, provider]
        tasks:
          customer: [Bring the keys.]
          provider: [Keep the keys.]
";

/// Two models and a third party, `cloud`: one row that the customer takes over in
/// BYOC, and one that the vendor and the cloud do in both.
pub const THREE_PARTIES: &str = "\
//- content/srm.yaml
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
  - {id: cloud, kind: third-party, label: Cloud}
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
You run it.
//- content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys
    models:
      saas:
        responsible: [customer, provider]
        tasks:
          customer: [Bring the keys.]
          provider: [Keep the keys.]
      byoc:
        responsible: customer
        tasks: {customer: [Bring the keys.]}
  - id: logs
    label: Logs
    models:
      all:
        responsible: [provider, cloud]
        tasks: {provider: [Read the logs.], cloud: [Store the logs.]}
";

/// Models `m1` to `m5`, and five parties of which the customer has nothing to do:
/// in each model other parties do the one row.
pub const FIVE_MODELS_FIVE_PARTIES: &str = "\
//- content/srm.yaml
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: vendor, kind: provider, label: The vendor}
  - {id: reseller, kind: provider, label: The reseller}
  - {id: cloud, kind: third-party, label: The cloud}
  - {id: auditor, kind: third-party, label: The auditor}
//- content/models/m1.md
---
label: M1
order: 1
---
//- content/models/m2.md
---
label: M2
order: 2
---
//- content/models/m3.md
---
label: M3
order: 3
---
//- content/models/m4.md
---
label: M4
order: 4
---
//- content/models/m5.md
---
label: M5
order: 5
---
//- content/categories/data.yaml
label: Data
rows:
  - id: x
    label: X
    models:
      m1: {responsible: vendor}
      m2: {responsible: [vendor, cloud]}
      m3: {responsible: cloud}
      m4: {responsible: [cloud, auditor]}
      m5: {responsible: [vendor, reseller, cloud, auditor]}
";

/// One model, all of it in Japanese: ids, labels, texts, and a page with links.
pub const JAPANESE: &str = "\
//- book.toml
[book]
title = \"共有責任モデル\"
language = \"ja\"
src = \"content\"
//- content/srm.yaml
schema: 1
parties:
  - {id: お客様, kind: customer, label: お客様}
  - {id: 提供者, kind: provider, label: 株式会社クラウド}
//- content/models/自社.md
---
label: 自社環境
---
はじめに。
//- content/categories/データ.yaml
label: データ管理
rows:
  - id: 暗号化
    label: 保存データの暗号化
    models:
      自社:
        responsible: [お客様, 提供者]
        tasks:
          お客様: [鍵を管理する。, 「はい。」と答える。]
          提供者: [暗号化する。]
//- content/注意.md
# 注意

[行へ](row:暗号化)と[モデルへ](model:自社)。
";

/// A row for [`Project::rows`] that is shared in all models.
pub const SHARED: &str = "  - id: base
    label: Base
    models:
      all:
        responsible: [customer, provider]
        tasks: {customer: [Use it.], provider: [Run it.]}
";

/// The files of a project before it is built.
#[derive(Clone)]
pub struct Project {
    files: BTreeMap<String, Vec<u8>>,
    options: Options,
}

/// One of the projects above, or any text of `//- path` lines.
pub fn project(text: &str) -> Project {
    Project {
        files: fixture(text),
        options: Options::default(),
    }
}

impl Project {
    /// With a file more, or with another content of a file.
    pub fn with(mut self, path: &str, content: impl AsRef<[u8]>) -> Project {
        self.files
            .insert(path.to_string(), content.as_ref().to_vec());
        self
    }

    /// With a page of prose more: a path below `content` and its Markdown.
    pub fn page(self, path: &str, markdown: &str) -> Project {
        self.with(&format!("content/{path}"), markdown)
    }

    /// With other rows in the category `data`, whose label is `Data`.
    pub fn rows(self, rows: &str) -> Project {
        // A literal that begins with a line end has lost its first indentation.
        let indent = if rows.starts_with('-') { "  " } else { "" };
        let text = format!("label: Data\nrows:\n{indent}{rows}");
        self.with("content/categories/data.yaml", text)
    }

    /// With other parties: a line for each.
    pub fn parties(self, parties: &str) -> Project {
        let indent = if parties.starts_with('-') { "  " } else { "" };
        let text = format!("schema: 1\nparties:\n{indent}{parties}");
        self.with("content/srm.yaml", text)
    }

    /// With more lines at the end of `book.toml`.
    pub fn settings(self, lines: &str) -> Project {
        let before = String::from_utf8(self.files["book.toml"].clone()).unwrap();
        self.with("book.toml", format!("{before}{lines}"))
    }

    /// With another text in place of one that is in the file.
    #[track_caller]
    pub fn replace(self, path: &str, from: &str, to: &str) -> Project {
        let before = std::str::from_utf8(&self.files[path]).unwrap();
        assert!(before.contains(from), "no `{from}` in {path}:\n{before}");
        let after = before.replace(from, to);
        self.with(path, after)
    }

    /// With the files of a text of `//- path` lines.
    pub fn with_files(mut self, text: &str) -> Project {
        self.files.extend(files_in(text));
        self
    }

    /// Without a file that it has.
    #[track_caller]
    pub fn without(mut self, path: &str) -> Project {
        assert!(self.files.remove(path).is_some(), "no {path}");
        self
    }

    /// Built with these options.
    pub fn options(mut self, options: Options) -> Project {
        self.options = options;
        self
    }

    /// The files, each with its path.
    pub fn files(self) -> BTreeMap<String, Vec<u8>> {
        self.files
    }

    /// The project in a folder, for the real program.
    pub fn on_disk(self) -> Folder {
        let folder = Folder::new();
        for (path, bytes) in self.files {
            folder.write(&path, bytes);
        }
        folder
    }

    /// The site, or as much as there is of it: the test looks at the findings.
    pub fn build(self) -> Built {
        build_files(self.files, &self.options)
    }

    /// The site. Fails if there is any finding that is not acknowledged.
    #[track_caller]
    pub fn builds(self) -> Built {
        self.builds_with(&[])
    }

    /// The site. Fails unless there are findings of exactly these codes, none of
    /// them an error. A note has the word after its code: `SRM204 note`.
    #[track_caller]
    pub fn builds_with(self, codes: &[&str]) -> Built {
        let built = self.found(codes);
        assert!(!built.outcome.failed, "{:#?}", built.lines());
        built
    }

    /// What was found. Fails unless there are findings of exactly these codes, and
    /// the build fails.
    #[track_caller]
    pub fn fails_with(self, codes: &[&str]) -> Built {
        let built = self.found(codes);
        assert!(built.outcome.failed, "no error: {:#?}", built.lines());
        built
    }

    #[track_caller]
    fn found(self, codes: &[&str]) -> Built {
        let built = self.build();
        let findings = built.findings().list.iter();
        let mut found: Vec<String> = findings
            .filter(|f| f.acknowledged.is_none())
            .map(|f| match f.severity {
                Severity::Note => format!("{} note", f.code.id()),
                _ => f.code.id().to_string(),
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, codes, "{:#?}", built.lines());
        built
    }
}

/// Each named project builds, and with no more than this to be said about it.
#[test]
fn named_projects_have_no_findings() {
    for text in [ONE_MODEL, TWO_MODELS, THREE_PARTIES, JAPANESE] {
        project(text).builds();
    }
    project(FIVE_MODELS_FIVE_PARTIES).builds_with(&["SRM210"]);
}

/// The small tests that the head of the harness shows do what it says.
#[test]
fn examples_of_the_harness_hold() {
    let built = project(TWO_MODELS)
        .page("guide.md", "# Our guide\n\nRead this.\n")
        .builds();
    let page = parse(built.page("guide.html"));
    assert_eq!(page.one("h1", &|e| e.tag == "h1").text(), "Our guide");

    let built = project(ONE_MODEL)
        .rows("  - {id: gap, label: Gap, models: {saas: {responsible: []}}}\n")
        .fails_with(&["SRM201", "SRM210"]);
    let place = "content/categories/data.yaml:3:36";
    let lines = built.lines_of("SRM201");
    assert!(lines[0].starts_with(place), "{lines:?}");

    let folder = project(TWO_MODELS).on_disk();
    let before = tree(folder.path());
    folder.run(&["check"]).code(0);
    assert_eq!(tree(folder.path()), before);
}
