//! Makes the content of each page, as sections made of parts. Both the HTML page and
//! its Markdown twin are written from it.

mod category;
mod comparison;
mod embed;
mod home;
mod model;
mod party;
mod print;
mod prose;
mod tools;

use crate::input::Text;
use crate::model::compare::Verdict;
use crate::model::{Badge, OwnField, Prose};
use crate::pages::web::Fragment;
use crate::pages::{Page, PageKind, Project};
use crate::tables::Table;

pub use crate::pages::body::print::PrintBody;

/// A page's contents.
pub struct Body<'a> {
    /// One sentence for search engines. If it is empty, the page's first words are
    /// used.
    pub description: String,
    /// The sections, in order.
    pub sections: Vec<Section<'a>>,
}

/// A part of a page under a heading.
pub struct Section<'a> {
    /// Anchor; unique on the page.
    pub id: String,
    /// The heading; empty for the text at the beginning of a page.
    pub heading: String,
    /// Level of the heading, 2 or 3.
    pub level: u8,
    /// The parts below the heading.
    pub parts: Vec<Part<'a>>,
}

/// What sections are made of.
pub enum Part<'a> {
    /// A whole Markdown file. On pages with several files, anchors get the prefix.
    Prose {
        /// The file.
        prose: &'a Prose,
        /// Put before the anchors of the file.
        prefix: String,
        /// The title above it. A first-level heading that says the same at the
        /// beginning of the file is not repeated.
        title: &'a str,
    },
    /// Markdown from a YAML file.
    Markdown(&'a Text),
    /// The condition on which a party takes part, where a heading names the party.
    Condition {
        /// Id of the party.
        party: &'a str,
        /// The condition. Markdown.
        text: &'a Text,
    },
    /// A paragraph of plain text.
    Paragraph(String),
    /// A table, with the id of its caption and a prefix for the anchors of its rows.
    Table {
        /// The table.
        table: Table<'a>,
        /// Anchor of its caption.
        id: String,
        /// Put before the anchors of its rows.
        prefix: String,
    },
    /// The tools with which readers filter the page's tables.
    Tools(Tools<'a>),
    /// The number of rows of each kind of owner.
    Totals {
        /// The words before the numbers.
        lead: String,
        /// Each kind of owner with its number of rows.
        counts: Vec<(Badge<'a>, usize)>,
    },
    /// Links with facts about their targets.
    Cards(Vec<Card<'a>>),
    /// Facts, each with its label.
    Facts(Vec<(String, Fact)>),
    /// A list of links.
    Links(Vec<Link>),
    /// The list of text pages, nested by folder.
    Pages(Vec<ListedPage>),
    /// What changes, in words and numbers.
    Answers(Vec<Answered>),
    /// The choice of two other models to compare.
    Pick(Pick<'a>),
    /// Markdown that the tool itself writes.
    Written(String),
    /// A table of the site, shown as other web pages show it.
    Shown(Fragment),
}

/// What the tables of a page can be filtered by: only values that occur there.
#[derive(Clone, Debug, Default)]
pub struct Tools<'a> {
    /// The number of rows in the tables.
    pub rows: usize,
    /// The kinds of owners that occur.
    pub owners: Vec<Badge<'a>>,
    /// Ids and names.
    pub categories: Vec<(&'a str, &'a str)>,
    /// Ids and names of the models.
    pub models: Vec<(&'a str, &'a str)>,
    /// Fields of the kind `choice` with those of their choices that occur.
    pub fields: Vec<(&'a OwnField, Vec<&'a str>)>,
    /// Whether models are columns, so that two of them can be chosen.
    pub pairs: bool,
    /// Whether models are shown side by side, so that their owners can differ.
    pub owners_differ: bool,
    /// Whether their tasks can differ, too.
    pub tasks_differ: bool,
    /// Whether some of them keep their owner on other terms.
    pub terms_differ: bool,
    /// Whether there are tasks, which can be hidden.
    pub tasks: bool,
}

/// One thing that changes between two models, with links to its rows.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What changes.
    pub verdict: Verdict,
    /// The sentence, which contains the number.
    pub lead: String,
    /// The number of rows, as in the lead.
    pub n: usize,
    /// Links to the rows, or to the first of them if there are too many to name.
    pub rows: Vec<Link>,
    /// A link to the others, and words that only say how many there are.
    pub more: Option<(Link, String)>,
}

/// Two models that are compared, and links to other pairs.
#[derive(Clone, Debug)]
pub struct Pick<'a> {
    /// Id of the first model.
    pub first: &'a str,
    /// Id of the second model.
    pub second: &'a str,
    /// Ids and names of all models.
    pub models: Vec<(&'a str, &'a str)>,
    /// Ids of the pairs that have a page; `None` if all pairs have one.
    pub pairs: Option<Vec<(&'a str, &'a str)>>,
    /// Path of such a page, with `{first}` and `{second}` in place of the ids.
    pub page: String,
    /// Links for pages without scripts.
    pub links: Vec<Link>,
}

/// A link inside the site.
#[derive(Clone, Debug)]
pub struct Link {
    /// The words of the link.
    pub label: String,
    /// Path in the site, which may have a fragment.
    pub path: String,
    /// Further words after the link.
    pub note: String,
}

/// An entry in the list of all text pages: a page, or a folder with its pages.
#[derive(Clone, Debug)]
pub struct ListedPage {
    /// Title of the page or folder.
    pub label: String,
    /// The path; a folder has one if it has its own page.
    pub path: Option<String>,
    /// The entries of a folder; empty for a page.
    pub below: Vec<ListedPage>,
}

/// A link with a few facts about its target.
#[derive(Clone, Debug)]
pub struct Card<'a> {
    /// The words of the link.
    pub label: String,
    /// Path in the site.
    pub path: String,
    /// A sentence about the target; may be empty.
    pub text: String,
    /// Kinds of owners with their numbers of rows.
    pub counts: Vec<(Badge<'a>, usize)>,
    /// Further links below the text.
    pub links: Vec<Link>,
}

/// The value of a fact.
#[derive(Clone, Debug)]
pub enum Fact {
    /// Plain text.
    Plain(String),
    /// A link to another site.
    External {
        /// The words of the link.
        label: String,
        /// The full address.
        url: String,
    },
}

impl<'a> Project<'a> {
    /// What is on a page.
    pub fn body(&self, page: &Page) -> Body<'a> {
        match page.kind {
            PageKind::Home => self.home_body(),
            PageKind::Model(model) => self.model_body(model, ""),
            PageKind::Category(ix) => self.category_body(&self.document.categories[ix]),
            PageKind::CompareIndex => self.compare_index_body(),
            PageKind::Compare(a, b) | PageKind::Reversed(a, b) => self.compare_body(a, b),
            PageKind::Party(party) => self.party_body(party),
            PageKind::Prose(ix) => self.prose_body(&self.document.prose[ix]),
            PageKind::Embed => self.embed_body(),
            PageKind::Print => self.print_body(&self.print_sections()).body,
            PageKind::NotFound => self.not_found_body(),
        }
    }

    fn section(&self, id: &str, heading: &str, parts: Vec<Part<'a>>) -> Section<'a> {
        Section {
            id: id.to_string(),
            heading: self.strings.get(heading).to_string(),
            level: 2,
            parts,
        }
    }
}

fn opening(parts: Vec<Part<'_>>) -> Section<'_> {
    Section {
        id: "srm-opening".into(),
        heading: String::new(),
        level: 2,
        parts,
    }
}

fn table_part<'a>(table: Table<'a>, id: &str) -> Part<'a> {
    Part::Table {
        table,
        id: id.to_string(),
        prefix: String::new(),
    }
}
