//! What an import refuses and reports.

use serde_json::Value;

use super::points;
use crate::harness::{Folder, Run, tree};

const WORDS: &str = "\
schema: 1
parties:
  customer: {kind: customer, found-as: You}
  acme: {kind: provider, found-as: Acme}
models:
  cloud: {label: Cloud}
tables:
  - columns:
      Duty: row
cells:
  x: responsible
  \"\": nothing
";

/// Imports a Markdown table with these words.
fn imported(words: &str, table: &str, more: &[&str]) -> (Folder, Run) {
    let folder = Folder::new();
    folder.write("t.md", table);
    folder.write("import.yaml", words);
    let args = [
        "import",
        "t.md",
        "--vocabulary",
        "import.yaml",
        "--into",
        "new",
    ];
    let run = folder.run(&[&args, more].concat());
    (folder, run)
}

fn kinds(run: &Run) -> Vec<String> {
    let kind = |point: &Value| point["kind"].as_str().unwrap().to_string();
    points(run).0.iter().map(kind).collect()
}

const TABLE: &str = "| Duty | You | Acme |\n|---|---|---|\n| Keys | x | |\n| Disks | | x |\n";

#[test]
fn a_table_becomes_a_project() {
    let (folder, run) = imported(WORDS, TABLE, &[]);
    run.code(0);
    assert!(
        run.stderr.contains("9 cells: 6 written, 3 skipped"),
        "{}",
        run.stderr
    );
    let category = folder.read("new/content/categories/shared-responsibility-model.yaml");
    assert!(
        category.contains("    models:\n      cloud: customer\n"),
        "{category}"
    );
    folder.run(&["build", "new"]).code(0);
}

#[test]
fn nothing_is_written_in_a_dry_run_or_over_a_project() {
    let (folder, run) = imported(WORDS, TABLE, &["--dry-run"]);
    run.code(0);
    assert!(!folder.join("new").exists());
    folder.write("new/book.toml", "[book]\n");
    let before = tree(folder.path());
    let args = [
        "import",
        "t.md",
        "--vocabulary",
        "import.yaml",
        "--into",
        "new",
    ];
    let run = folder.run(&args);
    assert!(run.code(2).stderr.contains("exists"), "{}", run.stderr);
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn an_unknown_text_is_an_error_and_never_nobody() {
    let table = TABLE.replace("| | x |", "| | perhaps |");
    let (folder, run) = imported(WORDS, &table, &["--format", "json"]);
    let (points, counts) = points(run.code(1));
    assert_eq!(points.len(), 1, "{points:?}");
    assert_eq!(points[0]["code"], "SRM901");
    assert_eq!(points[0]["text"], "perhaps");
    assert_eq!(
        (&points[0]["line"], &points[0]["column"]),
        (&4.into(), &12.into())
    );
    assert_eq!(counts["errors"], 2);
    let category = folder.read("new/content/categories/shared-responsibility-model.yaml");
    assert!(!category.contains("Disks"), "{category}");
}

#[test]
fn an_empty_cell_has_to_be_declared() {
    let words = WORDS.replace("  \"\": nothing\n", "");
    let (_, run) = imported(&words, TABLE, &["--format", "json"]);
    assert_eq!(kinds(run.code(1)), ["unknown", "unknown"]);
}

#[test]
fn what_contradicts_itself_is_reported() {
    let twice = format!("{TABLE}| Keys | | x |\n");
    let (_, run) = imported(WORDS, &twice, &["--format", "json"]);
    assert_eq!(kinds(run.code(1)), ["conflict"], "SRM903");
    let long = format!("{TABLE}| Zones | x |\n");
    let (_, run) = imported(WORDS, &long, &["--format", "json"]);
    assert!(kinds(run.code(1)).contains(&"odd".to_string()), "SRM904");
    let nobody = format!("{TABLE}| Zones | | |\n");
    let (folder, run) = imported(WORDS, &nobody, &["--format", "json"]);
    assert_eq!(kinds(run.code(1)), ["needs-owner"], "SRM905");
    let category = folder.read("new/content/categories/shared-responsibility-model.yaml");
    assert!(category.contains("cloud: unassigned"), "{category}");
}

#[test]
fn what_is_filled_skipped_or_unused_is_told() {
    let words = WORDS.replace(
        "      Duty: row\n",
        "      Duty: row\n      Part: {is: category, empty: above}\n      Memo: skip\n      Dutie: row\n",
    );
    let table = "| Part | Duty | You | Acme | Memo |\n|---|---|---|---|---|\n\
                 | A | Keys | x | | m |\n| | Disks | | x | |\n\n\
                 | Menu |\n|---|\n| Home[^1] |\n\n[^1]: Lost.\n";
    let words = words.replace("  - columns:", "  - find: {head: Duty}\n    columns:");
    let (_, run) = imported(&words, table, &["--format", "json"]);
    let kinds = kinds(&run);
    for kind in ["filled", "skipped", "unused", "unmatched"] {
        assert!(kinds.contains(&kind.to_string()), "{kind}: {kinds:?}");
    }
    for code in ["SRM902", "SRM906", "SRM907", "SRM908"] {
        assert!(run.stdout.contains(code), "{code}");
    }
}

#[test]
fn a_file_that_holds_no_table_is_refused() {
    let folder = Folder::new();
    folder.write("t.pdf", "%PDF-1.4");
    folder.write("import.yaml", WORDS);
    let run = folder.run(&[
        "import",
        "t.pdf",
        "--vocabulary",
        "import.yaml",
        "--into",
        "new",
    ]);
    assert!(run.code(2).stderr.contains("SRM909"), "{}", run.stderr);
    assert!(!folder.join("new").exists());
    let (_, run) = imported(WORDS, "No table here.\n", &[]);
    assert!(run.code(1).stderr.contains("no table"), "{}", run.stderr);
}

#[test]
fn a_name_in_the_vocabulary_has_to_exist() {
    let words = WORDS.replace("x: responsible", "x: responsibel");
    let (folder, run) = imported(&words, TABLE, &[]);
    run.code(2);
    assert!(
        run.stderr.contains("did you mean `responsible`?"),
        "{}",
        run.stderr
    );
    assert!(!folder.join("new").exists());
}

#[test]
fn a_mark_may_be_an_ordinary_character() {
    let words = format!("{WORDS}notes:\n  ¹: {{}}\n  \"*\": {{text: Twice.}}\n");
    let table = TABLE
        .replace("| Keys |", "| Keys\\* |")
        .replace("| x | |", "| x¹ | |");
    let table = format!("{table}\n¹ Except tooling.\n");
    let (folder, run) = imported(&words, &table, &[]);
    run.code(0);
    let category = folder.read("new/content/categories/shared-responsibility-model.yaml");
    assert!(category.contains("label: Keys\n"), "{category}");
    assert!(category.contains("- Except tooling."), "{category}");
    assert!(category.contains("- Twice."), "{category}");
}

#[test]
fn numbers_that_fit_no_table_do_no_harm() {
    for more in [
        "skip: 99",
        "skip: -1",
        "head: 0",
        "head: 99",
        "head-shift: 99",
        "transposed: true",
        "continued: Nothing",
    ] {
        let words = WORDS.replace("  - columns:", &format!("  - {more}\n    columns:"));
        let (_, run) = imported(&words, TABLE, &["--dry-run"]);
        assert!(matches!(run.code, Some(0 | 1)), "{more}: {}", run.stderr);
    }
}
