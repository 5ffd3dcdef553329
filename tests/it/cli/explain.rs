//! `explain`: what a code means.

use srm_site::findings::Code;

use super::broken;
use crate::harness::Folder;

#[test]
fn every_code_is_explained_as_in_the_docs() {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/findings.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let folder = Folder::new();
    let list = folder.run(&["explain"]);
    assert_eq!(list.code(0).stdout.lines().count(), Code::ALL.len());
    for (code, line) in Code::ALL.iter().zip(list.stdout.lines()) {
        assert!(
            line.starts_with(code.id()) && line.ends_with(code.title()),
            "{line}"
        );
        let run = folder.run(&["explain", code.id()]);
        assert!(
            run.code(0)
                .stdout
                .lines()
                .all(|line| line.chars().count() <= 80 || !line.contains(' '))
        );
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let part = docs
            .split("\n## ")
            .find(|part| part.starts_with(code.id()))
            .unwrap();
        assert_eq!(one_line(&run.stdout), one_line(part), "{}", code.id());
    }
}

#[test]
fn a_code_may_be_in_lower_case_or_without_letters() {
    let folder = Folder::new();
    let upper = folder.run(&["explain", "SRM104"]).stdout;
    for same in ["srm104", "Srm104", "104", " SRM104"] {
        assert_eq!(
            folder.run(&["explain", same]).code(0).stdout,
            upper,
            "{same}"
        );
    }
}

#[test]
fn an_unknown_code_gets_the_nearest() {
    let folder = Folder::new();
    for (given, near) in [
        ("SMR104", "SRM104"),
        ("srm1o4", "SRM104"),
        ("SRM1044", "SRM104"),
    ] {
        let run = folder.run(&["explain", given]);
        assert_eq!(run.code(2).stdout, "");
        assert!(
            run.stderr.contains(&format!("did you mean `{near}`?")),
            "{}",
            run.stderr
        );
    }
    let run = folder.run(&["explain", "nonsense"]);
    assert!(
        !run.code(2).stderr.contains("did you mean"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("`srm-site explain` lists all codes"));
}

#[test]
fn findings_for_people_end_with_a_hint() {
    let folder = broken().on_disk();
    let hint = "for more about a code: srm-site explain SRM104\n";
    for command in ["check", "build"] {
        let said = folder.run(&[command]).code(1).stderr.clone();
        assert_eq!(said.matches(hint).count(), 1, "{said}");
        for others in [&["--format", "short"][..], &["-q"]] {
            let said = folder
                .run(&[&[command], others].concat())
                .code(1)
                .stderr
                .clone();
            assert!(!said.contains("srm-site explain"), "{said}");
        }
    }
}
