//! Properties of `embed` that hold for any document.

use proptest::prelude::*;
use proptest::sample::select;

use super::project;
use crate::properties::holds;

/// Pieces that documents are made of.
const PIECES: &[&str] = &[
    "# Title",
    "text",
    "",
    "    indented",
    "```",
    "~~~",
    "> quote",
    "- item",
    "  more",
    "<pre>",
    "</pre>",
    "<div>",
    "| a | b |",
    "|---|---|",
    "\\",
    "`code",
    "<!-- comment -->",
    "<!--",
    "-->",
    "日本語",
    "\u{feff}",
    "srm:begin",
    "---",
    "***",
    "[//]: # (x)",
    "\t",
    "1. one",
    "{{#srm badge}}",
];

/// Pieces and markers, with one region that is whole.
fn document() -> impl Strategy<Value = String> {
    let requests = select(vec![
        "totals",
        "badge row=keys model=saas",
        "matrix category=data columns=byoc",
        "summary model=byoc caption=\"a b\"",
        "totals format=html",
    ]);
    let lines = || prop::collection::vec(select(PIECES.to_vec()), 0..8);
    let prefix = select(vec!["", "", "  ", "> ", "> > ", "\t"]);
    let end = select(vec!["\n", "\r\n"]);
    (lines(), prefix, requests, end, lines(), any::<bool>()).prop_map(
        |(before, prefix, request, end, after, last)| {
            let mut all: Vec<String> = before.iter().map(|l| l.to_string()).collect();
            all.push(format!("{prefix}<!-- srm:begin {request} -->"));
            all.push(format!("{prefix}<!-- srm:end -->"));
            all.extend(after.iter().map(|l| l.to_string()));
            let mut text = all.join(end);
            if last {
                text.push_str(end);
            }
            text
        },
    )
}

#[test]
fn embedding_is_stable_and_changes_nothing_else() {
    use srm_site::embed::Embedder;
    use srm_site::embed::{Dialect, find_regions};
    use srm_site::findings::Findings;
    use srm_site::site::{self, Memos, Options, Site};
    use srm_site::source::Source;
    use srm_site::tables::Request;
    use srm_site::tables::formats::TableFormat as Format;

    let folder = project();
    let source = Source::disk(&folder.join("data"));
    let mut findings = Findings::default();
    let options = Options::default();
    let config = std::sync::Arc::new(site::config(&source, &options, &mut findings));
    let site = Site::read(&source, config, &options, findings, &Memos::default());
    let show = |request: &Request, format: Format, findings: &mut Findings| {
        site.show(request, format, None, findings)
    };
    let embedder = Embedder::new(&show);
    let file: std::sync::Arc<str> = "x".into();
    let regions_seen = std::cell::Cell::new(0);
    let dialects = select(vec![
        Dialect::Markdown,
        Dialect::Mdx,
        Dialect::Html,
        Dialect::Plain,
    ]);
    holds(400, (document(), dialects), |(text, dialect)| {
        let mut findings = Findings::default();
        let once = embedder.fill(&text, dialect, &file, &mut findings);
        if !findings.list.is_empty() {
            // Pieces may have opened a comment around a marker.
            return;
        }
        regions_seen.set(regions_seen.get() + once.regions);
        // Twice is once, and then nothing is out of date.
        let twice = embedder.fill(&once.text, dialect, &file, &mut findings);
        assert_eq!(twice.text, once.text);
        assert_eq!(twice.regions, once.regions);
        assert!(twice.stale.list.is_empty() && twice.edited.list.is_empty());
        // Every byte outside is where it was.
        let outside = |text: &str| {
            let mut findings = Findings::default();
            let mut out = String::new();
            let mut at = 0;
            for region in find_regions(text, dialect, &file, &mut findings).regions {
                out.push_str(&text[at..region.body.start]);
                out.push_str(text[region.body.end..region.sum.start].trim_end());
                at = region.sum.end;
            }
            out.push_str(&text[at..]);
            out
        };
        assert_eq!(outside(&once.text), outside(&text));
    });
    assert!(regions_seen.get() > 200, "{} regions", regions_seen.get());
}
