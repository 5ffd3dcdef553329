//! The whole document: parties, deployment models, categories, rows and cells,
//! with every id resolved to an index. It is made by `assemble` and only looked
//! at after that; what is doubtful in it is found by `lint`.

pub mod active_files;
mod assemble;
pub mod compare;
mod content;
mod ids;
mod limits;
pub mod lint;
mod owner;

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::findings::{Code, Digest, Names, Place};
use crate::input::{CatchAllRecord, Date, PartyKind, SourceRecord, Text, VersionRecord, worded};

pub use crate::model::content::{Content, ContentMemos};
pub use crate::model::ids::{Ids, fold, id_problem, slug};
pub use crate::model::owner::{BETWEEN_PARTIES, Badge, Owner, count_owners, owner_totals};

/// Index of a party in [`Document::parties`].
pub type PartyIx = usize;
/// Index of a deployment model in [`Document::models`].
pub type ModelIx = usize;

/// A responsibility document that is consistent in itself.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub title: Option<Text>,
    pub version: Option<Text>,
    pub effective: Option<Date>,
    pub contact: Option<Text>,
    pub source: Option<SourceRecord>,
    pub catch_all: Option<CatchAllRecord>,
    pub precedence: Option<Text>,
    /// Versions, the newest first.
    pub history: Vec<VersionRecord>,
    pub parties: Vec<Party>,
    pub frameworks: Vec<Framework>,
    pub models: Vec<Model>,
    pub categories: Vec<Arc<Category>>,
    pub prose: Arc<ProsePages>,
    /// Reasons given for the whole document.
    pub acknowledge: Acknowledgements,
    pub known: Arc<KnownIds>,
    pub names: DocumentNames,
}

/// What can be named in a request, made when the first one names what is not
/// there.
#[derive(Clone, Debug, Default)]
pub struct DocumentNames {
    rows: OnceLock<Arc<Names>>,
    categories: OnceLock<Arc<Names>>,
}

/// The ids of a document, for finding what an author named. There can be very
/// many of them, and very many places that name one.
#[derive(Debug, Default)]
pub struct KnownIds {
    pub parties: Ids,
    pub models: Ids,
    pub frameworks: Ids,
    /// Parties by their ids and labels in lower case.
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
            labels,
        })
    }

    /// The party with this id or label, in whatever letter case.
    pub fn party_called(&self, name: &str) -> Option<PartyIx> {
        self.labels.get(&name.to_lowercase()).copied()
    }
}

/// Somebody who can be responsible.
#[derive(Clone, Debug, Hash)]
pub struct Party {
    pub id: String,
    pub kind: PartyKind,
    pub label: String,
    pub second_person: Option<String>,
    pub description: Option<Text>,
    pub place: Place,
}

/// A standard that controls belong to.
#[derive(Clone, Debug, Hash)]
pub struct Framework {
    pub id: String,
    pub label: String,
    pub url: Option<Text>,
    pub place: Place,
}

/// A deployment model: SaaS, BYOC and so on.
#[derive(Clone, Debug)]
pub struct Model {
    pub id: String,
    pub label: String,
    pub description: Option<Text>,
    /// This model's own names for parties, by party.
    pub party_labels: Vec<Option<String>>,
    /// All parties in the order of this model's columns.
    pub columns: Vec<PartyIx>,
    pub summary_caption: Option<String>,
    pub detail_caption: Option<String>,
    /// Introduction, Markdown.
    pub intro: Prose,
    pub acknowledge: Acknowledgements,
    pub place: Place,
}

/// An aligned category with its rows.
#[derive(Clone, Debug)]
pub struct Category {
    pub id: String,
    pub label: String,
    /// Names that models give it instead, by model, with their places.
    pub labels: Vec<Option<Text>>,
    pub description: Option<Text>,
    pub rows: Vec<Row>,
    pub acknowledge: Acknowledgements,
    pub file: Arc<str>,
    pub place: Place,
    /// Whether a reason for leaving a finding stands anywhere in it.
    pub has_reasons: bool,
    /// Bytes of code in its texts that could be highlighted.
    pub code: usize,
    /// Of everything the category was made from: two with the same one are
    /// equal.
    pub made_from: Digest,
}

/// One responsibility across all models.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub label: String,
    pub labels: Vec<Option<Text>>,
    pub description: Option<Text>,
    /// The models that list it when that was said, and why.
    pub only_in: Option<OnlyIn>,
    pub notes: Vec<Text>,
    pub controls: Vec<Controls>,
    /// One slot a model; `None` is "not listed".
    pub cells: Vec<Option<Cell>>,
    /// Whether a cell was given for a model that does not exist, which has its
    /// own finding.
    pub incomplete: bool,
    pub acknowledge: Acknowledgements,
    pub place: Place,
}

/// A stated limit to some models.
#[derive(Clone, Debug, Hash)]
pub struct OnlyIn {
    pub models: Vec<ModelIx>,
    pub reason: Option<String>,
}

/// Ids of one framework's controls.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Controls {
    pub framework: usize,
    pub ids: Vec<String>,
}

/// Who does what in one row of one model.
#[derive(Clone, Debug, Hash)]
pub struct Cell {
    pub ownership: Ownership,
    /// Tasks by party, in the order of [`Document::parties`]; parties without
    /// an entry have none.
    pub tasks: Vec<(PartyIx, Vec<Task>)>,
    /// Words printed in the summary instead of a mark. Never decides the badge.
    pub summary: Vec<(PartyIx, Text)>,
    pub scope: Vec<(PartyIx, Text)>,
    pub conditional: Vec<(PartyIx, Text)>,
    /// Never decides the badge.
    pub roles: Vec<(Role, Vec<PartyIx>)>,
    pub cadence: Option<String>,
    pub notes: Vec<Text>,
    pub acknowledge: Acknowledgements,
    /// Whether an id in `responsible` could not be resolved. That has its own
    /// finding; what follows from it would be noise.
    pub incomplete: bool,
    pub place: Place,
}

worded! {
    /// How a party takes part without being responsible. The words are keys of a
    /// cell, and what follows `role-` in the key of a string.
    pub enum Role {
        Accountable = "accountable",
        Consulted = "consulted",
        Informed = "informed",
        Supports = "supports",
    }
}

/// The declared owner set of a cell, or its state.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Ownership {
    /// Responsible parties in document order; at least one.
    Parties(Vec<PartyIx>),
    /// Nobody, and a catch-all text covers that.
    Unassigned,
    NotApplicable(Option<String>),
    ByAgreement(Option<String>),
}

impl Ownership {
    /// The responsible parties; empty for a state.
    pub fn parties(&self) -> &[PartyIx] {
        match self {
            Ownership::Parties(parties) => parties,
            Ownership::Unassigned | Ownership::NotApplicable(_) | Ownership::ByAgreement(_) => &[],
        }
    }
}

/// One thing somebody does.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Task {
    /// Inline Markdown, trimmed: two tasks are the same when this is equal.
    pub text: String,
    pub controls: Vec<Controls>,
    pub place: Place,
}

/// Markdown with its front matter.
#[derive(Clone, Debug)]
pub struct Prose {
    /// Source file, relative to the project.
    pub file: Arc<str>,
    /// Path of the source below the content folder.
    pub path: String,
    /// As set, else the first-level heading it begins with.
    pub title: Option<String>,
    pub description: Option<String>,
    pub order: i64,
    pub body: String,
    /// Where `body` begins in the file, in bytes.
    pub body_start: usize,
    /// Bytes of code in it that could be highlighted.
    pub code: usize,
    /// Of the file's text.
    pub made_from: Digest,
    /// Of what other pages say of it: where it is and its title.
    pub name: Digest,
}

/// The pages of prose, in the order of reading. There can be very many, so what
/// is asked of all of them is known beforehand.
#[derive(Clone, Debug, Default)]
pub struct ProsePages {
    list: Vec<Arc<Prose>>,
    places: HashMap<String, usize>,
    /// Of all their names.
    pub names: Digest,
    /// Of all their texts.
    pub made_from: Digest,
}

impl ProsePages {
    /// These pages.
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

    /// The first of those made from these sources.
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

/// One code with the reason for leaving such findings as they are.
#[derive(Clone, Debug, Hash)]
pub struct Acknowledgement {
    pub code: Code,
    pub reason: String,
    pub place: Place,
}

/// The reasons written down at one place.
pub type Acknowledgements = Vec<Acknowledgement>;

impl Document {
    /// The same document with other categories and pages of prose. Its own are
    /// not copied for it: they can be many.
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
            models: self.models.clone(),
            categories,
            prose: Arc::new(prose),
            acknowledge: self.acknowledge.clone(),
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

    /// The texts about the document as a whole in which Markdown may stand.
    pub fn frame_texts(&self) -> impl Iterator<Item = &Text> {
        let catch_all = self.catch_all.iter().map(|c| &c.text);
        let parties = self.parties.iter().flat_map(|p| &p.description);
        let history = self.history.iter().map(|v| &v.changes);
        catch_all
            .chain(&self.precedence)
            .chain(parties)
            .chain(history)
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

    /// What a party is called in a model, or everywhere when none is given.
    pub fn party_label(&self, party: PartyIx, model: Option<ModelIx>) -> &str {
        model
            .and_then(|m| self.models[m].party_labels[party].as_deref())
            .unwrap_or(&self.parties[party].label)
    }
}

impl Category {
    /// All texts in which Markdown may stand, each as often as a cell has it.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &Place)> {
        let rows = || self.rows.iter();
        let cells = || rows().flat_map(|row| row.cells.iter().flatten());
        let of_rows = rows().flat_map(|row| row.description.iter().chain(&row.notes));
        let of_cells = cells().flat_map(|cell| {
            let by_party = cell.scope.iter().chain(&cell.conditional);
            cell.notes.iter().chain(by_party.map(|(_, text)| text))
        });
        let texts = self.description.iter().chain(of_rows).chain(of_cells);
        let tasks = cells().flat_map(|cell| cell.tasks.iter().flat_map(|(_, tasks)| tasks));
        let tasks = tasks.map(|task| (task.text.as_str(), &task.place));
        texts
            .map(|text| (text.value.as_str(), &text.place))
            .chain(tasks)
    }

    /// The name of the category, in a model or everywhere.
    pub fn label_in(&self, model: Option<ModelIx>) -> &str {
        model
            .and_then(|m| self.labels[m].as_ref())
            .map_or(&self.label, |t| &t.value)
    }
}

impl Row {
    /// The name of the row, in a model or everywhere.
    pub fn label_in(&self, model: Option<ModelIx>) -> &str {
        model
            .and_then(|m| self.labels[m].as_ref())
            .map_or(&self.label, |t| &t.value)
    }
}

impl Cell {
    /// A party's tasks; empty when it has none.
    pub fn tasks_of(&self, party: PartyIx) -> &[Task] {
        self.tasks
            .iter()
            .find(|(p, _)| *p == party)
            .map_or(&[], |(_, tasks)| tasks)
    }

    /// Whether any party has a task.
    pub fn has_tasks(&self) -> bool {
        self.tasks.iter().any(|(_, tasks)| !tasks.is_empty())
    }
}
