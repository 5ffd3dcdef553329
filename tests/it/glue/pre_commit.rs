//! The hooks in commits that pre-commit itself checks. `scripts/test readers` installs
//! it.

use std::path::Path;
use std::process::Command;

use super::{project, root};
use crate::harness::{Folder, Run};

/// A repository with the hooks of this one, whose first commit they let pass.
struct Repository {
    folder: Folder,
    hooks: Folder,
}

impl Repository {
    fn new(args: &str) -> Repository {
        let folder = project();
        folder.write("model/content/pic.png", "no picture");
        let hooks = Folder::new();
        std::fs::copy(
            root().join(".pre-commit-hooks.yaml"),
            hooks.join(".pre-commit-hooks.yaml"),
        )
        .unwrap();
        let repository = Repository { folder, hooks };
        let hooks = repository.hooks.path();
        for commands in [
            &["init", "-q"][..],
            &["add", "."],
            &["commit", "-qm", "hooks"],
        ] {
            repository.git(hooks, commands).code(0);
        }
        let revision = repository.git(hooks, &["rev-parse", "HEAD"]);
        repository.folder.write(
            ".pre-commit-config.yaml",
            format!(
                "repos:\n  - repo: {}\n    rev: {}\n    hooks:\n      \
                 - {{id: srm-site-check, args: [model]}}\n      \
                 - {{id: srm-site-embed, args: [{args}]}}\n",
                hooks.display(),
                revision.stdout.trim(),
            ),
        );
        let here = repository.folder.path();
        repository.git(here, &["init", "-q"]).code(0);
        repository.git(here, &["add", "."]).code(0);
        repository.git(here, &["commit", "-qm", "start"]).code(0);
        let install = repository.run(here, "python3", &["-m", "pre_commit", "install"]);
        install.code(0);
        repository
    }

    fn git(&self, current: &Path, args: &[&str]) -> Run {
        self.run(current, "git", args)
    }

    fn run(&self, current: &Path, program: &str, args: &[&str]) -> Run {
        let bin = Path::new(env!("CARGO_BIN_EXE_srm-site")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let name = |who: &str| {
            [
                (format!("GIT_{who}_NAME"), "x"),
                (format!("GIT_{who}_EMAIL"), "x@x.example"),
            ]
        };
        let output = Command::new(program)
            .args(args)
            .current_dir(current)
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("PYTHONPATH", root().join("target/tools/pre-commit"))
            .env("PRE_COMMIT_HOME", self.hooks.join("cache"))
            .envs(name("AUTHOR").into_iter().chain(name("COMMITTER")))
            .output()
            .unwrap();
        Run::of(output)
    }

    /// Commits what was added to the index, and says what the hooks said.
    fn commit(&self) -> Run {
        self.git(self.folder.path(), &["commit", "-m", "change"])
    }
}

#[test]
#[ignore = "needs pre-commit, as `scripts/test readers` installs it"]
fn commits_that_only_delete_are_checked() {
    for deleted in ["model/content/categories/data.yaml", "doc.md"] {
        let repository = Repository::new("--project, model, doc.md");
        let here = repository.folder.path();
        repository.git(here, &["rm", "-q", deleted]).code(0);
        let said = repository.commit();
        said.code(1);
        assert!(!said.stderr.contains("Skipped"), "{}", said.stderr);
        assert!(said.stderr.contains("error["), "{}", said.stderr);
    }
}

#[test]
#[ignore = "needs pre-commit, as `scripts/test readers` installs it"]
fn commits_of_any_files_are_checked() {
    let repository = Repository::new("--project, model, doc.md");
    let here = repository.folder.path();
    // What is right passes.
    repository.folder.write("notes.txt", "one more file");
    repository.git(here, &["add", "."]).code(0);
    let said = repository.commit();
    said.code(0);
    assert_eq!(said.stderr.matches("Passed").count(), 2, "{}", said.stderr);
    // A page leads to a picture, which is then deleted.
    repository
        .folder
        .write("model/content/page.md", "# Page\n\n![Picture](pic.png)\n");
    repository.git(here, &["add", "."]).code(0);
    repository.commit().code(0);
    repository
        .git(here, &["rm", "-q", "model/content/pic.png"])
        .code(0);
    let said = repository.commit();
    said.code(1);
    assert!(said.stderr.contains("pic.png"), "{}", said.stderr);
}
