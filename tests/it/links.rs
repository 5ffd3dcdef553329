//! Links and addresses of a site.

use crate::harness::projects::{JAPANESE, TWO_MODELS, project};
use crate::harness::reader::parse;

#[test]
fn outputs_can_be_switched_off_and_leave_no_links() {
    let built = project(TWO_MODELS)
        .settings(
            "\
[preprocessor.srm]
compare = \"none\"
[preprocessor.srm.outputs]
parties = false
print = false
not-found = false
markdown = false
data = false
search = false
embed = false
",
        )
        .builds();
    let paths: Vec<&String> = built
        .files
        .keys()
        .filter(|p| !p.starts_with("assets/"))
        .collect();
    assert_eq!(
        paths,
        [
            ".nojekyll",
            "categories/data.html",
            "compare/index.html",
            "index.html",
            "models/byoc.html",
            "models/saas.html"
        ]
    );
    for path in paths.iter().filter(|p| p.ends_with(".html")) {
        let html = built.page(path);
        for gone in ["parties/", "print.html", "data/resp", ".md\"", "-vs-"] {
            assert!(!html.contains(gone), "{path} links to {gone}");
        }
    }
}

/// Links inside the site may be readable; addresses for other programs have to
/// be URIs (RFC 3986, and the sitemap protocol). The site's own address may be
/// written either way.
#[test]
fn absolute_addresses_are_ascii() {
    let site = |url: &str| {
        project(JAPANESE)
            .settings(&format!(
                "\
[output.html]
site-url = \"{url}\"
"
            ))
            .builds()
    };
    for (url, wanted, path) in [
        (
            "https://example.com/srm",
            "https://example.com/srm/",
            "/srm/",
        ),
        ("https://example.com", "https://example.com/", "/"),
        (
            "https://example.com/a b/責任/",
            "https://example.com/a%20b/%E8%B2%AC%E4%BB%BB/",
            "/a%20b/責任/",
        ),
        (
            "https://example.com/a%20b/%E8%B2%AC%E4%BB%BB",
            "https://example.com/a%20b/%E8%B2%AC%E4%BB%BB/",
            "/a%20b/責任/",
        ),
        ("/a%20b/責任", "", "/a%20b/責任/"),
    ] {
        let built = site(url);
        let not_found = parse(built.page("404.html"));
        let style = not_found.one("style", &|e| {
            e.attr("rel") == Some("stylesheet") && e.attr("media").is_none()
        });
        let style = style.attr("href").unwrap();
        assert!(
            style.starts_with(&format!("{path}assets/")),
            "{url}: {style}"
        );
        if wanted.is_empty() {
            continue;
        }
        let wanted = format!("{wanted}models/%E8%87%AA%E7%A4%BE.html");
        let sitemap = built.page("sitemap.xml");
        assert!(
            sitemap.contains(&format!("<loc>{wanted}</loc>")),
            "{sitemap}"
        );
        assert!(sitemap.is_ascii());
        let page = parse(built.page("models/自社.html"));
        let canonical = page.one("canonical", &|e| e.attr("rel") == Some("canonical"));
        assert_eq!(canonical.attr("href"), Some(wanted.as_str()));
    }
}

#[test]
fn a_part_of_a_file_that_is_no_page_can_be_linked_to() {
    let built = project(TWO_MODELS)
        .with("content/form.pdf", "%PDF\n")
        .page(
            "guide.md",
            "\
# Guide

See [the form](form.pdf#page=2).
",
        )
        .builds();
    assert!(
        built
            .page("guide.html")
            .contains("href=\"form.pdf#page=2\"")
    );
}
