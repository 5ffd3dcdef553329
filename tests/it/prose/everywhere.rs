//! Every text of the data that a page shows is on the page for printing and in the
//! search, with the words of its headings and of its HTML.

use std::collections::BTreeSet;

use crate::harness::projects::{ONE_MODEL, TWO_MODELS, project};
use crate::harness::reader::parse;

/// A project in which each text has a word of its own, which begins with `zz`.
const ALL: &str = "\
//- content/srm.yaml
schema: 1
document:
  version: zzversion
  contact: zzcontact
  source: {label: zzsource}
  catch-all: {text: \"Text zzcatchall.\\n\\n## zzcatchheading\\n\"}
  precedence: Text zzprecedence.
  history:
    - {version: zzold, date: 2024-01-01, changes: \"Changed zzchange.\\n\\n## Scope\\n\"}
    - {version: zzolder, date: 2023-01-01, changes: \"Changed zzchanged.\\n\\n## Scope\\n\"}
parties:
  - {id: customer, kind: customer, label: zzcustomer, description: \"Is zzbuyer.\\n\\n## Scope\\n\"}
  - {id: provider, kind: provider, label: zzvendor, description: \"Is zzseller.\\n\\n## Scope\\n\"}
frameworks:
  - {id: soc, label: zzframework}
//- content/models/saas.md
---
label: zzsaas
order: 1
description: A zzmodel.
parties: {customer: zzclient}
---
# zzintro

We run it, zzwords.
//- content/models/byoc.md
---
label: zzbyoc
order: 2
---
You run it.
//- content/categories/data.yaml
label: zzdata
labels: {byoc: zzyours}
description: |
  All zzdescribed.

  ## Scope

  More zzmore.[^1] [here](#scope), [keys](#keys), [model](model:saas).

  ### zzheading

  [^1]: A zznote.
rows:
  - id: keys
    label: zzkeys
    labels: {byoc: zzyourkeys}
    description: Row zzrow.
    notes: [Mind zzrownote.]
    controls: {soc: zzcontrol}
    models:
      saas:
        responsible: [customer, provider]
        tasks: {customer: [Bring zztask.], provider: [{text: Keep zzkept., controls: {soc: zzcc}}]}
        summary: {customer: A zzsummary., provider: A zzsum.}
        scope: {customer: Only zzscope.}
        notes: [Mind zzcellnote.]
        cadence: zzcadence
      byoc:
        responsible: [customer, provider]
        tasks: {customer: [Take zzfirst.], provider: [Give zzsecond.]}
        conditional: {provider: If zzcondition.}
  - id: logs
    label: zzlogs
    only-in: {models: [saas], reason: As zzonly.}
    models:
      saas: {state: not-applicable, reason: As zzreason.}
//- content/categories/more.yaml
label: zzother
description: \"Is zzothers.\\n\\n## Scope\\n\"
rows:
  - id: other
    label: zzotherrow
    models: {all: {responsible: provider, tasks: {provider: [Do zzdone.]}}}
//- content/t.md
---
title: zztitle
description: A zzlead.
---
# zzfirst-heading

Words zzprose.

<div>
<p title=\"zzattribute\">zzblock <b>zzbold</b> zz&amp;amp</p>
<script>zzscript</script>
</div>
";

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| word.starts_with("zz"));
    words.map(str::to_string).collect()
}

#[test]
fn every_text_of_the_data_is_in_print_and_in_the_search() {
    let built = project(ALL)
        .settings("[preprocessor.srm]\nraw-html = true\n")
        .builds_with(&["SRM225 note", "SRM301", "SRM302"]);
    let shown = |path: &str| words(&parse(built.page(path)).text());
    let pages = built.files.keys().filter(|path| {
        path.ends_with(".html") && *path != "print.html" && !path.starts_with("embed/")
    });
    let mut all: BTreeSet<String> = pages.flat_map(|path| shown(path)).collect();
    all.remove("zzscript");
    assert!(all.len() > 45, "{all:?}");
    let print = shown("print.html");
    let search = words(built.page("search/index.js"));
    let missing = |there: &BTreeSet<String>| -> Vec<String> {
        all.iter()
            .filter(|word| !there.contains(*word))
            .cloned()
            .collect()
    };
    assert_eq!(missing(&print), [""; 0], "not in print");
    assert_eq!(missing(&search), [""; 0], "not in the search");
    for hidden in ["zzscript", "zzattribute"] {
        assert!(!search.contains(hidden), "{hidden}");
    }
}

#[test]
fn links_and_anchors_of_descriptions_work_in_print() {
    let built = project(ALL)
        .settings("[preprocessor.srm]\nraw-html = true\n")
        .builds_with(&["SRM225 note", "SRM301", "SRM302"]);
    let page = parse(built.page("print.html"));
    let with_id = page.all(&|e| e.attr("id").is_some());
    let mut ids = BTreeSet::new();
    for id in with_id.iter().filter_map(|e| e.attr("id")) {
        assert!(ids.insert(id.to_string()), "{id} occurs twice");
    }
    let link = |words: &str| {
        let link = page.one(words, &|e| e.tag == "a" && e.text() == words);
        link.attr("href").unwrap().to_string()
    };
    assert_eq!(link("here"), "#srm-category-data--scope");
    assert_eq!(link("keys"), "#keys");
    assert!(ids.contains("keys"));
    assert_eq!(link("model"), "#srm-model-saas");
}

#[test]
fn print_names_no_list_that_is_empty() {
    let built = project(TWO_MODELS).builds();
    let page = parse(built.page("print.html"));
    for id in ["srm-categories", "srm-parties"] {
        assert!(page.by_id(id).is_none());
    }
}

#[test]
fn html_that_is_text_is_found_as_text() {
    let text = "# T\n\n<div>\n<b>shown</b>\n</div>\n\nBehind <i>it</i>.\n";
    let built = project(ONE_MODEL)
        .page("t.md", text)
        .builds_with(&["SRM405"]);
    let search = built.page("search/index.js");
    assert!(search.contains("\\u003cb>shown\\u003c/b>"), "{search}");
}
