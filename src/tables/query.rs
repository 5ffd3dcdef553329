//! What somebody asks for: the kind of a table and the options beside it, read
//! from a line of text and looked up in a document. It writes nothing.

mod columns;
mod filter;
mod look_up;
mod parse;
mod selection;

use crate::findings::diag::{Code, Finding, Findings, Place};
use crate::model::Document;
use crate::tables::formats::Format;
use crate::tables::query::filter::Filter;
use crate::tables::query::look_up::Look;
use crate::text::links;

pub use crate::tables::query::selection::Selection;

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Summary,
    Detail,
    Category,
    Compare,
    Tasks,
    Matrix,
    Checklist,
    Totals,
    Badge,
}

impl Kind {
    /// All kinds, each with its name and what it shows.
    pub const ALL: &[(Kind, &str, &str)] = &[
        (Kind::Summary, "summary", "who is responsible in a model"),
        (Kind::Detail, "detail", "every party's tasks in a model"),
        (Kind::Category, "category", "a category in every model"),
        (Kind::Compare, "compare", "the owners in two models"),
        (Kind::Tasks, "tasks", "the tasks of two models side by side"),
        (Kind::Matrix, "matrix", "the owners in all models"),
        (
            Kind::Checklist,
            "checklist",
            "a party's tasks, to be ticked",
        ),
        (Kind::Totals, "totals", "how many rows have which owner"),
        (Kind::Badge, "badge", "the owner of one row in one model"),
    ];

    fn name(self) -> &'static str {
        let entry = Kind::ALL.iter().find(|(kind, _, _)| *kind == self);
        entry.map_or("", |(_, name, _)| name)
    }

    /// The options a kind has.
    fn options(self) -> Vec<&'static str> {
        OPTIONS
            .iter()
            .filter(|(_, kinds, _, _)| kinds.is_empty() || kinds.contains(&self))
            .map(|(name, _, _, _)| *name)
            .collect()
    }
}

/// All options: name, the kinds that have it (none: all of them), what its
/// value is, and what it does.
pub const OPTIONS: &[(&str, &[Kind], &str, &str)] = {
    use Kind::*;
    &[
        (
            "model",
            &[Summary, Detail, Checklist, Matrix, Totals, Badge],
            "ids of models",
            "which models; all of them otherwise, a table each",
        ),
        (
            "compare",
            &[Compare, Tasks],
            "`A,B`, ids of two models",
            "which models; not needed where there are just two",
        ),
        (
            "category",
            &[
                Summary, Detail, Category, Compare, Tasks, Matrix, Checklist, Totals,
            ],
            "ids of categories",
            "only rows of these categories",
        ),
        (
            "row",
            &[
                Summary, Detail, Category, Compare, Tasks, Matrix, Checklist, Totals, Badge,
            ],
            "ids of rows",
            "only these rows",
        ),
        (
            "party",
            &[
                Summary, Detail, Category, Compare, Tasks, Matrix, Checklist, Totals,
            ],
            "ids of parties",
            "only rows in which one of these parties takes part; for a checklist, whose tasks",
        ),
        (
            "owner",
            &[
                Summary, Detail, Category, Compare, Tasks, Matrix, Checklist, Totals,
            ],
            "words of badges",
            "only rows with such an owner, in one of the models shown",
        ),
        (
            "change",
            &[Compare, Tasks],
            "`moved`, `only-first`, `only-second`, `same`",
            "only rows that change in one of these ways",
        ),
        (
            "columns",
            &[Summary, Detail, Category, Compare, Tasks, Matrix, Totals],
            "ids of parties or models, `owner`, `tasks`; or all with a `-` in front",
            "only these columns, in this order; or all but these (`-category` leaves out the headings of groups)",
        ),
        (
            "caption",
            &[
                Summary, Detail, Category, Compare, Tasks, Matrix, Checklist, Totals,
            ],
            "a text, or `none`",
            "the words above the table",
        ),
        (
            "links",
            &[],
            "an address, a path to the site, or `none`",
            "where links into the site lead; to `site-url` otherwise, where that is set",
        ),
        (
            "ids",
            &[
                Summary, Detail, Category, Compare, Tasks, Matrix, Checklist, Totals,
            ],
            "letters, digits, `-`, `_`",
            "what anchors of the rows begin with, in HTML",
        ),
        (
            "format",
            &[],
            "a format",
            "what it is written in; by the name of the file otherwise",
        ),
    ]
};

/// A kind with its options, as they were written.
#[derive(Clone, Debug)]
pub struct Request {
    pub kind: Kind,
    options: Vec<Given>,
    place: Place,
}

#[derive(Clone, Debug)]
struct Given {
    key: &'static str,
    value: String,
    place: Place,
}

impl Request {
    fn get(&self, key: &str) -> Option<&Given> {
        self.options.iter().find(|given| given.key == key)
    }

    /// The format that was named.
    pub fn format(&self, findings: &mut Findings) -> Option<Format> {
        let given = self.get("format")?;
        let format = Format::from_name(&given.value);
        if format.is_none() {
            findings.push(
                Finding::new(
                    Code::WrongValue,
                    given.place.clone(),
                    format!("`{}` is not a format", given.value),
                )
                .suggest(&given.value, Format::ALL.iter().map(|f| f.name())),
            );
        }
        format
    }

    /// Where links into the site lead, if that was said: an address or path
    /// with a slash at its end, or `None` for no links.
    pub fn links(&self, findings: &mut Findings) -> Option<Option<String>> {
        let given = self.get("links")?;
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
        let mut look = Look {
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
        let caption = self.get("caption").map(|given| match &*given.value {
            "none" => String::new(),
            text => text.to_string(),
        });
        let anchor = look.anchor();
        let mut pieces = look.pieces(&filter);
        for piece in &mut pieces {
            piece.only = filter.ids(document, piece);
        }
        let columns = self.get("columns").cloned();
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
