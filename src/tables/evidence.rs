//! The table of evidence and reviews in a model. Only who asks for it on the command
//! line sees what is not public.

use std::sync::Arc;

use crate::model::{Evidence, ModelIx, PartyIx, Review};
use crate::tables::Tables;
use crate::tables::areas::LinePart;
use crate::tables::kinds::{ColumnKind, TableKind};
use crate::tables::table::{Block, Column, Line, Table};
use crate::text::paths;

impl<'a> Tables<'a> {
    /// Evidence in a model, with a line for each, and the reviews. `internal` says that
    /// the table also shows what is not public.
    pub fn evidence(self, model: ModelIx, internal: bool) -> Table<'a> {
        let page: Arc<str> = paths::model(&self.document.models[model].id).into();
        let groups = self.groups_of(model, move |_, row, cell| {
            let parts = LinePart::of(row, cell);
            let lines = parts.flat_map(|part| self.evidence_lines(&part, model, &page, internal));
            lines.collect()
        });
        let label = &self.document.models[model].label;
        Table {
            kind: TableKind::Evidence,
            caption: self.fill("caption-evidence", &[("model", label)]),
            columns: self.evidence_columns(),
            grouped: true,
            has_groups: self.has_groups(),
            id_prefix: "".into(),
            groups,
            legend: "".into(),
        }
    }

    /// Whether a model has evidence or reviews that readers see.
    pub fn has_evidence(&self, model: ModelIx) -> bool {
        self.cells_in(model)
            .any(|cell| cell.public_evidence().next().is_some() || cell.public_review().is_some())
    }

    fn evidence_columns(&self) -> Vec<Column<'a>> {
        vec![
            self.word_column(ColumnKind::Group, "category"),
            self.word_column(ColumnKind::Row, "responsibility"),
            self.word_column(ColumnKind::Evidence, "party"),
            self.word_column(ColumnKind::Evidence, "evidence"),
            self.word_column(ColumnKind::Evidence, "address"),
            self.word_column(ColumnKind::Evidence, "how-often"),
            self.word_column(ColumnKind::Review, "review-status"),
            self.word_column(ColumnKind::Review, "review-date"),
            self.word_column(ColumnKind::Review, "review-by"),
        ]
    }

    /// A line for each piece of evidence, or one for a review alone.
    fn evidence_lines(
        &self,
        part: &LinePart<'a>,
        model: ModelIx,
        page: &Arc<str>,
        internal: bool,
    ) -> Vec<Line<'a>> {
        let cell = part.cell;
        let seen = |one: &&Evidence| internal || one.published.is_some();
        let all = cell.evidence.iter().flat_map(|(party, list)| {
            let seen = list.iter().filter(seen);
            seen.map(move |one| Some((*party, one)))
        });
        let mut pieces: Vec<Option<(PartyIx, &Evidence)>> = all.collect();
        let review = cell.review.as_ref().filter(|r| internal || r.published);
        if pieces.is_empty() && review.is_some() {
            pieces.push(None);
        }
        let lines = pieces.into_iter().enumerate();
        let lines = lines.map(|(at, piece)| {
            let cells = self.evidence_cells(piece).into_iter();
            let cells = cells.chain(self.review_cells(review)).collect();
            Line {
                id: (at == 0).then_some(part.anchor()),
                ..self.part_line(part, self.linked_head(part, model, page), cells)
            }
        });
        lines.collect()
    }

    fn evidence_cells(&self, piece: Option<(PartyIx, &'a Evidence)>) -> [Vec<Block<'a>>; 4] {
        let Some((party, one)) = piece else {
            return [const { Vec::new() }; 4];
        };
        let party = self.document.party_label(party, None);
        let url = match &one.published_url {
            Some(link) => vec![Block::Markdown(link)],
            None => words(one.url.as_ref().map(|url| url.value.as_str())),
        };
        let [party, text, cadence] =
            [Some(party), Some(&*one.text), one.cadence.as_deref()].map(words);
        [party, text, url, cadence]
    }

    fn review_cells(&self, review: Option<&'a Review>) -> [Vec<Block<'a>>; 3] {
        let status = review.and_then(|review| review.status);
        let status = status.map(|status| self.review_status(status));
        let date = review.and_then(|review| review.date.as_ref());
        let by = review.and_then(|review| review.by.as_deref());
        [status, date.map(|date| date.text.as_str()), by].map(words)
    }
}

/// A cell with a text, or an empty one.
fn words(text: Option<&str>) -> Vec<Block<'_>> {
    let words = text.map(|text| Block::Words(text.into()));
    words.into_iter().collect()
}
