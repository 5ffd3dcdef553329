//! Addresses without any marks are links in every output, by the rules of GitHub
//! Flavored Markdown (section "Autolinks (extension)"), and no mark changes them.

use proptest::prelude::*;
use proptest::sample::select;
use srm_site::text::Strings;
use srm_site::text::links::Targets;
use srm_site::text::markdown::{self, Input, Scope, Settings};

use crate::harness::projects::{ONE_MODEL, TWO_MODELS, project};
use crate::harness::reader::parse;
use crate::properties::holds;

/// The HTML of a text of one paragraph, without its `<p>`.
fn html(text: &str) -> String {
    let file = "page.md".into();
    let input = Input {
        text,
        file: &file,
        start: Some(0),
        place: None,
        folder: "",
        title: "",
    };
    let scope = Scope {
        targets: &Targets::default(),
        strings: &Strings::default(),
        settings: Settings {
            raw_html: false,
            smart_punctuation: true,
            definition_lists: true,
            callouts: true,
        },
        root: Some(""),
        id_prefix: "",
        sections: None,
        texts: None,
    };
    let html = markdown::render(input, scope).html;
    let html = html.as_str().trim().replace("<p>", "").replace("</p>", "");
    html.to_string()
}

/// What is a link in a text: each address with its words.
fn links(text: &str) -> Vec<(String, String)> {
    let page = parse(&format!("<p>{}</p>", html(text)));
    let links = page.all(&|e| e.tag == "a");
    let links = links.iter();
    links
        .map(|a| (a.attr("href").unwrap().to_string(), a.text()))
        .collect()
}

#[test]
fn examples_of_the_specification_hold() {
    for (text, address, words) in [
        ("www.commonmark.org", "http://www.commonmark.org", ""),
        (
            "Visit www.commonmark.org/help for more information.",
            "http://www.commonmark.org/help",
            "",
        ),
        ("Visit www.commonmark.org.", "http://www.commonmark.org", ""),
        (
            "Visit www.commonmark.org/a.b.",
            "http://www.commonmark.org/a.b",
            "",
        ),
        (
            "www.google.com/search?q=Markup+(business)",
            "http://www.google.com/search?q=Markup+(business)",
            "",
        ),
        (
            "www.google.com/search?q=Markup+(business)))",
            "http://www.google.com/search?q=Markup+(business)",
            "",
        ),
        (
            "(www.google.com/search?q=Markup+(business))",
            "http://www.google.com/search?q=Markup+(business)",
            "",
        ),
        (
            "www.google.com/search?q=(business))+ok",
            "http://www.google.com/search?q=(business))+ok",
            "",
        ),
        (
            "www.google.com/search?q=commonmark&hl=en",
            "http://www.google.com/search?q=commonmark&hl=en",
            "",
        ),
        (
            "www.google.com/search?q=commonmark&hl;",
            "http://www.google.com/search?q=commonmark",
            "",
        ),
        (
            "www.commonmark.org/he<lp",
            "http://www.commonmark.org/he",
            "",
        ),
        ("http://commonmark.org", "http://commonmark.org", ""),
        (
            "(Visit https://encrypted.google.com/search?q=Markup+(business))",
            "https://encrypted.google.com/search?q=Markup+(business)",
            "",
        ),
        ("foo@bar.baz", "mailto:foo@bar.baz", ""),
        (
            "hello@mail+xyz.example isn't valid, but hello+xyz@mail.example is.",
            "mailto:hello+xyz@mail.example",
            "",
        ),
        ("a.b-c_d@a.b", "mailto:a.b-c_d@a.b", ""),
        ("a.b-c_d@a.b.", "mailto:a.b-c_d@a.b", ""),
        (
            "mailto:foo@bar.baz",
            "mailto:foo@bar.baz",
            "mailto:foo@bar.baz",
        ),
    ] {
        let bare = address
            .trim_start_matches("http://")
            .trim_start_matches("mailto:");
        let words = match words {
            "" if text.contains(address) => address,
            "" => bare,
            words => words,
        };
        let link = (address.to_string(), words.to_string());
        assert_eq!(links(text), [link], "{text}");
    }
    for text in [
        "a.b-c_d@a.b-",
        "a.b-c_d@a.b_",
        "www.a_b.c_d",
        "https://a_b.c_d/",
        "www.",
        "https://",
        "https:// x",
        "awww.example.com",
        "pkg@1.2.3",
        "@scope/name",
        "me@localhost",
        "xhttps://x.example",
        "ftp://x.example",
        "javascript://x.example",
        "https\\://x.example",
        "www\\.x.example",
        "me\\@x.example",
        "`https://x.example` `www.x.example` `me@x.example`",
        "    https://x.example www.x.example me@x.example",
        "```\nhttps://x.example www.x.example me@x.example\n```",
        "<a href=\"https://x.example/\">",
        "row:x@saas",
    ] {
        assert_eq!(links(text), [], "{text}");
    }
    assert_eq!(links("[https://a.example](https://b.example)").len(), 1);
    assert_eq!(
        links("[me@a.example https://a.example][x]\n\n[x]: https://b.example").len(),
        1
    );
    assert_eq!(links("<https://a.example> <me@a.example>").len(), 2);
}

#[test]
fn marks_and_other_scripts_around_an_address_are_not_in_it() {
    for (text, shown) in [
        ("https://x.example/a--b", "https://x.example/a--b"),
        ("https://x.example/a...b'c'd", "https://x.example/a...b'c'd"),
        ("\"https://x.example/\"", "https://x.example/"),
        ("“https://x.example/”", "https://x.example/"),
        ("[https://x.example/]", "https://x.example/"),
        ("**https://x.example/**", "https://x.example/"),
        ("**https://x.example/b**c", "https://x.example/b"),
        ("**a https://x.example/b** c", "https://x.example/b"),
        ("~~www.x.example~~", "www.x.example"),
        ("https://x.example/*a*/b", "https://x.example/*a*/b"),
        ("https://x.example/*a b*", "https://x.example/"),
        ("https://x.example/a_b_c", "https://x.example/a_b_c"),
        ("https://x.example/_a_?", "https://x.example/_a"),
        ("https://x.example/a\\_b", "https://x.example/a_b"),
        ("https://x.example/`a`/b", "https://x.example/`a`/b"),
        (
            "https://x.example/?a=1&amp;b=2",
            "https://x.example/?a=1&b=2",
        ),
        ("https://x.example/?a&copy;", "https://x.example/?a"),
        ("https://x.example/[a](b)", "https://x.example/"),
        (
            "https://x.example/[^1]\n\n[^1]: Note.",
            "https://x.example/",
        ),
        ("https://x.example/a\nb", "https://x.example/a"),
        ("| a |\n| - |\n| https://x.example/ |", "https://x.example/"),
        ("|a|\n|-|\n|https://x.example/|", "https://x.example/"),
        ("これはhttps://x.example/です。次", "https://x.example/です"),
        ("> https://x.example/\n> b", "https://x.example/"),
        ("# https://x.example/ #", "https://x.example/"),
    ] {
        let first = links(text).first().map(|(_, words)| words.clone());
        assert_eq!(first.as_deref(), Some(shown), "{text}: {}", html(text));
    }
    assert_eq!(
        html("https://x.example/*a*, *b* -- c"),
        "<a href=\"https://x.example/*a\">https://x.example/*a</a>*, <em>b</em> – c"
    );
}

#[test]
fn bare_addresses_are_links_in_every_output() {
    let text = "See https://x.example/a--b, www.y.example or me@z.example.";
    let built = project(TWO_MODELS)
        .page(
            "t.md",
            &format!("# T\n\n{text}\n\n## Of https://x.y/a--b\n"),
        )
        .replace(
            "content/categories/data.yaml",
            "[Keep the keys.]",
            &format!("['{text}']"),
        )
        .builds();
    for path in ["t.html", "models/saas.html", "print.html"] {
        for address in [
            "https://x.example/a--b",
            "http://www.y.example",
            "mailto:me@z.example",
        ] {
            let link = format!("<a href=\"{address}\">");
            assert!(built.page(path).contains(&link), "{path}: {address}");
        }
    }
    // An anchor that is published stays.
    let page = parse(built.page("t.html"));
    let heading = page.one("h2", &|e| e.tag == "h2");
    assert_eq!(heading.attr("id"), Some("of-httpsxyab"));
    assert_eq!(heading.text(), "Of https://x.y/a--b");
    assert!(built.page("t.md").contains(text));
    assert!(built.page("search/index.js").contains(text));
    let twin = built.page("models/saas.md");
    assert!(twin.contains(" https://x.example/a--b"), "{twin}");
    for address in ["http://www.y.example", "mailto:me@z.example"] {
        assert!(twin.contains(&format!("({address})")), "{twin}");
    }
}

#[test]
fn html_of_an_author_has_no_link_in_a_link() {
    let built = project(ONE_MODEL)
        .settings("[preprocessor.srm]\nraw-html = true\n")
        .page(
            "t.md",
            "# T\n\nSee <a href=\"https://x.example\">https://y.example</a> \
             and <code>me@x.example</code>, me@y.example.\n",
        )
        .builds();
    let page = built.page("t.html");
    assert!(page.contains("<a href=\"https://x.example\">https://y.example</a>"));
    assert!(page.contains("<code>me@x.example</code>, <a href=\"mailto:me@y.example\">"));
}

#[test]
fn no_word_is_lost_beside_an_address() {
    let piece = select(
        &[
            "https://",
            "http://",
            "www.",
            "a@b",
            ".c",
            "x.example",
            "/",
            "*",
            "_",
            "**",
            "~~",
            "`",
            "(",
            ")",
            "[",
            "]",
            "](b)",
            "<",
            ">",
            "\\",
            "&amp;",
            "&hl;",
            ";",
            "'",
            "\"",
            "--",
            "...",
            ".",
            ":",
            "mailto:",
            " ",
            "\n",
            "|",
            "word",
            "é",
            "語",
            "。",
            "a",
            "1",
            "{#b}",
            "[^1]",
            "<b>",
            "!",
        ][..],
    );
    holds(3000, prop::collection::vec(piece, 1..16), |pieces| {
        let text = pieces.concat();
        let letters = |text: &str| -> String {
            let text = parse(&format!("<p>{text}</p>")).text();
            text.chars().filter(|c| c.is_alphanumeric()).collect()
        };
        // A comma ends no word and begins no address.
        let plain: String = pieces
            .iter()
            .map(|piece| match *piece {
                "https://" => "https,//",
                "http://" => "http,//",
                "www." => "www,",
                "a@b" => "a,b",
                piece => piece,
            })
            .collect();
        let (linked, plain) = (html(&text), html(&plain));
        // What is in the address of a link or another mark is no word of either.
        if !text.contains(['[', '<', '{', '|', '`']) {
            assert_eq!(letters(&linked), letters(&plain), "{text:?}: {linked}");
        }
        let page = parse(&format!("<div>{linked}</div>"));
        for link in page.all(&|e| e.tag == "a") {
            assert!(link.all(&|e| e.tag == "a").len() <= 1, "{text:?}: {linked}");
        }
    });
}
