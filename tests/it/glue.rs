//! What other people's builds call: the hooks of pre-commit, the action and
//! the workflow. Their files are read as YAML, and every command in them is run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness::{Folder, Run};

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
    let bin = folder.join("temp/srm-site/bin");
    std::fs::create_dir_all(&bin).unwrap();
    let program: PathBuf = bin.join("srm-site");
    if !program.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_srm-site"), &program).unwrap();
    }
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let output = Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .current_dir(folder.path())
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
        // What a project is made of is matched where the hook is for some files.
        if let Some(files) = hook["files"].as_str() {
            let names = "book.toml\nx/book.toml\nx/content/srm.yaml\nx/content/models/a.md\nx/themes/t/page.html";
            let env = [("FILES", files), ("NAMES", names)];
            let script = "printf '%s\n' \"$NAMES\" | grep -cE \"$FILES\"";
            assert_eq!(bash(&Folder::new(), script, &env).stdout, "5\n");
        } else {
            assert_ne!(id, "srm-site-check");
        }
        assert_eq!(hook["pass_filenames"], false);
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

/// A step of the action: its name, its script, and the variables it gets.
type Step = (String, String, Vec<(String, String)>);

fn steps(inputs: &[(&str, &str)]) -> Vec<Step> {
    let action = yaml("action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    let mut steps = Vec::new();
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert_eq!(step["shell"], "bash", "{step}");
        let script = step["run"].as_str().unwrap();
        assert!(
            !script.contains("${{"),
            "a value could become a command: {script}"
        );
        let env = step["env"].as_object().unwrap();
        let env = env.iter().map(|(name, value)| {
            let value = value.as_str().unwrap();
            let inner = value
                .strip_prefix("${{ ")
                .and_then(|v| v.strip_suffix(" }}"))
                .unwrap();
            let value = match inner.strip_prefix("inputs.") {
                None => root().display().to_string(),
                Some(input) => {
                    let default = &action["inputs"][input]["default"];
                    let given = inputs.iter().find(|(name, _)| *name == input);
                    given
                        .map_or(default.as_str().unwrap(), |(_, v)| v)
                        .to_string()
                }
            };
            (name.clone(), value)
        });
        steps.push((
            step["name"].as_str().unwrap().to_string(),
            script.to_string(),
            env.collect(),
        ));
    }
    steps
}

fn run_step(folder: &Folder, name: &str, inputs: &[(&str, &str)]) -> Run {
    let steps = steps(inputs);
    let (_, script, env) = steps.iter().find(|(n, _, _)| n == name).unwrap();
    let env: Vec<(&str, &str)> = env.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    bash(folder, script, &env)
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
    let steps = steps(&[]);
    let (_, script, env) = &steps[0];
    let place = "--root \"$RUNNER_TEMP/srm-site\"";
    assert_eq!(
        script.trim(),
        format!("cargo install --locked --path \"$SOURCE\" {place}")
    );
    assert!(Path::new(&env[0].1).join("Cargo.toml").is_file());
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
    assert_eq!(scripts, ["scripts/test"]);
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
