//! `print.html`, which holds the pages of a site as its sections.

use std::collections::BTreeSet;

use crate::harness::Built;
use crate::harness::projects::{JAPANESE, ONE_MODEL, TWO_MODELS, project};
use crate::harness::reader::{Element, parse};

const RAW: &str = "[preprocessor.srm]\nraw-html = true\n";

/// The ids of `print.html`. Fails if one occurs twice, or if a link leads to an id
/// that is not there or to a file that is not there.
fn sound(built: &Built) -> BTreeSet<String> {
    let page = parse(built.page("print.html"));
    let with_id = page.all(&|e| e.attr("id").is_some());
    let mut ids = BTreeSet::new();
    for element in &with_id {
        let id = element.attr("id").unwrap().to_string();
        assert!(ids.insert(id.clone()), "{id} occurs twice");
    }
    for element in page.all(&|e| e.tag == "a" && e.attr("href").is_some()) {
        let href = element.attr("href").unwrap();
        let decoded = srm_site::text::decode(href);
        match decoded.split_once('#') {
            Some(("", id)) => assert!(ids.contains(id), "{href} leads nowhere: {ids:?}"),
            _ if href.contains(':') => {}
            _ => {
                let path = decoded.split(['#', '?']).next().unwrap();
                assert!(built.files.contains_key(path), "{href}");
            }
        }
    }
    ids
}

/// The address of the link in `print.html` with these words.
fn link(built: &Built, words: &str) -> String {
    let page = parse(built.page("print.html"));
    let is_it = |e: &Element| e.tag == "a" && e.text() == words;
    page.one(words, &is_it).attr("href").unwrap().to_string()
}

/// Pages whose names differ only by marks that an anchor does not tell apart.
#[test]
fn pages_with_similar_names_have_anchors_of_their_own() {
    for (first, second) in [
        ("a/b.md", "a-b.md"),
        ("guides/setup.md", "guides-setup.md"),
        ("api/v1.md", "api-v1.md"),
        ("a/b/c.md", "a-b/c.md"),
        ("手引/設定.md", "手引-設定.md"),
        ("a.md", "a--b.md"),
    ] {
        let text = "# T\n\n## Setup\n\n[here](#setup) Note.[^1]\n\n[^1]: More.\n";
        let other = "# T\n\n## b--Setup\n\n## Setup\n\n[here](#setup) Note.[^1]\n\n[^1]: More.\n";
        let built = project(TWO_MODELS)
            .page(first, other)
            .page(second, text)
            .builds();
        sound(&built);
    }
}

#[test]
fn the_first_page_keeps_its_anchors_and_only_the_other_gets_new_ones() {
    let text = "# T\n\n## Setup\n";
    let site = project(TWO_MODELS)
        .page("a/b.md", text)
        .page("a-b.md", text);
    let link_to = "[one](a-b.md#setup) [two](a/b.md#setup)\n";
    let built = site.page("c.md", &format!("# C\n\n{link_to}")).builds();
    let ids = sound(&built);
    for id in ["a-b--setup", "a-b-2--setup"] {
        assert!(ids.contains(id), "{ids:?}");
    }
    assert_eq!(link(&built, "one"), "#a-b--setup");
    assert_eq!(link(&built, "two"), "#a-b-2--setup");
    // Without a clash, nothing changes.
    let built = project(TWO_MODELS)
        .page("a/b.md", text)
        .page("a-b.md", "# T\n\n## Other\n")
        .builds();
    let ids = sound(&built);
    assert!(
        ids.contains("a-b--setup") && ids.contains("a-b--other"),
        "{ids:?}"
    );
}

/// A page and a model, or a page and a row, whose anchors would be the same.
#[test]
fn pages_keep_away_from_models_and_rows() {
    let intro = "---\nlabel: SaaS\norder: 1\n---\nWe run it.\n\n## Setup\n";
    let built = project(TWO_MODELS)
        .page("models/saas.md", intro)
        .page("saas.md", "# T\n\n## Setup\n")
        .builds();
    let ids = sound(&built);
    assert!(
        ids.contains("saas--setup") && ids.contains("saas-2--setup"),
        "{ids:?}"
    );
    let built = project(ONE_MODEL)
        .replace("content/categories/data.yaml", "id: keys", "id: a--setup")
        .page("a.md", "# T\n\n## Setup\n")
        .builds();
    let ids = sound(&built);
    assert!(
        ids.contains("a--setup") && ids.contains("a-2--setup"),
        "{ids:?}"
    );
}

#[test]
fn links_between_printed_pages_stay_on_the_page() {
    let built = project(TWO_MODELS)
        .page("index.md", "# Home\n\n## Start\n\n[guide](n/guide.md)\n")
        .page("n/guide.md", "# Guide\n\n## A part\n\n[home](../index.md) [start](../index.md#start)\n")
        .page(
            "n/other.md",
            "# Other\n\n[part](guide.md#a-part) [whole](guide.md) [model](model:saas) [row in](row:keys@saas) \
             [row](row:keys) [table](model:saas#srm-detail) [list](../index.md#srm-models) \
             [map](compare:) [own](#nothing-else)\n\n## Nothing else\n",
        )
        .builds();
    sound(&built);
    let page = parse(built.page("print.html"));
    let heading = |words: &str| {
        let all = page.all(&|e| e.tag == "section" && e.attr("id").is_some());
        let section = all
            .iter()
            .find(|e| e.text().trim_start().starts_with(words));
        format!("#{}", section.unwrap().attr("id").unwrap())
    };
    assert_eq!(link(&built, "part"), "#n-guide--a-part");
    assert_eq!(link(&built, "whole"), heading("Guide"));
    assert_eq!(link(&built, "guide"), heading("Guide"));
    assert_eq!(link(&built, "home"), "#srm-opening");
    assert_eq!(link(&built, "start"), "#index--start");
    assert_eq!(link(&built, "model"), "#srm-model-saas");
    assert_eq!(link(&built, "row in"), "#saas--keys");
    assert_eq!(link(&built, "table"), "#saas--srm-detail");
    // What is not on the page stays where it is.
    assert_eq!(link(&built, "row"), "categories/data.html#keys");
    assert_eq!(link(&built, "map"), "compare/index.html");
    // The list of models is only on the start page.
    assert_eq!(link(&built, "list"), "#srm-opening");
    assert_eq!(link(&built, "own"), "#n-other--nothing-else");
}

#[test]
fn a_link_of_a_task_to_a_row_stays_in_its_model() {
    let tasks = "\"See [this](#keys).\"";
    let built = project(TWO_MODELS)
        .replace("content/categories/data.yaml", "Bring the keys.", tasks)
        .builds();
    sound(&built);
    let page = parse(built.page("print.html"));
    let links = page.all(&|e| e.tag == "a" && e.text() == "this");
    let links: Vec<_> = links.iter().filter_map(|e| e.attr("href")).collect();
    assert_eq!(links, ["#saas--keys", "#byoc--keys"]);
}

#[test]
fn addresses_in_html_work_in_print() {
    let html = "# Raw\n\n<figure><img src=\"pic.png\" srcset=\"pic.png 1x,pic.png 2x\" alt=\"x\"></figure>\n\
        <video poster=\"pic.png\" src=\"pic.png#t=1,2\"></video><object data=\"pic.png?v=1\"></object>\n\n\
        <a href=\"other.html\">one</a> <a href=\"other.md#part\">two</a> <a href=\"pic.png\">three</a>\n";
    let built = project(TWO_MODELS)
        .settings(RAW)
        .with("content/sub/pic.png", b"\x89PNG")
        .page("sub/other.md", "# Other\n\n## Part\n")
        .page("sub/raw.md", html)
        .builds();
    sound(&built);
    let page = built.page("print.html");
    for part in [
        "<img src=\"sub/pic.png\" srcset=\"sub/pic.png 1x,sub/pic.png 2x\" alt=\"x\">",
        "<video poster=\"sub/pic.png\" src=\"sub/pic.png#t=1,2\">",
        "<object data=\"sub/pic.png?v=1\">",
        "<a href=\"sub/pic.png\">three</a>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(link(&built, "two"), "#sub-other--part");
    assert!(link(&built, "one").starts_with("#srm-page-"));
}

/// Ids in HTML have the prefix of their page, as all others do, and so have the
/// attributes that name them.
#[test]
fn ids_in_html_have_the_prefix_of_their_page() {
    let html = "# P\n\n<a id=\"before\"></a><a name=\"old\"></a>\n\n[to](#before) [former](#old)\n\n\
        <label for=\"in\">x</label><input id=\"in\" list=\"ls\" aria-describedby=\"in before\"><datalist id=\"ls\"></datalist>\n\n\
        <table><tr><th id=\"h1\">1</th><th id=\"h2\">2</th></tr><tr><td headers=\"h1 h2\">x</td></tr></table>\n\n\
        <map name=\"m\"></map><img usemap=\"#m\" src=\"https://example.com/x.png\" alt=\"x\">\n\n\
        <svg><linearGradient id=\"g\"/><path fill=\"url(#g)\"/><use href=\"#g\"/></svg>\n";
    let built = project(TWO_MODELS)
        .settings(RAW)
        .page("p.md", html)
        .page(
            "q.md",
            &html
                .replace("# P", "# Q")
                .replace("[to]", "[from]")
                .replace("[former]", "[later]"),
        )
        .builds();
    let page = parse(built.page("print.html"));
    let ids: Vec<&str> = page
        .all(&|e| e.attr("id").is_some())
        .iter()
        .filter_map(|e| e.attr("id"))
        .collect();
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        ids.len(),
        "{ids:?}"
    );
    assert_eq!(link(&built, "to"), "#p--before");
    assert_eq!(link(&built, "former"), "#p--old");
    assert_eq!(link(&built, "from"), "#q--before");
    let print = built.page("print.html");
    for part in [
        "id=\"p--before\"",
        "name=\"p--old\"",
        "for=\"p--in\"",
        "id=\"p--in\" list=\"p--ls\" aria-describedby=\"p--in p--before\"",
        "headers=\"p--h1 p--h2\"",
        "<map name=\"p--m\"></map><img usemap=\"#p--m\"",
        "fill=\"url(#p--g)\"",
        "<use href=\"#p--g\"/>",
    ] {
        assert!(print.contains(part), "{part}");
    }
    // On their own page they are as written.
    let own = built.page("p.html");
    assert!(
        own.contains("<input id=\"in\" list=\"ls\" aria-describedby=\"in before\">"),
        "{own}"
    );
}

#[test]
fn a_site_in_another_script_prints_soundly() {
    let built = project(JAPANESE)
        .page(
            "手引.md",
            "# 手引\n\n## 設定\n\n[注意へ](注意.md) [設定へ](#設定)\n",
        )
        .builds();
    sound(&built);
    assert_eq!(
        srm_site::text::decode(&link(&built, "設定へ")),
        "#手引--設定"
    );
}
