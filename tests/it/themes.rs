//! Themes: what a project may lay over the built-in one, and what a broken
//! theme is told.

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::{Built, build};
use crate::sites::reader::{Element, grids, parse};

const SITE: &str = "\
//- content/models/saas.md
---
label: SaaS
order: 1
---
//- content/models/byoc.md
---
label: BYOC
order: 2
---
//- content/categories/data.yaml
label: Data
rows:
  - id: base
    label: Base
    models:
      all:
        responsible: [customer, provider]
        tasks: {customer: [Use it.], provider: [Run it.]}
//- content/about.md
# About

Text.
";

const API: &str = "//- themes/default/theme.toml\napi = 1\n";

fn themed(files: &str) -> Built {
    build(&format!("{SITE}{API}{files}"))
}

#[track_caller]
fn main_of(built: &Built, path: &str) -> String {
    let page = parse(built.page(path));
    page.one("main", &|e| e.tag == "main").text()
}

/// Help of the first finding with this code.
#[track_caller]
fn help<'a>(built: &'a Built, code: &str) -> &'a [String] {
    let list = built.findings().list.iter();
    let found = list.clone().find(|f| f.code.id() == code);
    &found.unwrap_or_else(|| panic!("{:#?}", built.lines())).help
}

#[test]
fn the_built_in_theme_needs_no_files() {
    let built = build(SITE);
    built.assert_clean();
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
    let plain = build(SITE);
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
    let plain = build(SITE);
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
    let copy = include_str!("../../themes/default/static/site.js");
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

#[test]
fn strings_are_replaced_one_by_one() {
    let built = themed(
        "//- themes/default/strings/en.toml\nowner-shared = \"Both of us\"\nheading-summary = \"Who & <what>\"\n",
    );
    built.assert_clean();
    let page = parse(built.page("models/saas.html"));
    let line = page.by_id("base").unwrap();
    assert!(line.text().contains("Both of us"), "{}", line.text());
    assert!(
        page.by_id("srm-summary")
            .unwrap()
            .text()
            .starts_with("Who & <what>")
    );
    assert!(page.text().contains("Tasks in detail"), "the other strings");
    assert!(
        built
            .page("models/saas.md")
            .contains("**Both of us (Customer + Vendor)**")
    );
    assert!(
        built
            .page("data/responsibilities.csv")
            .contains(",Both of us,")
    );
    // Hooks for scripts are no words and stay.
    assert!(
        built
            .page("models/saas.html")
            .contains("data-owner=\"shared\"")
    );
}

#[test]
fn another_language_falls_back_to_english() {
    let toml = |language: &str| {
        format!(
            "//- book.toml\n[book]\ntitle = \"Test\"\nsrc = \"content\"\nlanguage = \"{language}\"\n"
        )
    };
    let dutch = "//- themes/default/strings/nl.toml\nowner-shared = \"Gedeeld\"\ncategory = \"Gebied\"\n\
                  //- themes/default/strings/nl-BE.toml\ncategory = \"Domein\"\n";
    let word = |language: &str| -> (String, String, String) {
        let built = build(&format!("{}{SITE}{API}{dutch}", toml(language)));
        built.assert_clean();
        let page = parse(built.page("models/saas.html"));
        let html = page.one("html", &|e| e.tag == "html");
        assert_eq!(html.attr("lang"), Some(language));
        let grid = &grids(&page, "summary")[0];
        (
            grid.header[0].clone(),
            grid.lines[0].text(2),
            grid.header[1].clone(),
        )
    };
    let own = |a: &str, b: &str| {
        (
            a.to_string(),
            format!("{b} Customer + Vendor"),
            "Responsibility".to_string(),
        )
    };
    assert_eq!(word("nl"), own("Gebied", "Gedeeld"));
    assert_eq!(word("nl-BE"), own("Domein", "Gedeeld"));
    assert_eq!(word("nl-NL"), own("Gebied", "Gedeeld"));
    assert_eq!(word("fr"), own("Category", "Shared"));
    // Reading direction comes with the language.
    let built = build(&format!("{}{SITE}", toml("he")));
    let page = parse(built.page("index.html"));
    assert_eq!(
        page.one("html", &|e| e.tag == "html").attr("dir"),
        Some("rtl")
    );
}

#[test]
fn shipped_languages_leave_nothing_out() {
    // Of the built-in theme: each has the keys of English, with the same values
    // to fill in, and none is English still.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/strings");
    let read = |name: &str| -> BTreeMap<String, String> {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        toml::from_str(&text).unwrap()
    };
    let values = |text: &str| -> BTreeSet<String> {
        let parts = text.split('{').skip(1);
        parts
            .map(|part| part.split('}').next().unwrap().to_string())
            .collect()
    };
    let english = read("en.toml");
    for (name, language) in [
        ("de.toml", "de"),
        ("ja.toml", "ja"),
        ("zh-CN.toml", "zh-CN"),
    ] {
        let strings = read(name);
        let keys: BTreeSet<&String> = strings.keys().collect();
        assert_eq!(keys, english.keys().collect(), "{name}");
        let mut same = 0;
        for (key, text) in &strings {
            assert_eq!(values(text), values(&english[key]), "{name}: {key}");
            assert!(!text.trim().is_empty(), "{name}: {key}");
            same += usize::from(*text == english[key]);
        }
        assert!(same < 20, "{name}: {same} texts are English");
        // The page says its language, and its words are the strings'.
        let toml = format!(
            "//- book.toml\n[book]\ntitle = \"Test\"\nsrc = \"content\"\nlanguage = \"{language}\"\n"
        );
        let built = build(&format!("{toml}{SITE}"));
        built.assert_clean();
        let page = parse(built.page("models/saas.html"));
        let grid = &grids(&page, "summary")[0];
        assert_eq!(grid.header[1], strings["responsibility"]);
        assert!(page.text().contains(&strings["heading-detail"]), "{name}");
    }
}

#[test]
fn every_string_a_template_or_page_uses_is_there() {
    // A key that is missing would come out as the key itself.
    let built = build(SITE);
    let strings = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/strings/en.toml"),
    )
    .unwrap();
    let keys: Vec<&str> = strings
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split(" = ").next())
        .filter(|k| k.contains('-'))
        .collect();
    assert!(keys.len() > 50);
    let words = |text: &str, key: &str| {
        text.split(|c: char| !(c.is_alphanumeric() || c == '-'))
            .any(|w| w == key)
    };
    for path in built.files.keys().filter(|p| p.ends_with(".html")) {
        let text = parse(built.page(path)).text();
        for key in &keys {
            assert!(!words(&text, key), "{path} shows the key `{key}`");
        }
        // Scripts fill in the words of the search.
        let text = text
            .replace("{n} results.", "")
            .replace("The first {n} are", "");
        // One page shows how a command is written.
        assert!(
            path == "embed.html" || !text.contains('{') && !text.contains('}'),
            "{path}: a place that was not filled in"
        );
    }
}

#[test]
fn a_missing_theme_is_an_error_at_its_name() {
    let toml = "//- book.toml\n[book]\nsrc = \"content\"\n\n[preprocessor.srm]\ntheme = \"acme\"\n";
    let built = build(&format!("{toml}{SITE}"));
    assert!(built.outcome.failed);
    assert_eq!(
        built.lines(),
        ["book.toml:5:9 error[SRM503] there is no theme folder `themes/acme`"]
    );
    // With the folder it is used, and `themes/default` is not.
    let built = build(&format!(
        "{toml}{SITE}//- themes/acme/theme.toml\nname = \"acme\"\napi = 1\n//- themes/acme/static/own.css\na {{}}\n\
         //- themes/default/theme.toml\napi = 1\n//- themes/default/static/other.css\nb {{}}\n"
    ));
    built.assert_clean();
    assert!(built.files.contains_key("assets/own.css"));
    assert!(!built.files.contains_key("assets/other.css"));
}

#[test]
fn a_theme_for_another_interface_is_refused() {
    let built = build(&format!(
        "{SITE}//- themes/default/theme.toml\nname = \"mine\"\napi = 7\n"
    ));
    assert!(built.outcome.failed);
    assert_eq!(
        built.lines(),
        [
            "themes/default/theme.toml:2:7 error[SRM503] the theme is written for template interface 7, this tool has 1"
        ]
    );
    let built = build(&format!(
        "{SITE}//- themes/default/static/own.css\na {{}}\n"
    ));
    assert!(built.outcome.failed);
    assert!(
        built.lines()[0].contains("error[SRM503] the theme `themes/default` has no `theme.toml`")
    );
    assert_eq!(
        help(&built, "SRM503"),
        ["create `themes/default/theme.toml` with the line `api = 1`"]
    );
}

#[test]
fn a_name_that_is_not_in_the_view_is_an_error_with_the_nearest() {
    let built = themed(
        "//- themes/default/templates/category.html\n{% extends \"builtin/category.html\" %}\n{% block title %}\n\
         <h1>{{ page.titel }}</h1>\n{% endblock title %}\n",
    );
    assert!(built.outcome.failed);
    assert_eq!(
        built.lines(),
        ["themes/default/templates/category.html:3:13 error[SRM502] Field `titel` is not defined"]
    );
    assert_eq!(help(&built, "SRM502")[0], "did you mean `title`?");
    let built = themed(
        "//- themes/default/templates/category.html\n{% extends \"builtin/category.html\" %}\n{% block title %}\n\
         <h1>{{ stie.title }}</h1>\n{% endblock title %}\n",
    );
    assert_eq!(
        built.lines(),
        ["themes/default/templates/category.html:3:8 error[SRM502] Variable `stie` is not defined"]
    );
    assert_eq!(help(&built, "SRM502")[0], "did you mean `site`?");
    let strings = themed(
        "//- themes/default/templates/category.html\n{% extends \"builtin/category.html\" %}\n\
         {% block title %}{{ strings[\"catgory\"] }}{% endblock title %}\n",
    );
    assert!(
        strings.outcome.failed,
        "an unknown string is an error as well"
    );
    let line = strings.lines().remove(0);
    assert!(
        line.starts_with("themes/default/templates/category.html:2:"),
        "{line}"
    );
    assert_eq!(help(&strings, "SRM502")[0], "did you mean `category`?");
}

/// One mistake in a template that many pages use is one finding.
#[test]
fn a_failing_template_is_reported_once() {
    let mut text = SITE.to_string();
    for n in 0..20 {
        text.push_str(&format!(
            "//- content/page-{n}.md\n# Page {n}\n\nText {n}. [About](about.md)\n"
        ));
    }
    let built = build(&format!(
        "{text}{API}//- themes/default/templates/prose.html\n{{% extends \"builtin/prose.html\" %}}\n\
         {{% block title %}}{{{{ nothing }}}}{{% endblock title %}}\n"
    ));
    assert_eq!(built.lines().len(), 1, "{:#?}", built.lines());
    assert!(built.lines()[0].starts_with("themes/default/templates/prose.html:2:21 error[SRM502]"));
}

#[test]
fn syntax_errors_of_several_templates_are_all_reported() {
    let built = themed(
        "//- themes/default/templates/page.html\n{% extends \"builtin/page.html\" %}\n{% block content %}\n{% if x %}\n{% endblock content %}\n\
         //- themes/default/templates/home.html\n{% extends \"builtin/home.html\" %}\n{{ page.title | }}\n\
         //- themes/default/templates/party.html\n\n\n{% fro x in y %}\n",
    );
    assert!(built.outcome.failed);
    let places: Vec<String> = built
        .lines()
        .iter()
        .map(|l| l.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    let lines: Vec<(&str, &str)> = places
        .iter()
        .map(|p| {
            (
                p.split(':').next().unwrap(),
                p.split(':').nth(1).unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("themes/default/templates/home.html", "2"),
            ("themes/default/templates/page.html", "4"),
            ("themes/default/templates/party.html", "3"),
        ],
        "{:#?}",
        built.lines()
    );
    assert!(
        places.iter().all(|p| p.ends_with("error[SRM501]")),
        "{places:?}"
    );
}

/// Templates see their view. There is no way to a file, the environment, the
/// clock, chance or the network.
#[test]
fn a_template_can_read_nothing_but_its_view() {
    for call in [
        "get_env(name=\"HOME\")",
        "load_data(path=\"/etc/passwd\")",
        "read_file(path=\"/etc/passwd\")",
        "now()",
        "get_random(start=0, end=10)",
        "load_data(url=\"http://127.0.0.1/\")",
    ] {
        let built = themed(&format!(
            "//- themes/default/templates/home.html\n{{% extends \"builtin/home.html\" %}}\n{{% block title %}}{{{{ {call} }}}}{{% endblock title %}}\n"
        ));
        assert!(built.outcome.failed, "{call} works");
        let lines = built.lines();
        assert!(
            lines
                .iter()
                .any(|l| l.starts_with("themes/default/templates/home.html:2:")
                    && (l.contains("SRM501") || l.contains("SRM502"))),
            "{call}: {lines:#?}"
        );
        assert_eq!(lines.len(), 1, "{call}: {lines:#?}");
    }
    for include in ["/etc/passwd", "../../../../etc/passwd", "../../book.toml"] {
        let built = themed(&format!(
            "//- themes/default/templates/home.html\n{{% extends \"builtin/home.html\" %}}\n{{% block title %}}{{% include \"{include}\" %}}{{% endblock title %}}\n"
        ));
        assert!(built.outcome.failed, "{include}");
    }
}

/// What a theme's author writes is template text, what a content author writes
/// is not: braces in content are braces.
#[test]
fn content_is_never_run_as_a_template() {
    let built = build(
        "\
//- content/models/saas.md
---
label: \"{{ site.title }}\"
---
Intro {{ 1 + 1 }} {% raw %}.
//- content/categories/data.yaml
label: \"{% if x %}\"
rows:
  - id: base
    label: \"{{ page.titel }}\"
    models: {all: {responsible: [customer, provider], tasks: {customer: [\"Use {{ 7 * 6 }}.\"], provider: [\"{# gone #}\"]}}}
",
    );
    built.assert_clean();
    let text = parse(built.page("models/saas.html")).text();
    for part in [
        "{{ site.title }}",
        "{{ 1 + 1 }} {% raw %}.",
        "{% if x %}",
        "{{ page.titel }}",
        "Use {{ 7 * 6 }}.",
        "{# gone #}",
    ] {
        assert!(text.contains(part), "{part} not in {text}");
    }
}

/// Values are escaped unless a template says otherwise: a theme that forgets
/// nothing special is safe.
#[test]
fn values_are_escaped_in_templates_of_a_theme() {
    let built = build(&format!(
        "//- book.toml\n[book]\ntitle = \"<script>alert(1)</script> & \\\"q\\\"\"\nsrc = \"content\"\n{SITE}{API}\
         //- themes/default/templates/home.html\n{{% extends \"builtin/home.html\" %}}\n\
         {{% block title %}}<h1 title=\"{{{{ site.title }}}}\">{{{{ site.title }}}}</h1>{{% endblock title %}}\n"
    ));
    built.assert_clean();
    let page = parse(built.page("index.html"));
    let h1 = page.one("h1", &|e| e.tag == "h1");
    assert_eq!(h1.text(), "<script>alert(1)</script> & \"q\"");
    assert_eq!(h1.attr("title"), Some("<script>alert(1)</script> & \"q\""));
    assert!(
        page.all(&|e| e.tag == "script" && e.attr("src").is_none())
            .is_empty()
    );
}

#[test]
fn stray_files_in_a_theme_are_named() {
    let built = themed("//- themes/default/template/page.html\nx\n");
    let lines = built.lines();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(
        lines[0].contains("warning[SRM011] a theme has no `template/page.html`"),
        "{lines:?}"
    );
    assert_eq!(help(&built, "SRM011"), ["did you mean `templates`?"]);
}

#[test]
fn a_long_list_in_the_menu_is_folded_where_the_page_is_not_in_it() {
    let category = |n: usize| {
        format!(
            "//- content/categories/c{n}.yaml\nlabel: C{n}\nrows:\n  - id: r{n}\n    label: R{n}\n    \
             models: {{all: {{responsible: provider, tasks: {{provider: [Run it.]}}}}}}\n"
        )
    };
    let folded = |built: &Built, path: &str| -> Vec<String> {
        let page = parse(built.page(path));
        let groups = page.all(&|e| e.has_class("srm-nav-group"));
        let closed = groups.iter().filter(|group| group.attr("open").is_none());
        let label = |group: &&Element| group.one("label", &|e| e.tag == "summary").text();
        closed.map(label).collect()
    };
    for (more, on_other_pages) in [(9, vec![]), (10, vec!["Categories"])] {
        let built = build(&(SITE.to_string() + &(1..=more).map(category).collect::<String>()));
        assert_eq!(folded(&built, "index.html"), on_other_pages);
        assert_eq!(folded(&built, "categories/c1.html"), [""; 0]);
    }
}

/// The menu is known to be right and need not be looked at, but what stands
/// around it has to be, and so has what a theme makes of it.
#[test]
fn links_around_the_menu_and_in_a_changed_one_are_checked() {
    let around = |menu: &str| {
        themed(&format!(
            "//- themes/default/templates/page.html\n{{% extends \"builtin/page.html\" %}}\n\
             {{% block sidebar %}}<nav>{menu}</nav>{{% endblock sidebar %}}\n"
        ))
    };
    around("{{ menu | safe }}").assert_clean();
    let dead = |menu: &str| {
        let lines = around(menu).lines_of("SRM401");
        let targets = lines
            .iter()
            .map(|line| line.split('`').nth(3).unwrap().to_string());
        targets.collect::<std::collections::BTreeSet<_>>()
    };
    let before = dead("<a href=\"lost.html\">x</a>{{ menu | safe }}");
    assert!(before.iter().all(|to| to == "lost.html") && before.len() == 1);
    let after = dead("{{ menu | safe }}<a href=\"gone.html\">x</a>");
    assert!(after.iter().all(|to| to == "gone.html") && after.len() == 1);
    let changed = dead("{{ menu | replace(from=\"models/\", to=\"no/\") | safe }}");
    assert!(changed.contains("no/saas.html"), "{changed:?}");
    // One that begins as it should.
    let end = "{{ menu | replace(from=\"about.html\", to=\"abuot.html\") | safe }}";
    assert!(dead(end).contains("abuot.html"));
}

/// A place on the page itself is looked up like any other.
#[test]
fn links_of_a_theme_to_places_on_the_page_are_checked() {
    let linked = |id: &str| {
        themed(&format!(
            "//- themes/default/templates/category.html\n{{% extends \"builtin/category.html\" %}}\n\
             {{% block title %}}<a href=\"#{id}\">x</a><h1 id=\"t\u{ee}tre\">T</h1>{{% endblock title %}}\n"
        ))
    };
    for id in ["base", "t\u{ee}tre", "t%C3%AEtre"] {
        linked(id).assert_clean();
    }
    for id in ["bsae", "t%C3%AEtres", "a&amp;b"] {
        let lines = linked(id).lines();
        let line = lines
            .first()
            .unwrap_or_else(|| panic!("{id} is not missed"));
        assert!(line.contains("[SRM402]") && lines.len() == 1, "{lines:#?}");
    }
}

#[test]
fn a_menu_without_room_for_all_pages_leads_to_all_of_them() {
    let page = |n: usize| format!("//- content/p{n:02}.md\n# Text {n}\n\nWords.\n");
    let links = |of: &Element| -> Vec<(String, bool)> {
        let links = of.all(&|e| e.tag == "a");
        let link = |a: &&Element| (a.text(), a.attr("aria-current") == Some("page"));
        links.iter().map(link).collect()
    };
    // Another page and the one on embedding come to them.
    for (pages, cut) in [(38, false), (40, true)] {
        let text = SITE.to_string() + &(1..=pages).map(page).collect::<String>();
        let built = build(&text);
        let menu = |path: &str| {
            let page = parse(built.page(path));
            let groups = page.all(&|e| e.has_class("srm-nav-group"));
            let label = |g: &Element| g.one("label", &|e| e.tag == "summary").text();
            let group = groups.into_iter().find(|g| label(g) == "Pages");
            links(group.expect("a group of pages"))
        };
        let home = parse(built.page("index.html"));
        let listed = home.all(&|e| e.attr("id") == Some("srm-pages"));
        let last = format!("p{pages}.html");
        if !cut {
            assert!(listed.is_empty());
            assert_eq!(menu(&last).len(), 40);
            assert_eq!(menu(&last)[38], ("Text 38".to_string(), true));
            continue;
        }
        let names = links(listed[0]).into_iter().map(|(name, _)| name);
        // The heading's own link has no words.
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        assert_eq!(names.len(), 42, "{names:?}");
        assert_eq!(names[40], "Text 40");
        // Where the reader is stands in the menu all the same, and only there.
        let all = ("All 42 pages".to_string(), false);
        assert_eq!(menu("index.html").len(), 41);
        assert_eq!(menu("index.html")[40], all);
        assert_eq!(menu(&last)[40], ("Text 40".to_string(), true));
        assert_eq!(menu(&last)[41], all);
        assert_eq!(menu("p39.html")[39], ("Text 39".to_string(), true));
        assert_eq!(menu("p39.html").len(), 41);
    }
}

/// The group of pages in the menu, a line each: nested by blanks, a folder with
/// `+` when it is open and `-` when it is not, the page itself with a `*`.
fn outline(built: &Built, path: &str) -> String {
    fn list(of: &Element, depth: usize, out: &mut String) {
        for entry in of.elements().filter(|e| e.tag == "li") {
            out.push_str(&"  ".repeat(depth));
            let inner = entry.elements().next().expect("a link or a folder");
            if inner.tag == "a" {
                let here = inner.attr("aria-current") == Some("page");
                out.push_str(&inner.text());
                out.push_str(if here { "*\n" } else { "\n" });
                continue;
            }
            let mark = if inner.attr("open").is_some() {
                "+"
            } else {
                "-"
            };
            let label = inner.elements().next().expect("a label").text();
            out.push_str(&format!("{mark}{label}\n"));
            let below = inner.elements().find(|e| e.tag == "ul").expect("a list");
            list(below, depth + 1, out);
        }
    }
    let page = parse(built.page(path));
    let groups = page.all(&|e| e.has_class("srm-nav-group"));
    let label = |g: &Element| g.elements().next().map(Element::text);
    let group = groups
        .into_iter()
        .find(|g| label(g).as_deref() == Some("Pages"));
    let mut out = String::new();
    let below = group.expect("a group of pages").elements();
    list(below.last().expect("a list"), 0, &mut out);
    out
}

const FOLDERS: &str = "\
//- content/guide/README.md
---
order: 2
---
# The guide

//- content/guide/setup.md
# Set up

//- content/guide/deep/keys.md
# Keys

//- content/guide/first.md
---
order: 1
---
# First steps

//- content/how-to/ask.md
---
order: 1
---
# Ask

//- content/zebra.md
---
order: 3
---
# Zebra
";

#[test]
fn pages_nest_in_the_menu_as_their_folders_do() {
    let built = build(&(SITE.to_string() + FOLDERS));
    let deep = "\
-How to
  Ask
+The guide
  Overview
  First steps
  +Deep
    Keys*
  Set up
Zebra
About
How to embed
";
    let outline_of = |path: &str| outline(&built, path);
    let found = outline_of("guide/deep/keys.html");
    let rest = "Zebra\n";
    assert_eq!(found.split(rest).next(), deep.split(rest).next());
    let top = outline_of("zebra.html");
    assert!(top.contains("-The guide\n  Overview\n"), "{top}");
    assert!(top.contains("Zebra*"), "{top}");
    let own = outline_of("guide/index.html");
    assert!(own.contains("+The guide\n  Overview*\n"), "{own}");
    // The order of reading is that of the menu.
    let after = |path: &str| {
        let page = parse(built.page(path));
        let next = page.all(&|e| e.has_class("srm-next"));
        next[0].attr("href").unwrap_or_default().to_string()
    };
    assert_eq!(after("how-to/ask.html"), "../guide/index.html");
    assert_eq!(after("guide/index.html"), "../guide/first.html");
    assert_eq!(after("guide/first.html"), "../guide/deep/keys.html");
    assert_eq!(after("guide/deep/keys.html"), "../../guide/setup.html");
    assert_eq!(after("guide/setup.html"), "../zebra.html");
    // A folder with a page of its own is on the way to what is in it.
    let trail = |path: &str| -> Vec<String> {
        let page = parse(built.page(path));
        let trail = page.one("trail", &|e| e.has_class("srm-breadcrumbs"));
        trail
            .all(&|e| e.tag == "a")
            .iter()
            .map(|a| a.text())
            .collect()
    };
    assert_eq!(trail("guide/deep/keys.html"), ["Home", "The guide"]);
    assert_eq!(trail("guide/index.html"), ["Home"]);
    assert_eq!(trail("how-to/ask.html"), ["Home"]);
}

#[test]
fn a_menu_without_room_shows_the_folders_the_reader_is_in() {
    let page = |n: usize| format!("//- content/many/p{n:02}.md\n# Text {n}\n\nWords.\n");
    let text = SITE.to_string() + FOLDERS + &(1..=45).map(page).collect::<String>();
    let built = build(&text);
    let other = outline(&built, "zebra.html");
    // Each folder leads to its first page.
    assert!(!other.contains("Text"), "{other}");
    assert!(other.contains("The guide\n") && other.contains("Many\n"));
    let page = parse(built.page("zebra.html"));
    let links = page.all(&|e| e.tag == "a" && e.text() == "The guide");
    assert_eq!(links[0].attr("href"), Some("guide/index.html"));
    let last = outline(&built, "many/p45.html");
    assert!(last.contains("+Many\n  Text 1\n"), "{last}");
    assert!(last.contains("  Text 40\n  Text 45*\n"), "{last}");
    assert!(last.contains("All "), "{last}");
    // The start page lists them all, nested in the same way; a folder's own page
    // stands for it.
    let twin = built.page("index.md");
    let listed = "\
- How to
  - [Ask](how-to/ask.md)
- [The guide](guide/index.md)
  - [First steps](guide/first.md)
  - Deep
    - [Keys](guide/deep/keys.md)
  - [Set up](guide/setup.md)
- [Zebra](zebra.md)
";
    assert!(twin.contains(listed), "{twin}");
    let home = parse(built.page("index.html"));
    let list = home.one("list", &|e| e.attr("id") == Some("srm-pages"));
    let guide = list.one("folder", &|e| {
        e.tag == "li" && e.elements().next().is_some_and(|a| a.text() == "The guide")
    });
    let names = guide.all(&|e| e.tag == "a");
    let names: Vec<String> = names.iter().map(|a| a.text()).collect();
    assert_eq!(names, ["The guide", "First steps", "Keys", "Set up"]);
}

#[test]
fn the_contents_of_a_page_name_the_groups_of_its_tables_if_they_are_few() {
    let category = |n: usize| {
        format!(
            "//- content/categories/many{n}.yaml\nlabel: Many {n}\nrows:\n  - id: many-{n}\n    \
             label: Row {n}\n    models:\n      all: {{responsible: provider, tasks: {{provider: [Do it.]}}}}\n"
        )
    };
    for (more, listed) in [(38, true), (45, false)] {
        let text = SITE.to_string() + &(1..=more).map(category).collect::<String>();
        let built = build(&text);
        let page = built.page("models/saas.html");
        let groups = page.matches("data-level=\"3\"").count();
        assert_eq!(groups >= more, listed, "{groups} with {more} more");
        assert_eq!(groups == 0, !listed, "{groups} with {more} more");
    }
}

#[test]
fn a_page_is_described_by_its_first_paragraphs() {
    let built = build(
        &(SITE.to_string()
            + "//- content/first.md\n# First\n\n## A heading\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\
               Run `srm-site build`\nand *read*.\\\nThen go on.[^1]\n\n- a point\n\nNext.\n\n[^1]: A note.\n"),
    );
    let page = parse(built.page("first.html"));
    let description = |e: &Element| e.attr("name") == Some("description");
    let words = page.one("description", &description).attr("content");
    assert_eq!(
        words,
        Some("Run srm-site build and read. Then go on. Next.")
    );
}
