//! Tables from the data of a built site are those from its sources, whatever a document
//! says, and whatever happens to the data.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use srm_site::findings::{Findings, line_col};
use srm_site::input::Config;
use srm_site::site::{self, Memos, Options, Site};
use srm_site::source::Source;
use srm_site::tables::formats::TableFormat;
use srm_site::tables::{Request, TableKind};

use super::terms::{cell, site as with_everything, yaml};
use super::{holds, quoted, spoken};
use crate::harness::build_files;
use crate::harness::projects::{THREE_PARTIES, project};

/// The site of the sources, and the text of its data.
fn of_sources(files: BTreeMap<String, Vec<u8>>) -> (Site, String) {
    let built = build_files(files.clone(), &Options::default());
    let data = built.page("data/responsibilities.json").to_string();
    let source = Source::memory(files);
    let (options, mut findings) = (Options::default(), Findings::default());
    let config: Arc<Config> = Arc::new(site::config(&source, &options, &mut findings));
    let site = Site::read(&source, config, &options, findings, &Memos::default());
    (site, data)
}

fn of_data(data: &str) -> Result<Site, Findings> {
    let files = [("next/door.json".to_string(), data.as_bytes().to_vec())];
    Site::of_data(&Source::memory(files.into()), "next/door.json", None)
}

/// What a request gives, or what is wrong with it.
fn shown(site: &Site, request: &str, format: TableFormat) -> (Option<Vec<u8>>, Vec<String>) {
    let mut findings = Findings::default();
    let file: Arc<str> = Arc::from("(test)");
    let request = Request::parse(request, 0..request.len(), &file, &mut findings);
    let base = Some("https://model.example/");
    let made = request.and_then(|request| site.show(&request, format, base, &mut findings));
    let wrong = findings.list.iter().map(|f| f.message.clone());
    (made, wrong.collect())
}

#[track_caller]
fn assert_same(sources: &Site, data: &str) {
    let other = of_data(data).unwrap_or_else(|findings| panic!("{findings:?}\n{data}"));
    let kinds = TableKind::ALL.iter().map(|kind| kind.word().to_string());
    let badge = "badge row=r0 model=saas".to_string();
    for request in kinds.chain([badge, "compare change=terms".into()]) {
        for format in TableFormat::ALL.iter().copied() {
            let [here, there] = [sources, &other].map(|site| shown(site, &request, format));
            let text = |bytes: &Option<Vec<u8>>| {
                bytes
                    .as_ref()
                    .map(|b| String::from_utf8_lossy(b).into_owned())
            };
            assert!(
                here == there,
                "{request} as {}:\n{:?}\n{:?}\n{data}",
                format.word(),
                (text(&here.0), here.1),
                (text(&there.0), there.1),
            );
        }
    }
}

#[test]
fn whatever_cells_say() {
    holds(25, prop::collection::vec(cell(), 4), |cells| {
        let rows = cells.chunks(2).enumerate().map(|(row, pair)| {
            let [saas, byoc] = [("saas", &pair[0]), ("byoc", &pair[1])];
            let [saas, byoc] = [saas, byoc].map(|(model, cell)| yaml(row, model, cell));
            format!("  - id: r{row}\n    label: Row{row}\n    models:\n      saas: {saas}\n      byoc: {byoc}\n")
        });
        let files = with_everything().rows(&rows.collect::<String>()).files();
        let (site, data) = of_sources(files);
        assert_same(&site, &data);
    });
}

#[test]
fn whatever_texts_say() {
    holds(40, prop::collection::vec(spoken(), 8), |texts| {
        let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        let [
            label,
            task,
            note,
            reason,
            scope,
            group,
            description,
            summary,
        ] = &texts[..]
        else {
            unreachable!()
        };
        let rows = format!(
            "  - id: r0\n    label: {label}\n    group: {group}\n    description: {description}\n    \
             notes: [{note}]\n    models:\n      \
             saas: {{responsible: customer, tasks: {{customer: [{task}]}}, scope: {{customer: {scope}}}, summary: {{cloud: {summary}}}}}\n      \
             byoc: {{state: not-applicable, reason: {reason}}}\n"
        );
        let (site, data) = of_sources(project(THREE_PARTIES).rows(&rows).files());
        if !site.findings().has_errors() {
            assert_same(&site, &data);
        }
    });
}

/// Data that was cut, or has a piece of itself or something odd in it.
#[test]
fn broken_data_is_refused_with_a_place_or_read() {
    let rows = "  - id: r0\n    label: Keys\n    models:\n      \
                saas: {areas: {net: customer, rest: provider}, notes: [{ref: shared}]}\n      byoc: cloud\n";
    let (_, data) = of_sources(with_everything().rows(rows).files());
    let pieces = select(vec![
        "",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "0",
        "-",
        "1e9",
        "true",
        "\\u0000",
        "\\ud800",
        "\u{0}",
        "\u{feff}",
        "é",
        "\"id\": \"r0\"",
        "\"..\"",
        "\"customer\"",
        "\n",
    ]);
    let place = || any::<Index>();
    let edits = (place(), place(), place(), place(), pieces);
    let refused = std::cell::Cell::new(0);
    holds(400, edits, |(from, to, start, end, piece)| {
        let at = |index: Index| {
            let mut at = index.index(data.len() + 1);
            while !data.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (from, start) = (at(from), at(start));
        // Mostly small edits, so that much is still read.
        let to = (from + to.index(40)).min(data.len());
        let end = (start + end.index(60)).min(data.len());
        let to = (from..=to).rev().find(|at| data.is_char_boundary(*at));
        let end = (start..=end).rev().find(|at| data.is_char_boundary(*at));
        let middle = format!("{piece}{}", &data[start..end.unwrap()]);
        let broken = format!("{}{middle}{}", &data[..from], &data[to.unwrap()..]);
        match of_data(&broken) {
            Ok(site) => drop(shown(&site, "detail", TableFormat::Html)),
            Err(findings) => {
                refused.set(refused.get() + 1);
                assert!(findings.has_errors());
                for finding in &findings.list {
                    let place = finding.place.as_ref().unwrap();
                    assert_eq!(&*place.file, "next/door.json", "{finding:?}");
                    assert!(place.end <= broken.len(), "{finding:?}");
                    line_col(&broken, place.start);
                }
            }
        }
    });
    assert!(refused.get() > 100, "{}", refused.get());
}
