//! Mistakes in themes, and what their templates cannot do.

use super::{API, help, site, themed};
use crate::harness::build;
use crate::harness::reader::parse;

#[test]
fn a_missing_theme_is_an_error_at_its_name() {
    let toml = "//- book.toml\n[book]\nsrc = \"content\"\n\n[preprocessor.srm]\ntheme = \"acme\"\n";
    let built = site().with_files(toml).build();
    assert!(built.outcome.failed);
    assert_eq!(
        built.lines(),
        ["book.toml:5:9 error[SRM503] there is no theme folder `themes/acme`"]
    );
    // With the folder it is used, and `themes/default` is not.
    let built = site()
        .with_files(toml)
        .with("themes/acme/theme.toml", "name = \"acme\"\napi = 1\n")
        .with("themes/acme/static/own.css", "a {}\n")
        .with("themes/default/theme.toml", "api = 1\n")
        .with("themes/default/static/other.css", "b {}\n")
        .builds();
    assert!(built.files.contains_key("assets/own.css"));
    assert!(!built.files.contains_key("assets/other.css"));
}

#[test]
fn a_theme_for_another_interface_is_refused() {
    let built = site()
        .with_files("//- themes/default/theme.toml\nname = \"mine\"\napi = 7\n")
        .build();
    assert!(built.outcome.failed);
    assert_eq!(
        built.lines(),
        [
            "themes/default/theme.toml:2:7 error[SRM503] the theme is written for version 7 of the template interface, but this tool has version 1"
        ]
    );
    let built = site()
        .with_files("//- themes/default/static/own.css\na {}\n")
        .build();
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
    let mut site = site().with_files(API).with(
        "themes/default/templates/prose.html",
        "{% extends \"builtin/prose.html\" %}\n{% block title %}{{ nothing }}{% endblock title %}\n",
    );
    for n in 0..20 {
        let text = format!("# Page {n}\n\nText {n}. [About](about.md)\n");
        site = site.page(&format!("page-{n}.md"), &text);
    }
    let built = site.fails_with(&["SRM502"]);
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
    let settings = "\
[book]
title = \"<script>alert(1)</script> & \\\"q\\\"\"
src = \"content\"
";
    let template = "\
{% extends \"builtin/home.html\" %}
{% block title %}<h1 title=\"{{ site.title }}\">{{ site.title }}</h1>{% endblock title %}
";
    let built = site()
        .with("book.toml", settings)
        .with_files(API)
        .with("themes/default/templates/home.html", template)
        .builds();
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
        lines[0].contains("warning[SRM011] `template/page.html` is not a file of a theme"),
        "{lines:?}"
    );
    assert_eq!(help(&built, "SRM011"), ["did you mean `templates`?"]);
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
    for id in ["keys", "t\u{ee}tre", "t%C3%AEtre"] {
        linked(id).assert_clean();
    }
    for id in ["kesy", "t%C3%AEtres", "a&amp;b"] {
        let lines = linked(id).lines();
        let line = lines
            .first()
            .unwrap_or_else(|| panic!("{id} is not missed"));
        assert!(line.contains("[SRM402]") && lines.len() == 1, "{lines:#?}");
    }
}
