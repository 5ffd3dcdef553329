//! Makes what a request asks for: tables, or one badge. Nothing is written here.

use std::collections::HashSet;

use crate::findings::Findings;
use crate::model::{Badge, Concern, Document, ModelIx, PartyIx, Row};
use crate::tables::formats::{Named, Shown};
use crate::tables::query::Given;
use crate::tables::query::columns::choose;
use crate::tables::{Tables, concerns};
use crate::text::Strings;

/// A request after all its names were looked up.
pub struct Selection<'a> {
    pub(super) document: &'a Document,
    pub(super) pieces: Vec<Piece<'a>>,
    pub(super) columns: Option<Given>,
    pub(super) caption: Option<String>,
    pub(super) anchor: Option<String>,
}

impl Selection<'_> {
    /// Makes the tables or the badge.
    pub fn make<'s>(&'s self, strings: &'s Strings, findings: &mut Findings) -> Option<Shown<'s>> {
        if let [
            Piece {
                what: What::Badge(row, model),
                ..
            },
        ] = &self.pieces[..]
        {
            let cell = row.cells[*model].as_ref();
            return Some(Shown::Badge(Badge::new(self.document, cell, strings)));
        }
        let tables: Vec<Named> = self.pieces.iter().map(|p| self.table(p, strings)).collect();
        let tables = match &self.columns {
            Some(columns) => choose(tables, columns, findings)?,
            None => tables,
        };
        Some(Shown::Tables(tables))
    }

    /// How many tables there are, and the names of those that have no lines.
    pub fn empty_tables(&self, strings: &Strings) -> (usize, Vec<String>) {
        let is_table = |piece: &&Piece<'_>| !matches!(piece.what, What::Badge(..));
        let tables = self.pieces.iter().filter(is_table);
        let tables: Vec<Named> = tables.map(|piece| self.table(piece, strings)).collect();
        let all = tables.len();
        let empty = tables.into_iter().filter(|named| named.nothing.is_some());
        (all, empty.map(|named| named.name).collect())
    }

    pub(super) fn table<'s>(&'s self, piece: &'s Piece<'_>, strings: &'s Strings) -> Named<'s> {
        let tables = Tables {
            document: self.document,
            strings,
            only: piece.only.as_ref(),
        };
        let mut table = match &piece.what {
            What::Summary(m) => tables.summary(*m),
            What::Raci(m) => tables.raci(*m),
            What::Detail(m) => tables.detail(*m),
            What::Areas(m) => tables.areas(*m),
            What::Category(c) => {
                let category = &self.document.categories[*c];
                tables.category(category, &category.rows, true)
            }
            What::Compare(a, b) => tables.compare(*a, *b),
            What::Tasks(a, b) => tables.compare_tasks(*a, *b),
            What::Matrix(models) => {
                let columns = models.iter().map(|m| m + 2).collect();
                tables.matrix().with_columns(columns, true)
            }
            What::Checklist(p, m, way) => tables.checklist(*p, *m, *way),
            What::Totals(models) => tables.totals(models.clone()),
            What::Evidence(m, internal) => tables.evidence(*m, *internal),
            What::Badge(_, m) => tables.totals(vec![*m]),
        };
        if let Some(caption) = &self.caption {
            table.caption = caption.into();
        }
        // In other documents, all anchors begin with that of the table.
        table.id_prefix = "".into();
        let mut groups = table.groups.peekable();
        let is_empty = groups.peek().is_none();
        table.groups = Box::new(groups);
        Named {
            nothing: is_empty.then(|| strings.get("no-rows")),
            name: piece.name.clone(),
            anchor: self.anchor.clone().unwrap_or_else(|| piece.anchor.clone()),
            table,
        }
    }
}

/// One table or badge.
pub(super) struct Piece<'a> {
    pub(super) what: What<'a>,
    pub(super) name: String,
    pub(super) anchor: String,
    pub(super) only: Option<HashSet<&'a str>>,
}

impl<'a> Piece<'a> {
    pub(super) fn new(what: What<'a>, name: String, anchor: &[&str]) -> Piece<'a> {
        Piece {
            what,
            name,
            anchor: format!("srm-{}-", anchor.join("-")),
            only: None,
        }
    }

    /// Whether the piece is shown: a checklist for a way in which no row concerns the
    /// party is not, unless it is the only one.
    pub(super) fn has_part(&self, document: &Document) -> bool {
        let What::Checklist(party, model, way) = &self.what else {
            return true;
        };
        let shown = |row: &Row| self.only.as_ref().is_none_or(|ids| ids.contains(&*row.id));
        let rows = document.rows().filter(|(_, row)| shown(row));
        let concerns = concerns(&document.roles, rows.map(|(_, row)| row), *party, *model);
        concerns.iter().any(|(shown, _)| shown == way)
    }

    /// The models that the piece shows.
    pub(super) fn models(&self, document: &Document) -> Vec<ModelIx> {
        match &self.what {
            What::Summary(m)
            | What::Areas(m)
            | What::Raci(m)
            | What::Detail(m)
            | What::Checklist(_, m, _)
            | What::Evidence(m, _)
            | What::Badge(_, m) => vec![*m],
            What::Compare(a, b) | What::Tasks(a, b) => vec![*a, *b],
            What::Matrix(models) | What::Totals(models) => models.clone(),
            What::Category(_) => (0..document.models.len()).collect(),
        }
    }
}

pub(super) enum What<'a> {
    Summary(ModelIx),
    Raci(ModelIx),
    Detail(ModelIx),
    Areas(ModelIx),
    Category(usize),
    Compare(ModelIx, ModelIx),
    Tasks(ModelIx, ModelIx),
    Matrix(Vec<ModelIx>),
    Checklist(PartyIx, ModelIx, Concern),
    Totals(Vec<ModelIx>),
    /// With what is not public if the second is true.
    Evidence(ModelIx, bool),
    Badge(&'a Row, ModelIx),
}
