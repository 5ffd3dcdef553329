//! Writes the search index of a site, as a script that passes one value to the page:
//! rows in each model with their tasks, pages, and sections of prose. Results are
//! ranked, and words are split, in the browser.

use std::collections::HashMap;

use serde::Serialize;

use crate::model::{BETWEEN_HEADINGS, BETWEEN_PARTIES, Badge, Category, Cell, ModelIx, Row};
use crate::pages::{Fact, Page, PageKind, Part, Section};
use crate::render::Renderer;
use crate::tables::html::shape;
use crate::tables::join_controls;
use crate::text::plain_words::{self, Stretch};
use crate::text::{Strings, encode, paths};

/// Everything that the script gets. Texts are written once and referred to by number,
/// so that a text that five models share takes hardly more space than once.
#[derive(Default, Serialize)]
struct SearchIndex {
    texts: Vec<String>,
    /// For each badge: owner, word, names of the parties, remark, shape.
    badges: Vec<[String; 5]>,
    /// Paths of the pages, encoded for `href`.
    pages: Vec<String>,
    entries: Vec<IndexEntry>,
}

/// Something that can be found, serialized as a list of its fields.
#[derive(Serialize)]
struct IndexEntry(
    /// Its kind: a row, page or section.
    u8,
    /// The number of its page.
    usize,
    /// The number of a text: the anchor on the page, or an empty text.
    usize,
    /// The number of a text: the title.
    usize,
    /// The number of the badge plus one, or zero.
    usize,
    /// The numbers of texts: where it is, from the nearest heading outwards.
    Vec<usize>,
    /// The numbers of texts: its other names.
    Vec<usize>,
    /// The numbers of texts: its content. A negative number names the party whose
    /// tasks follow: `-1` is the first text.
    Vec<isize>,
);

const ROW: u8 = 0;
const PAGE: u8 = 1;
const SECTION: u8 = 2;

/// Writes the index as a script.
pub fn index(renderer: &Renderer<'_>, pages: &[Page]) -> Vec<u8> {
    let mut writer = IndexWriter {
        renderer,
        index: SearchIndex::default(),
        texts: HashMap::new(),
        badges: HashMap::new(),
    };
    for page in pages {
        writer.page(page);
    }
    let document = renderer.project.document;
    for model in 0..document.models.len() {
        writer.rows(model);
    }
    // Plain lists of texts and numbers cannot fail to serialize.
    let json = serde_json::to_string(&writer.index).unwrap_or_default();
    script("index", &json)
}

/// The words of the dialog: the name in its script, and the key of the string.
const DIALOG: &[(&str, &str)] = &[
    ("search", "search"),
    ("label", "search-label"),
    ("close", "search-close"),
    ("hits", "search-hits"),
    ("hint", "search-hint"),
    ("none", "search-none"),
    ("one", "search-count-one"),
    ("many", "search-count-many"),
    ("first", "search-first"),
    ("failed", "search-failed"),
    ("rows", "heading-rows"),
    ("pages", "pages"),
    ("mentions", "search-mentions"),
];

/// Writes the words of the dialog as another script: the dialog opens before the
/// larger index is loaded, and says so if loading fails.
pub fn words(strings: &Strings) -> Vec<u8> {
    let words = DIALOG.iter().map(|(name, key)| {
        let word = strings.get(key).into();
        (name.to_string(), word)
    });
    let words: serde_json::Map<_, _> = words.collect();
    let json = serde_json::Value::Object(words).to_string();
    script("words", &json)
}

/// A script that passes a value to the script of the search, in whichever order they
/// load.
fn script(name: &str, json: &str) -> Vec<u8> {
    let json = for_script(json);
    format!("(globalThis.srmSearch ??= {{}}).{name} = {json};\n").into_bytes()
}

/// JSON that means the same anywhere in a script: nothing in it ends a `<script>` or,
/// for old browsers, a line.
fn for_script(json: &str) -> String {
    // In JSON, these only occur inside texts.
    json.replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

struct IndexWriter<'a> {
    renderer: &'a Renderer<'a>,
    index: SearchIndex,
    /// The numbers of the texts so far, and below, of the badges.
    texts: HashMap<String, usize>,
    badges: HashMap<[String; 5], usize>,
}

impl IndexWriter<'_> {
    fn text(&mut self, text: &str) -> usize {
        if let Some(number) = self.texts.get(text) {
            return *number;
        }
        let number = self.index.texts.len();
        self.index.texts.push(text.to_string());
        self.texts.insert(text.to_string(), number);
        number
    }

    /// Adds names that differ from the title.
    fn names<'n>(&mut self, title: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<usize> {
        let mut numbers: Vec<usize> = Vec::new();
        for name in names.into_iter().filter(|name| *name != title) {
            let number = self.text(name);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }

    /// Adds texts that do not belong to a party.
    fn text_numbers<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> Vec<isize> {
        let there = texts.into_iter().filter(|text| !text.is_empty());
        there.map(|text| self.text(text) as isize).collect()
    }

    fn plain(&self, text: &str) -> String {
        plain_words::plain(text, self.renderer.settings)
    }

    // ------------------------------------------------------------------ pages

    fn page(&mut self, page: &Page) {
        if matches!(page.kind, PageKind::Print | PageKind::NotFound) {
            return;
        }
        let number = self.index.pages.len();
        self.index.pages.push(encode(&page.path));
        let body = self.renderer.project.body(page);
        let top = self.index.entries.len();
        let anchor = self.text("");
        let title = self.text(&page.title);
        let context = self.kind_word(page.kind);
        let other = self.other_names(page);
        let says = self.text_numbers([body.description.as_str()]);
        let entry = IndexEntry(PAGE, number, anchor, title, 0, context, other, says);
        self.index.entries.push(entry);
        for section in body.sections {
            self.section(page, number, top, section);
        }
    }

    /// The kind of a page, if its title does not say it.
    fn kind_word(&mut self, kind: PageKind) -> Vec<usize> {
        let strings = self.renderer.project.strings;
        let word = match kind {
            PageKind::Model(_) => strings.get("model"),
            PageKind::Category(_) => strings.get("category"),
            PageKind::Party(_) => strings.get("party"),
            PageKind::Home
            | PageKind::CompareIndex
            | PageKind::Compare(..)
            | PageKind::Reversed(..)
            | PageKind::Prose(_)
            | PageKind::Embed
            | PageKind::Print
            | PageKind::NotFound => return Vec::new(),
        };
        vec![self.text(word)]
    }

    /// The labels that models use for a category or a party.
    fn other_names(&mut self, page: &Page) -> Vec<usize> {
        let document = self.renderer.project.document;
        let models = 0..document.models.len();
        let names: Vec<&str> = match page.kind {
            PageKind::Model(m) => vec![&document.models[m].id],
            PageKind::Category(c) => {
                let category = &document.categories[c];
                let labels = models.map(|m| category.label_in(Some(m)));
                labels.chain([category.id.as_str()]).collect()
            }
            PageKind::Party(p) => {
                let labels = models.map(|m| document.party_label(p, Some(m)));
                let party = &document.parties[p];
                labels.chain([party.label.as_str(), &party.id]).collect()
            }
            PageKind::Home
            | PageKind::CompareIndex
            | PageKind::Compare(..)
            | PageKind::Reversed(..)
            | PageKind::Prose(_)
            | PageKind::Embed
            | PageKind::Print
            | PageKind::NotFound => Vec::new(),
        };
        self.names(&page.title, names)
    }

    /// Adds the author's words in one section. Tables are found by their rows.
    fn section(&mut self, page: &Page, number: usize, top: usize, section: Section<'_>) {
        let mut own = Vec::new();
        for part in section.parts {
            match part {
                Part::Prose {
                    prose,
                    prefix,
                    title,
                } => {
                    let scope = self.renderer.scope("", &prefix);
                    let stretches = plain_words::stretches(&prose.body, title, scope);
                    self.prose(page, number, top, &stretches);
                }
                Part::Markdown(text) | Part::Condition { text, .. } => {
                    own.push(self.long(&text.value))
                }
                Part::Written(text) => own.push(self.long(&text)),
                Part::Facts(facts) => own.extend(facts.into_iter().map(|(label, fact)| {
                    let (Fact::Plain(value) | Fact::External { label: value, .. }) = fact;
                    format!("{label}: {value}")
                })),
                // Their words are those of rows and of other pages.
                Part::Paragraph(_)
                | Part::Table { .. }
                | Part::Tools(_)
                | Part::Totals { .. }
                | Part::Cards(_)
                | Part::Links(_)
                | Part::Pages(_)
                | Part::Answers(_)
                | Part::Pick(_)
                | Part::Shown(_) => {}
            }
        }
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        match section.heading.as_str() {
            _ if own.is_empty() => {}
            "" => self.add(top, own),
            heading => self.heading(page, number, heading, &section.id, own),
        }
    }

    fn long(&self, text: &str) -> String {
        plain_words::long(text, self.renderer.settings)
    }

    fn prose(&mut self, page: &Page, number: usize, top: usize, stretches: &[Stretch]) {
        let (first, rest) = stretches
            .split_first()
            .expect("the list has at least one entry");
        self.add(top, vec![&first.text]);
        for stretch in rest {
            let (title, anchor) = (&stretch.heading, &stretch.anchor);
            self.heading(page, number, title, anchor, vec![&stretch.text]);
        }
    }

    /// Adds texts to the content of an entry.
    fn add(&mut self, entry: usize, texts: Vec<&str>) {
        let more = self.text_numbers(texts);
        self.index.entries[entry].7.extend(more);
    }

    fn heading(&mut self, page: &Page, number: usize, title: &str, id: &str, texts: Vec<&str>) {
        let anchor = self.text(&encode(id));
        let title = self.text(title);
        let context = vec![self.text(&page.title)];
        let says = self.text_numbers(texts);
        let entry = IndexEntry(SECTION, number, anchor, title, 0, context, Vec::new(), says);
        self.index.entries.push(entry);
    }

    // ------------------------------------------------------------------- rows

    /// Adds all rows that a model lists.
    fn rows(&mut self, model: ModelIx) {
        let document = self.renderer.project.document;
        let path = encode(&paths::model(&document.models[model].id));
        let Some(page) = self.index.pages.iter().position(|page| *page == path) else {
            return;
        };
        for (category, row) in document.rows() {
            if let Some(cell) = &row.cells[model] {
                self.row(page, model, category, row, cell);
            }
        }
    }

    fn row(&mut self, page: usize, model: ModelIx, category: &Category, row: &Row, cell: &Cell) {
        let document = self.renderer.project.document;
        let label = row.label_in(Some(model));
        let anchor = self.text(&encode(&row.id));
        let title = self.text(label);
        let badge = self.badge(cell) + 1;
        let model_label = &document.models[model].label;
        let place = row.group.iter().flat_map(|group| &group.labels);
        let place = std::iter::once(category.label_in(Some(model)))
            .chain(place.map(String::as_str))
            .collect::<Vec<_>>()
            .join(BETWEEN_HEADINGS);
        let context = [place.as_str(), model_label].map(|text| self.text(text));
        let names = [row.label.as_str(), &row.id, &category.label];
        let aliases = row.aliases.iter().map(String::as_str);
        let names = self.names(label, names.into_iter().chain(aliases));
        let says = self.row_texts(model, category, row, cell);
        let entry = IndexEntry(ROW, page, anchor, title, badge, context.into(), names, says);
        self.index.entries.push(entry);
    }

    fn badge(&mut self, cell: &Cell) -> usize {
        let project = self.renderer.project;
        let badge = Badge::new(project.document, Some(cell), project.strings);
        let labels: Vec<&str> = badge.parties.iter().map(|p| p.label.as_str()).collect();
        let parts = [
            badge.owner.word().to_string(),
            badge.word.to_string(),
            if badge.named {
                labels.join(BETWEEN_PARTIES)
            } else {
                String::new()
            },
            badge.remarks().collect::<Vec<_>>().join(", "),
            shape(badge.owner).to_string(),
        ];
        let next = self.index.badges.len();
        *self.badges.entry(parts).or_insert_with_key(|parts| {
            self.index.badges.push(parts.clone());
            next
        })
    }

    /// All texts of a row in a model: first those that do not belong to a party, then
    /// each party's tasks.
    fn row_texts(
        &mut self,
        model: ModelIx,
        category: &Category,
        row: &Row,
        cell: &Cell,
    ) -> Vec<isize> {
        let document = self.renderer.project.document;
        let of_row = row.description.iter().map(|text| text.value.as_str());
        let notes = row
            .notes
            .iter()
            .map(|note| document.text_of(note).value.as_str());
        let of_row = of_row.chain(notes);
        let mut texts: Vec<String> = of_row.map(|text| self.plain(text)).collect();
        let conditions = category.conditional.iter();
        texts.extend(conditions.map(|(_, text)| self.plain(&text.value)));
        texts.extend(self.cell_texts(cell));
        for area in &cell.areas {
            texts.push(document.areas[area.area].label.clone());
            texts.extend(self.cell_texts(&area.cell));
        }
        let tables = self.renderer.project.tables();
        for value in &cell.fields {
            let label = &document.fields[value.field].label;
            texts.push(format!("{label}: {}", value.text.value));
        }
        for (party, text) in cell.public_evidence() {
            let party = document.party_label(party, None);
            texts.push(format!("{party}: {}", self.plain(&text.value)));
        }
        let review = cell.public_review();
        texts.extend(review.map(|review| tables.review_words(review)));
        texts.extend(row.unlisted.iter().flatten().cloned());
        let reasons = cell.shown_reasons(document).into_iter();
        texts.extend(reasons.map(str::to_string));
        let of_tasks = cell.parts().flat_map(|part| &part.tasks);
        let of_tasks = of_tasks.flat_map(|(_, tasks)| tasks);
        let controls = of_tasks.flat_map(|task| &task.controls);
        let of_parts = cell.parts().flat_map(|part| &part.controls);
        let of_row = row.controls.iter().chain(of_parts);
        for controls in of_row.chain(controls) {
            let named = tables.controls(std::slice::from_ref(controls));
            texts.push(join_controls(&named, ", "));
        }
        let mut says = self.text_numbers(texts.iter().map(String::as_str));
        for party in 0..document.parties.len() {
            let tasks = cell.all_tasks_of(party).map(|task| self.plain(&task.text));
            let tasks: Vec<String> = tasks.collect();
            if !tasks.is_empty() {
                let label = self.text(document.party_label(party, Some(model)));
                says.push(-1 - label as isize);
                says.extend(self.text_numbers(tasks.iter().map(String::as_str)));
            }
        }
        says
    }

    /// The texts of a cell that do not belong to a party, without those of areas.
    fn cell_texts(&self, cell: &Cell) -> Vec<String> {
        let document = self.renderer.project.document;
        let by_party = cell.scope.iter().chain(&cell.conditional).map(|(_, t)| t);
        let notes = cell.notes.iter().map(|note| document.text_of(note));
        let texts = notes.chain(by_party);
        let mut texts: Vec<String> = texts.map(|t| self.plain(&t.value)).collect();
        texts.extend(cell.summary.iter().map(|(_, text)| text.value.clone()));
        texts.extend(cell.ownership.reason().map(str::to_string));
        texts.extend(cell.cadence.clone());
        let tables = self.renderer.project.tables();
        for (role, parties) in &cell.roles {
            let word = tables.role_lead(*role);
            let names = parties.iter().map(|p| document.party_label(*p, None));
            texts.push(format!("{word} {}", names.collect::<Vec<_>>().join(", ")));
        }
        for value in &cell.fields {
            let label = &document.fields[value.field].label;
            texts.push(format!("{label}: {}", value.text.value));
        }
        for (party, text) in cell.public_evidence() {
            let party = document.party_label(party, None);
            texts.push(format!("{party}: {}", self.plain(&text.value)));
        }
        let tables = self.renderer.project.tables();
        let review = cell.public_review();
        texts.extend(review.map(|review| tables.review_words(review)));
        texts
    }
}
