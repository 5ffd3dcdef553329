//! Computes a digest of what each page is made from: two pages with the same key have
//! the same bytes.

use std::hash::Hash;
use std::sync::Arc;

use crate::findings::{Digest, ListMemo};
use crate::input::Text;
use crate::model::{Category, Cell, Document, Model, ModelIx, Note, PartyIx, Prose, Row};
use crate::pages::{Page, PageKind, Project};
use crate::tables::Tables;
use crate::text::Strings;

/// Digests of what pages take from one category.
pub struct Parts {
    /// Of ids and labels, which other pages link to.
    names: Digest,
    /// Of owners, and of what is said beside them in every table.
    owners: Digest,
    /// Of everything that the tables of a model show, for each model.
    models: Vec<Digest>,
    whole: Digest,
}

impl Parts {
    fn of(category: &Category, models: usize) -> Parts {
        Parts {
            names: Digest::of(&(
                &category.id,
                &category.label,
                category.rows.iter().map(|r| &r.id).collect::<Vec<_>>(),
            )),
            owners: owners(category),
            models: (0..models).map(|m| in_model(category, m)).collect(),
            whole: category.made_from,
        }
    }
}

fn owners(category: &Category) -> Digest {
    let rows = category.rows.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| {
            let cell = cell.as_ref()?;
            let areas = cell.areas.iter().map(|area| (area.area, said(&area.cell)));
            Some((said(cell), areas.collect::<Vec<_>>()))
        });
        let names = (&row.id, &row.label, &row.group);
        let said = (words(&row.notes), &row.unlisted);
        (names, said, cells.collect::<Vec<_>>())
    });
    let conditional = values_by_party(&category.conditional);
    let names = (&category.id, &category.label);
    Digest::of(&(names, conditional, rows.collect::<Vec<_>>()))
}

/// The owner of a cell, and what is said beside it without tasks.
fn said(cell: &Cell) -> impl Hash {
    let by_party = (
        values_by_party(&cell.scope),
        values_by_party(&cell.conditional),
    );
    let facts = (
        &cell.roles,
        &cell.cadence,
        words(&cell.notes),
        &cell.controls,
    );
    let fields = cell.fields.iter().map(|v| (v.field, &v.text.value));
    let evidence = cell.public_evidence().map(|(p, t)| (p, &t.value));
    let told = (fields.collect::<Vec<_>>(), evidence.collect::<Vec<_>>());
    (&cell.ownership, by_party, facts, told, cell.public_review())
}

/// Texts without their places: where they are written is not on any page.
fn words(notes: &[Note]) -> Vec<(&str, Option<usize>)> {
    notes.iter().map(Note::words).collect()
}

fn values_by_party(texts: &[(PartyIx, Text)]) -> Vec<(PartyIx, &str)> {
    let texts = texts.iter();
    texts
        .map(|(party, text)| (*party, text.value.as_str()))
        .collect()
}

fn in_model(category: &Category, model: ModelIx) -> Digest {
    let rows = category.rows.iter().filter_map(|row| {
        // All fields are named, so that a new one is not forgotten here.
        let Row {
            id,
            label,
            labels: _,
            aliases: _,
            group,
            description,
            only_in,
            notes,
            controls,
            fields: _,
            cells,
            unlisted,
            incomplete: _,
            acknowledge: _,
            place: _,
        } = row;
        let cell = (cells[model].as_ref(), unlisted[model].as_ref());
        let is_said = matches!(cell, (Some(_), _) | (_, Some(_)));
        let names = (id, label, row.label_in(Some(model)), group);
        is_said.then_some((names, description, only_in, notes, controls, cell))
    });
    let names = (&category.id, category.label_in(Some(model)));
    let said = (&category.conditional, &category.file);
    Digest::of(&(names, said, rows.collect::<Vec<_>>()))
}

/// What pages take from each category.
pub fn parts(document: &Document, memo: &ListMemo<Parts, (Digest, usize)>) -> Arc<Vec<Arc<Parts>>> {
    let (categories, models) = (&document.categories, document.models.len());
    let made_from = categories.iter().map(|c| (c.made_from, models)).collect();
    memo.all(made_from, |at| Parts::of(&categories[at], models))
}

/// A digest of what all pages share: which pages there are, and what each of them can
/// link to or shows of the others. `made_with` is a digest of what else decides this:
/// settings, theme and other files.
pub fn shared(
    (document, strings): (&Document, &Strings),
    parts: &[Arc<Parts>],
    made_with: Digest,
) -> Digest {
    let tables = Tables {
        document,
        strings,
        only: None,
    };
    let models = 0..document.models.len();
    let with_tasks: Vec<bool> = models.clone().map(|m| document.lists_tasks(m)).collect();
    // Which tables a model has decides which files there are.
    let has = |m| {
        (
            tables.has_areas(m),
            tables.has_roles(m),
            tables.has_evidence(m),
        )
    };
    let has: Vec<_> = models.map(has).collect();
    Digest::of(&(
        made_with,
        frame(document),
        (with_tasks, has),
        of_all(parts, |p| p.names),
        document.prose.names,
    ))
}

fn of_all(parts: &[Arc<Parts>], pick: impl Fn(&Parts) -> Digest) -> Digest {
    Digest::of_all(parts.iter().map(|p| pick(p)))
}

/// A digest of what all pages share, a digest of what else a page takes, and the
/// page's index.
pub type PageMadeFrom = (Digest, Digest, usize);

/// The keys of all pages.
pub fn pages(
    project: &Project<'_>,
    pages: &[Page],
    shared: Digest,
    parts: &[Arc<Parts>],
    memo: &ListMemo<Digest, PageMadeFrom>,
) -> Vec<Digest> {
    let document = project.document;
    let models = document.models.len();
    let all = |pick: &dyn Fn(&Parts) -> Digest| of_all(parts, pick);
    let owners = all(&|p| p.owners);
    let whole = all(&|p| p.whole);
    let of_model: Vec<Digest> = (0..models).map(|m| all(&|p| p.models[m])).collect();
    let intro = |m: ModelIx| document.models[m].intro.made_from;
    let prose = |prose: Option<&Prose>| prose.map(|p| p.made_from);
    let own = |page: &Page| match page.kind {
        PageKind::Home => Digest::of(&(owners, prose(project.home()))),
        PageKind::Model(m) => Digest::of(&(intro(m), of_model[m])),
        PageKind::Category(c) => parts[c].whole,
        PageKind::CompareIndex => owners,
        PageKind::Compare(a, b) | PageKind::Reversed(a, b) => {
            Digest::of(&(of_model[a], of_model[b]))
        }
        PageKind::Party(_) => whole,
        PageKind::Prose(p) => document.prose[p].made_from,
        // It shows the badge of a row, and which parties take part where.
        PageKind::Embed => owners,
        PageKind::Print => {
            let intros: Vec<Digest> = (0..models).map(intro).collect();
            Digest::of(&(whole, intros, document.prose.made_from))
        }
        PageKind::NotFound => Digest::of(&prose(project.not_found())),
    };
    // Which page has which index is part of what is shared.
    let made_from = pages.iter().enumerate();
    let made_from: Vec<_> = made_from
        .map(|(at, page)| (shared, own(page), at))
        .collect();
    let keys = memo.all(made_from.clone(), |at| Digest::of(&made_from[at]));
    keys.iter().map(|key| **key).collect()
}

/// A digest of the document without categories, prose and introductions.
fn frame(document: &Document) -> Digest {
    // All fields are named, so that a new one is not forgotten here.
    let Document {
        title,
        version,
        effective,
        contact,
        source,
        catch_all,
        precedence,
        history,
        parties,
        frameworks,
        areas,
        roles,
        notes,
        fields,
        publishes_reviews,
        models,
        categories: _,
        prose: _,
        acknowledge: _,
        unread: _,
        known: _,
        names: _,
    } = document;
    let models = models.iter().map(|model| {
        let Model {
            id,
            label,
            description,
            version,
            effective,
            party_labels,
            columns,
            summary_caption,
            detail_caption,
            intro,
            acknowledge: _,
            place: _,
        } = model;
        let captions = (summary_caption, detail_caption);
        let parties = (party_labels, columns);
        let facts = (description, version, effective);
        (id, label, facts, parties, captions, &intro.file)
    });
    let source = source.as_ref().map(|s| (&s.label, &s.url));
    let history = history.iter().map(|v| (&v.version, &v.date, &v.changes));
    let catch_all = catch_all.as_ref().map(|c| (&c.text, &c.party));
    Digest::of(&(
        (title, version, effective, contact, source),
        (catch_all, precedence, history.collect::<Vec<_>>()),
        (parties, frameworks, areas, roles, notes),
        (fields, publishes_reviews),
        models.collect::<Vec<_>>(),
    ))
}
