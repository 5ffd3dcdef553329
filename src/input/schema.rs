//! The records of the YAML files: what an author may write, one type for each file or
//! block, with the JSON Schema that editors use. Each record is read alone; rules
//! between records are in `model`.

mod category;
mod cell;
mod data;
mod dates;
mod document;
mod evidence;
mod fields;
mod front_matter;
mod pages;
mod vocabulary;

use std::sync::Arc;

use crate::findings::Findings;
use crate::input::tree::{Decode, Decoder, Node};
use crate::input::yaml;

pub use crate::input::schema::category::*;
pub use crate::input::schema::cell::*;
pub use crate::input::schema::data::*;
pub use crate::input::schema::dates::{Date, date_help};
pub use crate::input::schema::document::*;
pub use crate::input::schema::evidence::*;
pub use crate::input::schema::fields::*;
pub use crate::input::schema::front_matter::{MarkdownFile, parse_page};
pub use crate::input::schema::pages::*;
pub use crate::input::schema::vocabulary::*;

/// The version of the source format this tool reads.
pub const SOURCE_VERSION: i64 = 1;

/// A decoded file and its findings.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    /// The file's path, relative to the project.
    pub file: Arc<str>,
    /// `None` if a required part could not be understood.
    pub record: Option<T>,
    /// What is wrong in the file.
    pub findings: Findings,
}

/// Reads a YAML file that is one record.
pub fn parse_record<T: Decode>(file: &Arc<str>, text: &str) -> Parsed<T> {
    let mut findings = Findings::default();
    let record = yaml::parse_yaml(text, file, 0, &mut findings)
        .and_then(|node| decode(&node, file, &mut findings));
    Parsed {
        file: file.clone(),
        record,
        findings,
    }
}

/// Decodes an already parsed tree.
pub fn decode<T: Decode>(node: &Node, file: &Arc<str>, findings: &mut Findings) -> Option<T> {
    let mut decoder = Decoder {
        file: file.clone(),
        findings,
    };
    T::decode(node, &mut decoder)
}

/// The schema files that the tool publishes: each name with its JSON Schema (draft
/// 2020-12).
pub fn json_schemas() -> Vec<(&'static str, schemars::Schema)> {
    let generator = || schemars::generate::SchemaSettings::draft2020_12().into_generator();
    vec![
        ("srm", generator().into_root_schema_for::<SiteFile>()),
        (
            "category",
            generator().into_root_schema_for::<CategoryFile>(),
        ),
        ("model", generator().into_root_schema_for::<ModelRecord>()),
        ("page", generator().into_root_schema_for::<ProseRecord>()),
        (
            "vocabulary",
            generator().into_root_schema_for::<VocabularyFile>(),
        ),
    ]
}
