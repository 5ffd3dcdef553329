//! Settings that lead out of the project or make no sense.

use super::limited;
use crate::harness::inert::assert_inert;
use crate::harness::projects::{ONE_MODEL, project};
use crate::harness::{Folder, tree};

#[test]
fn settings_do_not_lead_out_of_the_project() {
    let parent = Folder::new();
    parent.write("secret.css", "/* secret */");
    parent.write("secret.md", "# secret");
    parent.write("evil/theme.toml", "api = 1\n");
    parent.write("evil/static/evil.css", "/* evil */");
    parent.write("evil.toml", "home = \"evil\"\n");
    let settings = [
        "[preprocessor.srm]\ntheme = \"../../evil\"",
        "language = \"../../../../evil\"",
        "[output.html]\nadditional-css = [\"../../etc/passwd\"]",
        "[output.html]\nadditional-css = [\"../secret.css\"]",
        "[output.html]\nadditional-js = [\"/etc/passwd\"]",
        "[output.html]\nadditional-css = [\"content/../../secret.css\"]",
        "[preprocessor.srm]\ntheme = \"../..\"",
        "[preprocessor.srm]\ntheme = \"/etc\"",
        "[output.html.redirect]\n\"../evil.html\" = \"index.html\"",
        "[output.html.redirect]\n\"../../evil.html\" = \"index.html\"",
        "[output.html.redirect]\n\"a/../../../evil.html\" = \"/index.html\"",
        "[output.html.redirect]\n\"//evil.html/../../../x.html\" = \"/index.html\"",
        "[output.html.redirect]\n\"./index.html\" = \"/404.html\"",
        "[output.html.redirect]\n\"a/../index.html\" = \"/404.html\"",
        "[output.html.redirect]\n\".srm-site-manifest.json\" = \"/404.html\"",
        "[output.html.redirect]\n\".srm-site-staging/lock\" = \"/404.html\"",
        "[output.html.redirect]\n\".srm-site-staging/files/index.html\" = \"/404.html\"",
    ];
    for (n, setting) in settings.iter().enumerate() {
        let name = format!("project{n}");
        for (path, bytes) in project(ONE_MODEL).files() {
            parent.write(&format!("{name}/{path}"), bytes);
        }
        parent.write(
            &format!("{name}/book.toml"),
            format!("[book]\nsrc = \"content\"\n{setting}\n"),
        );
        // With a folder of themes a path has something to lead out of.
        parent.write(&format!("{name}/themes/default/theme.toml"), "api = 1\n");
        parent.write(
            &format!("{name}/themes/default/strings/en.toml"),
            "home = \"Home\"\n",
        );
        let before = tree(parent.path());
        let run = limited(&parent, &["build", &name]);
        assert!(matches!(run.code, Some(1 | 2)), "{setting}: {}", run.stderr);
        assert!(run.stderr.contains("error["), "{setting}: {}", run.stderr);
        assert_eq!(
            before.keys().collect::<Vec<_>>(),
            tree(parent.path()).keys().collect::<Vec<_>>(),
            "{setting}"
        );
        assert!(!parent.join(&format!("{name}/book")).exists(), "{setting}");
    }
}

#[test]
fn a_not_found_page_that_is_missing_is_named() {
    for path in ["typo.md", "../../secret.md", "/etc/passwd"] {
        let folder = project(ONE_MODEL).on_disk();
        folder.write(
            "book.toml",
            format!("[book]\nsrc = \"content\"\n[output.html]\ninput-404 = \"{path}\"\n"),
        );
        let run = limited(&folder, &["check"]);
        assert!(
            run.code != Some(0) && run.stderr.contains(path),
            "{path}: {}",
            run.stderr
        );
    }
}

#[test]
fn redirects_that_are_fine_stay_in_their_place() {
    let folder = project(ONE_MODEL).on_disk();
    folder.write(
        "book.toml",
        "[book]\nsrc = \"content\"\n[output.html.redirect]\n\"/old/page.html\" = \"../index.html\"\n\"/older/\" = \"/models/saas.html#keys\"\n\"plain.html\" = \"index.html\"\n",
    );
    limited(&folder, &["build", "-D", "warnings"]).code(0);
    for (path, target) in [
        ("old/page.html", "../index.html"),
        ("older/index.html", "../models/saas.html#keys"),
        ("plain.html", "index.html"),
    ] {
        let page = folder.read(&format!("book/{path}"));
        assert!(page.contains(&format!("url={target}\"")), "{path}: {page}");
        assert_inert(path, &page);
    }
}

#[test]
fn a_domain_is_one_line() {
    let cname = |value: &str| {
        let folder = project(ONE_MODEL).on_disk();
        let value = serde_json::to_string(value).unwrap();
        folder.write(
            "book.toml",
            format!("[book]\nsrc = \"content\"\n[output.html]\ncname = {value}\n"),
        );
        let run = limited(&folder, &["build"]);
        (run.code, folder)
    };
    let (code, folder) = cname("docs.example.com");
    assert_eq!(code, Some(0));
    assert_eq!(folder.read("book/CNAME"), "docs.example.com\n");
    for bad in [
        "a.example\nb.example",
        "a.example\r\nb",
        "a b",
        "https://a.example/x",
        "a.example/\u{7}",
    ] {
        let (code, folder) = cname(bad);
        assert_eq!(code, Some(2), "{bad:?}");
        assert!(!folder.join("book").exists());
    }
}

#[test]
fn settings_that_make_no_sense_are_findings() {
    // Each with its finding; nothing refuses those without one, but they do
    // no harm.
    for (setting, code) in [
        ("[book]\nsrc = \"/\"\n", "is not a folder"),
        ("[book]\nsrc = \"content//\"\n", ""),
        ("[book]\nsrc = \".\"\n", "SRM007"),
        ("[book]\nsrc = \"book.toml\"\n", "SRM001"),
        ("[book]\nsrc = \"\u{202e}\"\n", "SRM001"),
        ("[book]\nsrc = \"content\"\nlanguage = \"../../x\"\n", ""),
        (
            "[book]\nsrc = \"content\"\nlanguage = \"\\\" onload=\\\"x\"\n",
            "",
        ),
        (
            "[book]\nsrc = \"content\"\n[build]\nbuild-dir = \"\\u0000\"\n",
            "",
        ),
        ("[book]\nsrc = \"content\\u0000\"\n", "SRM001"),
        (
            "[book]\nsrc = \"content\"\n[preprocessor.srm]\ncompare = [\"..\", \"saas..\", \"..saas\", \"saas..saas\", \"a..b..c\"]\n",
            "SRM104",
        ),
        (
            "[book]\nsrc = \"content\"\n[output.html]\nsite-url = \"https://\"\n",
            "error[",
        ),
        (
            "[book]\nsrc = \"content\"\n[output.html]\nsite-url = \"https://example.com/?a=b\"\n",
            "error[",
        ),
        (
            "[book]\nsrc = \"content\"\n[output.html]\nsite-url = \"https:////////\"\n",
            "error[",
        ),
        (
            "[book]\nsrc = \"content\"\n[output.html]\nedit-url-template = \"{path}{path}{path}\"\n",
            "SRM406",
        ),
        ("book = 1\n", "SRM008"),
        ("[book]\nsrc = 7\n", "SRM008"),
        ("preprocessor = []\n", "SRM008"),
        ("[preprocessor]\nsrm = 1979-05-27\n", "SRM008"),
        ("[output]\nhtml = inf\n", "SRM008"),
        ("[[book]]\n", "SRM008"),
        ("[output.html]\nredirect = [\"a\"]\n", "SRM008"),
    ] {
        let folder = project(ONE_MODEL).on_disk();
        folder.write("book.toml", setting);
        let check = limited(&folder, &["check"]);
        let build = limited(&folder, &["build"]);
        if !code.is_empty() {
            assert!(
                check.code != Some(0) && check.stderr.contains(code),
                "{setting}: {}",
                check.stderr
            );
            assert_ne!(build.code, Some(0), "{setting}: {}", build.stderr);
            assert!(!folder.join("book").exists(), "{setting}");
        }
        limited(&folder, &["clean"]);
        let content = folder.read("content/index.md");
        assert_eq!(content, "# Home\n\nHello.\n");
    }
}
