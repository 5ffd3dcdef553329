//! Which files a project may read.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use crate::harness::{Folder, Run, Running, fed, tree};

/// A project in `repo`, and files of the user's around it.
fn project() -> Folder {
    let folder = Folder::new();
    folder.run(&["init", "repo", "-q"]).code(0);
    folder.write("home/secret.txt", "sesame\n");
    folder.write("home/secret.md", "# sesame\n");
    folder.write("home/secret.css", "/* sesame */\n");
    folder.write("home/secret.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"><!-- sesame --></svg>\n");
    folder.write(
        "home/secret.toml",
        "[book]\ntitle = \"sesame\"\nsrc = \"content\"\n",
    );
    folder.write("home/theme/theme.toml", "api = 1\n");
    folder.write("home/theme/static/x.css", "/* sesame */\n");
    folder.write("home/theme/strings/en.toml", "home = \"sesame\"\n");
    folder.write("home/styles/x.css", "/* sesame */\n");
    folder.write("repo/.git/config", "[http]\nextraheader = sesame\n");
    folder
}

fn link(folder: &Folder, target: &str, at: &str) {
    let at = folder.join(at);
    let _ = fs::remove_file(&at).or_else(|_| fs::remove_dir_all(&at));
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    symlink(target, at).unwrap();
}

fn settings(folder: &Folder, more: &str) {
    let own = "[book]\ntitle = \"Test\"\n";
    let src = if more.contains("src =") {
        ""
    } else {
        "src = \"content\"\n"
    };
    folder.write("repo/book.toml", format!("{own}{src}{more}\n"));
}

/// Runs a command with a secret in its environment.
fn run(folder: &Folder, args: &[&str]) -> Run {
    let mut command = folder.command(args);
    command.env("SECRET_TOKEN", "sesame");
    Run::of(command.output().unwrap())
}

/// Nothing of a secret may be said or written.
#[track_caller]
fn assert_kept(folder: &Folder, run: &Run, what: &str) {
    let said = format!("{}{}", run.stdout, run.stderr);
    assert!(!said.contains("sesame"), "{what} says it:\n{said}");
    let book = folder.join("repo/book");
    if !book.exists() {
        return;
    }
    for (path, bytes) in tree(&book) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("sesame"), "{what}: in {path}");
    }
}

/// What a project can do to have a file read: a name, how it is done, and parts
/// of the message.
type Trick = (&'static str, fn(&Folder), &'static [&'static str]);

const TRICKS: &[Trick] = &[
    (
        "the environment",
        |f| link(f, "/proc/self/environ", "repo/content/b.txt"),
        &[
            "`content/b.txt` is a link to `/proc/",
            "outside the project",
        ],
    ),
    (
        "the token of a checkout",
        |f| link(f, "../.git/config", "repo/content/a.txt"),
        &[
            "`content/a.txt` is a link to `",
            "/repo/.git/config`, below a hidden name",
        ],
    ),
    (
        "a folder",
        |f| link(f, "../../home", "repo/content/dirlink"),
        &["`content/dirlink` is a link to `", "/home`, outside"],
    ),
    (
        "a page",
        |f| link(f, "../../../home/secret.md", "repo/content/pages/note.md"),
        &[
            "`content/pages/note.md` is a link to `",
            "/home/secret.md`, outside",
        ],
    ),
    (
        "a model",
        |f| link(f, "../../../home/secret.md", "repo/content/models/saas.md"),
        &["`content/models/saas.md` is a link"],
    ),
    (
        "a category",
        |f| {
            link(
                f,
                "../../../home/secret.txt",
                "repo/content/categories/data.yaml",
            )
        },
        &["`content/categories/data.yaml` is a link"],
    ),
    (
        "the document",
        |f| link(f, "../../home/secret.txt", "repo/content/srm.yaml"),
        &["`content/srm.yaml` is a link"],
    ),
    (
        "an image",
        |f| {
            link(f, "../../home/secret.svg", "repo/content/pic.svg");
            f.write("repo/content/pic.md", "# P\n\n![p](pic.svg)\n");
        },
        &["`content/pic.svg` is a link"],
    ),
    (
        "a link to a link",
        |f| {
            link(f, "two.txt", "repo/content/one.txt");
            link(f, "../../home/secret.txt", "repo/content/two.txt");
        },
        &["`content/one.txt` is a link", "`content/two.txt` is a link"],
    ),
    (
        "the settings",
        |f| link(f, "../home/secret.toml", "repo/book.toml"),
        &["`book.toml` is a link"],
    ),
    (
        "the content folder",
        |f| {
            fs::rename(f.join("repo/content"), f.join("home/content")).unwrap();
            f.write("home/content/x.md", "# sesame\n");
            link(f, "../home/content", "repo/content");
        },
        &["`content` is a link", "/home/content`, outside"],
    ),
    (
        "a theme",
        |f| link(f, "../../home/theme", "repo/themes/default"),
        &["`themes/default` is a link"],
    ),
    (
        "a file of a theme",
        |f| {
            f.write("repo/themes/default/theme.toml", "api = 1\n");
            link(
                f,
                "../../../../home/secret.css",
                "repo/themes/default/static/x.css",
            );
            link(
                f,
                "../../../../home/theme/strings/en.toml",
                "repo/themes/default/strings/en.toml",
            );
        },
        &[
            "`themes/default/static/x.css` is a link",
            "`themes/default/strings/en.toml` is a link",
        ],
    ),
    (
        "a style",
        |f| {
            link(f, "../home/secret.css", "repo/x.css");
            settings(f, "[output.html]\nadditional-css = [\"x.css\"]");
        },
        &["book.toml:5", "`x.css` is a link"],
    ),
    (
        "a style behind a linked folder",
        |f| {
            link(f, "../home/styles", "repo/styles");
            settings(f, "[output.html]\nadditional-css = [\"styles/x.css\"]");
        },
        &[
            "book.toml:5",
            "will not read `styles/x.css`: `styles` is a link",
        ],
    ),
    (
        "a script",
        |f| {
            link(f, "../home/secret.txt", "repo/x.js");
            settings(f, "[output.html]\nadditional-js = [\"x.js\"]");
        },
        &["book.toml:5", "`x.js` is a link"],
    ),
    (
        "a hidden style",
        |f| settings(f, "[output.html]\nadditional-css = [\".git/config\"]"),
        &["book.toml:5", "`.git` is a hidden name"],
    ),
    (
        "content elsewhere",
        |f| {
            f.write("home/content/srm.yaml", "schema: 1\n");
            f.write("home/content/x.md", "# sesame\n");
            settings(f, "src = \"../home/content\"");
        },
        &[
            "book.toml:3",
            "will not read `../home/content`: it leads out of the project",
        ],
    ),
    (
        "content by its full path",
        |f| {
            f.write("home/content/srm.yaml", "schema: 1\n");
            f.write("home/content/x.md", "# sesame\n");
            let path = f.join("home/content");
            settings(f, &format!("src = {:?}", path.to_str().unwrap()));
        },
        &["book.toml:3", "it leads out of the project"],
    ),
    (
        "hidden content",
        |f| settings(f, "src = \".git\""),
        &["book.toml:3", "`.git` is a hidden name"],
    ),
    (
        "an endless device",
        |f| link(f, "/dev/zero", "repo/content/zero.png"),
        &["`content/zero.png` is a link to `/dev/zero`"],
    ),
    (
        "the whole disk",
        |f| link(f, "/", "repo/content/disk"),
        &["`content/disk` is a link to `/`"],
    ),
];

#[test]
fn no_trick_reads_a_file_outside() {
    for (what, play, parts) in TRICKS {
        let folder = project();
        play(&folder);
        for command in ["check", "build"] {
            let said = run(&folder, &[command, "repo"]);
            assert!(matches!(said.code, Some(1 | 2)), "{what}: {}", said.stderr);
            for part in ["SRM012"].iter().chain(*parts) {
                assert!(
                    said.stderr.contains(part),
                    "{what}: no `{part}` in\n{}",
                    said.stderr
                );
            }
            assert_kept(&folder, &said, what);
        }
        assert!(!folder.join("repo/book/index.html").exists(), "{what}");
    }
}

#[test]
fn a_link_to_nothing_is_called_a_link() {
    for (at, target) in [
        ("repo/content/lost.md", "nowhere.md"),
        ("repo/content/lost.svg", "../away/lost.svg"),
        ("repo/content/categories/lost.yaml", "/no/such/file.yaml"),
        ("repo/content/folder", "no-folder"),
        ("repo/content/srm.yaml", "parties.yaml"),
        ("repo/book.toml", "settings.toml"),
    ] {
        let folder = project();
        link(&folder, target, at);
        let said = run(&folder, &["check", "repo"]);
        assert!(matches!(said.code, Some(1 | 2)), "{at}: {}", said.stderr);
        let leads = format!("it is a link to `{target}`, and nothing is there");
        for part in [&*leads, "remove the link"] {
            assert!(said.stderr.contains(part), "{at}: {}", said.stderr);
        }
        assert!(!said.stderr.contains("no such file"), "{}", said.stderr);
    }
}

/// The commands that write tables say nothing of such a file either.
#[test]
fn tables_are_not_made_from_files_outside() {
    for (what, play, _) in TRICKS {
        let folder = project();
        play(&folder);
        let document = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
        folder.write("doc.md", document);
        for args in [
            &["table", "totals", "--project", "repo"][..],
            &["embed", "doc.md", "--project", "repo"],
        ] {
            let said = run(&folder, args);
            assert_kept(&folder, &said, what);
        }
        assert!(!folder.read("doc.md").contains("sesame"), "{what}");
    }
    let folder = project();
    link(&folder, "../../home/secret.txt", "repo/content/srm.yaml");
    let book =
        r#"[{"root":".","config":{},"renderer":"html","mdbook_version":"0.5.0"},{"items":[]}]"#;
    let said = fed(folder.command(&["mdbook", "--project", "repo"]), book);
    assert!(matches!(said.code, Some(1 | 2)), "{}", said.stderr);
    assert!(said.stderr.contains("SRM012"), "{}", said.stderr);
}

#[test]
fn links_are_followed_anywhere_when_the_command_line_says_so() {
    for (at, target, made) in [
        ("repo/content/a.txt", "../../home/secret.txt", "a.txt"),
        ("repo/content/git.txt", "../.git/config", "git.txt"),
        ("repo/content/more", "../../home/styles", "more/x.css"),
        ("repo/content/note.md", "../../home/secret.md", "note.html"),
    ] {
        let folder = project();
        link(&folder, target, at);
        run(&folder, &["check", "repo"]).code(1);
        run(&folder, &["check", "repo", "--follow-links"]).code(0);
        run(&folder, &["build", "repo", "--follow-links", "-q"]).code(0);
        let page = folder.read(&format!("repo/book/{made}"));
        assert!(page.contains("sesame"), "{made}");
        // What was built then is not taken for current without the option.
        run(&folder, &["build", "repo"]).code(1);
        let table = ["table", "totals", "--project", "repo"];
        run(&folder, &table).code(1);
        run(&folder, &[&table[..], &["--follow-links"]].concat()).code(0);
    }
}

#[test]
fn links_inside_the_project_are_followed() {
    let folder = project();
    folder.write("repo/shared/terms.md", "# Terms\n");
    folder.write(
        "repo/shared/pic.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
    );
    link(&folder, "../shared/terms.md", "repo/content/terms.md");
    link(&folder, "../shared", "repo/content/all");
    fs::rename(folder.join("repo/content"), folder.join("repo/text")).unwrap();
    link(&folder, "text", "repo/content");
    run(&folder, &["build", "repo", "-D", "warnings"]).code(0);
    assert!(folder.read("repo/book/terms.html").contains("Terms"));
    assert!(folder.join("repo/book/all/pic.svg").exists());
    // The project itself may be named by a link, and lie below a hidden name.
    fs::create_dir(folder.join(".hidden")).unwrap();
    fs::rename(folder.join("repo"), folder.join(".hidden/repo")).unwrap();
    link(&folder, ".hidden/repo", "named");
    run(&folder, &["check", "named", "-D", "warnings"]).code(0);
    run(&folder, &["build", "named"]).code(0);
    run(&folder, &["build", ".hidden/repo"]).code(0);
}

/// Hidden names and files that editors leave are no part of a listing, so no
/// finding names them.
#[test]
fn what_is_not_listed_is_not_mentioned() {
    let folder = project();
    link(&folder, "/etc/passwd", "repo/content/.hidden.md");
    link(&folder, "user@host.1:1", "repo/content/.#index.md");
    link(&folder, "/etc/passwd", "repo/content/index.md~");
    link(&folder, "/etc", "repo/content/.folder");
    let said = run(&folder, &["check", "repo", "-D", "warnings"]);
    said.code(0);
    assert!(said.stderr.contains("no findings"), "{}", said.stderr);
    folder.write("docs/a.md", "<!-- srm:begin totals -->\n<!-- srm:end -->\n");
    link(&folder, "/etc/passwd", "docs/b.md");
    link(&folder, "../home", "docs/more");
    let said = run(&folder, &["embed", "docs", "--project", "repo"]);
    said.code(0);
    assert_eq!(
        said.stderr,
        "wrote   docs/a.md\n1 region in 1 file: 1 file written\n"
    );
}

#[test]
fn links_that_come_while_serving_are_refused_and_good_again_without_them() {
    let folder = project();
    folder.write("repo/content/terms.md", "# Terms\n\nsesame\n");
    folder.write("home/terms.md", "# Terms\n\nsesame\n");
    let serving = [
        "serve",
        "repo",
        "--watcher",
        "poll",
        "--poll-interval",
        "20",
    ];
    let mut running = Running::start(&folder, &serving);
    running.wait_for("everything:");
    // The link leads to the same words, so only the way differs.
    link(&folder, "../../home/terms.md", "repo/content/terms.md");
    running.wait_for("SRM012");
    fs::remove_file(folder.join("repo/content/terms.md")).unwrap();
    folder.write("repo/content/terms.md", "# Terms\n\nsesame again\n");
    running.wait_for("no findings");
    // A folder that moves out takes its files with it, as they are.
    fs::create_dir(folder.join("repo/content/more")).unwrap();
    folder.write("repo/content/more/x.md", "# X\n");
    running.wait_for("no findings");
    fs::rename(folder.join("repo/content/more"), folder.join("home/more")).unwrap();
    link(&folder, "../../home/more", "repo/content/more");
    running.wait_for("SRM012");
    running.end();
    let mut watching = Running::start(&folder, &["watch", "repo"]);
    watching.wait_for("SRM012");
    watching.end();
    assert!(!folder.join("repo/book").exists());
}

#[test]
fn every_command_that_reads_a_project_can_follow_links() {
    let folder = project();
    fs::rename(folder.join("repo/content"), folder.join("home/content")).unwrap();
    link(&folder, "../home/content", "repo/content");
    folder.write("doc.md", "<!-- srm:begin totals -->\n<!-- srm:end -->\n");
    let embed = ["embed", "doc.md", "--project", "repo"];
    run(&folder, &embed).code(1);
    run(&folder, &[&embed[..], &["--follow-links"]].concat()).code(0);
    let book =
        r#"[{"root":".","config":{},"renderer":"html","mdbook_version":"0.5.0"},{"items":[]}]"#;
    for (more, code) in [(&[][..], 1), (&["--follow-links"], 0)] {
        let mut mdbook = folder.command(&["mdbook", "--project", "repo"]);
        mdbook.args(more);
        fed(mdbook, book).code(code);
    }
    for command in ["serve", "watch"] {
        let mut refused = Running::start(&folder, &[command, "repo"]);
        refused.wait_for("SRM012");
        refused.end();
        let mut running = Running::start(&folder, &[command, "repo", "--follow-links"]);
        running.wait_for("no findings");
        running.end();
    }
}
