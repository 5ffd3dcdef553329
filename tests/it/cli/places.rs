//! From where findings name files.

use serde_json::Value;

use super::broken;
use crate::harness::{Folder, Run};

/// The file with the mistake, as seen from the project.
const FILE: &str = "content/categories/data.yaml";

/// A repository with a project of one mistake in `docs/srm`.
fn repository() -> Folder {
    let folder = Folder::new();
    for (path, bytes) in broken().files() {
        folder.write(&format!("docs/srm/{path}"), bytes);
    }
    folder
}

/// The file that the first finding names, in a format.
fn named(run: &Run, format: &str) -> String {
    let out = &run.stdout;
    let between = |text: &str, from: &str, to: &str| {
        let rest = text.split_once(from).unwrap_or_else(|| panic!("{text}")).1;
        rest.split_once(to).unwrap().0.to_string()
    };
    match format {
        "short" => between(&format!("\n{}", run.stderr), "\n", ":"),
        "human" => between(&run.stderr, "--> ", ":"),
        "github" => between(out, "file=", ","),
        "json" => {
            let line: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
            line["file"].as_str().unwrap().to_string()
        }
        _ => {
            let log: Value = serde_json::from_str(out).unwrap();
            let location = &log["runs"][0]["results"][0]["locations"][0];
            let uri = &location["physicalLocation"]["artifactLocation"]["uri"];
            uri.as_str().unwrap().to_string()
        }
    }
}

const FORMATS: [&str; 5] = ["human", "short", "json", "github", "sarif"];

#[test]
fn files_are_named_from_the_folder_that_is_asked_for() {
    let folder = repository();
    for (from, shown) in [
        (".", format!("docs/srm/{FILE}")),
        ("docs", format!("srm/{FILE}")),
        ("docs/srm", FILE.to_string()),
        ("docs/srm/content", "categories/data.yaml".to_string()),
        (
            "docs/srm/content/models/..",
            "categories/data.yaml".to_string(),
        ),
        (
            "docs/srm/content/models",
            "../categories/data.yaml".to_string(),
        ),
    ] {
        for format in FORMATS {
            for command in ["check", "build"] {
                let args = [
                    command,
                    "docs/srm",
                    "--format",
                    format,
                    "--relative-to",
                    from,
                ];
                let run = folder.run(&args);
                assert_eq!(named(run.code(1), format), shown, "{args:?}");
            }
        }
    }
    let run = folder.run(&["check", "docs/srm", "--relative-to", "nowhere"]);
    assert!(
        run.code(2)
            .stderr
            .contains("cannot name files from `nowhere`")
    );
}

#[test]
fn formats_for_repositories_name_files_from_the_workspace() {
    let folder = repository();
    let run = |format: &str, workspace: &std::path::Path, more: &[&str]| {
        let args = [&["check", "docs/srm", "--format", format], more].concat();
        let mut command = folder.command(&args);
        command.env("GITHUB_WORKSPACE", workspace);
        Run::of(command.output().unwrap())
    };
    for format in FORMATS {
        let expected = match format {
            "github" | "sarif" => format!("docs/srm/{FILE}"),
            _ => FILE.to_string(),
        };
        assert_eq!(
            named(&run(format, folder.path(), &[]), format),
            expected,
            "{format}"
        );
        // A project outside of it, and a folder that is asked for.
        let elsewhere = tempfile::tempdir().unwrap();
        assert_eq!(
            named(&run(format, elsewhere.path(), &[]), format),
            FILE,
            "{format}"
        );
        let asked = run(format, folder.path(), &["--relative-to", "docs"]);
        assert_eq!(named(&asked, format), format!("srm/{FILE}"), "{format}");
    }
}

#[test]
fn documents_and_tables_are_named_from_there_too() {
    let folder = Folder::new();
    for (path, bytes) in
        crate::harness::projects::project(crate::harness::projects::TWO_MODELS).files()
    {
        folder.write(&format!("docs/srm/{path}"), bytes);
    }
    folder.write(
        "docs/guide.md",
        "<!-- srm:begin nonsense -->\n<!-- srm:end -->\n",
    );
    let mut command = folder.command(&[
        "embed",
        "guide.md",
        "--project",
        "srm",
        "--format",
        "github",
    ]);
    command
        .current_dir(folder.join("docs"))
        .env("GITHUB_WORKSPACE", folder.path());
    let run = Run::of(command.output().unwrap());
    assert_eq!(named(&run, "github"), "docs/guide.md");
    let asked = [
        "embed",
        "docs/guide.md",
        "--project",
        "docs/srm",
        "--format",
        "short",
        "--relative-to",
        "docs",
    ];
    assert_eq!(named(&folder.run(&asked), "short"), "guide.md");
    folder.write(
        "docs/srm/content/models/saas.md",
        "---\nlabel: [SaaS\n---\n",
    );
    let args = [
        "table",
        "summary",
        "--project",
        "docs/srm",
        "--relative-to",
        ".",
    ];
    let run = folder.run(&args);
    assert_eq!(
        named(run.code(1), "human"),
        "docs/srm/content/models/saas.md"
    );
}
