//! Findings from one look to the next.

use std::fs;

use srm_site::report;
use srm_site::source::Hint;

use super::{Author, Edit, apply, everything, shifted};

/// Something is found in each kind of file, and stays where it is while the lines
/// above it change.
#[test]
fn findings_move_with_their_lines() {
    let more = "
//- book.toml
[book]
title = \"Test\"
src = \"content\"
[output.html]
copy-fonts = true
preferred-dark-theme = \"navy\"
default-theme = \"light\"
[preprocessor.srm]
theme = \"own\"
//- content/srm.yaml
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
  - {id: cloud, kind: third-party, label: Cloud}
  - {id: idle, kind: third-party, label: Idle}
document:
  effective: 2999-01-01
  catch-all: {text: 'All <b>else</b> is [yours](#nowhere).', party: cloud}
  precedence: 'The <i>contract</i>, [see](row:nothing).'
//- content/index.md
# Home

<b>Bold</b> and [dead](nowhere.md) and [odd](#nowhere).
//- content/guide/more.md
---
title: More
---
## First

<b>Bold</b> and [dead](nowhere.md), [odd](#nowhere), ![](pic.png).
//- content/models/saas.md
---
label: SaaS
order: 1
acknowledge: {SRM311: It is said so elsewhere.}
---
<b>Bold</b> and [dead](nowhere.md), [odd](#nowhere).
//- content/categories/data.yaml
label: Data
labels: {saas: Data of SaaS, byoc: Data}
rows:
  - id: keys
    label: Keys
    notes: ['Look at [logs](row:nothing) <u>now</u>.']
    models:
      saas:
        responsible: provider
        tasks: {customer: [Do it. And that.], provider: [Keep <b>it</b> .]}
  - id: keys2
    label: Keys
    models: {all: {responsible: cloud}}
//- themes/own/theme.toml
api = 1
nam = \"Own\"
//- themes/own/strings/en.toml
home = Start
//- themes/own/other.html
Not a part of a theme.
";
    // Errors keep a site from being shown, and notes and warnings do not.
    for errors in [true, false] {
        let wrong = [
            "nowhere.md",
            "#nowhere",
            "row:nothing",
            "pic.png",
            "nam =",
            "hom =",
        ];
        let right = [
            "index.md", "row:keys", "row:keys", "pic.svg", "name =", "home =",
        ];
        let more = match errors {
            true => more.to_string(),
            false => (wrong.iter().zip(right)).fold(more.to_string(), |t, (w, r)| t.replace(w, r)),
        };
        let mut author = Author::with(&more);
        author.look_and_compare(&everything());
        let mut files: Vec<String> = {
            let now = author.live.board().now();
            now.problems.iter().filter_map(|p| p.file.clone()).collect()
        };
        files.sort();
        files.dedup();
        let all = [
            "content/categories/data.yaml",
            "content/guide/more.md",
            "content/index.md",
            "content/models/saas.md",
            "content/srm.yaml",
            "book.toml",
            "themes/own/strings/en.toml",
            "themes/own/theme.toml",
        ];
        // Those of a theme and of `book.toml` are errors.
        let expected = if errors { &all[..] } else { &all[..5] };
        for file in expected {
            assert!(
                files.iter().any(|f| f == file),
                "{errors} {file}: {files:?}"
            );
        }
        for file in files.iter().flat_map(|file| [file, file]) {
            let path = author.folder.join(file);
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            fs::write(&path, shifted(file, &text)).unwrap();
            author.look_and_compare(&Hint {
                paths: [path].into(),
                listing: false,
            });
        }
    }
}

#[test]
fn a_file_that_is_no_text_is_told_at_every_look() {
    for bytes in [&b"# A\n\n\xff\n"[..], b"# A\n\n\0\n"] {
        let mut author = Author::new();
        author.folder.write("content/bad.md", bytes);
        author.look_and_compare(&everything());
        assert!(author.live.board().now().failed);
        let remark = Edit::Append("content/categories/ops.yaml", "# a remark\n");
        let hint = apply(author.folder.path(), &remark).unwrap();
        author.look_and_compare(&hint);
        author.look_and_compare(&everything());
        fs::remove_file(author.folder.join("content/bad.md")).unwrap();
        author.look_and_compare(&everything());
    }
}

#[test]
fn findings_stay_while_their_page_is_not_made_again() {
    let mut author = Author::new();
    author
        .folder
        .write("content/odd.md", "# Odd\n\n<b>raw</b>\n");
    author.look(&everything());
    let told = |author: &Author| {
        let now = author.live.board().now();
        let odd = |p: &&report::Problem| p.file.as_deref() == Some("content/odd.md");
        now.problems.iter().filter(odd).count()
    };
    let before = told(&author);
    assert!(before > 0);
    let data = "content/categories/data.yaml";
    let edit = Edit::Replace(data, "Keep the keys.", "Keep the keys safe.");
    let hint = apply(author.folder.path(), &edit).unwrap();
    let (look, _) = author.look(&hint);
    assert!(look.revision.is_some());
    assert_eq!(told(&author), before);
}

#[test]
fn findings_name_things_as_they_are_called_now() {
    let mut author = Author::new();
    let data = "content/categories/data.yaml";
    let edit = Edit::Replace(
        data,
        "label: Keys",
        "label: Keys\n    labels: {byoc: Own keys}",
    );
    apply(author.folder.path(), &edit).unwrap();
    author.look_and_compare(&everything());
    let byoc = "content/models/byoc.md";
    let hint = apply(
        author.folder.path(),
        &Edit::Replace(byoc, "label: BYOC", "label: Your cloud"),
    );
    author.look_and_compare(&hint.unwrap());
    let now = author.live.board().now();
    let told = |p: &report::Problem| p.message.contains("Your cloud");
    assert!(now.problems.iter().any(told), "{:#?}", now.problems);
}
