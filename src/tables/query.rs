//! What somebody asks for: the kind of a table and the options beside it, read
//! from a line of text and looked up in a document. It writes nothing.

mod columns;
mod filter;
mod look_up;
mod parse;
mod selection;

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::worded;
use crate::model::Document;
use crate::tables::formats::TableFormat;
use crate::tables::kinds::{ModelChoice, TableKind};
use crate::tables::query::filter::Filter;
use crate::tables::query::look_up::LookUp;
use crate::text::links;

pub use crate::tables::query::selection::Selection;

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    Table(TableKind),
    /// The owner of one row in one model.
    Badge,
}

impl RequestKind {
    /// All that can be asked for.
    pub fn all() -> impl Iterator<Item = RequestKind> {
        let tables = TableKind::ALL.iter().copied().map(RequestKind::Table);
        tables.chain([RequestKind::Badge])
    }

    /// Its word in a request.
    pub fn word(self) -> &'static str {
        match self {
            RequestKind::Table(kind) => kind.word(),
            RequestKind::Badge => "badge",
        }
    }

    /// What it shows.
    pub fn about(self) -> &'static str {
        match self {
            RequestKind::Table(kind) => kind.about(),
            RequestKind::Badge => "the owner of one row in one model",
        }
    }

    /// The options it has.
    fn options(self) -> impl Iterator<Item = OptionKey> {
        let has = move |option: &OptionKey| match self {
            RequestKind::Table(kind) => option.is_of(kind),
            RequestKind::Badge => option.is_of_badge(),
        };
        OptionKey::ALL.iter().copied().filter(has)
    }
}

worded! {
    /// An option of a request.
    pub enum OptionKey {
        Model = "model",
        Compare = "compare",
        Category = "category",
        Row = "row",
        Party = "party",
        Owner = "owner",
        Change = "change",
        Columns = "columns",
        Caption = "caption",
        Links = "links",
        Ids = "ids",
        Format = "format",
    }
}

impl OptionKey {
    /// What its value is.
    pub fn value(self) -> &'static str {
        match self {
            OptionKey::Model => "ids of models",
            OptionKey::Compare => "`A,B`, ids of two models",
            OptionKey::Category => "ids of categories",
            OptionKey::Row => "ids of rows",
            OptionKey::Party => "ids of parties",
            OptionKey::Owner => "words of badges",
            OptionKey::Change => "`moved`, `only-first`, `only-second`, `same`",
            OptionKey::Columns => {
                "ids of parties or models, `owner`, `tasks`; or all with a `-` in front"
            }
            OptionKey::Caption => "a text, or `none`",
            OptionKey::Links => "an address, a path to the site, or `none`",
            OptionKey::Ids => "letters, digits, `-`, `_`",
            OptionKey::Format => "a format",
        }
    }

    /// What it does.
    pub fn about(self) -> &'static str {
        match self {
            OptionKey::Model => "which models; all of them otherwise, a table each",
            OptionKey::Compare => "which models; not needed where there are just two",
            OptionKey::Category => "only rows of these categories",
            OptionKey::Row => "only these rows",
            OptionKey::Party => {
                "only rows in which one of these parties takes part; for a checklist, whose tasks"
            }
            OptionKey::Owner => "only rows with such an owner, in one of the models shown",
            OptionKey::Change => "only rows that change in one of these ways",
            OptionKey::Columns => {
                "only these columns, in this order; or all but these (`-category` leaves out the headings of groups)"
            }
            OptionKey::Caption => "the words above the table",
            OptionKey::Links => {
                "where links into the site lead; to `site-url` otherwise, where that is set"
            }
            OptionKey::Ids => "what anchors of the rows begin with, in HTML",
            OptionKey::Format => "what it is written in; by the name of the file otherwise",
        }
    }

    /// Whether a kind of table has it.
    fn is_of(self, kind: TableKind) -> bool {
        match self {
            OptionKey::Model => kind.models() == ModelChoice::Any,
            OptionKey::Compare | OptionKey::Change => kind.models() == ModelChoice::Two,
            OptionKey::Columns => !kind.is_checklist(),
            OptionKey::Category
            | OptionKey::Row
            | OptionKey::Party
            | OptionKey::Owner
            | OptionKey::Caption
            | OptionKey::Links
            | OptionKey::Ids
            | OptionKey::Format => true,
        }
    }

    /// Whether a badge by itself has it.
    fn is_of_badge(self) -> bool {
        match self {
            OptionKey::Model | OptionKey::Row | OptionKey::Links | OptionKey::Format => true,
            OptionKey::Compare
            | OptionKey::Category
            | OptionKey::Party
            | OptionKey::Owner
            | OptionKey::Change
            | OptionKey::Columns
            | OptionKey::Caption
            | OptionKey::Ids => false,
        }
    }
}

/// What is asked for, with its options as they were written.
#[derive(Clone, Debug)]
pub struct Request {
    pub asked: RequestKind,
    options: Vec<Given>,
    place: Place,
}

#[derive(Clone, Debug)]
struct Given {
    key: OptionKey,
    value: String,
    place: Place,
}

impl Request {
    fn get(&self, key: OptionKey) -> Option<&Given> {
        self.options.iter().find(|given| given.key == key)
    }

    /// The format that was named.
    pub fn format(&self, findings: &mut Findings) -> Option<TableFormat> {
        let given = self.get(OptionKey::Format)?;
        let format = TableFormat::from_name(&given.value);
        if format.is_none() {
            findings.push(
                Finding::new(
                    Code::WrongValue,
                    given.place.clone(),
                    format!("`{}` is not a format", given.value),
                )
                .suggest(&given.value, TableFormat::ALL.iter().map(|f| f.word())),
            );
        }
        format
    }

    /// Where links into the site lead, if that was said: an address or path
    /// with a slash at its end, or `None` for no links.
    pub fn links(&self, findings: &mut Findings) -> Option<Option<String>> {
        let given = self.get(OptionKey::Links)?;
        let value = given.value.trim();
        if value == "none" {
            return Some(None);
        }
        let scheme = links::scheme(value).map(|(scheme, _)| scheme);
        let safe = scheme.is_none_or(|s| ["http", "https"].contains(&s.as_str()));
        if value.is_empty()
            || !safe
            || value.contains(|c: char| c.is_whitespace() || "<>\"()|".contains(c))
        {
            findings.push(
                Finding::new(
                    Code::UnsafeLink,
                    given.place.clone(),
                    format!("`{value}` is not an address links may lead to"),
                )
                .help("write `https://...`, a path from the document to the site, or `none`"),
            );
            return None;
        }
        Some(Some(format!("{}/", value.trim_end_matches('/'))))
    }

    /// Looks up everything that is named.
    pub fn select<'a>(
        &self,
        document: &'a Document,
        findings: &mut Findings,
    ) -> Option<Selection<'a>> {
        let before = findings.list.len();
        let mut look = LookUp {
            request: self,
            document,
            findings,
        };
        let filter = Filter {
            categories: look.categories(),
            rows: look.rows(),
            parties: look.parties(),
            owners: look.owners(),
            changes: look.changes(),
        };
        let caption = self
            .get(OptionKey::Caption)
            .map(|given| match &*given.value {
                "none" => String::new(),
                text => text.to_string(),
            });
        let anchor = look.anchor();
        let mut pieces = look.pieces(&filter);
        for piece in &mut pieces {
            piece.only = filter.ids(document, piece);
        }
        let columns = self.get(OptionKey::Columns).cloned();
        (look.findings.list.len() == before).then_some(Selection {
            document,
            pieces,
            columns,
            caption,
            anchor,
        })
    }
}

/// Values of a list, each with its place.
fn list(given: &Given) -> impl Iterator<Item = (&str, Place)> {
    // The place of a value that was written with escapes is that of the whole.
    let exact = given.place.end - given.place.start == given.value.len();
    let mut at = 0;
    given.value.split(',').filter_map(move |part| {
        let blanks = part.len() - part.trim_start().len();
        let start = given.place.start + at + blanks;
        at += part.len() + 1;
        let part = part.trim();
        let place = match exact {
            true => Place::new(&given.place.file, start..start + part.len()),
            false => given.place.clone(),
        };
        (!part.is_empty()).then_some((part, place))
    })
}
