//! Files with scripts of their own: what is published and previewed of them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::harness::projects::{ONE_MODEL, Project, project};
use crate::harness::{Folder, Running, tree};

/// The longest wait for something to be shown; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" \
                      content=\"script-src 'self'; object-src 'none'\">";

const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">\
                       <path d=\"M0 0h9\"/></svg>\n";

/// One model, whose page shows a harmless picture.
fn site() -> Project {
    project(ONE_MODEL)
        .replace(
            "content/models/saas.md",
            "We run it.",
            "We run it. ![A picture](../good.svg)",
        )
        .with("content/good.svg", PICTURE)
}

const SVG: &str = "xmlns=\"http://www.w3.org/2000/svg\"";
const XHTML: &str = "xmlns:h=\"http://www.w3.org/1999/xhtml\"";

/// What `check` says about active files, a line each without the code.
#[track_caller]
fn told(folder: &Folder) -> Vec<String> {
    let run = folder.run(&["check", "--format", "short"]);
    run.code(0);
    lines(&run.stderr)
}

fn lines(said: &str) -> Vec<String> {
    let lines = said
        .lines()
        .filter_map(|line| line.split_once("warning[SRM410]: "));
    lines.map(|(_, message)| message.to_string()).collect()
}

#[track_caller]
fn tells_of(name: &str, bytes: &[u8], why: &str) {
    let folder = site().on_disk();
    folder.write(&format!("content/{name}"), bytes);
    let told = told(&folder);
    assert_eq!(told.len(), 1, "{name} {}: {told:?}", bytes.escape_ascii());
    let whole = format!("`content/{name}` {why}");
    assert_eq!(told[0], whole, "{}", bytes.escape_ascii());
}

#[test]
fn pages_and_scripts_are_told_by_their_names() {
    for name in ["a.html", "a.HTM", "x/a.xhtml", "a.xht", "a.shtml"] {
        tells_of(
            name,
            b"",
            "is a web page: browsers run its scripts with the rights of the site",
        );
    }
    for name in ["a.js", "x/y/a.mjs", "a.CJS"] {
        tells_of(
            name,
            b"",
            "is a script: browsers run it with the rights of the site",
        );
    }
    tells_of(
        "a.svgz",
        b"\x1f\x8b",
        "cannot be checked for scripts: it is compressed",
    );
}

#[test]
fn drawings_and_xml_are_told_by_the_scripts_in_them() {
    let holds = "can run scripts with the rights of the site: it has";
    for (inner, what) in [
        ("<script>alert(1)</script>", "a `script` element"),
        ("<g><SCRIPT href='x.js'/></g>", "a `script` element"),
        (
            "<s:script xmlns:s='http://www.w3.org/2000/svg'/>",
            "a `script` element",
        ),
        ("<!-- -- > --><script/>", "a `script` element"),
        ("<![CDATA[ ]] > ]]><script/>", "a `script` element"),
        ("<a b='>'/><script\n/>", "a `script` element"),
        ("<handler type='x'/>", "a `handler` element"),
        (
            "<foreignObject><h:iframe xmlns:h='http://www.w3.org/1999/xhtml'/></foreignObject>",
            "a `iframe` element",
        ),
        ("<path onload='x()'/>", "an attribute `onload`"),
        ("<path\tOnClick = \"x()\"/>", "an attribute `onclick`"),
        (
            "<foreignObject><h:img xmlns:h='http://www.w3.org/1999/xhtml' src='x' onerror='x()'/></foreignObject>",
            "an attribute `onerror`",
        ),
        (
            "<a xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='javascript:x()'/>",
            "a `javascript:` address in the attribute `href`",
        ),
        (
            "<a href=' &#x6A;ava&#10;Script&#58;x()'/>",
            "a `javascript:` address in the attribute `href`",
        ),
        (
            "<set attributeName='href' to='javascript:x()'/>",
            "a `javascript:` address in the attribute `to`",
        ),
        (
            "<animate attributeName='href' values='#;javascript:x()'/>",
            "a `javascript:` address in the attribute `values`",
        ),
        (
            "<use href='data:image/svg+xml;base64,PHN2Zz4='/>",
            "a document in the attribute `href`",
        ),
    ] {
        let text = format!("<svg {SVG}>{inner}</svg>");
        tells_of("a.svg", text.as_bytes(), &format!("{holds} {what}"));
    }
    let sheet = format!("{holds} a style sheet, which may be a program (XSLT)");
    let text = "<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='a.xsl'?><a/>";
    for name in ["a.xml", "a.svg", "a.RSS", "a.atom", "a.xsl"] {
        tells_of(name, text.as_bytes(), &sheet);
    }
    let text = format!("\u{feff}<a {XHTML}><h:script>x()</h:script></a>");
    for name in ["a.xml", "a.xslt", "a.xsd", "a.rdf", "a.mml"] {
        tells_of(
            name,
            text.as_bytes(),
            &format!("{holds} a `script` element"),
        );
    }
    // Written as a reference, the namespace is the same.
    let text = "<a xmlns:h='http://www.w3.org&#47;1999/xhtml'><h:script/></a>";
    tells_of(
        "a.xml",
        text.as_bytes(),
        &format!("{holds} a `script` element"),
    );
}

#[test]
fn what_cannot_be_checked_counts_as_active() {
    let unclear = "cannot be checked for scripts:";
    let wide: Vec<u8> = format!("<svg {SVG}/>")
        .bytes()
        .flat_map(|b| [b, 0])
        .collect();
    for (bytes, why) in [
        (
            &b"<!DOCTYPE svg [<!ENTITY a '<script/>'>]><svg>&a;</svg>"[..],
            "it declares entities",
        ),
        (
            b"<!DOCTYPE svg SYSTEM '[' [<!ATTLIST svg onload CDATA 'x()'>]><svg/>",
            "it declares entities",
        ),
        (
            b"<!DOCTYPE svg PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'>\
              <svg xmlns='http://www&period;w3&period;org/2000/svg'><script>x()</script></svg>",
            "its document type can change its meaning",
        ),
        (
            b"<!DOCTYPE svg PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'>\
              <svg xmlns='http://www.w3.org/2000/svg'><a href='javascript&colon;x()'/></svg>",
            "its document type can change its meaning",
        ),
        (&wide, "it is not UTF-8 text"),
        (b"\xff\xfe", "it is not well-formed XML"),
        (
            b"<?xml version='1.0' encoding='utf-7'?><svg/>",
            "it is not UTF-8 text",
        ),
        (
            b"<?xml version='1.0' encoding = \"ISO-2022-JP\"?><svg/>",
            "it is not UTF-8 text",
        ),
        (b"<svg", "it is not well-formed XML"),
        (b"<svg a=b/>", "it is not well-formed XML"),
        (b"<svg a/>", "it is not well-formed XML"),
        (b"<svg><!-- </svg>", "it is not well-formed XML"),
        (b"\x1f\x8b\x08", "it is not well-formed XML"),
    ] {
        tells_of("a.svg", bytes, &format!("{unclear} {why}"));
    }
}

#[test]
fn drawings_and_data_without_scripts_are_fine() {
    let folder = site().on_disk();
    for (n, text) in [
        // As Graphviz and Inkscape write them.
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\"\n \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<!-- a <script> in words -->\n<svg SVG><g id=\"node1\"><title>a&#45;&gt;b</title><a xlink:href=\"https://example.com/?a=1&amp;b=2\"><text>on the &lt;script&gt;</text></a></g></svg>\n",
        "<svg SVG xmlns:inkscape=\"http://www.inkscape.org/\" inkscape:version=\"1\" overflow=\"hidden\"><metadata><a/></metadata><style><![CDATA[ a > b { fill: url(#c) } ]]></style></svg>",
        // As draw.io does, with its own data and words as HTML.
        "<svg SVG content=\"&lt;mxfile host=&quot;a&quot;&gt;&#10;&lt;/mxfile&gt;\"><switch><foreignObject><div xmlns=\"http://www.w3.org/1999/xhtml\" style=\"color: red\">one</div></foreignObject></switch><image href=\"data:image/svg+xml;base64,PHN2Zz4=\"/><use href=\"#a\"/></svg>",
        "<svg SVG><image href=\"data:image/png;base64,AAAA\"/></svg>\n",
        "<?xml version='1.0' encoding='iso-8859-1'?><svg SVG><text>\u{e4}</text></svg>",
        "",
    ]
    .iter()
    .enumerate()
    {
        folder.write(&format!("content/{n}.svg"), text.replace("SVG", SVG));
    }
    folder.write(
        "content/a.xml",
        "<servers><server online=\"true\"><script>no</script></server></servers>",
    );
    folder.write(
        "content/feed.atom",
        format!("<feed xmlns='http://www.w3.org/2005/Atom' {XHTML}><h:p>a</h:p></feed>"),
    );
    for name in [
        "a.css",
        "a.json",
        "a.png",
        "a.pdf",
        "html",
        "a.js.map",
        "a.html.txt",
    ] {
        folder.write(&format!("content/{name}"), "<script>x()</script>");
    }
    assert_eq!(told(&folder), [""; 0]);
}

/// A site with one file of each kind.
fn attacked() -> Folder {
    let folder = site().on_disk();
    folder.write("content/evil.html", "<script src=\"evil.js\"></script>");
    folder.write("content/evil.js", "document.title = 'ran'");
    folder.write("content/evil.svg", format!("<svg {SVG}><script/></svg>"));
    folder
}

#[test]
fn every_command_tells_of_active_files_each_time() {
    let folder = attacked();
    let all = told(&folder);
    assert_eq!(all.len(), 3, "{all:?}");
    for files in ["files written", "0 of"] {
        let run = folder.run(&["build", "--format", "short"]);
        run.code(0);
        assert!(run.stderr.contains(files), "{}", run.stderr);
        assert_eq!(lines(&run.stderr), all);
    }
    for command in ["check", "build"] {
        folder.run(&[command, "--deny", "warnings"]).code(1);
    }
    // One that is added to a site that was built, and one that changes there.
    folder.write("content/more.mjs", "");
    folder.write("content/good.svg", format!("<svg {SVG} onload='x()'/>"));
    for _ in 0..2 {
        let run = folder.run(&["build", "--format", "short"]);
        assert_eq!(lines(&run.stderr).len(), 5, "{}", run.stderr);
    }
    std::fs::remove_file(folder.join("content/evil.html")).unwrap();
    let run = folder.run(&["build", "--format", "short"]);
    assert_eq!(lines(&run.stderr).len(), 4, "{}", run.stderr);
}

#[test]
fn settings_and_reasons_allow_active_files() {
    let folder = attacked();
    let settings = |more: &str| {
        let text = format!("[book]\nsrc = \"content\"\n{more}");
        folder.write("book.toml", text);
    };
    settings("[output.html]\nadditional-js = [\"./content//evil.js\"]\n");
    let left = told(&folder);
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(
        !left.iter().any(|line| line.contains("evil.js")),
        "{left:?}"
    );
    settings("[preprocessor.srm]\nraw-html = true\n");
    assert_eq!(told(&folder), [""; 0]);
    settings("[preprocessor.srm]\nraw-html = false\n");
    assert_eq!(told(&folder).len(), 3);
    let document = folder.read("content/srm.yaml");
    let reason = "acknowledge: {SRM410: The old site is reviewed line by line.}\n";
    folder.write("content/srm.yaml", document + reason);
    let run = folder.run(&["build", "--deny", "warnings"]);
    run.code(0);
    assert!(run.stderr.contains("3 acknowledged"), "{}", run.stderr);
}

// ------------------------------------------------------------------ the preview

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut own = headers.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        own.next().map_or("", |(_, value)| value)
    }

    fn is_in_a_sandbox(&self) -> bool {
        let mut parts = self.header("content-security-policy").split(';');
        parts.any(|part| part.trim() == "sandbox")
    }
}

fn get(address: SocketAddr, path: &str, headers: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let head =
        format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\n{headers}Connection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let all = String::from_utf8_lossy(&all);
    let (head, body) = all.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.into(),
        body: body.into(),
    }
}

/// Waits until an answer is as it should be.
#[track_caller]
fn becomes(address: SocketAddr, path: &str, is: impl Fn(&Answer) -> bool) -> Answer {
    let started = Instant::now();
    loop {
        let answer = get(address, path, "");
        if is(&answer) {
            return answer;
        }
        let late = started.elapsed() > PATIENCE;
        assert!(!late, "{path}: {}\n{}", answer.head, answer.body);
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_preview_keeps_active_files_in_a_sandbox() {
    let folder = attacked();
    folder.write("content/guide/index.html", "<p>one</p>");
    folder.write("content/notes.txt", "one");
    let mut running = Running::start(&folder, &["serve"]);
    let address = running.address();
    becomes(address, "index.html", |answer| answer.status == 200);
    for path in [
        "evil.html",
        "evil.js",
        "evil.svg",
        "guide/",
        "guide/index.html",
    ] {
        let answer = get(address, path, "");
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.is_in_a_sandbox(), "{path}: {}", answer.head);
        // What the browser has already stays there.
        let known = format!("If-None-Match: {}\r\n", answer.header("etag"));
        let again = get(address, path, &known);
        assert_eq!(again.status, 304, "{path}");
        assert!(again.is_in_a_sandbox(), "{path}: {}", again.head);
    }
    for path in [
        "",
        "models/saas.html",
        "good.svg",
        "notes.txt",
        "assets/site.js",
        "nothing",
        "search/index.js",
        "badges/saas/keys.svg",
    ] {
        let answer = get(address, path, "");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'self'; "),
            "{path}: {}",
            answer.head
        );
        assert!(!policy.contains("sandbox"), "{path}: {policy}");
    }
    // Each edit is looked at, and a browser does not take one policy for another.
    let evil = get(address, "evil.svg", "");
    folder.write("content/good.svg", format!("<svg {SVG}><script/></svg>"));
    becomes(address, "good.svg", Answer::is_in_a_sandbox);
    let event = || get(address, ".srm-site/state", "").body;
    assert_eq!(event().matches("SRM410").count(), 5, "{}", event());
    folder.write("content/good.svg", format!("<svg {SVG}/>"));
    becomes(address, "good.svg", |answer| !answer.is_in_a_sandbox());
    let settings = "[book]\nsrc = \"content\"\n[preprocessor.srm]\nraw-html = true\n";
    folder.write("book.toml", settings);
    let allowed = becomes(address, "evil.svg", |answer| !answer.is_in_a_sandbox());
    assert_eq!(event().matches("SRM410").count(), 0, "{}", event());
    assert_eq!(allowed.body, evil.body);
    assert_ne!(allowed.header("etag"), evil.header("etag"));
    running.end();
}

#[test]
fn no_active_file_stands_for_what_is_missing_in_the_preview() {
    let folder = attacked();
    folder.write(
        "book.toml",
        "[book]\nsrc = \"content\"\n[output.html]\ninput-404 = \"\"\n",
    );
    folder.write("content/404.html", "<script src=\"evil.js\"></script>");
    let mut running = Running::start(&folder, &["serve"]);
    let address = running.address();
    becomes(address, "index.html", |answer| answer.status == 200);
    let answer = get(address, "nothing", "");
    assert_eq!(answer.status, 404);
    assert!(!answer.body.contains("evil.js"), "{}", answer.body);
    assert!(get(address, "404.html", "").is_in_a_sandbox());
    running.end();
}

// -------------------------------------------------------------- published pages

/// Builds the site and says how many of its pages have the policy, and how many
/// have none.
#[track_caller]
fn policies(folder: &Folder) -> (usize, usize) {
    folder.run(&["build", "--format", "short"]).code(0);
    let pages = tree(&folder.join("book"))
        .into_iter()
        .filter_map(|(path, bytes)| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let is_page = path.ends_with(".html") && text.contains("<body class=\"srm-page\"");
            is_page.then_some((path, text))
        });
    let (mut with, mut without) = (0, 0);
    for (path, text) in pages {
        let Some(at) = text.find(POLICY) else {
            assert!(!text.contains("Content-Security-Policy"), "{path}");
            without += 1;
            continue;
        };
        with += 1;
        // What stands before a policy is not held by it.
        let before = &text[..at];
        for word in ["<script", "<link", "<body"] {
            assert!(!before.contains(word), "{path}: {before}");
        }
    }
    (with, without)
}

#[test]
fn published_pages_run_no_scripts_but_files_of_the_site() {
    let folder = site().on_disk();
    let all = policies(&folder).0;
    assert_eq!(policies(&folder), (all, 0));
    for page in [
        "index.html",
        "404.html",
        "print.html",
        "embed.html",
        "models/saas.html",
        "embed/detail-saas.html",
    ] {
        assert!(
            folder.read(&format!("book/{page}")).contains(POLICY),
            "{page}"
        );
    }
    // Each site is built over the one before, so that nothing old is kept.
    let settings =
        |more: &str| folder.write("book.toml", format!("[book]\nsrc = \"content\"\n{more}"));
    settings("[preprocessor.srm]\nraw-html = true\n");
    assert_eq!(policies(&folder), (0, all));
    settings("");
    assert_eq!(policies(&folder), (all, 0));
    folder.write("extra.js", "");
    settings("[output.html]\nadditional-js = [\"extra.js\"]\n");
    assert_eq!(policies(&folder), (0, all));
    folder.write("extra.css", "");
    settings("[output.html]\nadditional-css = [\"extra.css\"]\n");
    assert_eq!(policies(&folder), (all, 0));
    // A theme of words and colours adds no scripts.
    folder.write("themes/default/theme.toml", "api = 1\n");
    folder.write("themes/default/strings/en.toml", "menu = \"Contents\"\n");
    folder.write("themes/default/static/brand.css", "");
    assert_eq!(policies(&folder), (all, 0));
    let own = "{% extends \"builtin/base.html\" %}{% block footer %}{% endblock %}";
    for (path, text) in [
        ("themes/default/templates/base.html", own),
        ("themes/default/static/own.js", "// own"),
        ("themes/default/static/scripts/early.js", "// own"),
    ] {
        folder.write(path, text);
        assert_eq!(policies(&folder), (0, all), "{path}");
        std::fs::remove_file(folder.join(path)).unwrap();
        assert_eq!(policies(&folder), (all, 0), "{path}");
    }
}
