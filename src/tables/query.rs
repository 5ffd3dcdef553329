//! Requests for tables: the kind of table and its options, parsed from a line of text
//! and looked up in a document. Nothing is written here.

mod columns;
mod filter;
mod look_up;
mod parse;
mod selection;

use crate::findings::{Code, Finding, Findings, Place};
use crate::input::{Text, worded};
use crate::model::Document;
use crate::tables::formats::{Breaks, TableFormat};
use crate::tables::kinds::{ModelChoice, TableKind};
use crate::tables::query::filter::Filter;
use crate::tables::query::look_up::LookUp;
use crate::text::links;

pub use crate::tables::query::selection::Selection;

/// The kinds of tables that can be requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// A table of this kind.
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
        /// The models to show.
        Model = "model",
        /// The two models to compare.
        Compare = "compare",
        /// The categories to show.
        Category = "category",
        /// The rows to show.
        Row = "row",
        /// The parties that take part.
        Party = "party",
        /// The owners that rows have.
        Owner = "owner",
        /// How rows change between two models.
        Change = "change",
        /// The values that one of the author's fields has.
        Field = "field.ID",
        /// The columns to show, or to leave out.
        Columns = "columns",
        /// The text above the table.
        Caption = "caption",
        /// Where links into the site lead.
        Links = "links",
        /// The prefix of anchors.
        Ids = "ids",
        /// The format of the table.
        Format = "format",
        /// How lines of a cell are separated in Markdown.
        Breaks = "breaks",
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
            OptionKey::Change => "`moved`, `only-first`, `only-second`, `same`, `terms`",
            OptionKey::Field => "values of the field `ID`",
            OptionKey::Columns => {
                "ids of parties, models or areas, `owner`, `tasks`; or all with a `-` in front"
            }
            OptionKey::Caption => "a text, or `none`",
            OptionKey::Links => "an address, a path to the site, or `none`",
            OptionKey::Ids => "letters, digits, `-`, `_`",
            OptionKey::Format => "a format",
            OptionKey::Breaks => "`tags` or `none`",
        }
    }

    /// What it does.
    pub fn about(self) -> &'static str {
        match self {
            OptionKey::Model => "which models; by default all of them, with a table for each",
            OptionKey::Compare => "which models; not needed if there are only two",
            OptionKey::Category => "only rows of these categories",
            OptionKey::Row => "only these rows",
            OptionKey::Party => {
                "only rows in which one of these parties takes part; for a checklist, the parties whose tasks to list"
            }
            OptionKey::Owner => "only rows that have such an owner in one of the models shown",
            OptionKey::Change => "only rows that change in one of these ways",
            OptionKey::Field => {
                "only rows that have one of these values in one of the models shown"
            }
            OptionKey::Columns => {
                "only these columns, in this order; or, with `-`, all columns but these (`-category` leaves out the headings of groups)"
            }
            OptionKey::Caption => "the text above the table",
            OptionKey::Links => {
                "where links into the site lead; by default to `site-url`, if that is set"
            }
            OptionKey::Ids => "what the anchors of rows begin with, in HTML",
            OptionKey::Format => {
                "the format of the table; by default that of the file, by the ending of its name"
            }
            OptionKey::Breaks => {
                "with `none`, Markdown contains no HTML: a line for each task, and owners in a column; by default `tags`"
            }
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
            | OptionKey::Field
            | OptionKey::Caption
            | OptionKey::Links
            | OptionKey::Ids
            | OptionKey::Format
            | OptionKey::Breaks => true,
        }
    }

    /// Whether a badge by itself has it.
    fn is_of_badge(self) -> bool {
        match self {
            OptionKey::Model
            | OptionKey::Row
            | OptionKey::Links
            | OptionKey::Format
            | OptionKey::Breaks => true,
            OptionKey::Compare
            | OptionKey::Category
            | OptionKey::Party
            | OptionKey::Owner
            | OptionKey::Change
            | OptionKey::Field
            | OptionKey::Columns
            | OptionKey::Caption
            | OptionKey::Ids => false,
        }
    }
}

/// What is asked for, with its options as written.
#[derive(Clone, Debug)]
pub struct Request {
    /// The kind of table.
    pub asked: RequestKind,
    /// Whether it also shows what is not public. No text can ask for that.
    pub internal: bool,
    options: Vec<Given>,
    place: Place,
}

#[derive(Clone, Debug)]
struct Given {
    key: OptionKey,
    /// The id of the field, in an option of a field.
    field: Option<Text>,
    value: String,
    place: Place,
}

impl Request {
    fn get(&self, key: OptionKey) -> Option<&Given> {
        self.options.iter().find(|given| given.key == key)
    }

    /// The options of fields, each with the id of its field.
    fn of_fields(&self) -> impl Iterator<Item = (&Text, &Given)> {
        let options = self.options.iter();
        options.filter_map(|given| Some((given.field.as_ref()?, given)))
    }

    /// The format that the request names.
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

    /// How the request wants lines of a cell to be separated in Markdown.
    pub fn breaks(&self, findings: &mut Findings) -> Breaks {
        let Some(given) = self.get(OptionKey::Breaks) else {
            return Breaks::Tags;
        };
        Breaks::from_word(&given.value).unwrap_or_else(|| {
            let message = format!("`{}` is not a way to separate lines", given.value);
            let finding = Finding::new(Code::WrongValue, given.place.clone(), message);
            findings.push(finding.suggest(&given.value, Breaks::ALL.iter().map(|b| b.word())));
            Breaks::Tags
        })
    }

    /// Where links into the site lead, if the request says so: an address or path
    /// that ends with a slash, or an inner `None` for no links.
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
                    format!("`{value}` is not an address that links can use"),
                )
                .help("write `https://...`, a path from the document to the site, or `none`"),
            );
            return None;
        }
        Some(Some(format!("{}/", value.trim_end_matches('/'))))
    }

    /// Looks up everything that the request names.
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
            fields: look.fields(),
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
        pieces.retain(|piece| piece.has_part(document));
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
    // A value that was written with escapes has the place of the whole list.
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
