//! Exit codes, and what goes to which stream.

use std::path::Path;

use super::{assert_silent, broken, warned};
use crate::harness::projects::{TWO_MODELS, project};
use crate::harness::{Folder, tree as files_of};

#[test]
fn build_and_check_say_nothing_on_stdout_and_end_with_0() {
    let folder = project(TWO_MODELS).on_disk();
    let check = folder.run(&["check", "-D", "warnings"]);
    assert_silent(&check.code(0).stdout);
    assert!(check.stderr.contains("no findings"), "{}", check.stderr);
    assert!(!folder.join("book").exists(), "`check` writes nothing");

    let build = folder.run(&["build"]);
    assert_silent(&build.code(0).stdout);
    assert!(build.stderr.contains("built "), "{}", build.stderr);
    assert!(folder.join("book/index.html").is_file());
    assert!(folder.join("book/models/saas.html").is_file());
}

#[test]
fn errors_end_with_1_and_write_nothing() {
    let folder = broken().on_disk();
    for command in ["check", "build"] {
        let run = folder.run(&[command]);
        assert_silent(&run.code(1).stdout);
        for part in [
            "SRM104",
            "content/categories/data.yaml:7:",
            "custmer",
            "did you mean `customer`?",
        ] {
            assert!(run.stderr.contains(part), "`{part}` in:\n{}", run.stderr);
        }
    }
    assert!(!folder.join("book").exists(), "no trace of a failed build");
}

#[test]
fn warnings_end_with_0_unless_denied() {
    let folder = warned().on_disk();
    assert!(folder.run(&["check"]).code(0).stderr.contains("SRM304"));
    for deny in [
        &["-D", "warnings"][..],
        &["--deny", "warnings"],
        &["--deny=warnings"],
        &["--strict"],
    ] {
        for command in ["check", "build"] {
            let args = [&[command][..], deny].concat();
            assert!(folder.run(&args).code(1).stderr.contains("SRM304"));
            assert!(!folder.join("book").exists(), "{args:?}");
        }
    }
    folder.run(&["build"]).code(0);
    assert!(folder.join("book/index.html").is_file());

    let denied = warned().settings("[preprocessor.srm]\ndeny-warnings = true\n");
    denied.on_disk().run(&["build"]).code(1);
}

#[test]
fn usage_mistakes_end_with_2_on_stderr() {
    let folder = project(TWO_MODELS).on_disk();
    for args in [
        &[][..],
        &["bild"],
        &["build", "--nonsense"],
        &["build", "one", "two"],
        &["build", "--format", "xml"],
        &["build", "-D", "everything"],
        &["build", "-q", "-v"],
        &["check", "--force"],
        &["check", "--color", "sometimes"],
        &["build", "--dest-dir"],
        &["clean", "--drafts"],
        &["init", "--title"],
        &["schema"],
        &["schema", "nothing"],
        &["schema", "srm", "page"],
        &["completions"],
        &["completions", "tcsh"],
        &["man", "extra"],
    ] {
        let run = folder.run(args);
        assert_silent(&run.code(2).stdout);
        assert!(!run.stderr.trim().is_empty(), "{args:?} says why");
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    }
    // A typing mistake is answered with the nearest name.
    assert!(folder.run(&["bild"]).stderr.contains("build"));
    assert!(
        folder
            .run(&["build", "--draft"])
            .stderr
            .contains("--drafts")
    );
    // Nothing but the project is there afterwards.
    assert!(!folder.join("book").exists());
}

#[test]
fn a_folder_without_a_project_is_an_error_that_says_so() {
    let folder = Folder::new();
    folder.write("notes.txt", "mine");
    for args in [&["build"][..], &["check"], &["build", "."]] {
        let run = folder.run(args);
        assert!(
            matches!(run.code, Some(1 | 2)),
            "{:?}: {}",
            run.code,
            run.stderr
        );
        assert!(run.stderr.contains("book.toml"), "{}", run.stderr);
        assert!(run.stderr.contains("srm-site init"), "{}", run.stderr);
    }
    let clean = folder.run(&["clean"]);
    assert!(clean.code(2).stderr.contains("book.toml"));
    let left: Vec<String> = files_of(folder.path()).into_keys().collect();
    assert_eq!(left, ["notes.txt"]);
}

#[test]
fn the_folder_next_to_a_project_says_where_the_project_is() {
    let folder = Folder::new();
    folder.write("model/book.toml", "");
    folder.write("model/content/srm.yaml", "schema: 1");
    let beside = folder.run(&["check"]).code(2).stderr.clone();
    assert!(beside.contains("in the folder `model`"), "{beside}");
    let inside = folder
        .run(&["check", "model/content"])
        .code(2)
        .stderr
        .clone();
    let project = folder.path().canonicalize().unwrap().join("model");
    let named = format!("there is one in `{}`", project.display());
    assert!(inside.contains(&named), "{inside}");
}

#[test]
fn a_folder_that_does_not_exist_is_not_made() {
    let folder = Folder::new();
    for args in [&["build", "nowhere"][..], &["check", "nowhere"]] {
        let run = folder.run(args);
        assert!(matches!(run.code, Some(1 | 2)), "{}", run.stderr);
        assert!(run.stderr.contains("book.toml"), "{}", run.stderr);
        assert!(
            !folder.join("nowhere").exists(),
            "`{args:?}` made the folder it did not find"
        );
    }
}

#[test]
fn the_shipped_content_has_no_errors() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Folder::new();
    let run = folder.run(&[
        "build",
        project.to_str().unwrap(),
        "--dest-dir",
        "out",
        "--format",
        "short",
    ]);
    run.code(0);
    assert!(!run.stderr.contains(": error["), "{}", run.stderr);
    assert!(folder.join("out/compare/saas-vs-byoc.html").is_file());
}
