//! The whole document: parties, deployment models, categories, rows and cells,
//! with every id resolved to an index. It is made by `assemble` and not changed after
//! that; `lint` finds what is doubtful in it.

// The open ones are part of the door: what is in them reads better behind their name.
pub mod active_files;
mod assemble;
mod cells;
pub mod compare;
mod content;
mod contradictions;
mod evidence;
mod fields;
mod ids;
mod limits;
pub mod lint;
mod owner;
mod roles;
mod rows;

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::findings::{Code, Digest, Names, Place};
use crate::input::{CatchAllRecord, Date, PartyKind, SourceRecord, Text, VersionRecord};

pub use crate::model::assemble::of_data;
pub use crate::model::cells::{AreaCell, Cell, Note, Ownership, SharedNote, Task};
pub use crate::model::content::{Content, ContentMemos};
pub use crate::model::contradictions::Denial;
pub use crate::model::evidence::{Evidence, Review};
pub use crate::model::fields::{FIELD, FieldIx, FieldValue, OwnField};
pub use crate::model::ids::{Ids, Unread, fold, id_problem, slug};
pub use crate::model::owner::{BETWEEN_PARTIES, Badge, Owner, count_owners, owner_totals};
pub use crate::model::roles::{Concern, OwnRole, Role, Roles};
pub use crate::model::rows::{BETWEEN_HEADINGS, CategoryGroup, Controls, OnlyIn, Row, RowGroup};

/// Index of a party in [`Document::parties`].
pub type PartyIx = usize;
/// Index of a deployment model in [`Document::models`].
pub type ModelIx = usize;
/// Index of an area in [`Document::areas`].
pub type AreaIx = usize;

/// A responsibility document that is consistent in itself.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Title of the site; `None` leaves it to `book.toml`.
    pub title: Option<Text>,
    /// Version as the author counts.
    pub version: Option<Text>,
    /// First day the document is in force.
    pub effective: Option<Date>,
    /// Whom to ask.
    pub contact: Option<Text>,
    /// Where the contents come from.
    pub source: Option<SourceRecord>,
    /// What applies to everything that is not listed.
    pub catch_all: Option<CatchAllRecord>,
    /// Which document takes precedence where two disagree. Markdown.
    pub precedence: Option<Text>,
    /// Versions, the newest first.
    pub history: Vec<VersionRecord>,
    /// The parties, in the order of `srm.yaml`; a [`PartyIx`] is an index into this
    /// list.
    pub parties: Vec<Party>,
    /// The standards that `controls` refer to.
    pub frameworks: Vec<Framework>,
    /// The areas that cells can be divided into; an [`AreaIx`] is an index into this
    /// list.
    pub areas: Vec<Area>,
    /// The roles of parties, and their letters.
    pub roles: Roles,
    /// The notes that rows and cells refer to.
    pub notes: Vec<SharedNote>,
    /// The author's own fields, in the order of `srm.yaml`; a [`FieldIx`] is an index into
    /// this list.
    pub fields: Vec<OwnField>,
    /// Whether readers see reviews.
    pub publishes_reviews: bool,
    /// The deployment models in their order; a [`ModelIx`] is an index into this
    /// list.
    pub models: Vec<Model>,
    /// The categories with their rows, in order.
    pub categories: Vec<Arc<Category>>,
    /// The pages of prose, without introductions of models.
    pub prose: Arc<ProsePages>,
    /// Reasons given for the whole document.
    pub acknowledge: Acknowledgements,
    /// What exists although it could not be read.
    pub unread: Unread,
    /// Ids of parties, models, frameworks and fields, for look-ups.
    pub known: Arc<KnownIds>,
    /// Ids of rows and categories, for suggestions.
    pub names: DocumentNames,
}

/// The names of rows and categories, for suggestions. They are made when a name is
/// first found to be unknown.
#[derive(Clone, Debug, Default)]
pub struct DocumentNames {
    rows: OnceLock<Arc<Names>>,
    categories: OnceLock<Arc<Names>>,
}

/// The ids of a document, for fast look-ups: there can be very many ids, and very
/// many places that name one.
#[derive(Debug, Default)]
pub struct KnownIds {
    /// Ids of parties; the index is a [`PartyIx`].
    pub parties: Ids,
    /// Ids of models; the index is a [`ModelIx`].
    pub models: Ids,
    /// Ids of frameworks; the index is that in [`Document::frameworks`].
    pub frameworks: Ids,
    /// Ids of areas; the index is an [`AreaIx`].
    pub areas: Ids,
    /// Ids of notes; the index is that in [`Document::notes`].
    pub notes: Ids,
    /// Ids of fields; the index is a [`FieldIx`].
    pub fields: Ids,
    /// Parties by id and by label, both in lower case.
    labels: HashMap<String, PartyIx>,
}

impl KnownIds {
    /// The ids of a document.
    pub fn of(document: &Document) -> Arc<KnownIds> {
        let parties = document.parties.iter();
        let mut labels = HashMap::new();
        for (at, party) in parties.clone().enumerate() {
            for name in [&party.id, &party.label] {
                labels.entry(name.to_lowercase()).or_insert(at);
            }
        }
        Arc::new(KnownIds {
            parties: Ids::new("party", parties.map(|p| p.id.as_str())),
            models: Ids::new("model", document.models.iter().map(|m| m.id.as_str())),
            frameworks: Ids::new(
                "framework",
                document.frameworks.iter().map(|f| f.id.as_str()),
            ),
            areas: Ids::new("area", document.areas.iter().map(|a| a.id.as_str())),
            notes: Ids::new("note", document.notes.iter().map(|n| n.id.as_str())),
            fields: Ids::new("field", document.fields.iter().map(|f| f.id.as_str())),
            labels,
        })
    }

    /// The party with this id or label, ignoring letter case.
    pub fn party_called(&self, name: &str) -> Option<PartyIx> {
        self.labels.get(&name.to_lowercase()).copied()
    }
}

/// A party that can be responsible.
#[derive(Clone, Debug, Hash)]
pub struct Party {
    /// Permanent id.
    pub id: String,
    /// Which side of the contract the party is on.
    pub kind: PartyKind,
    /// Name in tables and badges, unless a model uses another.
    pub label: String,
    /// How the party is addressed on its own page, for example `You`.
    pub second_person: Option<String>,
    /// Who that is. Markdown.
    pub description: Option<Text>,
    /// Where the party is declared.
    pub place: Place,
}

/// A standard that controls belong to.
#[derive(Clone, Debug, Hash)]
pub struct Framework {
    /// Permanent id, used in `controls`.
    pub id: String,
    /// Name that is shown before a control's id.
    pub label: String,
    /// Where the standard can be read.
    pub url: Option<Text>,
    /// Where the framework is declared.
    pub place: Place,
}

/// A part of responsibilities that can have owners of its own.
#[derive(Clone, Debug, Hash)]
pub struct Area {
    /// Permanent id, used in `areas`.
    pub id: String,
    /// Name of the area.
    pub label: String,
    /// Where the area is declared.
    pub place: Place,
}

/// A deployment model: SaaS, BYOC and so on.
#[derive(Clone, Debug)]
pub struct Model {
    /// Permanent id, the name of the model's file.
    pub id: String,
    /// Name of the model, for example `SaaS`.
    pub label: String,
    /// One sentence for lists and search engines.
    pub description: Option<Text>,
    /// Its own version, in place of the document's.
    pub version: Option<Text>,
    /// First day it is in force, in place of the document's.
    pub effective: Option<Date>,
    /// This model's own names for parties, by party.
    pub party_labels: Vec<Option<String>>,
    /// All parties in the order of this model's columns.
    pub columns: Vec<PartyIx>,
    /// The author's caption of the summary table.
    pub summary_caption: Option<String>,
    /// The author's caption of the table of tasks.
    pub detail_caption: Option<String>,
    /// Introduction, Markdown.
    pub intro: Prose,
    /// Acknowledgements that apply to the whole model.
    pub acknowledge: Acknowledgements,
    /// The label in the model's file.
    pub place: Place,
}

/// An aligned category with its rows.
#[derive(Clone, Debug)]
pub struct Category {
    /// Permanent id, the name of the category's file.
    pub id: String,
    /// Name of the category, unless a model uses another.
    pub label: String,
    /// Other names that models give it, by model; `None` where a model uses `label`.
    pub labels: Vec<Option<Text>>,
    /// What belongs here. Markdown.
    pub description: Option<Text>,
    /// The condition under which a party takes part in all its rows. It never decides a
    /// badge. Markdown.
    pub conditional: Vec<(PartyIx, Text)>,
    /// The groups that it declares for its rows.
    pub groups: Vec<CategoryGroup>,
    /// The rows, in the order of the file.
    pub rows: Vec<Row>,
    /// Acknowledgements that apply to the whole category.
    pub acknowledge: Acknowledgements,
    /// Path of the category's file, relative to the project.
    pub file: Arc<str>,
    /// The label in the category's file.
    pub place: Place,
    /// Whether the category, a row or a cell acknowledges a finding.
    pub has_reasons: bool,
    /// Bytes of code in its texts that could be highlighted.
    pub code: usize,
    /// A digest of everything the category was made from. Categories with equal
    /// digests are equal.
    pub made_from: Digest,
}

/// Markdown with its front matter.
#[derive(Clone, Debug)]
pub struct Prose {
    /// Source file, relative to the project.
    pub file: Arc<str>,
    /// Path of the source below the content folder.
    pub path: String,
    /// The title as set, or else the first-level heading that the text begins with.
    pub title: Option<String>,
    /// One sentence for search engines and lists.
    pub description: Option<String>,
    /// Position among the pages of its folder; lower comes first.
    pub order: i64,
    /// The Markdown after the front matter.
    pub body: String,
    /// Where `body` begins in the file, in bytes.
    pub body_start: usize,
    /// Bytes of code in it that could be highlighted.
    pub code: usize,
    /// A digest of what it is made from: of the whole file for a page, and of `body`
    /// and `body_start` for a model's introduction.
    pub made_from: Digest,
    /// A digest of what other pages show of it: its path and its title.
    pub name: Digest,
}

/// The pages of prose, in reading order. There can be very many, so digests over all
/// of them are computed once.
#[derive(Clone, Debug, Default)]
pub struct ProsePages {
    list: Vec<Arc<Prose>>,
    places: HashMap<String, usize>,
    /// A digest of their [`Prose::name`]s.
    pub names: Digest,
    /// A digest of their [`Prose::made_from`]s.
    pub made_from: Digest,
}

impl ProsePages {
    /// Takes pages that are in reading order.
    pub fn new(list: Vec<Arc<Prose>>) -> Self {
        let places = list.iter().enumerate();
        ProsePages {
            places: places.map(|(at, page)| (page.path.clone(), at)).collect(),
            names: Digest::of_all(list.iter().map(|page| page.name)),
            made_from: Digest::of_all(list.iter().map(|page| page.made_from)),
            list,
        }
    }

    /// The page made from a source, by its path below the content folder.
    pub fn of(&self, path: &str) -> Option<&Prose> {
        Some(&self.list[*self.places.get(path)?])
    }

    /// The first page that was made from one of these sources, by path.
    pub fn first_of(&self, paths: &[&str]) -> Option<&Prose> {
        let places = paths.iter().filter_map(|path| self.places.get(*path));
        Some(&self.list[*places.min()?])
    }
}

impl Deref for ProsePages {
    type Target = [Arc<Prose>];

    fn deref(&self) -> &Self::Target {
        &self.list
    }
}

/// A code with the author's reason for accepting such findings.
#[derive(Clone, Debug, Hash)]
pub struct Acknowledgement {
    /// The code of the accepted findings.
    pub code: Code,
    /// Why they are accepted.
    pub reason: String,
    /// Where the code is written.
    pub place: Place,
}

/// The acknowledgements in one place, such as a row.
pub type Acknowledgements = Vec<Acknowledgement>;

impl Document {
    /// The same document with other categories and prose pages. The current ones are
    /// not copied, because they can be many.
    pub fn with(&self, categories: Vec<Arc<Category>>, prose: ProsePages) -> Document {
        Document {
            title: self.title.clone(),
            version: self.version.clone(),
            effective: self.effective.clone(),
            contact: self.contact.clone(),
            source: self.source.clone(),
            catch_all: self.catch_all.clone(),
            precedence: self.precedence.clone(),
            history: self.history.clone(),
            parties: self.parties.clone(),
            frameworks: self.frameworks.clone(),
            areas: self.areas.clone(),
            roles: self.roles.clone(),
            notes: self.notes.clone(),
            fields: self.fields.clone(),
            publishes_reviews: self.publishes_reviews,
            models: self.models.clone(),
            categories,
            prose: Arc::new(prose),
            acknowledge: self.acknowledge.clone(),
            unread: self.unread.clone(),
            known: self.known.clone(),
            names: DocumentNames::default(),
        }
    }

    /// The ids of all rows.
    pub fn row_names(&self) -> &Arc<Names> {
        let rows = || self.rows().map(|(_, row)| row.id.as_str());
        self.names
            .rows
            .get_or_init(|| Names::new("row", "", rows()))
    }

    /// The ids of all categories.
    pub fn category_names(&self) -> &Arc<Names> {
        let categories = || self.categories.iter().map(|c| c.id.as_str());
        let names = &self.names.categories;
        names.get_or_init(|| Names::new("category", "", categories()))
    }

    /// The texts about the document as a whole that may contain Markdown.
    pub fn frame_texts(&self) -> impl Iterator<Item = &Text> {
        let catch_all = self.catch_all.iter().map(|c| &c.text);
        let parties = self.parties.iter().flat_map(|p| &p.description);
        let history = self.history.iter().map(|v| &v.changes);
        let notes = self.notes.iter().map(|note| &note.text);
        catch_all
            .chain(&self.precedence)
            .chain(parties)
            .chain(history)
            .chain(notes)
    }

    /// What a note says.
    pub fn text_of<'a>(&'a self, note: &'a Note) -> &'a Text {
        match note {
            Note::Own(text) => text,
            Note::Shared(at) => &self.notes[*at].text,
        }
    }

    /// The ids of the notes that are written once, of a list.
    pub fn note_ids(&self, notes: &[Note]) -> Vec<&str> {
        let shared = notes.iter().filter_map(|note| match note {
            Note::Own(_) => None,
            Note::Shared(at) => Some(self.notes[*at].id.as_str()),
        });
        shared.collect()
    }

    /// The party with this id.
    pub fn party(&self, id: &str) -> Option<PartyIx> {
        self.known.parties.find(id)
    }

    /// The model with this id.
    pub fn model(&self, id: &str) -> Option<ModelIx> {
        self.known.models.find(id)
    }

    /// The category with this id.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|c| c.id == id).map(|c| &**c)
    }

    /// All rows with their categories, in order.
    pub fn rows(&self) -> impl Iterator<Item = (&Category, &Row)> {
        self.categories
            .iter()
            .flat_map(|c| c.rows.iter().map(move |r| (&**c, r)))
    }

    /// Whether findings can depend on the day of the check.
    pub fn has_dates(&self) -> bool {
        let mut cells = self.rows().flat_map(|(_, row)| row.cells.iter().flatten());
        let dated = |cell: &Cell| cell.review.as_ref().is_some_and(|r| r.date.is_some());
        self.effective.is_some() || cells.any(dated)
    }

    /// Whether any party has a task in a model. Where none has, nothing speaks of tasks.
    pub fn lists_tasks(&self, model: ModelIx) -> bool {
        let mut cells = self.rows().filter_map(|(_, row)| row.cells[model].as_ref());
        cells.any(Cell::has_tasks)
    }

    /// The label of a party in a model, or its general label if no model is given.
    pub fn party_label(&self, party: PartyIx, model: Option<ModelIx>) -> &str {
        model
            .and_then(|m| self.models[m].party_labels[party].as_deref())
            .unwrap_or(&self.parties[party].label)
    }
}

impl Category {
    /// All its own texts that may contain Markdown, each as often as it occurs in a cell.
    pub fn texts<'c>(&'c self) -> impl Iterator<Item = (&'c str, &'c Place)> {
        let rows = || self.rows.iter();
        let cells = || rows().flat_map(|row| row.cells.iter().flatten().flat_map(Cell::parts));
        let own = |note: &'c Note| match note {
            Note::Own(text) => Some(text),
            Note::Shared(_) => None,
        };
        let of_rows = rows().flat_map(move |row| {
            let notes = row.notes.iter().filter_map(own);
            row.description.iter().chain(notes)
        });
        let of_cells = cells().flat_map(move |cell| {
            let by_party = cell.scope.iter().chain(&cell.conditional);
            let links = cell.fields.iter().flat_map(|value| &value.link);
            let published = cell.public_evidence().map(|(_, text)| text);
            let notes = cell.notes.iter().filter_map(own);
            let texts = notes.chain(by_party.map(|(_, text)| text));
            texts.chain(links).chain(published)
        });
        let conditions = self.conditional.iter().map(|(_, text)| text);
        let of_category = self.description.iter().chain(conditions);
        let texts = of_category.chain(of_rows).chain(of_cells);
        let tasks = cells().flat_map(|cell| cell.tasks.iter().flat_map(|(_, tasks)| tasks));
        let tasks = tasks.map(|task| (task.text.as_str(), &task.place));
        texts
            .map(|text| (text.value.as_str(), &text.place))
            .chain(tasks)
    }

    /// The label of the category in a model, or its general label.
    pub fn label_in(&self, model: Option<ModelIx>) -> &str {
        model
            .and_then(|m| self.labels[m].as_ref())
            .map_or(&self.label, |t| &t.value)
    }
}
