//! What is on each page, as sections made of parts. The HTML page and its
//! Markdown twin are both written from this.

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
use crate::model::{Badge, Prose};
use crate::pages::web::Fragment;
use crate::pages::{Page, PageKind, Project};
use crate::tables::Table;

/// A page's contents.
pub struct Body<'a> {
    /// One sentence for search engines; empty to take the page's first words.
    pub description: String,
    pub sections: Vec<Section<'a>>,
}

/// A stretch of a page under a heading.
pub struct Section<'a> {
    /// Anchor; unique on the page.
    pub id: String,
    /// Empty for the text a page opens with.
    pub heading: String,
    pub level: u8,
    pub parts: Vec<Part<'a>>,
}

/// What sections are made of.
pub enum Part<'a> {
    /// A whole Markdown file. On pages that hold several, anchors get the
    /// prefix.
    Prose {
        prose: &'a Prose,
        prefix: String,
    },
    /// Markdown from a YAML file.
    Markdown(&'a Text),
    Paragraph(String),
    /// With the id of its caption, and a prefix for the anchors of its rows.
    Table {
        table: Table<'a>,
        id: String,
        prefix: String,
    },
    /// What readers narrow the page's tables down with.
    Tools(Tools<'a>),
    Totals {
        lead: String,
        counts: Vec<(Badge<'a>, usize)>,
    },
    Cards(Vec<Card<'a>>),
    Facts(Vec<(String, Fact)>),
    Links(Vec<Link>),
    Pages(Vec<ListedPage>),
    /// What changes, in words and numbers.
    Answers(Vec<Answered>),
    Pick(Pick<'a>),
    /// Markdown of the tool's own.
    Written(String),
    /// A table of the site, shown as it is in other pages.
    Shown(Fragment),
}

/// What the tables of a page can be narrowed down to: only what occurs there.
#[derive(Clone, Debug, Default)]
pub struct Tools<'a> {
    /// How many rows the tables show.
    pub rows: usize,
    pub owners: Vec<Badge<'a>>,
    /// Ids and names.
    pub categories: Vec<(&'a str, &'a str)>,
    pub models: Vec<(&'a str, &'a str)>,
    /// Whether models are columns, two of which can be chosen.
    pub pairs: bool,
    /// Whether models stand side by side, so that their owners can differ.
    pub owners_differ: bool,
    /// Whether their tasks do, too.
    pub tasks_differ: bool,
    /// Whether there are tasks, which can be folded.
    pub tasks: bool,
}

/// One thing that changes between two models, with links to its rows.
#[derive(Clone, Debug)]
pub struct Answered {
    pub verdict: Verdict,
    pub lead: String,
    /// The number in the lead.
    pub n: usize,
    pub rows: Vec<Link>,
}

/// Two models that are compared, and the way to other pairs.
#[derive(Clone, Debug)]
pub struct Pick<'a> {
    pub first: &'a str,
    pub second: &'a str,
    /// Ids and names of all models.
    pub models: Vec<(&'a str, &'a str)>,
    /// Ids of the pairs that have a page; `None` when all have.
    pub pairs: Option<Vec<(&'a str, &'a str)>>,
    /// Path of such a page, with `{first}` and `{second}` for the ids.
    pub page: String,
    pub links: Vec<Link>,
}

/// A link inside the site.
#[derive(Clone, Debug)]
pub struct Link {
    pub label: String,
    pub path: String,
    /// Further words behind it.
    pub note: String,
}

/// A page of text in the list of them all, or a folder with what is in it.
#[derive(Clone, Debug)]
pub struct ListedPage {
    pub label: String,
    /// A folder has one if a page is its own.
    pub path: Option<String>,
    pub below: Vec<ListedPage>,
}

/// A link with a few facts about where it goes.
#[derive(Clone, Debug)]
pub struct Card<'a> {
    pub label: String,
    pub path: String,
    pub text: String,
    pub counts: Vec<(Badge<'a>, usize)>,
    pub links: Vec<Link>,
}

/// The value of a fact.
#[derive(Clone, Debug)]
pub enum Fact {
    Plain(String),
    External { label: String, url: String },
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
            PageKind::Print => self.print_body(),
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
