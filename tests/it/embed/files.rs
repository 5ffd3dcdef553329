//! Which documents are read and written, and what is left of them as it was.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use super::{filled, project, run};
use crate::harness::{fed, tree};

#[test]
fn bytes_outside_the_regions_stay() {
    let begin = "<!-- srm:begin badge row=keys model=saas -->";
    let sum = |text: &str| {
        let at = text.find("sum=").unwrap() + 4;
        text[at..at + 10].to_string()
    };
    // Line ends, byte order mark, tabs, spaces, no line end at the end.
    let out = filled(
        "a.md",
        &format!("\u{feff}# A \r\n\r\n\tx\n{begin}\r\n<!-- srm:end -->\r\n\r\nlast  "),
    );
    let sum = sum(&out);
    assert_eq!(
        out,
        format!(
            "\u{feff}# A \r\n\r\n\tx\n{begin}\r\n\r\n**Provider (Vendor)**\r\n\r\n\
             <!-- srm:end sum={sum} -->\r\n\r\nlast  "
        )
    );
    // A marker on the first line, behind the mark.
    let out = filled("a.md", &format!("\u{feff}{begin}\n<!-- srm:end -->"));
    assert_eq!(
        out,
        format!("\u{feff}{begin}\n\n**Provider (Vendor)**\n\n<!-- srm:end sum={sum} -->")
    );
    // Quotes and lists.
    let out = filled("a.md", &format!("> a\n>\n> {begin}\n> <!-- srm:end -->\n"));
    assert_eq!(
        out,
        format!("> a\n>\n> {begin}\n>\n> **Provider (Vendor)**\n>\n> <!-- srm:end sum={sum} -->\n")
    );
    let out = filled(
        "a.md",
        &format!("- a\n\n  {begin}\n  <!-- srm:end -->\n- b\n"),
    );
    assert_eq!(
        out,
        format!(
            "- a\n\n  {begin}\n\n  **Provider (Vendor)**\n\n  <!-- srm:end sum={sum} -->\n- b\n"
        )
    );
}

#[cfg(unix)]
#[test]
fn modes_links_and_times_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = project();
    let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    folder.write("real/a.md", text);
    fs::set_permissions(folder.join("real/a.md"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real/a.md", folder.join("link.md")).unwrap();
    let mut opened = fs::File::open(folder.join("real/a.md")).unwrap();
    run(&folder, &["embed", "link.md"]).code(0);
    // Whoever reads it meanwhile reads the old text to its end.
    let mut old = String::new();
    opened.read_to_string(&mut old).unwrap();
    assert_eq!(old, text);
    assert!(folder.join("link.md").is_symlink());
    let meta = fs::metadata(folder.join("real/a.md")).unwrap();
    assert_eq!(meta.permissions().mode() & 0o777, 0o640);
    assert!(folder.read("real/a.md").contains("| SaaS |"));
    // What is current is not written again, and nothing is left behind.
    let before = meta.modified().unwrap();
    run(&folder, &["embed", "link.md"]).code(0);
    let after = fs::metadata(folder.join("real/a.md")).unwrap().modified();
    assert_eq!(after.unwrap(), before);
    let names: Vec<String> = fs::read_dir(folder.join("real"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, ["a.md"]);
    // A link beside its file is the same file.
    folder.write("real/a.md", text);
    run(&folder, &["embed", "link.md", "real/a.md"]).code(0);
    assert!(folder.read("real/a.md").contains("| SaaS |"));
    // Links below a folder are not followed.
    folder.write("outside/b.md", text);
    fs::create_dir(folder.join("docs")).unwrap();
    symlink("../outside/b.md", folder.join("docs/b.md")).unwrap();
    run(&folder, &["embed", "docs"]).code(0);
    assert_eq!(folder.read("outside/b.md"), text);
}

#[cfg(unix)]
#[test]
fn all_files_are_written_or_none() {
    use std::os::unix::fs::PermissionsExt;
    let folder = project();
    let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    folder.write("a/a.md", text);
    folder.write("b/b.md", text);
    fs::set_permissions(folder.join("a"), fs::Permissions::from_mode(0o777)).unwrap();
    // Nothing can be made in this folder, so the new text has no place.
    fs::set_permissions(folder.join("b"), fs::Permissions::from_mode(0o555)).unwrap();
    let args = ["embed", "a", "b/b.md", "--project", "data"];
    let Some(said) = crate::output::as_nobody(&folder, &args) else {
        return;
    };
    fs::set_permissions(folder.join("b"), fs::Permissions::from_mode(0o755)).unwrap();
    said.code(2);
    assert!(
        said.stderr.contains("cannot write `b/b.md`"),
        "{}",
        said.stderr
    );
    assert_eq!(folder.read("a/a.md"), text);
    assert_eq!(folder.read("b/b.md"), text);
    assert_eq!(fs::read_dir(folder.join("a")).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn files_are_put_back_when_a_later_one_cannot_be_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let folder = project();
    let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    // Anybody may make files in `b`, but replace only their own: the new text
    // has a place beside the old one, which cannot be taken away.
    for (path, mode) in [("a/a.md", 0o777), ("b/b.md", 0o1777)] {
        folder.write(path, text);
        let parent = folder.join(path).parent().unwrap().to_path_buf();
        fs::set_permissions(parent, fs::Permissions::from_mode(mode)).unwrap();
    }
    let args = ["embed", "a/a.md", "b/b.md", "--project", "data"];
    let Some(said) = crate::output::as_nobody(&folder, &args) else {
        return;
    };
    if said.code == Some(0) {
        // Whoever runs the tests owns both.
        return;
    }
    said.code(2);
    assert!(said.stderr.contains("cannot write"), "{}", said.stderr);
    for path in ["a/a.md", "b/b.md"] {
        assert_eq!(folder.read(path), text);
        let parent = folder.join(path).parent().unwrap().to_path_buf();
        assert_eq!(fs::read_dir(parent).unwrap().count(), 1);
    }
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = project();
    let pass = |args: &[&str], text: &str| {
        fed(
            folder.command(&[args, &["--project", "data"]].concat()),
            text,
        )
    };
    let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    let out = pass(&["embed", "-"], text);
    out.code(0);
    assert!(out.stdout.contains("| SaaS |"), "{}", out.stdout);
    let again = pass(&["embed", "-"], &out.stdout);
    assert_eq!(again.stdout, out.stdout);
    pass(&["embed", "--check", "-"], &out.stdout).code(0);
    pass(&["embed", "--check", "-"], text).code(1);
    let html = pass(&["embed", "-", "--stdin-name", "x.html"], text);
    assert!(html.stdout.contains("<table"), "{}", html.stdout);
    let bad = pass(&["embed", "-"], "<!-- srm:end -->\n");
    bad.code(2);
    assert!(
        bad.stderr.contains("(standard input):1:1"),
        "{}",
        bad.stderr
    );
    assert_eq!(bad.stdout, "");
    pass(&["embed", "-", "x.md"], text).code(2);
}

#[test]
fn folders_and_patterns_mean_the_files_below() {
    let folder = project();
    let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    for path in [
        "docs/a.md",
        "docs/b/c.md",
        "docs/b/d.txt",
        "docs/old/e.md",
        "docs/.hidden.md",
        "docs/f.rs",
    ] {
        folder.write(path, text);
    }
    folder.write("docs/.gitignore", "old/\n");
    // Ignore files of other tools, and of the folders above.
    folder.write("docs/b/g.MD", text);
    folder.write("docs/b/h.md", text);
    folder.write("docs/b/.ignore", "h.md\n");
    folder.write("docs/b/i.md", text);
    folder.write(".gitignore", "i.md\n");
    let reached = |args: &[&str]| -> Vec<String> {
        for path in tree(folder.path())
            .keys()
            .filter(|p| p.starts_with("docs/") && !p.ends_with("ignore"))
        {
            folder.write(path, text);
        }
        run(&folder, &[&["embed"], args].concat()).code(0);
        let files: BTreeMap<String, Vec<u8>> = tree(&folder.join("docs"));
        let changed = files
            .into_iter()
            .filter(|(path, bytes)| bytes != text.as_bytes() && !path.ends_with("ignore"));
        changed.map(|(path, _)| path).collect()
    };
    assert_eq!(reached(&["docs"]), ["a.md", "b/c.md", "b/d.txt", "b/g.MD"]);
    assert_eq!(reached(&["docs/*.md"]), ["a.md"]);
    assert_eq!(reached(&["docs/**/*.md"]), ["a.md", "b/c.md"]);
    assert_eq!(
        reached(&[
            "./docs/b/*",
            "docs/a.md",
            "docs/a.md",
            "./docs/a.md",
            "docs/b/../b/d.txt"
        ]),
        ["a.md", "b/c.md", "b/d.txt", "b/g.MD"]
    );
    folder.write("docs/a.md", text);
    folder.write("docs/b/c.md", text);
    let said = run(&folder, &["embed", "docs/b/c.md", "docs/a.md"]);
    assert!(
        said.stderr
            .starts_with("wrote   docs/a.md\nwrote   docs/b/c.md\n"),
        "{}",
        said.stderr
    );
    // A file that is named itself is always meant.
    assert_eq!(
        reached(&["docs/old/e.md", "docs/f.rs"]),
        ["f.rs", "old/e.md"]
    );
    run(&folder, &["embed", "docs/*.nothing"]).code(2);
    run(&folder, &["embed", "docs/[.md"]).code(2);
}

#[test]
fn serve_and_watch_keep_documents_current() {
    use crate::harness::Running;
    use std::time::{Duration, Instant};

    for command in ["serve", "watch"] {
        let folder = project();
        let text = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
        folder.write("docs/a.md", text);
        // A file that is wrong is left as it is, and keeps no other from it.
        let wrong = format!("{text}<!-- srm:begin totals model=nope -->\n<!-- srm:end -->\n");
        folder.write("docs/wrong.md", &wrong);
        let mut running = Running::start(&folder, &[command, "data", "--embed", "docs"]);
        let until = |part: &str| {
            let started = Instant::now();
            while !folder.read("docs/a.md").contains(part) {
                assert!(
                    started.elapsed() < Duration::from_secs(20),
                    "{command}: {part}"
                );
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        until("| BYOC | 1 | 2 | 0 | 0 |");
        running.wait_for("there is no model `nope`");
        assert_eq!(folder.read("docs/wrong.md"), wrong);
        let data = "data/content/categories/network.yaml";
        let good = folder.read(data);
        folder.write(data, good.replace("[customer]", "[customer, provider]"));
        until("| BYOC | 3 | 0 | 0 |");
        // A change of the document itself.
        folder.write(
            "docs/a.md",
            folder.read("docs/a.md").replace("totals", "matrix"),
        );
        until("| Network | Wires |");
        // Broken data leaves it as it is; an edit by hand is kept and told.
        folder.write(data, "label: [\n");
        running.wait_for("error[");
        folder.write(data, good);
        until(" | **Customer** |");
        folder.write(
            "docs/a.md",
            folder.read("docs/a.md").replace("Wires", "Cables"),
        );
        running.wait_for("edited by hand");
        assert!(folder.read("docs/a.md").contains("Cables"));
        running.end();
    }
}
