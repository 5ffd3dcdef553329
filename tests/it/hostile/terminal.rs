//! Findings do not act on a terminal or on a CI system.

use super::{CATEGORY, limited};
use crate::harness::projects::{ONE_MODEL, project};

/// Fails if a text could act on a terminal.
#[track_caller]
fn assert_tame(text: &str) {
    let bad = text
        .chars()
        .find(|c| c.is_control() && *c != '\n' && *c != '\t');
    assert_eq!(bad, None, "{text:?}");
    // Marks that turn the order of writing around hide what a line says.
    let turned = [
        '\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}',
    ];
    assert!(!text.contains(turned), "{text:?}");
}

#[test]
fn escape_sequences_do_not_reach_the_terminal() {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{8}\u{7f}\r\u{202e}x";
    let json = serde_json::to_string(evil).unwrap();
    let yaml: String = evil
        .chars()
        .map(|c| format!("\\U{:08X}", u32::from(c)))
        .collect();
    let cases = [
        // In a key, in an id, in a value, in a reason, in a text that is only shown in the excerpt.
        (CATEGORY, format!("label: More\n\"{yaml}\": x\nrows: []\n")),
        (
            CATEGORY,
            format!("label: More\nrows:\n  - {{id: \"{yaml}\", label: x}}\n"),
        ),
        (
            CATEGORY,
            format!("label: More\nrows:\n  - {{id: a, label: x, models: {{\"{yaml}\": {{}}}}}}\n"),
        ),
        (CATEGORY, format!("label: More\nrows: \"{yaml}\"\n")),
        (CATEGORY, format!("label: More # {evil}\nrows: x\n")),
        (CATEGORY, format!("label: {evil}\n  x: [\n")),
        (
            "content/page.md",
            format!("# Page\n\n[x](nowhere{evil}.md) {evil}\n"),
        ),
        (
            "content/page.md",
            format!("# Page\n\n<b {evil}>\n\n[^{evil}]\n\n{evil} [y](#{evil})\n"),
        ),
        ("content/page.md", format!("---\n{evil}: x\n---\n")),
        ("book.toml", format!("[book]\nsrc = {json}\n")),
        (
            "book.toml",
            format!("[book]\nsrc = \"content\"\n{json} = 1\n"),
        ),
        ("book.toml", format!("[book]\nsrc = \"content\" {evil}\n")),
        (
            "book.toml",
            format!(
                "[book]\nsrc = \"content\"\n[preprocessor.srm]\ntheme = {json}\ncompare = [{json}, \"a..b\"]\n"
            ),
        ),
        (
            "book.toml",
            format!(
                "[book]\nsrc = \"content\"\n[output.html]\nadditional-css = [{json}]\n[output.html.redirect]\n{json} = {json}\n"
            ),
        ),
        (
            "themes/default/templates/prose.html",
            format!("{{{{ nothing }}}} {evil}"),
        ),
        (
            "themes/default/templates/prose.html",
            format!("{{% {evil} %}}"),
        ),
        (
            "themes/default/strings/en.toml",
            format!("home = [{json}]\n"),
        ),
        (&format!("content/{evil}.yaml"), "x".into()),
        (&format!("content/{evil}.md"), "[x](nowhere.md)".into()),
        (
            &format!("content/categories/{evil}.yaml"),
            "label: [".into(),
        ),
    ];
    for (path, text) in &cases {
        let folder = project(ONE_MODEL).on_disk();
        if path.starts_with("themes") {
            folder.write("themes/default/theme.toml", "api = 1\n");
            folder.write("content/page.md", "# Page\n");
        }
        folder.write(path, text);
        for format in ["human", "short"] {
            let run = limited(&folder, &["check", "-v", "--format", format]);
            // Markdown is free to see no link there.
            let silent = !run.stderr.contains("SRM");
            assert!(
                !silent || path.contains("page.md"),
                "{path}: {}",
                run.stderr
            );
            assert_tame(&run.stderr);
        }
        // GitHub's log viewer acts on lines that begin with `::`.
        let run = limited(&folder, &["check", "--format", "github"]);
        for line in run.stdout.lines() {
            assert!(line.starts_with("::") && !line.contains('\r'), "{line:?}");
        }
        let run = limited(&folder, &["check", "--format", "json"]);
        for line in run.stdout.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
}

#[test]
fn workflow_commands_cannot_be_smuggled_in() {
    let folder = project(ONE_MODEL).on_disk();
    folder.write(
        "content/page.md",
        "# Page\n\n[x](<::set-env name=a::b>) <b>\n\n[y](%0A::error::z)\n",
    );
    folder.write("content/a,b:c%0A\n::error::d.md", "[x](nowhere.md)");
    let run = limited(&folder, &["check", "--format", "github"]);
    for line in run.stdout.lines() {
        let head = line.strip_prefix("::").unwrap_or_else(|| panic!("{line}"));
        let (properties, _) = head.split_once("::").unwrap();
        let word = properties.split(' ').next().unwrap();
        assert!(["error", "warning", "notice"].contains(&word), "{line}");
        assert!(line.contains("title=SRM"), "{line}");
    }
}
