//! What a theme can replace: templates, blocks and static files.

use super::{main_of, site, themed};
use crate::harness::Built;
use crate::harness::reader::{Element, grids, parse};

#[test]
fn the_built_in_theme_needs_no_files() {
    let built = site().builds();
    let page = parse(built.page("index.html"));
    let style = page
        .one("style", &|e| {
            e.attr("rel") == Some("stylesheet") && e.attr("media").is_none()
        })
        .attr("href")
        .unwrap();
    let path = style.split('?').next().unwrap();
    assert!(built.files.contains_key(path), "{path}");
    // An empty theme of one's own changes not a byte.
    let empty = themed("");
    empty.assert_clean();
    assert_eq!(built.files, empty.files);
    // Nor does an unchanged copy of a built-in file.
    let copy = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/templates/page.html"),
    )
    .unwrap();
    let copied = themed(&format!("//- themes/default/templates/page.html\n{copy}"));
    copied.assert_clean();
    assert_eq!(built.files, copied.files);
}

/// A page without its policy, which no page has beside a template of a theme.
#[track_caller]
fn without_policy(page: &str) -> String {
    let start = page
        .find("<meta http-equiv=\"Content-Security-Policy\"")
        .unwrap();
    let (_, rest) = page[start..].split_once("\n").unwrap();
    page[..start].to_string() + rest
}

#[test]
fn one_template_is_replaced() {
    let built = themed(
        "//- themes/default/templates/prose.html\n<!DOCTYPE html>\n<html lang=\"en\"><head><title>{{ page.title }}</title></head>\
         <body><main id=\"srm-main\">My own: {{ page.title }} of {{ site.title }}{% for s in sections %}{{ s.html | safe }}{% endfor %}</main></body></html>\n",
    );
    built.assert_clean();
    assert_eq!(main_of(&built, "about.html"), "My own: About of Test Text.");
    // The others are the built-in ones.
    let plain = site().build();
    for path in [
        "index.html",
        "models/saas.html",
        "compare/index.html",
        "404.html",
    ] {
        assert_eq!(built.page(path), without_policy(plain.page(path)), "{path}");
    }
}

#[test]
fn one_block_of_every_page_is_changed() {
    let built = themed(
        "//- themes/default/templates/page.html\n{% extends \"builtin/page.html\" %}\n\
         {% block title %}<p class=\"mine\">Internal</p>{{ super() }}{% endblock title %}\n",
    );
    built.assert_clean();
    let plain = site().build();
    let mut pages = 0;
    for path in built
        .files
        .keys()
        .filter(|p| p.ends_with(".html") && !p.starts_with("embed/"))
    {
        let page = parse(built.page(path));
        let mine = page.one("mine", &|e| e.has_class("mine"));
        assert_eq!(mine.text(), "Internal", "{path}");
        // Everything else stands as before.
        let without = built
            .page(path)
            .replacen("<p class=\"mine\">Internal</p>", "", 1);
        let fold = |text: &str| {
            text.split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .replace("> <", "><")
        };
        let plain = without_policy(plain.page(path));
        assert_eq!(fold(&without), fold(&plain), "{path}");
        pages += 1;
    }
    assert!(pages >= 9, "{pages}");
}

#[test]
fn a_block_of_one_kind_of_page_is_changed() {
    let built = themed(
        "//- themes/default/templates/model.html\n{% extends \"builtin/model.html\" %}\n\
         {% block page_nav %}<p class=\"mine\">{{ page.kind }}</p>{% endblock page_nav %}\n",
    );
    built.assert_clean();
    for path in built
        .files
        .keys()
        .filter(|p| p.ends_with(".html") && !p.starts_with("embed/"))
    {
        let page = parse(built.page(path));
        let mine = page.all(&|e| e.has_class("mine"));
        assert_eq!(
            mine.len(),
            usize::from(path.starts_with("models/")),
            "{path}"
        );
        if path.starts_with("models/") {
            assert_eq!(mine[0].text(), "model");
            assert!(page.all(&|e| e.has_class("srm-page-nav")).is_empty());
            assert_eq!(
                grids(&page, "detail").len(),
                1,
                "the contents are still there"
            );
        }
    }
}

#[test]
fn static_files_replace_and_add() {
    let built = themed(
        "//- themes/default/static/style.css\nbody { color: rebeccapurple }\n//- themes/default/static/extra.css\na { color: red }\n\
         //- themes/default/static/own.js\n// Ours.\n  \"use strict\";\n//- themes/default/static/fonts/own.woff2\nnot really\n",
    );
    built.assert_clean();
    assert_eq!(
        built.page("assets/style.css"),
        "body { color: rebeccapurple }\n"
    );
    assert_eq!(built.page("assets/fonts/own.woff2"), "not really\n");
    // Only what is built in comes without its comments.
    assert_eq!(built.page("assets/own.js"), "// Ours.\n  \"use strict\";\n");
    let site = built.page("assets/site.js");
    assert!(site.contains("\nfunction markSections() {\n"), "{site}");
    assert!(!site.contains("\n//"), "{site}");
    let copy = include_str!("../../../themes/default/static/site.js");
    let copied = themed(&format!("//- themes/default/static/site.js\n{copy}"));
    assert_eq!(copied.page("assets/site.js"), site);
    let search = built.page("assets/scripts/search.css");
    assert!(search.contains("\ndisplay: ") && !search.contains("/*"));
    assert!(
        built.files.contains_key("assets/favicon.svg"),
        "the rest of the built-in theme"
    );
    let page = parse(built.page("models/saas.html"));
    let path =
        |e: &&Element, name: &str| e.attr(name).unwrap().split('?').next().unwrap().to_string();
    let styles: Vec<String> = page
        .all(&|e| e.attr("rel") == Some("stylesheet"))
        .iter()
        .map(|e| path(e, "href"))
        .collect();
    let own = [
        "../assets/print/document.css",
        "../assets/style.css",
        "../assets/extra.css",
    ];
    assert_eq!(styles, own);
    let scripts: Vec<String> = page
        .all(&|e| e.tag == "script")
        .iter()
        .map(|e| path(e, "src"))
        .collect();
    assert!(
        scripts.contains(&"../assets/own.js".to_string()),
        "{scripts:?}"
    );
    // A changed file gets another address, an equal one keeps it.
    let other = themed("//- themes/default/static/style.css\nbody { color: green }\n");
    let href = |built: &Built| -> String {
        let page = parse(built.page("index.html"));
        let all = page.all(&|e| e.attr("rel") == Some("stylesheet") && e.attr("media").is_none());
        all[0].attr("href").unwrap().to_string()
    };
    assert_ne!(href(&built), href(&other));
    assert_eq!(
        href(&built),
        href(&themed(
            "//- themes/default/static/style.css\nbody { color: rebeccapurple }\n"
        ))
    );
}
