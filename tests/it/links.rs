//! Links and addresses of a site.

use crate::harness::projects::{JAPANESE, ONE_MODEL, TWO_MODELS, project};
use crate::harness::reader::parse;

mod html5lib;

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

/// Ids and dead links of finished HTML, in the cases of the tests of HTML parsers:
/// what is a tag, an attribute and its value.
#[test]
fn ids_and_links_are_found_as_browsers_find_them() {
    use srm_site::text::links::{Paths, facts};
    let outputs: Paths = ["page.html", "a.html", "ö.html", "g/index.html"]
        .map(String::from)
        .into_iter()
        .collect();
    // The HTML, an id that it has, and the links that lead nowhere.
    let cases: &[(&str, &str, &[&str])] = &[
        // Names in any case, and values with and without quotes.
        ("<A HREF=x.html ID=i>", "i", &["x.html"]),
        ("<a hReF='x.html' iD='i'>", "i", &["x.html"]),
        ("<a\thref\n=\n'x.html'\r\nid\x0c=i>", "i", &["x.html"]),
        ("<a href=x.html/id=i>", "", &["x.html/id=i"]),
        ("<a href=\"x.html\"id=\"i\">", "i", &["x.html"]),
        ("<br/id=i/>", "i/", &[]),
        ("<a id=i\"b'c>", "i\"b'c", &[]),
        ("<a href=>id=i>", "", &[]),
        ("<a href id=i>", "i", &[]),
        ("<a =href='x' id=i>", "i", &[]),
        ("<a b='>' id=i>", "i", &[]),
        ("<a b=\"'\" c='\"' id=i>", "i", &[]),
        // The first of two attributes counts.
        ("<a id=i ID=j href=a.html HREF=x.html>", "i", &[]),
        ("<a href=x.html href=a.html>", "", &["x.html"]),
        // No tags.
        ("< a href=x.html>", "", &[]),
        ("<1 href=x.html>", "", &[]),
        ("a<b href", "", &[]),
        ("<a href=x.html", "", &[]),
        ("<a href='x.html>", "", &[]),
        ("</a href=x.html>", "", &[]),
        ("</a b='>' href=x.html><b id=i>", "i", &[]),
        ("</ a href=x.html><b id=i>", "i", &[]),
        ("</><b id=i>", "i", &[]),
        ("<?a <b id=j> ?><b id=i>", "i", &[]),
        ("<!a \"<b href=x.html>\" ><b id=i>", "i", &[]),
        ("<!DOCTYPE html SYSTEM \"x>\"><b id=i>", "i", &[]),
        // Comments, and how they end.
        ("<!-- <a href=x.html> --><b id=i>", "i", &[]),
        ("<!--><b id=i>", "i", &[]),
        ("<!---><b id=i>", "i", &[]),
        ("<!----><b id=i>", "i", &[]),
        ("<!-- --!><b id=i>", "i", &[]),
        ("<!-- -- > <a href=x.html> --><b id=i>", "i", &[]),
        ("<!-- > <a href=x.html>", "", &[]),
        // CDATA is text only in SVG and MathML.
        ("<![CDATA[ <a href=x.html>", "", &[]),
        ("<![CDATA[ > <b id=i> ]]>", "i", &[]),
        (
            "<svg><![CDATA[ > <a href=x.html> ]]><b id=i></svg>",
            "i",
            &[],
        ),
        ("<svg><desc><![CDATA[ > <b id=i> ]]></desc></svg>", "i", &[]),
        ("<svg></svg><![CDATA[ > <b id=i> ]]>", "i", &[]),
        ("<svg/><![CDATA[ > <b id=i> ]]>", "i", &[]),
        // Elements whose content is text.
        ("<title><a href=x.html></title><b id=i>", "i", &[]),
        (
            "<TEXTAREA><a href=x.html></textareas></TextArea ><b id=i>",
            "i",
            &[],
        ),
        ("<style>a<a href=x.html></style/><b id=i>", "i", &[]),
        ("<xmp><a href=x.html></xmp><b id=i>", "i", &[]),
        ("<iframe><a href=x.html></iframe><b id=i>", "i", &[]),
        ("<noframes><a href=x.html></noframes><b id=i>", "i", &[]),
        (
            "<noscript><a href=x.html></noscript><b id=i>",
            "i",
            &["x.html"],
        ),
        ("<script>'<a href=x.html>'</script><b id=i>", "i", &[]),
        (
            "<script><!-- <script> </script> <a href=x.html> --></script><b id=i>",
            "i",
            &[],
        ),
        ("<script><!--><script></script><b id=i>", "i", &[]),
        ("<script><!-- </script><b id=i>", "i", &[]),
        (
            "<script></scripts> <a href=x.html></script><b id=i>",
            "i",
            &[],
        ),
        ("<textarea><a href=x.html>", "", &[]),
        ("<plaintext></plaintext><a href=x.html>", "", &[]),
        ("<svg><style><b id=i></style></svg>", "i", &[]),
        (
            "<svg><title><textarea><a href=x.html></textarea></title></svg><b id=i>",
            "i",
            &[],
        ),
        (
            "<template><a href=x.html id=j><template></template><b id=j></template><b id=i>",
            "i",
            &[],
        ),
        // References in values.
        ("<a href=a&#46;html>", "", &[]),
        ("<a href=.&#47;a.html>", "", &[]),
        ("<a href=.&#x2F;a.html>", "", &[]),
        ("<a href=.&#47a.html>", "", &[]),
        ("<a href=.&sol;a.html>", "", &[]),
        ("<a href=&ouml;.html>", "", &[]),
        ("<a href=&ouml.html>", "", &[]),
        ("<a href=&#246;.html>", "", &[]),
        ("<a href=&ouml=.html>", "", &["&ouml=.html"]),
        ("<a href=?a&copy=1>", "", &[]),
        ("<a href=&nosuch;.html>", "", &["&nosuch;.html"]),
        ("<a href=&amp;amp;.html>", "", &["&amp;.html"]),
        ("<b id=a&notit;b>", "a&notit;b", &[]),
        ("<b id=a&not;b>", "a¬b", &[]),
        (
            "<b id=&#0;&#xD800;&#x110000;&#9999999999;>",
            "\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            &[],
        ),
        ("<b id=&#128;&#x9f;&#x81;>", "€Ÿ\u{81}", &[]),
        ("<b id=&#;&#x;&;&>", "&#;&#x;&;&", &[]),
        ("<b id=a\0b>", "a\u{fffd}b", &[]),
        ("<b id='a\0b'>", "a\u{fffd}b", &[]),
        // Other addresses, and what browsers drop around them.
        ("<a href=' a.html '>", "", &[]),
        ("<a href='a.\r\nht\tml'>", "", &[]),
        ("<a href='&#10;a.&#13;html'>", "", &[]),
        ("<a href='ht\ntps://x.example'>", "", &[]),
        ("<a href='x.\nhtml'>", "", &["x.html"]),
        ("<a name=i>", "i", &[]),
        (
            "<img srcset='a.html 1x, x.png 2x,y.png'>",
            "",
            &["x.png", "y.png"],
        ),
        ("<video poster=x.png></video>", "", &["x.png"]),
        ("<object data=x.pdf></object>", "", &["x.pdf"]),
        ("<svg><use xlink:href='#i'/></svg>", "", &["#i"]),
        ("<a href=g/></a><a href=./></a>", "", &["./"]),
    ];
    let mut wrong = Vec::new();
    for (html, id, dead) in cases {
        let found = facts(html, "", "page.html", "", &outputs);
        let links: Vec<&str> = found.open.iter().map(|link| link.href.as_str()).collect();
        let has_id = id.is_empty() || found.ids.contains(id);
        if !has_id || links != *dead || !found.repeated.is_empty() || found.ids.contains("j") {
            wrong.push(format!("{html:?}: has the id: {has_id}, dead: {links:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_link_by_reference_is_reported_at_its_definition() {
    for (definition, code, place) in [
        ("[dead]: nowhere.md", "SRM401", "6:9"),
        ("[DEAD]:   <nowhere.md>  'title'", "SRM401", "6:11"),
        ("[dead]:\n  nowhere.md", "SRM401", "7:3"),
        ("[dead]: #nowhere", "SRM402", "6:9"),
        ("[dead]: javascript:x()", "SRM406", "6:9"),
        ("[dead]: row:nowhere", "SRM401", "6:9"),
    ] {
        let text = format!("# T\n\n[a][dead] [dead][] [dead] *[b\nc][Dead]*\n\n{definition}\n");
        let built = project(TWO_MODELS)
            .page("page.md", &text)
            .fails_with(&[code]);
        let lines = built.lines();
        assert_eq!(lines.len(), 1, "{definition}: {lines:?}");
        let start = format!("content/page.md:{place} ");
        assert!(lines[0].starts_with(&start), "{definition}: {lines:?}");
    }
    // Two definitions are two findings, and an image is reported at its own.
    let text =
        "# T\n\n[a][one] [b][two] ![c][pic] ![d][pic]\n\n[one]: x.md\n[two]: x.md\n[pic]: x.png\n";
    let built = project(TWO_MODELS)
        .page("page.md", text)
        .fails_with(&["SRM401", "SRM403"]);
    assert_eq!(built.lines().len(), 3, "{:?}", built.lines());
}

#[test]
fn an_anchor_that_no_link_can_name_is_refused() {
    let built = project(ONE_MODEL)
        .page(
            "t.md",
            "# T {#t%20t}\n\n## Way {#a%20b}\n\n## Share {#100%}\n\n[x](#100%)\n",
        )
        .fails_with(&["SRM101"]);
    let lines = built.lines_of("SRM101");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[1].starts_with("content/t.md:3:1 error"), "{lines:?}");
    assert!(lines[1].ends_with("`a%20b` cannot be the anchor of a heading"));
    assert!(built.page("t.html").contains("<h2 id=\"way\">"));
}
