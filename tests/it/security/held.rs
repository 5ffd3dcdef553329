//! Attacks that failed when they were tried. These tests keep it so. Attacks with a
//! test elsewhere are not repeated here.

#![cfg(unix)]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use srm_site::output::MANIFEST;

use crate::harness::inert::assert_inert;
use crate::harness::{Folder, Run, Running, tree};
use crate::hostile::{limited, refused};

mod formats;

/// Everything that leaves a text, a tag, an attribute, a script or a template.
const BREAKOUT: &str = "\"'`]]></title></textarea></style></script>-->\
    <img src=x onerror=alert(1)>{{ site }}\u{2028}&<b onclick=x>";

const PARTIES: &str = "parties:\n  - {id: customer, kind: customer, label: You}\n  \
    - {id: provider, kind: provider, label: Us}\n";

fn project() -> Folder {
    let folder = Folder::new();
    folder.run(&["init", ".", "-q"]).code(0);
    folder
}

/// A project with one row, whose label, task and caption are this text.
fn saying(text: &str) -> Folder {
    let text = serde_json::to_string(text).unwrap();
    Folder::of(&format!(
        "//- content/models/saas.md\n---\nlabel: SaaS\n---\n//- content/categories/data.yaml\nlabel: {text}\n\
         rows:\n  - id: row\n    label: {text}\n    notes: [{text}]\n    models:\n      all:\n        \
         responsible: customer\n        tasks: {{customer: [{text}, {text}]}}\n"
    ))
}

/// The detail table of such a project in the format of a file name.
fn table(text: &str, name: &str) -> String {
    let folder = saying(text);
    folder.run(&["table", "detail", "-o", name]).code(0);
    folder.read(name)
}

#[track_caller]
fn says(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.stderr.contains(part), "no `{part}` in\n{}", run.stderr);
    }
}

// -------------------------------------------------------------------- the pages

/// A site whose history, settings, prose and file names all try to break out.
fn breaking_out() -> Folder {
    let text = serde_json::to_string(BREAKOUT).unwrap();
    let folder = Folder::of(&format!(
        "//- book.toml\n[book]\ntitle = {text}\ndescription = {text}\nauthors = [{text}]\nsrc = \"content\"\n\
         [output.html]\nsite-url = \"https://docs.example/a'b&c<d>/\"\n\
         git-repository-url = \"https://docs.example/\\\"onclick=x\"\n\
         edit-url-template = \"https://docs.example/'><b>/{{path}}\"\n\
         [output.html.redirect]\n\"/old.html\" = \"https://docs.example/\\\"><b>\"\n\
         //- content/srm.yaml\nschema: 1\ndocument:\n  title: {text}\n  version: {text}\n  contact: {text}\n  \
         history:\n    - {{version: {text}, date: 2025-01-02, changes: {text}}}\n{PARTIES}\
         //- content/models/saas.md\n---\nlabel: {text}\ndescription: {text}\n---\nWords.\n\
         //- content/categories/data.yaml\nlabel: {text}\nrows:\n  - id: row\n    label: {text}\n    models:\n      \
         all: {{responsible: [customer, provider], conditional: {{customer: {text}}}}}\n"
    ));
    folder.write("content/b.md", format!("# {BREAKOUT}\n\n## {BREAKOUT} {{#{BREAKOUT}}}\n\n```{BREAKOUT}\nx\n```\n\n[^{BREAKOUT}]\n\n[^{BREAKOUT}]: {BREAKOUT}\n"));
    let name = BREAKOUT.replace('/', "");
    folder.write(&format!("content/{name}/{name}.md"), "# Page\n\nWords.\n");
    folder.write(&format!("content/{name}/{name}.txt"), "asset");
    folder.run(&["build"]).code(0);
    folder
}

#[test]
fn no_field_and_no_name_becomes_live() {
    let folder = breaking_out();
    let mut pages = 0;
    for (path, bytes) in tree(&folder.join("book")) {
        if path.ends_with(".html") {
            assert_inert(&path, std::str::from_utf8(&bytes).unwrap());
            pages += 1;
        }
    }
    assert!(pages > 10, "{pages}");
}

#[test]
fn feed_sitemap_and_badges_are_well_formed() {
    let folder = breaking_out();
    let mut names = Vec::new();
    for (path, bytes) in tree(&folder.join("book")) {
        if path.ends_with(".xml") || path.ends_with(".svg") {
            let text = std::str::from_utf8(&bytes).unwrap();
            let xml = roxmltree::Document::parse(text).unwrap_or_else(|e| panic!("{path}: {e}"));
            let mut nodes = xml.descendants();
            let live = |name: &str| ["script", "img", "b", "foreignObject"].contains(&name);
            assert!(!nodes.any(|n| live(n.tag_name().name())), "{path}");
            names.push(path);
        }
    }
    for wanted in ["feed.xml", "sitemap.xml", "badges/saas/row.svg"] {
        assert!(names.iter().any(|name| name == wanted), "{names:?}");
    }
}

/// Scripts put texts into pages as texts, and never run or compile one.
#[test]
fn scripts_make_no_markup_and_no_code_from_texts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut scripts = 0;
    for folder in ["themes/default/static", "src/pages/web", "src/serve"] {
        for (name, bytes) in tree(&root.join(folder)) {
            if !name.ends_with(".js") {
                continue;
            }
            let text = String::from_utf8(bytes).unwrap();
            for forbidden in [
                "innerHTML",
                "outerHTML = ",
                "insertAdjacentHTML",
                "document.write",
                "createContextualFragment",
                "setHTML",
                "eval(",
                "Function(",
                "RegExp(",
                "srcdoc",
                "setTimeout(\"",
            ] {
                assert!(!text.contains(forbidden), "{folder}/{name}: {forbidden}");
            }
            scripts += 1;
        }
    }
    assert_eq!(scripts, 9);
}

// ------------------------------------------------------------------ the preview

/// What the preview answers to these bytes.
fn answer(to: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(to).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(40)))
        .unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut out = Vec::new();
    let _ = stream.read_to_end(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn status(to: SocketAddr, start: &str, headers: &str) -> u16 {
    let head = format!("{start} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
    let answer = answer(to, &head);
    let word = answer.split(' ').nth(1);
    word.unwrap_or_default().parse().unwrap_or(0)
}

#[test]
fn the_preview_answers_to_no_name_but_its_own() {
    let folder = project();
    let mut running = Running::start(&folder, &["serve"]);
    let at = running.address();
    running.wait_for("everything:");
    let port = at.port();
    let host = |name: &str| status(at, "GET /", &format!("Host: {name}\r\n"));
    assert_eq!(host(&at.to_string()), 200);
    for name in [
        "docs.example",
        "rebound.docs.example",
        "127.0.0.1.nip.io",
        "127-0-0-1.nip.io",
        "localhost.docs.example",
        "0x7f000001",
        "0x7f.0.0.1",
        "2130706433",
        "017700000001",
        "127.1",
        "localhost.",
        "127.0.0.1.",
    ] {
        assert_eq!(host(name), 403, "{name}");
        assert_eq!(host(&format!("{name}:{port}")), 403, "{name}");
    }
    for name in ["", "me@localhost", "localhost:x", "localhost, docs.example"] {
        assert_eq!(host(name), 400, "{name:?}");
    }
    let twice = format!("Host: {at}\r\nHost: docs.example\r\n");
    assert_eq!(status(at, "GET /", &twice), 400);
    // A target that names a host itself.
    let own = format!("Host: {at}\r\n");
    assert_eq!(status(at, &format!("GET http://{at}/"), &own), 200);
    for target in [
        "http://docs.example/",
        "http://127.0.0.1.nip.io/",
        "http://localhost@docs.example/",
        "http://localhost./",
    ] {
        assert_eq!(status(at, &format!("GET {target}"), &own), 403, "{target}");
    }
    running.end();
}

#[test]
fn a_path_leads_to_no_file_outside_the_site() {
    let folder = project();
    folder.write("secret.txt", "sesame");
    let mut running = Running::start(&folder, &["serve"]);
    let at = running.address();
    running.wait_for("everything:");
    let secret = folder.join("secret.txt");
    let secret = secret.to_str().unwrap();
    for path in [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/models/../../secret.txt",
        "/..%5csecret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/....//secret.txt",
        &format!("/{secret}"),
        &format!("/%2f{secret}"),
    ] {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n");
        let answer = answer(at, &head);
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(!answer.contains("sesame"), "{path}");
    }
    // A line end in a path does not end a header of the answer.
    for path in [
        "/%0d%0aX-Evil:1",
        "/models%0d%0aX-Evil:1/..",
        "/models%0aX-Evil:1",
    ] {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n");
        let answer = answer(at, &head);
        let (head, _) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 4"), "{path}: {head}");
        assert!(!head.to_lowercase().contains("x-evil"), "{path}: {head}");
    }
    running.end();
}

#[test]
fn half_sent_requests_do_not_stop_the_preview() {
    let folder = project();
    let mut running = Running::start(&folder, &["serve"]);
    let at = running.address();
    running.wait_for("everything:");
    let half = |_| {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
        stream
    };
    let _held: Vec<TcpStream> = (0..300).map(half).collect();
    let started = Instant::now();
    assert_eq!(status(at, "GET /", &format!("Host: {at}\r\n")), 200);
    let took = started.elapsed();
    assert!(took < Duration::from_secs(30), "{took:?}");
    running.end();
}

// ------------------------------------------------------------------- the output

#[test]
fn a_manifest_names_plain_places_only() {
    let folder = project();
    folder.run(&["build", "-q"]).code(0);
    folder.write("precious.txt", "mine");
    for path in [
        "../precious.txt",
        "models/../../precious.txt",
        "models//saas.html",
        "/etc/hostname",
        "./index.html",
        "models/./saas.html",
        ".",
        "",
        ".srm-site-staging/x",
    ] {
        let files = serde_json::json!({"files": {path: ["0"]}}).to_string();
        folder.write(&format!("book/{MANIFEST}"), &files);
        for args in [&["build"][..], &["build", "--force"], &["clean"]] {
            let run = folder.run(args);
            says(run.code(2), &[MANIFEST, "is outside of the folder"]);
        }
        assert_eq!(folder.read(&format!("book/{MANIFEST}")), files, "{path}");
    }
    assert_eq!(folder.read("precious.txt"), "mine");
}

#[test]
fn a_linked_manifest_is_not_read_and_not_written() {
    let folder = project();
    folder.run(&["build", "-q"]).code(0);
    let manifest = folder.join("book").join(MANIFEST);
    fs::rename(&manifest, folder.join("elsewhere.json")).unwrap();
    symlink("../elsewhere.json", &manifest).unwrap();
    let before = folder.read("elsewhere.json");
    folder.write("content/new.md", "# New\n");
    for args in [&["build"][..], &["build", "--force"], &["clean"]] {
        says(folder.run(args).code(2), &[MANIFEST, "not a regular file"]);
    }
    assert_eq!(folder.read("elsewhere.json"), before);
    assert!(folder.join("book/index.html").exists());
}

#[test]
fn links_in_the_middle_of_the_output_are_not_followed() {
    for at in ["a", "a/b", "a/b/c", "a/b/c/page.html"] {
        let folder = project();
        folder.write("content/a/b/c/page.md", "# Page\n");
        folder.run(&["build", "-q"]).code(0);
        let link = folder.join("book").join(at);
        fs::rename(&link, folder.join("elsewhere")).unwrap();
        symlink(folder.join("elsewhere"), &link).unwrap();
        folder.write("content/a/b/c/page.md", "# Other\n");
        let before = tree(folder.path());
        for args in [&["build"][..], &["build", "--force"]] {
            says(folder.run(args).code(2), &["SRM702", "will not overwrite"]);
            assert!(before == tree(folder.path()), "{at}");
        }
    }
}

/// A file may have another name somewhere else, whose content is not ours to
/// change.
#[test]
fn other_names_of_a_file_keep_their_content() {
    let folder = project();
    folder.run(&["build", "-q"]).code(0);
    let before = folder.read("book/index.html");
    fs::hard_link(folder.join("book/index.html"), folder.join("other.html")).unwrap();
    folder.write("content/index.md", "# Other\n");
    folder.run(&["build", "-q"]).code(0);
    assert_ne!(folder.read("book/index.html"), before);
    assert_eq!(folder.read("other.html"), before);
    // One that was planted, with `--force`.
    folder.write("mine.txt", "mine");
    fs::remove_file(folder.join("book/index.html")).unwrap();
    fs::hard_link(folder.join("mine.txt"), folder.join("book/index.html")).unwrap();
    folder.run(&["build", "-q"]).code(2);
    folder.run(&["build", "-q", "--force"]).code(0);
    assert_eq!(folder.read("mine.txt"), "mine");
    // A document.
    let region = "<!-- srm:begin totals -->\n<!-- srm:end -->\n";
    folder.write("mine.md", region);
    fs::hard_link(folder.join("mine.md"), folder.join("doc.md")).unwrap();
    folder.run(&["embed", "doc.md", "-q"]).code(0);
    assert_ne!(folder.read("doc.md"), region);
    assert_eq!(folder.read("mine.md"), region);
}

// ---------------------------------------------------------------------- themes

fn themed(template: &str) -> Run {
    let folder = project();
    folder.write("themes/default/theme.toml", "api = 1\n");
    folder.write("themes/default/templates/prose.html", template);
    folder.write(
        "themes/default/templates/other.html",
        "{% include \"prose.html\" %}",
    );
    folder.write("content/new.md", "# New\n");
    limited(&folder, &["build"])
}

#[test]
fn templates_do_not_include_themselves_for_ever() {
    for template in [
        "{% include \"prose.html\" %}",
        "{% include \"other.html\" %}",
        "{% extends \"prose.html\" %}",
    ] {
        let run = themed(template);
        says(run.code(1), &["SRM501"]);
    }
    // Half of a circle each: the second finds no first.
    themed("{% extends \"other.html\" %}").code(0);
}

#[test]
fn ranges_of_templates_have_an_end() {
    let range = |end: &str| themed(&format!("{{% for i in range(end={end}) %}}{{% endfor %}}"));
    range("1000").code(0);
    for end in ["100001", "9000000000"] {
        says(
            range(end).code(1),
            &["SRM502", "themes/default/templates/prose.html"],
        );
    }
}

// ------------------------------------------------------------------------ size

const CATEGORY: &str = "content/categories/more.yaml";

#[test]
fn huge_numbers_are_findings() {
    for number in [
        "9".repeat(100_000),
        "-9223372036854775809".into(),
        "1e999999999".into(),
        "0x".to_string() + &"f".repeat(10_000),
        ".inf".into(),
        ".nan".into(),
    ] {
        let text = format!("label: More\norder: {number}\nrows: []\n");
        let run = refused(CATEGORY, text, "SRM008");
        assert!(run.stderr.len() < 5_000, "{}", run.stderr.len());
    }
}

#[test]
fn a_hundred_thousand_keys_are_told_at_once() {
    let twice = "label: x\n".repeat(100_000);
    refused(CATEGORY, twice, "SRM005");
    let numbered: String = (0..50_000).map(|n| format!("key{n}: x\n")).collect();
    refused(CATEGORY, numbered.repeat(2), "SRM005");
    let unknown: String = (0..100_000).map(|n| format!("key{n}: x\n")).collect();
    refused(CATEGORY, unknown, "SRM006");
}

#[test]
fn merge_keys_make_nothing() {
    let mut bomb = String::from("a0: &a0 {k: v}\n");
    for n in 1..30 {
        let before = n - 1;
        bomb.push_str(&format!("a{n}: &a{n}\n  <<: [*a{before}, *a{before}]\n"));
    }
    let run = refused(CATEGORY, bomb, "SRM008");
    says(&run, &["merge keys (`<<`) are not part of the format"]);
}

#[test]
fn a_source_has_at_most_16_megabytes() {
    let page = "word ".repeat(17 * 1024 * 1024 / 5);
    let run = refused("content/page.md", &page, "SRM004");
    says(&run, &["a source may have at most 16 MB"]);
    refused(CATEGORY, format!("# {page}\n"), "SRM004");
}

#[test]
fn folders_sixty_deep_are_a_finding() {
    let folder = project();
    let deep = vec!["d"; 60].join("/");
    folder.write(&format!("content/{deep}/page.md"), "# Page\n");
    let run = limited(&folder, &["build"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(!folder.join("book").exists());
}

/// A file that is only copied is held once in memory.
#[test]
fn a_large_asset_is_held_once() {
    const SIZE: u64 = 128 << 20;
    let folder = project();
    let film = File::create(folder.join("content/film.bin")).unwrap();
    film.set_len(SIZE).unwrap();
    let mut command = Command::new("sh");
    // Half as much again, and what the program needs for itself.
    let kilobytes = (SIZE / 1024) * 3 / 2 + 60_000;
    command
        .args(["-c", &format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_srm-site"))
        .args(["build", "-q"])
        .env("RAYON_NUM_THREADS", "2")
        .env("MALLOC_ARENA_MAX", "1")
        .current_dir(folder.path());
    Run::of(command.output().unwrap()).code(0);
    let made = fs::metadata(folder.join("book/film.bin")).unwrap();
    assert_eq!(made.len(), SIZE);
}
