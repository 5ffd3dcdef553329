//! Codes of findings.

use srm_site::findings::Code;
use srm_site::text::markdown;

use super::{documents, read, root};

const CODES_BEGIN: &str = "<!-- From here on written by the tests from src/findings/diag.rs. -->\n";

/// The part of findings.md that is made from the codes.
fn codes() -> String {
    let mut out = String::from("\n| Code | Severity | Title |\n| --- | --- | --- |\n");
    let heading = |code: &Code| format!("{}: {}", code.id(), code.title());
    for code in Code::ALL {
        let anchor = markdown::heading_slug(&heading(code));
        let (id, word, title) = (code.id(), code.severity().word(), code.title());
        out.push_str(&format!("| [{id}](#{anchor}) | {word} | {title} |\n"));
    }
    for code in Code::ALL {
        out.push_str(&format!(
            "\n## {}\n\nSeverity: {}.\n\n{}\n",
            heading(code),
            code.severity().word(),
            code.why()
        ));
    }
    out
}

#[test]
fn findings_are_those_of_the_program() {
    let path = "docs/findings.md";
    let text = read(path);
    let (before, listed) = text.split_once(CODES_BEGIN).expect("the mark is there");
    if listed == codes() {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "{path} is not what src/findings/diag.rs says; UPDATE=1 rewrites it"
    );
    let new = format!("{before}{CODES_BEGIN}{}", codes());
    std::fs::write(root().join(path), new).unwrap();
}

#[test]
fn codes_that_are_named_exist() {
    for doc in documents() {
        let text = read(&doc.path);
        for (at, _) in text.match_indices("SRM") {
            let id: String = text[at..].chars().take(6).collect();
            if id[3..].chars().all(|c| c.is_ascii_digit()) {
                assert!(Code::from_id(&id).is_some(), "{}: {id}", doc.path);
            }
        }
    }
}
