//! What is on each page, as sections made of parts. The HTML page and its
//! Markdown twin are both written from this.

use std::collections::BTreeSet;

use crate::input::tree::Text;
use crate::model::compare::{self, Verdict};
use crate::model::owner::{Badge, Owner, count, totals};
use crate::model::{Category, ModelIx, PartyIx, Prose, Row};
use crate::pages::folders::{Entry, Folder};
use crate::pages::web::{self, Fragment};
use crate::pages::{Kind, Page, Project, is_cut};
use crate::tables::answers;
use crate::tables::table::Table;
use crate::tables::{category_path, compare_page, involved, model_path};

/// Most rows that an answer names.
const NAMED_ROWS: usize = 7;

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
    Pages(Vec<Listed>),
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
pub struct Listed {
    pub label: String,
    /// A folder has one if a page is its own.
    pub path: Option<String>,
    pub below: Vec<Listed>,
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
            Kind::Home => self.home_body(),
            Kind::Model(model) => self.model_body(model, ""),
            Kind::Category(ix) => self.category_body(&self.document.categories[ix]),
            Kind::CompareIndex => self.compare_index_body(),
            Kind::Compare(a, b) | Kind::Reversed(a, b) => self.compare_body(a, b),
            Kind::Party(party) => self.party_body(party),
            Kind::Prose(ix) => self.prose_body(&self.document.prose[ix]),
            Kind::Embed => self.embed_body(),
            Kind::Print => self.print_body(),
            Kind::NotFound => self.not_found_body(),
        }
    }

    fn home_body(&self) -> Body<'a> {
        let (document, strings) = (self.document, self.strings);
        let mut sections = Vec::new();
        let home = self.home();
        if let Some(prose) = home {
            sections.push(opening(vec![whole(prose)]));
        }
        let models = (0..document.models.len())
            .map(|m| Card {
                label: document.models[m].label.clone(),
                path: model_path(document, m),
                text: self.model_description(m),
                counts: self.badges(&listed(totals(document, m))),
                links: Vec::new(),
            })
            .collect();
        sections.push(self.section("srm-models", "models", vec![Part::Cards(models)]));
        let categories = document
            .categories
            .iter()
            .map(|c| Link {
                label: c.label.clone(),
                path: category_path(c),
                note: strings.count("rows", c.rows.len()),
            })
            .collect();
        sections.push(self.section(
            "srm-categories",
            "categories",
            vec![Part::Links(categories)],
        ));
        let pages = self.text_pages();
        let pages = is_cut(pages.len()).then(|| {
            let pages: Vec<&Page> = pages.iter().collect();
            let list = listed_in(&Folder::nested(&pages), &pages);
            self.section("srm-pages", "pages", vec![Part::Pages(list)])
        });
        if document.models.len() > 1 {
            // The page of all models has those there is no room for.
            let cards = match is_cut(self.pairs.len()) {
                true => Vec::new(),
                false => self.pair_cards(),
            };
            let all = Part::Links(vec![Link {
                label: strings.get("compare-all").to_string(),
                path: "compare/index.html".into(),
                note: String::new(),
            }]);
            let parts = vec![Part::Cards(cards), all];
            sections.push(self.section("srm-changes", "heading-owners", parts));
        }
        sections.extend(pages);
        sections.extend(self.document_sections());
        Body {
            description: home
                .and_then(|p| p.description.clone())
                .or_else(|| {
                    self.config
                        .book
                        .description
                        .as_ref()
                        .map(|t| t.value.clone())
                })
                .unwrap_or_default(),
            sections,
        }
    }

    /// What holds for the whole document, where the author said so.
    fn document_sections(&self) -> Vec<Section<'a>> {
        let document = self.document;
        let mut sections = Vec::new();
        if let Some(catch_all) = &document.catch_all {
            sections.push(self.section(
                "srm-catch-all",
                "heading-catch-all",
                vec![Part::Markdown(&catch_all.text)],
            ));
        }
        if let Some(precedence) = &document.precedence {
            sections.push(self.section(
                "srm-precedence",
                "heading-precedence",
                vec![Part::Markdown(precedence)],
            ));
        }
        if !document.history.is_empty() {
            sections.push(self.section("srm-history", "heading-history", Vec::new()));
        }
        for (number, version) in document.history.iter().enumerate() {
            sections.push(Section {
                id: format!("srm-version-{}", number + 1),
                heading: format!("{} ({})", version.version.value, version.date.text),
                level: 3,
                parts: vec![Part::Markdown(&version.changes)],
            });
        }
        let facts = self.facts();
        if !facts.is_empty() {
            sections.push(self.section(
                "srm-document",
                "heading-document",
                vec![Part::Facts(facts)],
            ));
        }
        sections
    }

    fn facts(&self) -> Vec<(String, Fact)> {
        let document = self.document;
        let mut facts = Vec::new();
        let mut plain = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                let label = self.strings.get(key).to_string();
                facts.push((label, Fact::Plain(value.to_string())));
            }
        };
        plain(
            "version",
            document.version.as_ref().map(|t| t.value.as_str()),
        );
        plain(
            "effective",
            document.effective.as_ref().map(|d| d.text.as_str()),
        );
        plain(
            "contact",
            document.contact.as_ref().map(|t| t.value.as_str()),
        );
        let authors = self.config.book.authors.join(self.strings.get("names"));
        plain("authors", (!authors.is_empty()).then_some(authors.as_str()));
        if let Some(source) = &document.source {
            let label = source.label.value.clone();
            let fact = match &source.url {
                Some(url) => Fact::External {
                    label,
                    url: url.value.clone(),
                },
                None => Fact::Plain(label),
            };
            facts.push((self.strings.get("source").to_string(), fact));
        }
        facts
    }

    /// A card for each compared pair: what changes, in numbers.
    fn pair_cards(&self) -> Vec<Card<'a>> {
        let tables = self.tables();
        self.pairs
            .iter()
            .map(|(a, b)| {
                let [first, second] = [*a, *b].map(|m| self.document.models[m].label.as_str());
                Card {
                    label: self
                        .strings
                        .fill("compare-link", &[("first", first), ("second", second)]),
                    path: tables.compare_path(*a, *b),
                    text: self.change_words(*a, *b),
                    counts: Vec::new(),
                    links: Vec::new(),
                }
            })
            .collect()
    }

    /// How many rows move, are in one model only, or stay, as a sentence.
    fn change_words(&self, a: ModelIx, b: ModelIx) -> String {
        let changes = compare::compare(self.document, a, b);
        let n = |verdict| changes.clone().filter(|c| c.verdict == verdict).count();
        let only = |n: usize, model: ModelIx| {
            let form = if n == 1 { "only-one" } else { "only-many" };
            let label = &self.document.models[model].label;
            self.strings
                .fill(form, &[("n", &n.to_string()), ("model", label)])
        };
        let mut words = vec![self.strings.count("moved", n(Verdict::Moved))];
        if n(Verdict::OnlyA) > 0 {
            words.push(only(n(Verdict::OnlyA), a));
        }
        if n(Verdict::OnlyB) > 0 {
            words.push(only(n(Verdict::OnlyB), b));
        }
        words.push(self.strings.count("same", n(Verdict::Same)));
        let clauses = words.join(self.strings.get("clauses"));
        self.strings.fill("sentence", &[("text", &clauses)])
    }

    /// A model's page; on the page that holds everything its anchors carry a
    /// prefix.
    fn model_body(&self, model: ModelIx, prefix: &str) -> Body<'a> {
        let document = self.document;
        let facts = &document.models[model];
        let tables = self.tables();
        let mut parts = vec![
            Part::Prose {
                prose: &facts.intro,
                prefix: prefix.to_string(),
            },
            self.totals(&listed(totals(document, model))),
        ];
        let tools = self.tools(self.categories(), &[model], |row, m| row.cells[m].is_some());
        parts.extend(tools.map(|tools| {
            Part::Tools(Tools {
                tasks: true,
                models: Vec::new(),
                ..tools
            })
        }));
        let mut sections = vec![opening(parts)];
        for (key, table) in [
            ("summary", tables.summary(model)),
            ("detail", tables.detail(model)),
        ] {
            let id = format!("{prefix}srm-{key}");
            let part = Part::Table {
                table,
                id: format!("srm-{key}-caption"),
                prefix: prefix.to_string(),
            };
            sections.push(self.section(&id, &format!("heading-{key}"), vec![part]));
        }
        Body {
            description: self.model_description(model),
            sections,
        }
    }

    fn model_description(&self, model: ModelIx) -> String {
        let facts = &self.document.models[model];
        facts.description.as_ref().map_or_else(
            || {
                let cells = self
                    .document
                    .rows()
                    .filter(|(_, r)| r.cells[model].is_some());
                let rows = self.strings.count("rows", cells.count());
                let values = [("model", facts.label.as_str()), ("rows", rows.as_str())];
                self.strings.fill("describe-model", &values)
            },
            |t| t.value.clone(),
        )
    }

    fn category_body(&self, category: &'a Category) -> Body<'a> {
        let (document, strings) = (self.document, self.strings);
        let mut parts: Vec<Part<'a>> = Vec::new();
        parts.extend(category.description.as_ref().map(Part::Markdown));
        for (m, model) in document.models.iter().enumerate() {
            let listed = category.rows.iter().any(|r| r.cells[m].is_some());
            let label = category.label_in(Some(m));
            if listed && label != category.label {
                let values = [("label", label), ("model", model.label.as_str())];
                parts.push(Part::Paragraph(strings.fill("category-labels", &values)));
            }
        }
        let models = document.models.iter().enumerate();
        let cards = models.map(|(m, model)| {
            let cells = category.rows.iter().map(|row| row.cells[m].as_ref());
            let owners: Vec<Owner> = cells.map(|cell| Owner::of(document, cell)).collect();
            Card {
                label: model.label.clone(),
                path: model_path(document, m),
                text: String::new(),
                counts: self.badges(&count(&owners)),
                links: Vec::new(),
            }
        });
        let mut sections = Vec::new();
        if !parts.is_empty() {
            sections.push(opening(parts));
        }
        let cards = Part::Cards(cards.collect());
        sections.push(self.section("srm-totals", "heading-totals", vec![cards]));
        let all: Vec<ModelIx> = (0..document.models.len()).collect();
        let tools = self.tools([category], &all, |_, _| true);
        let tools = tools.map(|tools| {
            Part::Tools(Tools {
                categories: Vec::new(),
                tasks: true,
                ..tools
            })
        });
        let table = self.tables().category(category);
        let mut links: Vec<Link> = (0..document.models.len())
            .map(|m| Link {
                label: strings.fill("see-model", &[("model", &document.models[m].label)]),
                path: model_path(document, m),
                note: String::new(),
            })
            .collect();
        links.extend(self.pairs.iter().map(|(a, b)| {
            let [first, second] = [*a, *b].map(|m| document.models[m].label.as_str());
            Link {
                label: strings.fill("compare-link", &[("first", first), ("second", second)]),
                path: self.tables().compare_path(*a, *b),
                note: String::new(),
            }
        }));
        let mut parts: Vec<Part<'a>> = tools.into_iter().collect();
        parts.extend([table_part(table, "srm-rows-caption"), Part::Links(links)]);
        sections.push(self.section("srm-rows", "heading-rows", parts));
        Body {
            description: strings.fill("describe-category", &[("category", &category.label)]),
            sections,
        }
    }

    fn compare_index_body(&self) -> Body<'a> {
        let strings = self.strings;
        let mut sections = Vec::new();
        let totals = (0..self.document.models.len())
            .map(|m| Card {
                label: self.document.models[m].label.clone(),
                path: model_path(self.document, m),
                text: String::new(),
                counts: self.badges(&crate::model::owner::totals(self.document, m)),
                links: Vec::new(),
            })
            .collect();
        sections.push(self.section("srm-totals", "heading-totals", vec![Part::Cards(totals)]));
        if !self.pairs.is_empty() {
            let cards = Part::Cards(self.pair_cards());
            sections.push(self.section("srm-pairs", "heading-pairs", vec![cards]));
        }
        let all: Vec<ModelIx> = (0..self.document.models.len()).collect();
        let tools = self.tools(self.categories(), &all, |_, _| true);
        let tools = tools.map(|tools| {
            Part::Tools(Tools {
                pairs: true,
                owners_differ: true,
                ..tools
            })
        });
        let matrix = table_part(self.tables().matrix(), "srm-matrix-caption");
        let parts = tools.into_iter().chain([matrix]).collect();
        sections.push(self.section("srm-matrix", "heading-matrix", parts));
        Body {
            description: strings.get("describe-compare-index").to_string(),
            sections,
        }
    }

    fn compare_body(&self, a: ModelIx, b: ModelIx) -> Body<'a> {
        let strings = self.strings;
        let [first, second] = [a, b].map(|m| self.document.models[m].label.as_str());
        let tables = self.tables();
        let mut answer = vec![self.pick(a, b), Part::Answers(self.answers(a, b))];
        let tasks = answers::tasks(self.document, strings, (a, b));
        let tasks = tasks.into_iter().map(|task| {
            let party = self.document.party_label(task.party, None).to_string();
            (party, Fact::Plain(task.words))
        });
        let tasks: Vec<(String, Fact)> = tasks.collect();
        if !tasks.is_empty() {
            let values = [("first", first), ("second", second)];
            answer.push(Part::Paragraph(strings.fill("answer-tasks-lead", &values)));
            answer.push(Part::Facts(tasks));
        }
        let mut owners = Vec::new();
        let both = |row: &Row, m: ModelIx| [a, b].contains(&m) && row.cells[m].is_some();
        let tools = self.tools(self.categories(), &[a, b], both);
        owners.extend(tools.map(|tools| {
            Part::Tools(Tools {
                models: Vec::new(),
                owners_differ: true,
                tasks_differ: true,
                tasks: true,
                ..tools
            })
        }));
        owners.push(table_part(tables.compare(a, b), "srm-owners-caption"));
        let tasks = table_part(tables.compare_tasks(a, b), "srm-tasks-caption");
        Body {
            description: strings.fill("describe-compare", &[("first", first), ("second", second)]),
            sections: vec![
                opening(answer),
                self.section("srm-owners", "heading-compared", owners),
                self.section("srm-tasks", "heading-tasks", vec![tasks]),
            ],
        }
    }

    /// What changes for a reader who goes from one model to another. Few rows
    /// are named at once; the table below has them all.
    fn answers(&self, from: ModelIx, to: ModelIx) -> Vec<Answered> {
        let page = self.tables().compare_path(from, to);
        let link = |label: &str, anchor: &str| Link {
            label: label.to_string(),
            path: format!("{page}#{anchor}"),
            note: String::new(),
        };
        let answers = answers::owners(self.document, self.strings, (from, to));
        let named = answers.into_iter().map(|answer| {
            let named = if answer.rows.len() > NAMED_ROWS + 1 {
                NAMED_ROWS
            } else {
                answer.rows.len()
            };
            let rows = answer.rows.iter().take(named);
            let anchor = |row: &Row| format!("srm-change-{}", row.id);
            let mut links: Vec<Link> = rows.map(|r| link(&r.label, &anchor(r))).collect();
            if let Some(next) = answer.rows.get(named) {
                let more = (answer.rows.len() - named).to_string();
                let label = self.strings.fill("answer-more", &[("n", &more)]);
                links.push(link(&label, &anchor(next)));
            }
            Answered {
                verdict: answer.verdict,
                n: answer.rows.len(),
                lead: answer.lead,
                rows: links,
            }
        });
        named.collect()
    }

    /// The way from one comparison to the others.
    fn pick(&self, a: ModelIx, b: ModelIx) -> Part<'a> {
        let (models, tables) = (&self.document.models, self.tables());
        let id = |m: ModelIx| models[m].id.as_str();
        // Each of very many pages would name all others.
        let all = self.pairs.len() == models.len() * (models.len() - 1) / 2;
        let both = self.pairs.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]);
        let pairs = (!all).then(|| both.map(|(a, b)| (id(a), id(b))).collect());
        let [first, second] = [b, a].map(|m| models[m].label.as_str());
        let swap = Link {
            label: self
                .strings
                .fill("pick-swap", &[("first", first), ("second", second)]),
            path: tables.compare_path(b, a),
            note: String::new(),
        };
        let all = Link {
            label: self.strings.get("compare-all").to_string(),
            path: "compare/index.html".into(),
            note: String::new(),
        };
        Part::Pick(Pick {
            first: id(a),
            second: id(b),
            models: models
                .iter()
                .map(|m| (m.id.as_str(), m.label.as_str()))
                .collect(),
            pairs,
            page: compare_page("{first}", "{second}"),
            links: vec![swap, all],
        })
    }

    fn party_body(&self, party: PartyIx) -> Body<'a> {
        let (document, strings) = (self.document, self.strings);
        let facts = &document.parties[party];
        let mut parts: Vec<Part<'a>> = Vec::new();
        parts.extend(facts.description.as_ref().map(Part::Markdown));
        for (m, model) in document.models.iter().enumerate() {
            let label = document.party_label(party, Some(m));
            if label != facts.label {
                let values = [("label", label), ("model", model.label.as_str())];
                parts.push(Part::Paragraph(strings.fill("parties-called", &values)));
            }
        }
        let all: Vec<ModelIx> = (0..document.models.len()).collect();
        let tools = self.tools(self.categories(), &all, |row, m| {
            involved(row, m, party).is_some()
        });
        parts.extend(tools.map(|tools| {
            Part::Tools(Tools {
                tasks: true,
                ..tools
            })
        }));
        let mut sections = Vec::new();
        if !parts.is_empty() {
            sections.push(opening(parts));
        }
        for (m, model) in document.models.iter().enumerate() {
            let tables = self.tables();
            let cells = document.rows().filter_map(|(_, r)| r.cells[m].as_ref());
            let tasks: usize = cells.map(|c| c.tasks_of(party).len()).sum();
            let rows = tables.checklist_rows(party, m);
            let parts = if rows == 0 {
                let values = [
                    ("party", facts.label.as_str()),
                    ("model", model.label.as_str()),
                ];
                vec![Part::Paragraph(strings.fill("party-nothing", &values))]
            } else {
                let (rows, tasks) = (strings.count("rows", rows), strings.count("tasks", tasks));
                let words = [("rows", rows.as_str()), ("tasks", tasks.as_str())];
                vec![
                    Part::Paragraph(strings.fill("party-total", &words)),
                    table_part(
                        tables.checklist(party, m),
                        &format!("srm-checklist-{}", model.id),
                    ),
                ]
            };
            sections.push(Section {
                id: format!("srm-model-{}", model.id),
                heading: model.label.clone(),
                level: 2,
                parts,
            });
        }
        Body {
            description: strings.fill("describe-party", &[("party", &facts.label)]),
            sections,
        }
    }

    fn prose_body(&self, prose: &'a Prose) -> Body<'a> {
        Body {
            description: prose.description.clone().unwrap_or_default(),
            sections: vec![opening(vec![whole(prose)])],
        }
    }

    /// How tables and badges get into other pages.
    fn embed_body(&self) -> Body<'a> {
        let strings = self.strings;
        let fragments = web::fragments(self.tables(), self.pairs, self.groups.parties);
        let address = self.config.site_url();
        let site = address.as_deref().unwrap_or("https://docs.example.com/");
        let lead = strings.get("embed-lead").to_string();
        let mut sections = vec![opening(vec![Part::Paragraph(lead)])];
        if let Some(first) = fragments.first() {
            for way in web::ways(&self.tables(), first, site, self.has_badges()) {
                let mut text = format!("{}\n\n", strings.get(way.text));
                for (language, code) in way.code {
                    text.push_str(&format!("```{language}\n{code}\n```\n\n"));
                }
                text.push_str(&way.example);
                let mut parts = vec![Part::Written(text)];
                if way.key == "embed-element" {
                    parts.push(Part::Shown(first.clone()));
                }
                sections.push(self.section(&format!("srm-{}", way.key), way.key, parts));
            }
        }
        let links = fragments.iter().map(|fragment| Link {
            label: fragment.title.clone(),
            path: format!("embed/{}.html", fragment.name),
            note: fragment.request.clone(),
        });
        let parts = vec![Part::Links(links.collect())];
        sections.push(self.section("srm-embed-all", "embed-all", parts));
        Body {
            description: strings.get("describe-embed").to_string(),
            sections,
        }
    }

    /// Everything on one page, for paper.
    fn print_body(&self) -> Body<'a> {
        let document = self.document;
        let mut sections = Vec::new();
        let home = self.home();
        if let Some(prose) = home {
            let prefix = "index--".to_string();
            sections.push(opening(vec![Part::Prose { prose, prefix }]));
        }
        sections.extend(self.document_sections());
        for (ix, model) in document.models.iter().enumerate() {
            // With one model its rows need no prefix to be told apart.
            let prefix = match document.models.len() {
                1 => String::new(),
                _ => format!("{}--", model.id),
            };
            let mut body = self.model_body(ix, &prefix).sections;
            if let Some(first) = body.first_mut() {
                first.id = format!("srm-model-{}", model.id);
                first.heading = model.label.clone();
            }
            for section in body.iter_mut().skip(1) {
                section.level = 3;
            }
            sections.extend(body);
        }
        if document.models.len() > 1 {
            let matrix = table_part(self.tables().matrix(), "srm-matrix-caption");
            sections.push(self.section("srm-matrix", "heading-matrix", vec![matrix]));
        }
        let not_found = self.not_found();
        for (number, prose) in document.prose.iter().enumerate() {
            if Some(prose.path.as_str()) == home.map(|h| h.path.as_str())
                || Some(prose.path.as_str()) == not_found.map(|own| own.path.as_str())
            {
                continue;
            }
            let path = crate::pages::prose_path(&prose.path);
            let prefix = format!("{}--", path.trim_end_matches(".html").replace('/', "-"));
            sections.push(Section {
                id: format!("srm-page-{}", number + 1),
                heading: prose.title.clone().unwrap_or_else(|| path.clone()),
                level: 2,
                parts: vec![Part::Prose { prose, prefix }],
            });
        }
        Body {
            description: self
                .strings
                .fill("describe-print", &[("title", self.title())]),
            sections,
        }
    }

    fn not_found_body(&self) -> Body<'a> {
        let mut parts = match self.not_found() {
            Some(prose) => vec![whole(prose)],
            None => vec![Part::Paragraph(
                self.strings.get("not-found-text").to_string(),
            )],
        };
        parts.push(Part::Links(vec![Link {
            label: self.strings.get("not-found-home").to_string(),
            path: "index.html".into(),
            note: String::new(),
        }]));
        Body {
            description: self.strings.get("describe-not-found").to_string(),
            sections: vec![opening(parts)],
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

    fn categories(&self) -> impl Iterator<Item = &'a Category> {
        self.document.categories.iter().map(|c| &**c)
    }

    /// Tools for tables that show rows of categories in models: what occurs
    /// there. `None` where no row is shown.
    fn tools(
        &self,
        categories: impl IntoIterator<Item = &'a Category>,
        models: &[ModelIx],
        shown: impl Fn(&Row, ModelIx) -> bool,
    ) -> Option<Tools<'a>> {
        let document = self.document;
        let mut owners = BTreeSet::new();
        let mut tools = Tools::default();
        let mut rows = 0;
        for category in categories {
            let before = rows;
            for row in &category.rows {
                let cells = models.iter().filter(|m| shown(row, **m));
                let kinds = cells.map(|m| Owner::of(document, row.cells[*m].as_ref()));
                let kinds: Vec<Owner> = kinds.collect();
                rows += usize::from(!kinds.is_empty());
                owners.extend(kinds);
            }
            if rows > before {
                tools.categories.push((&category.id, &category.label));
            }
        }
        let kinds = Owner::ALL.into_iter().filter(|kind| owners.contains(kind));
        tools.owners = kinds.map(|kind| Badge::of(kind, self.strings)).collect();
        let models = models.iter().map(|m| &document.models[*m]);
        tools.models = models.map(|m| (m.id.as_str(), m.label.as_str())).collect();
        tools.rows = rows;
        (rows > 0).then_some(tools)
    }

    fn totals(&self, counts: &[(Owner, usize)]) -> Part<'a> {
        let rows: usize = counts.iter().map(|(_, n)| n).sum();
        Part::Totals {
            lead: self.strings.count("rows", rows),
            counts: self.badges(counts),
        }
    }

    fn badges(&self, counts: &[(Owner, usize)]) -> Vec<(Badge<'a>, usize)> {
        counts
            .iter()
            .map(|(owner, n)| (Badge::of(*owner, self.strings), *n))
            .collect()
    }
}

/// Counts without the rows a model does not list.
fn listed(counts: Vec<(Owner, usize)>) -> Vec<(Owner, usize)> {
    counts
        .into_iter()
        .filter(|(owner, _)| *owner != Owner::NotListed)
        .collect()
}

/// What is in a folder; a page that is the folder's own stands for it.
fn listed_in(folder: &Folder, pages: &[&Page]) -> Vec<Listed> {
    let own = folder.own.as_ref().map(|(own, _)| *own);
    let entries = folder.entries.iter().filter_map(|entry| match entry {
        Entry::Page(page) if Some(*page) == own => None,
        Entry::Page(page) => Some(Listed {
            label: pages[*page].title.clone(),
            path: Some(pages[*page].path.clone()),
            below: Vec::new(),
        }),
        Entry::Folder(at) => {
            let inner = &folder.folders[*at];
            Some(Listed {
                label: inner.label.clone(),
                path: inner.own.as_ref().map(|(own, _)| pages[*own].path.clone()),
                below: listed_in(inner, pages),
            })
        }
    });
    entries.collect()
}

fn opening(parts: Vec<Part<'_>>) -> Section<'_> {
    Section {
        id: "srm-opening".into(),
        heading: String::new(),
        level: 2,
        parts,
    }
}

fn whole(prose: &Prose) -> Part<'_> {
    Part::Prose {
        prose,
        prefix: String::new(),
    }
}

fn table_part<'a>(table: Table<'a>, id: &str) -> Part<'a> {
    Part::Table {
        table,
        id: id.to_string(),
        prefix: String::new(),
    }
}
