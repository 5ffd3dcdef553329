//! Reads `data/responsibilities.json` of a built site, which is another person's file: a
//! mistake in it is told with its place, and keys that later versions added are ignored.

use std::sync::Arc;

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::config::Config;
use crate::input::json::parse_json;
use crate::input::schema::{DataFile, Parsed, decode};
use crate::input::tree::{At, Node, OneOrMany, Scalar, Value};

/// The version of the data that this tool writes and reads.
const DATA_VERSION: i64 = 1;

/// The file of the categories in a data file.
pub(super) fn in_categories(file: &Arc<str>) -> Arc<str> {
    let (folder, name) = folder_and_name(file);
    format!("{folder}categories/{name}").into()
}

fn folder_and_name(file: &str) -> (&str, &str) {
    file.split_at(file.rfind('/').map_or(0, |at| at + 1))
}

/// What to do about a mistake in the data.
const NOT_EDITED: &str =
    "name the file `data/responsibilities.json` of a built site, and do not edit it";

/// Prepares findings about the data for its reader, who did not write it: places in the
/// categories become those in the file that they are in.
pub fn for_reader(findings: &mut Findings, file: &Arc<str>) {
    let below = in_categories(file);
    let moved = |place: &mut Place| {
        if place.file == below {
            place.file = file.clone();
        }
    };
    for finding in &mut findings.list {
        finding.place.iter_mut().for_each(moved);
        let related = finding.related.iter_mut();
        related.for_each(|(place, _)| moved(place));
        // Authors of sources get other advice.
        finding.help = vec![NOT_EDITED.to_string()];
    }
}

/// Reads the data of a site. Keys that later versions added are ignored.
pub fn parse_data(file: &Arc<str>, text: &str) -> Parsed<DataFile> {
    let mut findings = Findings::default();
    let node = parse_json(text, file, &mut findings);
    let other = node.as_ref().and_then(|node| other_version(node, file));
    let known = node.filter(|_| other.is_none());
    let record = known.and_then(|node| decode(&node, file, &mut findings));
    findings.list.retain(|f| f.code != Code::UnknownKey);
    for_reader(&mut findings, file);
    other.into_iter().for_each(|finding| findings.push(finding));
    Parsed {
        file: file.clone(),
        record,
        findings,
    }
}

/// A finding if a file is not the data of a site, or has another version. What else is in
/// it would only be misunderstood.
fn other_version(node: &Node, file: &Arc<str>) -> Option<Finding> {
    let entries = match &node.value {
        Value::Map(entries) => &entries[..],
        _ => &[],
    };
    let version = entries.iter().find(|(key, _)| key.text == "schema");
    let number = version.and_then(|(_, node)| match &node.value {
        Value::Scalar {
            text,
            kind: Scalar::Bare,
        } => text.parse::<i64>().ok(),
        _ => None,
    });
    match (version, number) {
        (_, Some(DATA_VERSION)) => None,
        (Some((_, node)), Some(number)) => {
            let place = Place::new(file, node.span.clone());
            let message = format!("this tool reads data of schema {DATA_VERSION}, not {number}");
            let finding = Finding::new(Code::OtherData, place, message).label("unknown version");
            Some(finding.help("use a newer srm-site, or ask for the data of an older one"))
        }
        _ => {
            let place = Place::new(file, node.mark());
            let message = "this is not the data of a site: it has no number `schema`";
            Some(Finding::new(Code::OtherData, place, message).help(NOT_EDITED))
        }
    }
}

impl DataFile {
    /// The settings that tables depend on. The folder of the data takes the place of
    /// the content folder.
    pub fn config(&self, file: &str, findings: &mut Findings) -> Config {
        let site = self.site.as_ref();
        let party_pages = site.and_then(|site| site.party_pages).unwrap_or(true);
        let outputs = format!("[preprocessor.srm.outputs]\nparties = {party_pages}\n");
        let mut config = Config::parse(&Arc::from(file), &outputs, findings);
        if let Some(site) = site {
            config.book.language = site.language.clone();
            config.html.site_url = site.url.clone();
            config.srm.compare = site.comparisons.clone().map(OneOrMany);
            if let Some(markdown) = &site.markdown {
                config.srm.raw_html = markdown.raw_html;
                config.html.smart_punctuation = markdown.smart_punctuation;
                config.html.definition_lists = markdown.definition_lists;
                config.html.admonitions = markdown.admonitions;
            }
        }
        config.refuse_odd_values(findings);
        config.book.src = Some(At {
            value: folder_and_name(file).0.to_string(),
            place: Place::file(file),
        });
        config
    }
}
