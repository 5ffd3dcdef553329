//! Which files the program may write.

#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use crate::harness::{Folder, Run, Running, tree};

const REGION: &str = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";

/// A project with a few documents beside it.
fn project() -> Folder {
    let folder = Folder::new();
    folder.run(&["init", ".", "-q"]).code(0);
    folder
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[track_caller]
fn says(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.stderr.contains(part), "no `{part}` in\n{}", run.stderr);
    }
}

/// A link at the name that earlier versions wrote to first.
fn plant(folder: &Folder, document: &str, target: &str) {
    folder.write(document, format!("#!/bin/sh\nexit 0\n{REGION}"));
    set_mode(&folder.join(document), 0o755);
    let (parent, name) = document.rsplit_once('/').unwrap();
    let link = folder.join(&format!("{parent}/.{name}.srm-site-new"));
    symlink(target, link).unwrap();
}

#[test]
fn a_planted_link_does_not_make_embed_write_a_hook() {
    let folder = project();
    fs::create_dir_all(folder.join(".git/hooks")).unwrap();
    plant(&folder, "docs/page.md", "../.git/hooks/pre-commit");
    folder.run(&["embed", "docs"]).code(0);
    assert!(folder.read("docs/page.md").contains("| SaaS |"));
    assert_eq!(names(&folder.join(".git/hooks")), [""; 0]);
    // What is no leftover of ours stays.
    assert!(folder.join("docs/.page.md.srm-site-new").is_symlink());
}

#[test]
fn a_planted_link_does_not_replace_a_private_file() {
    let folder = project();
    folder.write("home/authorized_keys", "mine\n");
    set_mode(&folder.join("home/authorized_keys"), 0o600);
    plant(&folder, "docs/page.md", "../home/authorized_keys");
    folder.run(&["embed", "docs/page.md"]).code(0);
    assert_eq!(folder.read("home/authorized_keys"), "mine\n");
    assert_eq!(mode(&folder.join("home/authorized_keys")), 0o600);
    // The same for a table that is written into a file.
    plant(&folder, "docs/table.md", "../home/authorized_keys");
    let table = ["table", "totals", "-o", "docs/table.md", "--force"];
    folder.run(&table).code(0);
    assert_eq!(folder.read("home/authorized_keys"), "mine\n");
    assert_eq!(mode(&folder.join("home/authorized_keys")), 0o600);
}

#[test]
fn a_planted_link_is_not_written_through_while_serving() {
    for command in ["serve", "watch"] {
        let folder = project();
        fs::create_dir(folder.join("hooks")).unwrap();
        folder.write("docs/page.md", REGION);
        let mut running = Running::start(&folder, &[command, "--embed", "docs"]);
        running.wait_for("wrote   docs/page.md");
        plant(&folder, "docs/page.md", "../hooks/pre-commit");
        let data = folder.read("content/categories/data.yaml");
        folder.write("content/categories/data.yaml", data + "# edit\n");
        running.wait_for("wrote   docs/page.md");
        running.end();
        assert_eq!(names(&folder.join("hooks")), [""; 0], "{command}");
    }
}

#[test]
fn a_named_link_that_leads_out_is_not_written() {
    let folder = project();
    folder.write("repo/readme.md", "# Here\n");
    folder.write("outside/page.md", REGION);
    folder.write("outside/folder/other.md", REGION);
    symlink("../outside/page.md", folder.join("repo/page.md")).unwrap();
    symlink("../outside/folder", folder.join("repo/folder")).unwrap();
    symlink("nowhere.md", folder.join("repo/dangling.md")).unwrap();
    let run = |args: &[&str]| {
        let mut command = folder.command(args);
        command.current_dir(folder.join("repo"));
        // The project is inside, so that it gives no reach.
        command.args(["--project", "model"]);
        Run::of(command.output().unwrap())
    };
    let init = ["init", "repo/model", "-q"];
    folder.run(&init).code(0);
    let real = folder.join("outside").canonicalize().unwrap();
    let real = real.to_str().unwrap();
    for name in ["page.md", "folder", "folder/other.md", "./page.md"] {
        let said = run(&["embed", name]);
        said.code(2);
        says(&said, &["SRM705", "is a link to", real]);
        says(&said, &["name the file itself"]);
        // The text of the file outside is not shown, in no format.
        let refused = run(&["embed", name, "--format", "json"]);
        for said in [&said, &refused] {
            let said = format!("{}{}", said.stdout, said.stderr);
            assert!(!said.contains("srm:begin"), "{said}");
        }
    }
    folder.write("outside/wrong.md", "<!-- srm:begin sesame -->\n");
    symlink("../outside/wrong.md", folder.join("repo/wrong.md")).unwrap();
    let said = run(&["embed", "wrong.md"]);
    said.code(2);
    says(&said, &["SRM801", "wrong.md"]);
    assert!(!said.stderr.contains("begin sesame"), "{}", said.stderr);
    assert_eq!(folder.read("outside/page.md"), REGION);
    assert_eq!(folder.read("outside/folder/other.md"), REGION);
    // Reading it is what was asked for.
    run(&["embed", "--check", "page.md"]).code(1);
    // The files themselves may be named, wherever they are.
    run(&["embed", "../outside/page.md"]).code(0);
    run(&["embed", "../outside/folder"]).code(0);
    assert!(folder.read("outside/page.md").contains("| SaaS |"));
    assert!(folder.read("outside/folder/other.md").contains("| SaaS |"));
    // Tables go the same way.
    folder.write("outside/page.md", "mine\n");
    for name in ["page.md", "folder/new.md", "dangling.md"] {
        let said = run(&["table", "totals", "--force", "-o", name]);
        said.code(2);
        says(&said, &["is a link", "name the file itself"]);
    }
    assert_eq!(folder.read("outside/page.md"), "mine\n");
    assert_eq!(names(&folder.join("outside/folder")), ["other.md"]);
}

#[test]
fn links_that_stay_inside_are_written_at_their_target() {
    let folder = project();
    folder.write("real/page.md", REGION);
    symlink("real/page.md", folder.join("page.md")).unwrap();
    symlink("real", folder.join("docs")).unwrap();
    folder.run(&["embed", "page.md"]).code(0);
    assert!(folder.join("page.md").is_symlink());
    assert!(folder.read("real/page.md").contains("| SaaS |"));
    folder.write("real/page.md", REGION);
    folder.run(&["embed", "docs/page.md"]).code(0);
    assert!(folder.read("real/page.md").contains("| SaaS |"));
    let table = ["table", "totals", "--force", "-o", "page.md"];
    folder.run(&table).code(0);
    assert!(folder.join("page.md").is_symlink());
    assert!(!folder.read("real/page.md").contains("srm:begin"));
    // The project may lie elsewhere than the current folder.
    folder.write("real/page.md", REGION);
    fs::create_dir(folder.join("work")).unwrap();
    let mut command = folder.command(&["embed", "../page.md", "--project", ".."]);
    Run::of(command.current_dir(folder.join("work")).output().unwrap()).code(0);
    assert!(folder.read("real/page.md").contains("| SaaS |"));
}

/// A file size limit kills the program in the middle of a write.
#[test]
fn a_document_is_private_while_it_is_written_and_nothing_is_left() {
    let folder = project();
    let long = format!("{REGION}\n{}", "words ".repeat(10_000));
    folder.write("docs/private.md", &long);
    folder.write("docs/.srm-site-new-mine", "mine\n");
    set_mode(&folder.join("docs/private.md"), 0o600);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -f 20; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_srm-site"))
        .args(["embed", "docs/private.md"])
        .current_dir(folder.path());
    let status = limited.status().unwrap();
    assert!(status.signal().is_some(), "{status}");
    assert_eq!(folder.read("docs/private.md"), long);
    let left = names(&folder.join("docs"));
    let left: Vec<&String> = left.iter().filter(|n| n.len() > 30).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(mode(&folder.join("docs").join(left[0])), 0o600);
    // The next run removes it, and nothing else.
    folder.run(&["embed", "docs/private.md"]).code(0);
    assert_eq!(
        names(&folder.join("docs")),
        [".srm-site-new-mine", "private.md"]
    );
    assert_eq!(mode(&folder.join("docs/private.md")), 0o600);
}

#[test]
fn settings_cannot_send_the_site_elsewhere() {
    let folder = project();
    folder.write("config/old", "mine\n");
    let elsewhere = folder.join("config");
    let absolute = elsewhere.to_str().unwrap().to_string();
    folder.run(&["init", "repo", "-q"]).code(0);
    fs::create_dir_all(folder.join("repo/.git/hooks")).unwrap();
    for (build_dir, why) in [
        ("../config", "outside the project"),
        ("../config/git", "outside the project"),
        (&absolute, "outside the project"),
        (".git/hooks", "below a hidden name"),
        ("public/../.git/hooks/new", "below a hidden name"),
    ] {
        let settings = folder.read("repo/book.toml");
        let settings: String = settings
            .lines()
            .filter(|line| !line.contains("build-dir") && !line.contains("[build]"))
            .map(|line| format!("{line}\n"))
            .collect();
        let settings = format!("{settings}\n[build]\nbuild-dir = {build_dir:?}\n");
        folder.write("repo/book.toml", settings);
        for command in [&["build", "repo"][..], &["clean", "repo"]] {
            let said = folder.run(command);
            said.code(2);
            says(&said, &["SRM701", why, "--dest-dir"]);
        }
    }
    assert_eq!(names(&elsewhere), ["old"]);
    assert_eq!(names(&folder.join("repo/.git/hooks")), [""; 0]);
    // Whoever sits at the command line may.
    folder.run(&["build", "repo", "-d", "config"]).code(0);
    assert!(folder.join("config/index.html").exists());
    folder.run(&["clean", "repo", "-d", "config"]).code(0);
    assert_eq!(names(&elsewhere), ["old"]);
}

#[test]
fn an_output_folder_that_is_a_link_is_refused() {
    let folder = project();
    folder.write("victim/old", "mine\n");
    folder.run(&["init", "repo", "-q"]).code(0);
    fs::create_dir(folder.join("repo/inside")).unwrap();
    for target in ["../victim", "inside"] {
        symlink(target, folder.join("repo/book")).unwrap();
        for command in ["build", "clean"] {
            let said = folder.run(&[command, "repo"]);
            said.code(2);
            says(&said, &["SRM701", "it is a link", "--dest-dir"]);
        }
        let mut watching = Running::start(&folder, &["watch", "repo"]);
        watching.wait_for("it is a link");
        watching.end();
        fs::remove_file(folder.join("repo/book")).unwrap();
    }
    assert_eq!(names(&folder.join("victim")), ["old"]);
    assert_eq!(names(&folder.join("repo/inside")), [""; 0]);
    // A link that the command line names is what the user wants.
    symlink("victim", folder.join("named")).unwrap();
    folder.run(&["build", "repo", "-d", "named"]).code(0);
    assert!(folder.join("victim/index.html").exists());
}

#[test]
fn clean_refuses_what_build_refuses() {
    let folder = project();
    folder.run(&["build", "-q"]).code(0);
    let before = tree(&folder.join("content"));
    // A manifest in the root that claims the sources.
    let manifest = folder.read("book/.srm-site-manifest.json");
    folder.run(&["clean", "-q"]).code(0);
    folder.write("assets/x", folder.read("content/srm.yaml"));
    let digest = {
        folder.write("content/copy.txt", folder.read("content/srm.yaml"));
        folder.run(&["build", "-q"]).code(0);
        let text = folder.read("book/.srm-site-manifest.json");
        fs::remove_file(folder.join("content/copy.txt")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        json["files"]["copy.txt"][0].as_str().unwrap().to_string()
    };
    let mut json: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    json["files"] = serde_json::json!({"content/srm.yaml": [digest]});
    folder.write(".srm-site-manifest.json", json.to_string());
    let settings = "[book]\ntitle = \"x\"\nsrc = \"content\"\n[build]\nbuild-dir = \".\"\n";
    folder.write("book.toml", settings);
    for command in [&["build"][..], &["clean"], &["clean", "-d", "."]] {
        let said = folder.run(command);
        said.code(2);
        says(&said, &["SRM701", "the project is inside it"]);
    }
    // A path is shown without parts that mean nothing.
    for (written, shown) in [
        (".", "`.`"),
        ("./", "`.`"),
        ("././content/.", "`./content`"),
    ] {
        let dots = format!("build-dir = {written:?}");
        folder.write("book.toml", settings.replace("build-dir = \".\"", &dots));
        let said = folder.run(&["build"]);
        said.code(2);
        says(&said, &[&format!("SRM701]: will not use {shown} for")]);
    }
    assert_eq!(tree(&folder.join("content")), before);
    // And one in the folder of the sources.
    folder.write("book.toml", settings.replace("\".\"", "\"content\""));
    folder.write(
        "content/.srm-site-manifest.json",
        json.to_string().replace("content/srm", "srm"),
    );
    let said = folder.run(&["clean"]);
    said.code(2);
    says(&said, &["SRM701", "contains sources"]);
    fs::remove_file(folder.join("content/.srm-site-manifest.json")).unwrap();
    assert_eq!(tree(&folder.join("content")), before);
}

/// What a killed run left in the staging folder is not part of the next site,
/// and a link in its place is not entered.
#[test]
fn the_staging_folder_is_made_anew() {
    let folder = project();
    folder.write("book/.srm-site-staging/files/evil.html", "<p>evil");
    folder.run(&["build", "-q"]).code(0);
    assert!(!folder.join("book/.srm-site-staging").exists());
    assert!(!folder.join("book/evil.html").exists());
    folder.write("victim/files/mine", "mine\n");
    symlink("../victim", folder.join("book/.srm-site-staging")).unwrap();
    folder.write("content/new.md", "# New\n");
    let said = folder.run(&["build"]);
    said.code(2);
    says(&said, &["SRM702", ".srm-site-staging"]);
    assert_eq!(names(&folder.join("victim/files")), ["mine"]);
    folder.run(&["clean", "-q"]);
    assert_eq!(names(&folder.join("victim/files")), ["mine"]);
}

/// Users do not look below hidden names, and git takes commands from there.
#[test]
fn a_link_below_a_hidden_name_is_not_written_through() {
    let folder = project();
    folder.write(".git/config", "[core]\n");
    folder.write(".git/page.md", REGION);
    fs::create_dir(folder.join("docs")).unwrap();
    symlink(".git/config", folder.join("table.md")).unwrap();
    symlink("../.git", folder.join("docs/tables")).unwrap();
    symlink("../.git/page.md", folder.join("docs/page.md")).unwrap();
    for args in [
        &["table", "totals", "--force", "-o", "table.md"][..],
        &["table", "totals", "-o", "docs/tables/x.csv"],
        &["embed", "docs/page.md"],
    ] {
        let said = folder.run(args);
        said.code(2);
        says(&said, &["is a link", "below a hidden name"]);
    }
    assert_eq!(names(&folder.join(".git")), ["config", "page.md"]);
    assert_eq!(folder.read(".git/config"), "[core]\n");
    assert_eq!(folder.read(".git/page.md"), REGION);
}

#[test]
fn a_fresh_build_goes_through_no_link() {
    let folder = project();
    fs::create_dir_all(folder.join("home/config")).unwrap();
    folder.run(&["init", "repo", "-q"]).code(0);
    symlink("../home/config", folder.join("repo/public")).unwrap();
    symlink("home", folder.join("out")).unwrap();
    for dest in ["repo/public", "out/config", "out/config/deeper"] {
        let said = folder.run(&["build", "repo", "--fresh", "-d", dest]);
        said.code(2);
        says(&said, &["SRM701", "is a link to"]);
    }
    assert_eq!(names(&folder.join("home/config")), [""; 0]);
    folder
        .run(&["build", "repo", "--fresh", "-d", "home/config"])
        .code(0);
}

#[test]
fn init_writes_into_its_own_folder_only() {
    let folder = Folder::new();
    fs::create_dir_all(folder.join("elsewhere")).unwrap();
    fs::create_dir_all(folder.join("new")).unwrap();
    symlink("../elsewhere", folder.join("new/content")).unwrap();
    let said = folder.run(&["init", "new"]);
    said.code(2);
    says(&said, &["is a link"]);
    assert_eq!(names(&folder.join("elsewhere")), [""; 0]);
}

#[test]
fn a_pipe_is_not_waited_for() {
    let folder = project();
    let made = Command::new("mkfifo").arg(folder.join("pipe.md")).status();
    assert!(made.unwrap().success());
    let args = ["table", "totals", "--force", "-o", "pipe.md"];
    let said = crate::hostile::limited(&folder, &args);
    said.code(2);
    says(&said, &["is not a regular file"]);
}
