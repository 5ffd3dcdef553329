//! What the flags of `build` and `check` mean.

use crate::harness::projects::{Project, TWO_MODELS, project};
use crate::harness::{Folder, Run, tree as files_of};

#[test]
fn dest_dir_is_relative_to_here_and_build_dir_to_the_project() {
    let folder = Folder::new();
    let site = "site/";
    for (path, bytes) in project(TWO_MODELS).files() {
        folder.write(&format!("{site}{path}"), bytes);
    }
    folder.write(
        "site/book.toml",
        "[book]\nsrc = \"content\"\n[build]\nbuild-dir = \"public/html\"\n",
    );
    folder.run(&["build", "site"]).code(0);
    assert!(folder.join("site/public/html/index.html").is_file());
    folder.run(&["build", "site", "--dest-dir", "out"]).code(0);
    assert!(folder.join("out/index.html").is_file());
    assert!(!folder.join("site/out").exists());
    folder.run(&["build", "site", "--output-dir=out2"]).code(0);
    assert_eq!(
        files_of(&folder.join("out")),
        files_of(&folder.join("out2"))
    );
    assert_eq!(
        files_of(&folder.join("out")),
        files_of(&folder.join("site/public/html"))
    );

    folder.run(&["clean", "site", "-d", "out"]).code(0);
    assert!(!folder.join("out").exists());
    folder.run(&["clean", "site"]).code(0);
    assert!(!folder.join("site/public/html").exists());
    assert!(folder.join("out2/index.html").exists());
}

#[test]
fn site_url_of_the_command_line_wins() {
    let folder = project(TWO_MODELS)
        .settings("[output.html]\nsite-url = \"https://one.example/a/\"\n")
        .on_disk();
    folder.run(&["build"]).code(0);
    assert!(
        folder
            .read("book/sitemap.xml")
            .contains("<loc>https://one.example/a/models/saas.html</loc>")
    );
    folder
        .run(&["build", "--site-url", "https://two.example/b"])
        .code(0);
    let page = folder.read("book/models/saas.html");
    assert!(
        page.contains("<link rel=\"canonical\" href=\"https://two.example/b/models/saas.html\">")
    );
    assert!(!folder.read("book/sitemap.xml").contains("one.example"));
    assert!(
        folder
            .read("book/robots.txt")
            .contains("https://two.example/b/sitemap.xml")
    );
    let same = folder.run(&["build", "-u", "https://two.example/b/"]);
    assert!(same.code(0).stderr.contains(" 0 of "), "{}", same.stderr);

    let none = project(TWO_MODELS).on_disk();
    none.run(&["build"]).code(0);
    assert!(!none.join("book/sitemap.xml").exists());
    assert!(!none.read("book/index.html").contains("canonical"));
}

#[test]
fn drafts_are_left_out_unless_asked_for() {
    let folder = project(TWO_MODELS)
        .page("later.md", "---\ntitle: Later\ndraft: true\n---\nSoon.\n")
        .on_disk();
    folder.run(&["build"]).code(0);
    assert!(!folder.join("book/later.html").exists());
    assert!(!folder.read("book/index.html").contains("Later"));
    folder.run(&["build", "--drafts"]).code(0);
    assert!(folder.read("book/later.html").contains("Soon."));
    folder.run(&["build"]).code(0);
    assert!(!folder.join("book/later.html").exists(), "stale");
}

fn in_force_from_2030() -> Project {
    let document = "schema: 1\ndocument: {effective: 2030-01-01}\n";
    project(TWO_MODELS).replace("content/srm.yaml", "schema: 1\n", document)
}

#[test]
fn source_date_epoch_decides_on_dates_and_on_no_byte() {
    let folder = in_force_from_2030().on_disk();
    let on = |epoch: &str, args: &[&str]| {
        let output = folder
            .command(args)
            .env("SOURCE_DATE_EPOCH", epoch)
            .output()
            .unwrap();
        Run::of(output)
    };
    assert!(on("0", &["check"]).code(0).stderr.contains("SRM314"));
    assert!(on("1893455999", &["check"]).stderr.contains("SRM314"));
    assert!(
        !on("1893456000", &["check"])
            .code(0)
            .stderr
            .contains("SRM314")
    );
    // It is a note: never in the way of a strict build.
    on("0", &["check", "-D", "warnings"]).code(0);
    on("0", &["build", "-d", "a"]).code(0);
    on("1893456000", &["build", "-d", "b"]).code(0);
    assert_eq!(files_of(&folder.join("a")), files_of(&folder.join("b")));
    for odd in ["", "tomorrow", "-1", "18446744073709551615", "1e9"] {
        assert!(!on(odd, &["check"]).code(0).stderr.contains("panicked"));
    }
}

#[test]
fn a_current_site_is_examined_for_its_date() {
    let folder = in_force_from_2030().on_disk();
    let on = |epoch: &str| {
        let mut command = folder.command(&["build"]);
        let output = command.env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        Run::of(output)
    };
    for _ in 0..2 {
        let late = on("1893456000");
        assert!(!late.code(0).stderr.contains("SRM314"), "{}", late.stderr);
        let early = on("0");
        assert!(early.code(0).stderr.contains("SRM314"), "{}", early.stderr);
    }
}
