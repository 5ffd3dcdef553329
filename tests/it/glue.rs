//! What other people's builds call: the hooks of pre-commit, the action and
//! the workflow. Their files are read as YAML, and every command in them is run.
//! Strangers write some of what they read, in pull requests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness::{Folder, Run};

mod pre_commit;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn yaml(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// A folder with a project, and a document whose region is current.
fn project() -> Folder {
    let folder = Folder::new();
    folder.run(&["init", "model"]).code(0);
    folder.write("a b.md", "# Nothing to fill\n");
    folder.write("doc.md", "<!-- srm:begin matrix -->\n<!-- srm:end -->\n");
    folder
        .run(&["embed", "doc.md", "--project", "model"])
        .code(0);
    folder
}

/// Runs a script as a runner does, with the program where the script has it.
fn bash(folder: &Folder, script: &str, env: &[(&str, &str)]) -> Run {
    bash_in(folder.path(), folder, script, env)
}

/// The same in another current folder.
fn bash_in(current: &Path, folder: &Folder, script: &str, env: &[(&str, &str)]) -> Run {
    let bin = folder.join("temp/srm-site/bin");
    std::fs::create_dir_all(&bin).unwrap();
    let program: PathBuf = bin.join("srm-site");
    if !program.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_srm-site"), &program).unwrap();
    }
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let output = Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .current_dir(current)
        .env_clear()
        .env("PATH", path)
        .env("RUNNER_TEMP", folder.join("temp"))
        .envs(env.iter().copied())
        .output()
        .unwrap();
    Run::of(output)
}

#[test]
fn hooks_run_what_they_say() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_array().unwrap();
    let ids: Vec<&str> = hooks.iter().map(|h| h["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        ["srm-site-check", "srm-site-embed", "srm-site-embed-rust"]
    );
    for hook in hooks {
        // Keys that pre-commit requires, and a language it knows.
        for key in ["id", "name", "entry", "language"] {
            assert!(hook[key].is_string(), "{hook}: {key}");
        }
        let id = hook["id"].as_str().unwrap();
        let language = if id.ends_with("-rust") {
            "rust"
        } else {
            "system"
        };
        assert_eq!(hook["language"], language, "{id}");
        // They check a whole project, whichever files a commit changes or deletes.
        assert_eq!(hook["pass_filenames"], false);
        assert_eq!(hook["always_run"], true);
        assert!(hook.get("files").is_none());
        let entry = hook["entry"].as_str().unwrap();
        let folder = project();
        let args = match hook["id"].as_str().unwrap() {
            "srm-site-check" => "model",
            _ => "--project model doc.md",
        };
        bash(&folder, &format!("{entry} {args}"), &[]).code(0);
        // What is wrong fails them.
        let data = "model/content/categories/data.yaml";
        let text = folder.read(data);
        folder.write(
            data,
            text.replace("label: Encryption at rest", "label: Data classification"),
        );
        bash(&folder, &format!("{entry} {args}"), &[]).code(1);
    }
}

/// A step of the action, with the values that a runner puts into it.
struct Step {
    name: String,
    script: String,
    env: Vec<(String, String)>,
    /// The folder it runs in; the workspace where the step names none.
    current: Option<PathBuf>,
}

/// The steps of the action, whose own files are in the folder `home`.
fn steps(home: &Path, inputs: &[(&str, &str)]) -> Vec<Step> {
    let action = yaml("action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    let value = |expression: &Value| {
        let expression = expression.as_str().unwrap();
        let inner = expression
            .strip_prefix("${{ ")
            .and_then(|v| v.strip_suffix(" }}"))
            .unwrap_or_else(|| panic!("{expression} is no expression"));
        if inner == "github.action_path" {
            return home.display().to_string();
        }
        let input = inner
            .strip_prefix("inputs.")
            .unwrap_or_else(|| panic!("what is {inner}?"));
        let default = &action["inputs"][input]["default"];
        let given = inputs.iter().find(|(name, _)| *name == input);
        given
            .map_or(default.as_str().unwrap(), |(_, v)| v)
            .to_string()
    };
    let steps = action["runs"]["steps"].as_array().unwrap();
    steps
        .iter()
        .map(|step| {
            assert_eq!(step["shell"], "bash", "{step}");
            let script = step["run"].as_str().unwrap();
            assert!(
                !script.contains("${{"),
                "a value could become a command: {script}"
            );
            let env = step["env"].as_object().into_iter().flatten();
            Step {
                name: step["name"].as_str().unwrap().to_string(),
                script: script.to_string(),
                env: env.map(|(n, v)| (n.clone(), value(v))).collect(),
                current: step
                    .get("working-directory")
                    .map(|path| PathBuf::from(value(path))),
            }
        })
        .collect()
}

#[test]
fn the_action_checks_documents_against_data() {
    let folder = project();
    folder
        .run(&["build", "model", "--dest-dir", "site"])
        .code(0);
    std::fs::rename(
        folder.join("site/data/responsibilities.json"),
        folder.join("a b.json"),
    )
    .unwrap();
    std::fs::remove_dir_all(folder.join("model")).unwrap();
    let inputs = [("data", "a b.json"), ("embed", "doc.md")];
    run_step(&folder, "Check the documents", &inputs).code(0);
    let text = folder.read("a b.json");
    folder.write("a b.json", text.replace("Encryption at rest", "Encryption"));
    let said = run_step(&folder, "Check the documents", &inputs);
    said.code(1);
    assert!(
        said.stdout.contains("::error file=doc.md,line=1"),
        "{}",
        said.stdout
    );
    // There is no project to check and to build.
    for step in yaml("action.yml")["runs"]["steps"].as_array().unwrap() {
        let name = step["name"].as_str().unwrap();
        let only = ["Check the data", "Build the site"].contains(&name);
        let condition = only.then_some("inputs.data == ''");
        assert_eq!(step["if"].as_str(), condition, "{name}");
    }
}

/// Runs a step of the action with the folder as the workspace.
fn run_step(folder: &Folder, name: &str, inputs: &[(&str, &str)]) -> Run {
    let steps = steps(root(), inputs);
    let step = steps.iter().find(|s| s.name == name).unwrap();
    let env: Vec<(&str, &str)> = step
        .env
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let current = step.current.as_deref().unwrap_or(folder.path());
    bash_in(current, folder, &step.script, &env)
}

#[test]
fn the_action_does_what_it_says() {
    let folder = project();
    let inputs = [
        ("project", "model"),
        ("embed", "doc.md *.md"),
        ("dest-dir", "out put"),
    ];
    run_step(&folder, "Check the data", &inputs).code(0);
    run_step(&folder, "Check the documents", &inputs).code(0);
    run_step(&folder, "Build the site", &inputs).code(0);
    assert!(folder.join("out put/index.html").is_file());
    // Where nothing is said it is built where the next step looks for it.
    run_step(&folder, "Build the site", &[("project", "model")]).code(0);
    assert!(folder.join("public/index.html").is_file());
    // Nothing to check is no failure, and values are no commands.
    run_step(&folder, "Check the documents", &[("project", "model")]).code(0);
    let nasty = [
        ("project", "model"),
        ("embed", "doc.md;touch${IFS}owned $(touch owned)"),
    ];
    assert_ne!(
        run_step(&folder, "Check the documents", &nasty).code,
        Some(0)
    );
    assert!(!folder.join("owned").exists());
    // What is wrong fails it: a warning, unless they are let pass, and a stale
    // region.
    let data = "model/content/categories/data.yaml";
    let text = folder.read(data);
    folder.write(
        data,
        text.replace("label: Encryption at rest", "label: Data classification"),
    );
    let said = run_step(&folder, "Check the data", &inputs);
    said.code(1);
    assert!(said.stdout.contains("::warning file="), "{}", said.stdout);
    let let_pass = [("project", "model"), ("deny-warnings", "false")];
    run_step(&folder, "Check the data", &let_pass).code(0);
    let said = run_step(&folder, "Check the documents", &inputs);
    said.code(1);
    assert!(
        said.stdout.contains("::error file=doc.md,line=1"),
        "{}",
        said.stdout
    );
    // The first step compiles this very crate.
    let compile = &steps(root(), &[])[0];
    assert_eq!(
        compile.script.trim(),
        "cargo install --locked --path . --root \"$RUNNER_TEMP/srm-site\""
    );
    assert_eq!(compile.current.as_deref(), Some(root()));
}

/// A program of the machine, by its name.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|full| full.is_file())
}

/// A workspace in which files for rustup and Cargo name programs of its own. Each
/// of them writes the file `owned`.
fn hostile_workspace() -> Folder {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let evil = folder.join("evil");
    let owned = folder.join("owned");
    for name in ["cargo", "rustc", "wrapper"] {
        let path = format!("evil/bin/{name}");
        folder.write(
            &path,
            format!("#!/bin/sh\necho {name} >> '{}'\nexit 1\n", owned.display()),
        );
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.join(&path), executable).unwrap();
    }
    folder.write(
        "rust-toolchain.toml",
        format!("[toolchain]\npath = \"{}\"\n", evil.display()),
    );
    folder.write(
        ".cargo/config.toml",
        format!(
            "[build]\nrustc-wrapper = \"{}/bin/wrapper\"\n",
            evil.display()
        ),
    );
    folder
}

#[test]
fn the_action_compiles_with_nothing_of_the_workspace() {
    // A small crate in place of this one, which takes minutes.
    let home = Folder::new();
    home.write(
        "Cargo.toml",
        "[package]\nname = \"small\"\nversion = \"1.0.0\"\nedition = \"2021\"\n",
    );
    home.write(
        "Cargo.lock",
        "version = 3\n\n[[package]]\nname = \"small\"\nversion = \"1.0.0\"\n",
    );
    home.write("src/main.rs", "fn main() {}\n");
    // The cargo of rustup, where there is one, reads rust-toolchain.toml.
    let cargo = program("cargo").unwrap();
    let path = format!("{}:/usr/bin:/bin", cargo.parent().unwrap().display());
    let mut env = vec![("PATH".to_string(), path)];
    for name in ["HOME", "RUSTUP_HOME", "CARGO_HOME"] {
        env.extend(std::env::var(name).map(|value| (name.to_string(), value)));
    }
    let run = |current: Option<&Path>, script: &str, more: &[(String, String)]| {
        let folder = hostile_workspace();
        let env: Vec<(&str, &str)> = env
            .iter()
            .chain(more)
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        let said = bash_in(current.unwrap_or(folder.path()), &folder, script, &env);
        (said, folder)
    };
    let compile = &steps(home.path(), &[])[0];
    let (said, folder) = run(compile.current.as_deref(), &compile.script, &compile.env);
    said.code(0);
    assert!(!folder.join("owned").exists(), "{}", folder.read("owned"));
    assert!(folder.join("temp/srm-site/bin/small").is_file());
    // In the workspace the same command does run a program from there.
    let script = "cargo build --manifest-path \"$HOME_OF_ACTION/Cargo.toml\"";
    let home = home.path().display().to_string();
    let (said, folder) = run(None, script, &[("HOME_OF_ACTION".to_string(), home)]);
    assert_ne!(said.code, Some(0));
    assert!(folder.join("owned").exists(), "{}", said.stderr);
}

#[test]
fn the_action_checks_every_document_it_is_given() {
    let folder = project();
    folder.write("stale.md", "<!-- srm:begin matrix -->\n<!-- srm:end -->\n");
    for blank in [" ", "\n", "\t", "\r\n", "\n\n  "] {
        let files = format!("doc.md{blank}stale.md{blank}");
        let inputs = [("project", "model"), ("embed", files.as_str())];
        let said = run_step(&folder, "Check the documents", &inputs);
        said.code(1);
        assert!(
            said.stdout.contains("::error file=stale.md,line=1"),
            "{files:?}: {}",
            said.stdout
        );
    }
    // Spaces and line breaks alone name no document. The program expands patterns,
    // not the shell.
    for files in ["\n", " \n \n"] {
        let inputs = [("project", "model"), ("embed", files)];
        run_step(&folder, "Check the documents", &inputs).code(0);
    }
    let inputs = [("project", "model"), ("embed", "do*.md\n")];
    let said = run_step(&folder, "Check the documents", &inputs);
    said.code(0);
    assert!(said.stderr.contains("1 region up"), "{}", said.stderr);
}

#[test]
fn the_action_keeps_quoted_paths_together() {
    let folder = project();
    let stale = "<!-- srm:begin matrix -->\n<!-- srm:end -->\n";
    for name in ["c d.md", "it's.md", "say \"so\".md", "docs of x/e.md"] {
        folder.write(name, stale);
    }
    for (files, found) in [
        ("\"c d.md\"", &["c d.md"][..]),
        ("'c d.md'\n\"docs of x\"\n", &["c d.md", "docs of x/e.md"]),
        (
            " doc.md\t'docs of x/*.md' it's.md",
            &["docs of x/e.md", "it's.md"],
        ),
        (
            "'say \"so\".md'\r\n\"it's.md\"",
            &["say \"so\".md", "it's.md"],
        ),
    ] {
        let inputs = [("project", "model"), ("embed", files)];
        let said = run_step(&folder, "Check the documents", &inputs);
        said.code(1);
        for name in found {
            let error = format!("::error file={name},line=1");
            assert!(said.stdout.contains(&error), "{files}: {}", said.stdout);
        }
        assert_eq!(said.stdout.matches("::error").count(), found.len());
    }
    // What is only nearly quoted is no silent pass.
    for files in [
        "\"a b.md",
        "a b.md\"",
        "\"\"",
        "\"a b\".md",
        "'a b.md\" doc.md",
    ] {
        let inputs = [("project", "model"), ("embed", files)];
        run_step(&folder, "Check the documents", &inputs).code(2);
    }
}

#[test]
fn paths_of_the_action_are_no_options() {
    let folder = project();
    std::fs::rename(folder.join("model"), folder.join("--help")).unwrap();
    std::fs::rename(folder.join("doc.md"), folder.join("--force.md")).unwrap();
    let inputs = [
        ("project", "--help"),
        ("embed", "--force.md"),
        ("dest-dir", "--quiet"),
    ];
    let said = run_step(&folder, "Check the data", &inputs);
    said.code(0);
    assert!(said.stderr.contains("checked "), "{}", said.stdout);
    let said = run_step(&folder, "Check the documents", &inputs);
    said.code(0);
    assert!(said.stderr.contains("1 region up"), "{}", said.stdout);
    run_step(&folder, "Build the site", &inputs).code(0);
    assert!(folder.join("--quiet/index.html").is_file());
}

#[test]
fn the_action_knows_whether_warnings_fail() {
    let folder = project();
    let data = "model/content/categories/data.yaml";
    let text = folder.read(data);
    folder.write(
        data,
        text.replace("label: Encryption at rest", "label: Data classification"),
    );
    let run = |word: &str| {
        let inputs = [("project", "model"), ("deny-warnings", word)];
        run_step(&folder, "Check the data", &inputs)
    };
    for word in ["true", "True", "TRUE", "yes", "Yes", "on", "1"] {
        let said = run(word);
        said.code(1);
        assert!(said.stdout.contains("::warning file="), "{word}");
    }
    for word in ["false", "False", "no", "NO", "off", "0"] {
        run(word).code(0);
    }
    for word in ["", "ture", "yes please", "2", "true\n::stop-commands::x"] {
        let said = run(word);
        said.code(2);
        assert_eq!(said.stdout.lines().count(), 1, "{}", said.stdout);
        assert!(
            said.stdout
                .starts_with("::error::deny-warnings must be true or false"),
            "{word:?}: {}",
            said.stdout
        );
    }
}

#[test]
fn the_action_trusts_no_folder_it_builds_into() {
    let steps = steps(root(), &[]);
    let build = steps.iter().find(|s| s.name == "Build the site").unwrap();
    assert!(build.script.contains(" build --fresh "), "{}", build.script);
}

/// Workflows of this project and of its documents: a name, and the text.
fn workflows() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let files = |folder: &str| {
        let folder = std::fs::read_dir(root().join(folder)).unwrap();
        folder.map(|entry| entry.unwrap().path())
    };
    for path in files(".github/workflows") {
        let text = std::fs::read_to_string(&path).unwrap();
        found.push((path.display().to_string(), text));
    }
    let documents = files("docs").filter(|path| path.extension().is_some_and(|e| e == "md"));
    for path in documents.chain([root().join("README.md")]) {
        let text = std::fs::read_to_string(&path).unwrap();
        for block in text.split("```yaml").skip(1) {
            let (_, block) = block.split_once('\n').unwrap();
            let block = block.split("```").next().unwrap();
            if block.contains("\njobs:") {
                found.push((path.display().to_string(), block.to_string()));
            }
        }
    }
    found
}

#[test]
fn workflows_give_strangers_nothing() {
    let workflows = workflows();
    assert!(workflows.len() >= 3, "{}", workflows.len());
    let mut pinned = 0;
    for (place, text) in &workflows {
        let workflow: Value = serde_yaml::from_str(text).unwrap_or_else(|e| panic!("{place}: {e}"));
        // Jobs that may write say so themselves, and run for the main branch only.
        let read_only = serde_json::json!({ "contents": "read" });
        assert_eq!(workflow["permissions"], read_only, "{place}");
        assert!(!text.contains("pull_request_target"), "{place}");
        for (name, job) in workflow["jobs"].as_object().unwrap() {
            let place = format!("{place}: {name}");
            if job.get("permissions").is_some() {
                let condition = job["if"].as_str().unwrap_or_default();
                let main = "github.event_name == 'push' && github.ref == 'refs/heads/main'";
                assert_eq!(condition, main, "{place}");
            } else {
                let whole = job.to_string();
                assert!(!whole.contains("secrets."), "{place}");
            }
            for step in job["steps"].as_array().unwrap() {
                let uses = step["uses"].as_str().unwrap_or_default();
                if uses.starts_with("actions/checkout@") {
                    assert_eq!(step["with"]["persist-credentials"], false, "{place}");
                }
            }
        }
        for line in text.lines() {
            let line = line.trim_start().trim_start_matches("- ");
            let Some(uses) = line.strip_prefix("uses: ") else {
                continue;
            };
            if uses == "./" || uses.starts_with("example/srm-site@") {
                continue;
            }
            let (action, version) = uses
                .split_once(" # v")
                .unwrap_or_else(|| panic!("{place}: no version is named: {line}"));
            let (_, commit) = action.split_once('@').unwrap();
            let hash = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(hash, "{place}: not pinned: {line}");
            assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{line}");
            pinned += 1;
        }
    }
    assert!(pinned >= 6, "{pinned}");
    // The action itself uses no other action.
    let action = std::fs::read_to_string(root().join("action.yml")).unwrap();
    assert!(!action.contains("uses:"));
}

#[test]
fn the_workflow_uses_what_there_is() {
    let workflow = yaml(".github/workflows/site.yml");
    let action = yaml("action.yml");
    let known: BTreeSet<&String> = action["inputs"].as_object().unwrap().keys().collect();
    assert_eq!(workflow["on"]["push"]["branches"][0], "main");
    let mut used = Vec::new();
    let mut scripts = Vec::new();
    for (name, job) in workflow["jobs"].as_object().unwrap() {
        assert!(job["runs-on"].is_string(), "{name}");
        for step in job["steps"].as_array().unwrap() {
            if step["uses"] == "./" {
                used.push(&step["with"]);
                let with: BTreeSet<&String> = step["with"].as_object().unwrap().keys().collect();
                assert!(with.is_subset(&known), "{with:?}");
            }
            if step["uses"].as_str().is_some_and(|u| u.contains("upload")) {
                assert_eq!(step["with"]["path"], used[0]["dest-dir"]);
            }
            scripts.extend(step["run"].as_str());
        }
    }
    assert_eq!(used.len(), 1);
    let word = |key: &str| used[0][key].as_str().unwrap();
    assert_eq!(scripts, ["scripts/test", "scripts/test readers"]);
    assert_eq!(workflow["permissions"]["contents"], "read");
    // What its action does, on this repository.
    let check = Run::of(
        Command::new(env!("CARGO_BIN_EXE_srm-site"))
            .args(["embed", "--check", "--project", word("project")])
            .args(word("embed").split(' '))
            .current_dir(root())
            .output()
            .unwrap(),
    );
    check.code(0);
    let regions = check.stderr.split(" region").next().unwrap().trim();
    assert!(regions.parse::<usize>().unwrap() >= 2, "{}", check.stderr);
}
