//! Characters that no page and no file of a site can contain: XML 1.0, section 2.2,
//! has none of them.

use srm_site::findings::Code;

use crate::harness::Built;
use crate::harness::projects::{ONE_MODEL, Project, project};

/// Every character that XML cannot contain, except for the halves of pairs, which
/// UTF-8 has no bytes for.
fn all() -> impl Iterator<Item = char> {
    let unfit = |c: &char| !matches!(c, '\t' | '\n' | '\r');
    ('\u{0}'..='\u{1f}')
        .filter(unfit)
        .chain(['\u{fffe}', '\u{ffff}'])
}

fn with_label(label: &str) -> Project {
    let rows = format!(
        "  - id: keys\n    label: {label}\n    models:\n      saas:\n        responsible: [customer, provider]\n        \
         tasks: {{customer: [Keep it.], provider: [Run it.]}}\n"
    );
    project(ONE_MODEL).rows(&rows)
}

/// The texts that are marked by the errors of a build.
#[track_caller]
fn marked(project: Project) -> Vec<String> {
    let files = project.clone().files();
    let built = project.build();
    assert!(built.outcome.failed, "{:#?}", built.lines());
    let errors = built
        .findings()
        .list
        .iter()
        .filter(|f| f.code == Code::NotText);
    errors
        .map(|finding| {
            let place = finding.place.as_ref().unwrap();
            let text = String::from_utf8_lossy(&files[&*place.file]).into_owned();
            text[place.start..place.end].to_string()
        })
        .collect()
}

#[test]
fn no_escape_of_yaml_brings_in_what_no_file_can_contain() {
    for c in all() {
        let code = u32::from(c);
        let escapes = [format!("\\u{code:04x}"), format!("\\U{code:08X}")];
        for escape in escapes {
            let label = format!("\"Back\\\\up {escape} plan\"");
            assert_eq!(marked(with_label(&label)), [escape], "{label}");
        }
    }
    for escape in ["\\0", "\\a", "\\b", "\\v", "\\f", "\\e", "\\x0b", "\\x1F"] {
        assert_eq!(marked(with_label(&format!("\"a{escape}b\""))), [escape]);
    }
    // Each place is marked, and the rest of the file is still checked.
    let label = "\"a\\x01b\"\n    label-of: \"\\x02\"";
    let built = with_label(label).build();
    let codes: Vec<&str> = built.findings().list.iter().map(|f| f.code.id()).collect();
    assert!(
        codes.contains(&"SRM002") && codes.contains(&"SRM006"),
        "{codes:?}"
    );
    // Keys, and front matter.
    let page = "---\ntitle: \"Big\\x07\"\n---\nText.\n";
    assert_eq!(marked(project(ONE_MODEL).page("a.md", page)), ["\\x07"]);
    // What looks like an escape and is none.
    with_label("'a\\x0b'").builds();
    with_label("\"a\\\\x0b\\t\\u00e9\"").builds();
}

#[test]
fn no_escape_of_toml_brings_in_what_no_file_can_contain() {
    for (title, escape) in [
        ("A\\u0008", "\\u0008"),
        ("\\fA", "\\f"),
        ("\\\\u\\U0000FFFE", "\\U0000FFFE"),
    ] {
        let project = project(ONE_MODEL).with(
            "book.toml",
            format!("[book]\ntitle = \"{title}\"\nsrc = \"content\"\n"),
        );
        assert_eq!(marked(project), [escape], "{title}");
    }
}

#[test]
fn no_raw_character_is_read_that_no_file_can_contain() {
    for c in all() {
        let place = |project: Project| marked(project).first().cloned();
        let one = Some(c.to_string());
        let page = format!("# A page\n\nSome text, {c} and `{c}`.\n");
        assert_eq!(place(project(ONE_MODEL).page("a.md", &page)), one);
        let model = format!("---\nlabel: SaaS\n---\nWe {c} run it.\n");
        assert_eq!(
            place(project(ONE_MODEL).page("models/saas.md", &model)),
            one
        );
        // The parsers of YAML and TOML refuse most of them by themselves.
        let built = with_label(&format!("a{c}b")).build();
        assert!(built.outcome.failed, "{c:?} in YAML");
        let settings = format!("[book]\ntitle = \"a{c}b\"\nsrc = \"content\"\n");
        let built = project(ONE_MODEL).with("book.toml", settings).build();
        assert!(built.outcome.failed, "{c:?} in TOML");
    }
}

/// Fails if a file of the site has a character that it cannot contain, or is not
/// well-formed.
#[track_caller]
fn assert_well_formed(built: &Built) {
    for (path, bytes) in &built.files {
        let Ok(text) = std::str::from_utf8(bytes) else {
            continue;
        };
        let unfit = text.find(|c: char| all().any(|one| one == c));
        assert_eq!(unfit, None, "{path}");
        if path.ends_with(".svg") || path.ends_with(".xml") {
            roxmltree::Document::parse(text).unwrap_or_else(|e| panic!("{path}: {e}"));
        }
        if path.ends_with(".json") {
            serde_json::from_str::<serde_json::Value>(text)
                .unwrap_or_else(|e| panic!("{path}: {e}"));
        }
    }
}

/// A character reference is Markdown, and is read where Markdown is read.
#[test]
fn a_reference_to_such_a_character_is_shown_as_a_replacement_character() {
    let references: String = all()
        .flat_map(|c| {
            [
                format!("&#{};", u32::from(c)),
                format!("&#x{:X};", u32::from(c)),
            ]
        })
        .collect();
    let page = format!(
        "# Title {references}\n\nText {references} and *{references}*, `&#8;`.\n\n## Heading {references}\n\n\
         [a link](https://example.com/{references} \"{references}\")\n\n- {references}\n\n```a{references}\ncode\n```\n"
    );
    let rows = format!(
        "  - id: keys\n    label: Keys\n    models:\n      saas:\n        responsible: customer\n        \
         tasks:\n          customer:\n            - 'Keep {references} it.'\n"
    );
    let settings = "[output.html]\nsite-url = \"https://example.com/\"\n";
    let history = format!(
        "schema: 1\ndocument:\n  history:\n  - {{version: \"2\", date: 2025-02-03, changes: \"New {references}\"}}\n\
         parties:\n  - {{id: customer, kind: customer, label: Customer}}\n  - {{id: provider, kind: provider, label: Vendor}}\n"
    );
    let built = project(ONE_MODEL)
        .settings(settings)
        .with("content/srm.yaml", history)
        .page("a.md", &page)
        .rows(&rows)
        .builds_with(&["SRM002", "SRM210"]);
    assert_well_formed(&built);
    assert!(built.page("a.html").contains('\u{fffd}'));
    assert!(built.page("a.html").contains("<code>&amp;#8;</code>"));
    assert!(built.page("models/saas.html").contains('\u{fffd}'));
}
