//! What somebody asks for: the kind of a table and the options beside it, read
//! from a line of text and looked up in a document. It writes nothing.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use crate::findings::diag::{Code, Finding, Findings, Guess, Names, Place, code_list};
use crate::input::schema::PartyKind;
use crate::model::compare::{self, Verdict};
use crate::model::owner::{Badge, Owner};
use crate::model::{Document, ModelIx, PartyIx, Row};
use crate::tables::formats::{Format, Named, Shown};
use crate::tables::{Tables, involved};
use crate::text::links;
use crate::text::strings::Strings;

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
    /// Reads `KIND key=value key="a value"`. `range` is where that stands in
    /// the file, whose text is given. Options with a fault are reported and
    /// left out.
    pub fn parse(
        text: &str,
        range: Range<usize>,
        file: &Arc<str>,
        findings: &mut Findings,
    ) -> Option<Request> {
        let mut words = Words {
            text: &text[..range.end],
            at: range.start,
        };
        let at = |range: Range<usize>| Place::new(file, range);
        let Some(first) = words.next() else {
            findings.push(
                Finding::new(Code::MissingKey, at(range), "it is not said what to show")
                    .help(format!("kinds: {}", code_list(&kind_names()))),
            );
            return None;
        };
        let name = &text[first.clone()];
        let kind = Kind::ALL.iter().find(|(_, known, _)| *known == name);
        let Some((kind, _, _)) = kind else {
            findings.push(
                Finding::new(
                    Code::UnknownId,
                    at(first),
                    format!("`{name}` is nothing that can be shown"),
                )
                .label("unknown kind")
                .suggest(name, kind_names()),
            );
            return None;
        };
        let mut request = Request {
            kind: *kind,
            options: Vec::new(),
            place: at(first),
        };
        for word in words {
            request.option(text, word, file, findings);
        }
        Some(request)
    }

    fn option(&mut self, text: &str, word: Range<usize>, file: &Arc<str>, findings: &mut Findings) {
        let at = |range: Range<usize>| Place::new(file, range);
        let written = &text[word.clone()];
        let Some((key, value)) = written.split_once('=') else {
            let known = self.kind.options();
            findings.push(
                Finding::new(
                    Code::WrongValue,
                    at(word),
                    format!("`{written}` is not an option"),
                )
                .help("write options as `key=value`, or `key=\"a value\"`")
                .suggest(written, known),
            );
            return;
        };
        let known = self.kind.options();
        let key_place = at(word.start..word.start + key.len());
        let Some(known_key) = known.iter().copied().find(|k| *k == key) else {
            let kind = self.kind.name();
            findings.push(
                Finding::new(
                    Code::UnknownKey,
                    key_place,
                    format!("`{kind}` has no option `{key}`"),
                )
                .suggest(key, known),
            );
            return;
        };
        if self.options.iter().any(|given| given.key == known_key) {
            findings.push(
                Finding::new(
                    Code::DuplicateKey,
                    key_place,
                    format!("`{key}` is given twice"),
                )
                .help("put several values into one: `key=a,b`"),
            );
            return;
        }
        let start = word.start + key.len() + 1;
        let (value, place) = match value.strip_prefix('"') {
            None => (value.to_string(), start..word.end),
            Some(rest) => match unquote(rest) {
                Some(value) => (value, start + 1..word.end - 1),
                None => {
                    findings.push(
                        Finding::new(Code::WrongValue, at(word), "the quotes are not closed")
                            .help("write a `\"` at the end; one inside is `\\\"`"),
                    );
                    return;
                }
            },
        };
        self.options.push(Given {
            key: known_key,
            value,
            place: at(place),
        });
    }

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

/// Words parted by blanks; blanks between quotes are part of a word.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = &self.text[self.at..];
        let start = self.at + (rest.len() - rest.trim_start().len());
        if start == self.text.len() {
            return None;
        }
        let (mut quoted, mut escaped) = (false, false);
        let end = self.text[start..].char_indices().find(|(_, c)| {
            let ends = c.is_whitespace() && !quoted;
            if *c == '"' && !escaped {
                quoted = !quoted;
            }
            escaped = quoted && *c == '\\' && !escaped;
            ends
        });
        self.at = end.map_or(self.text.len(), |(at, _)| start + at);
        Some(start..self.at)
    }
}

/// The text before the closing quotes, if they end the word.
fn unquote(rest: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return chars.next().is_none().then_some(out),
            '\\' => out.push(chars.next()?),
            c => out.push(c),
        }
    }
}

fn kind_names() -> Vec<&'static str> {
    Kind::ALL.iter().map(|(_, name, _)| *name).collect()
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

/// Which rows are shown. Nothing said means all.
#[derive(Default)]
struct Filter {
    categories: Option<Vec<usize>>,
    rows: Option<Vec<String>>,
    parties: Option<Vec<PartyIx>>,
    owners: Option<Vec<Owner>>,
    changes: Option<Vec<Verdict>>,
}

impl Filter {
    /// The ids of the rows a piece shows; `None` for all.
    fn ids<'a>(&self, document: &'a Document, piece: &Piece<'a>) -> Option<HashSet<&'a str>> {
        let parties = self.parties.as_ref();
        let all = self.categories.is_none()
            && self.rows.is_none()
            && parties.is_none()
            && self.owners.is_none()
            && self.changes.is_none();
        if all {
            return None;
        }
        let changes = match (&self.changes, &piece.what) {
            (Some(verdicts), What::Compare(a, b) | What::Tasks(a, b)) => Some(
                compare::compare(document, *a, *b)
                    .filter(|change| verdicts.contains(&change.verdict))
                    .map(|change| change.row.id.as_str())
                    .collect::<HashSet<&str>>(),
            ),
            _ => None,
        };
        let models = piece.models(document);
        let shown = |category: usize, row: &Row| {
            let in_models = |test: &dyn Fn(ModelIx) -> bool| models.iter().any(|m| test(*m));
            self.categories
                .as_ref()
                .is_none_or(|all| all.contains(&category))
                && self.rows.as_ref().is_none_or(|all| all.contains(&row.id))
                && changes
                    .as_ref()
                    .is_none_or(|all| all.contains(row.id.as_str()))
                && parties.is_none_or(|all| {
                    in_models(&|m| all.iter().any(|p| involved(row, m, *p).is_some()))
                })
                && self.owners.as_ref().is_none_or(|all| {
                    in_models(&|m| all.contains(&Owner::of(document, row.cells[m].as_ref())))
                })
        };
        let categories = document.categories.iter().enumerate();
        Some(
            categories
                .flat_map(|(at, category)| category.rows.iter().map(move |row| (at, row)))
                .filter(|(at, row)| shown(*at, row))
                .map(|(_, row)| row.id.as_str())
                .collect(),
        )
    }
}

/// Looks up what a request names.
struct Look<'r, 'a, 'f> {
    request: &'r Request,
    document: &'a Document,
    findings: &'f mut Findings,
}

impl<'a> Look<'_, 'a, '_> {
    /// The values of an option, each looked up; unknown ones are reported.
    fn values<T>(
        &mut self,
        key: &str,
        what: &str,
        names: &dyn Fn() -> Arc<Names>,
        find: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let given = self.request.get(key)?;
        let mut found = Vec::new();
        let guess = |value: &str| Some(Guess::new(value, &names()));
        for (value, place) in list(given) {
            match find(value) {
                Some(one) => found.push(one),
                None => self.findings.push(
                    Finding::new(
                        Code::UnknownId,
                        place,
                        format!("there is no {what} `{value}`"),
                    )
                    .label(format!("unknown {what}"))
                    .guess(guess(value)),
                ),
            }
        }
        if list(given).next().is_none() {
            self.findings.push(
                Finding::new(
                    Code::WrongValue,
                    given.place.clone(),
                    format!("`{key}` names no {what}"),
                )
                .guess(guess("")),
            );
        }
        Some(found)
    }

    fn models_of(&mut self, key: &str) -> Option<Vec<ModelIx>> {
        let known = &self.document.known.models;
        self.values(key, "model", &|| known.names.clone(), |id| known.find(id))
    }

    /// The models that are named, or all of them.
    fn models(&mut self) -> Vec<ModelIx> {
        let named = self.models_of("model");
        named.unwrap_or_else(|| (0..self.document.models.len()).collect())
    }

    fn categories(&mut self) -> Option<Vec<usize>> {
        let document = self.document;
        let names = || document.category_names().clone();
        self.values("category", "category", &names, |id| {
            document.categories.iter().position(|c| c.id == id)
        })
    }

    fn rows(&mut self) -> Option<Vec<String>> {
        self.request.get("row")?;
        let document = self.document;
        let ids: HashSet<&str> = document.rows().map(|(_, r)| r.id.as_str()).collect();
        let names = || document.row_names().clone();
        self.values("row", "row", &names, |id| {
            ids.contains(id).then(|| id.to_string())
        })
    }

    fn parties(&mut self) -> Option<Vec<PartyIx>> {
        let known = &self.document.known.parties;
        self.values("party", "party", &|| known.names.clone(), |id| {
            known.find(id)
        })
    }

    fn owners(&mut self) -> Option<Vec<Owner>> {
        let names = || Names::new("owner", "", Owner::ALL.iter().map(|o| o.word()));
        self.values("owner", "owner", &names, |word| {
            Owner::ALL.into_iter().find(|o| o.word() == word)
        })
    }

    fn changes(&mut self) -> Option<Vec<Verdict>> {
        let all = [
            Verdict::Moved,
            Verdict::OnlyA,
            Verdict::OnlyB,
            Verdict::Same,
        ];
        let names = || Names::new("change", "", all.iter().map(|v| v.word()));
        self.values("change", "kind of change", &names, |word| {
            all.into_iter().find(|v| v.word() == word)
        })
    }

    fn anchor(&mut self) -> Option<String> {
        let given = self.request.get("ids")?;
        let plain = |c: char| c.is_alphanumeric() || "-_".contains(c);
        if given.value.is_empty() || !given.value.chars().all(plain) {
            self.findings.push(
                Finding::new(
                    Code::WrongValue,
                    given.place.clone(),
                    format!("`{}` cannot begin an anchor", given.value),
                )
                .help("use letters, digits, `-` and `_`"),
            );
        }
        Some(given.value.clone())
    }

    fn missing(&mut self, message: &str, help: String) {
        let place = self.request.place.clone();
        let finding = Finding::new(Code::MissingKey, place, message);
        self.findings.push(finding.help(help));
    }

    /// The two models that are compared.
    fn pair(&mut self) -> Option<(ModelIx, ModelIx)> {
        let ids: Vec<&str> = self.document.models.iter().map(|m| m.id.as_str()).collect();
        match (self.models_of("compare"), &ids[..]) {
            (None, [_, _]) => Some((0, 1)),
            (None, [a, b, ..]) => {
                let help = format!("write `compare={a},{b}`; models: {}", code_list(&ids));
                self.missing("it is not said which models to compare", help);
                None
            }
            (None, _) => {
                self.missing("there are no two models to compare", "add a model".into());
                None
            }
            (Some(pair), _) => match pair[..] {
                [a, b] if a != b => Some((a, b)),
                // What is unknown was reported.
                _ if pair.len() < 2 && self.names("compare") > 1 => None,
                _ => {
                    let place = self.request.get("compare").map(|given| given.place.clone());
                    self.findings.push(
                        Finding::new(Code::WrongValue, place, "two different models are compared")
                            .suggest("", ids),
                    );
                    None
                }
            },
        }
    }

    /// How many values an option has.
    fn names(&self, key: &str) -> usize {
        self.request.get(key).map_or(0, |given| list(given).count())
    }

    fn pieces(&mut self, filter: &Filter) -> Vec<Piece<'a>> {
        let document = self.document;
        let label = |m: ModelIx| document.models[m].label.clone();
        let id = |m: ModelIx| document.models[m].id.as_str();
        let kind = self.request.kind.name();
        match self.request.kind {
            Kind::Summary => {
                let piece = |m| Piece::new(What::Summary(m), label(m), &[kind, id(m)]);
                self.models().into_iter().map(piece).collect()
            }
            Kind::Detail => {
                let piece = |m| Piece::new(What::Detail(m), label(m), &[kind, id(m)]);
                self.models().into_iter().map(piece).collect()
            }
            Kind::Matrix => {
                let models = self.models();
                vec![Piece::new(What::Matrix(models), kind.into(), &[kind])]
            }
            Kind::Totals => {
                let models = self.models();
                vec![Piece::new(What::Totals(models), kind.into(), &[kind])]
            }
            Kind::Category => {
                let all = || (0..document.categories.len()).collect();
                let categories = filter.categories.clone().unwrap_or_else(all);
                let piece = |c: usize| {
                    let category = &document.categories[c];
                    Piece::new(
                        What::Category(c),
                        category.label.clone(),
                        &[kind, &category.id],
                    )
                };
                categories.into_iter().map(piece).collect()
            }
            Kind::Compare | Kind::Tasks => {
                let Some((a, b)) = self.pair() else {
                    return Vec::new();
                };
                let what = match self.request.kind {
                    Kind::Compare => What::Compare(a, b),
                    _ => What::Tasks(a, b),
                };
                let name = format!("{} - {}", label(a), label(b));
                vec![Piece::new(what, name, &[kind, id(a), id(b)])]
            }
            Kind::Checklist => self.checklists(filter),
            Kind::Badge => self.badge(filter),
        }
    }

    /// A checklist for each party that is named, or for the customer.
    fn checklists(&mut self, filter: &Filter) -> Vec<Piece<'a>> {
        let document = self.document;
        let models = self.models();
        let is_customer = |p: &PartyIx| document.parties[*p].kind == PartyKind::Customer;
        let customers = || (0..document.parties.len()).filter(is_customer).collect();
        let parties: Vec<PartyIx> = filter.parties.clone().unwrap_or_else(customers);
        if parties.is_empty() && self.names("party") == 0 {
            let ids: Vec<&str> = document.parties.iter().map(|p| p.id.as_str()).collect();
            let help = format!("write `party=ID`; parties: {}", code_list(&ids));
            self.missing("it is not said whose tasks to list", help);
        }
        let all = parties.iter().flat_map(|p| models.iter().map(|m| (*p, *m)));
        all.map(|(p, m)| {
            let (party, model) = (&document.parties[p], &document.models[m]);
            let name = if parties.len() > 1 {
                format!("{} - {}", model.label, document.party_label(p, Some(m)))
            } else {
                model.label.clone()
            };
            let anchor = ["checklist", party.id.as_str(), model.id.as_str()];
            Piece::new(What::Checklist(p, m), name, &anchor)
        })
        .collect()
    }

    fn badge(&mut self, filter: &Filter) -> Vec<Piece<'a>> {
        let row = match filter.rows.as_deref() {
            Some([row]) => Some(row),
            Some([]) => None,
            _ => {
                self.missing(
                    "a badge is of one row",
                    "write `row=ID` with the id of a row".into(),
                );
                None
            }
        };
        let ids: Vec<&str> = self.document.models.iter().map(|m| m.id.as_str()).collect();
        let unknown = self.names("model");
        let model = match self.models()[..] {
            [model] => Some(model),
            [] if unknown > 0 => None,
            _ => {
                let help = format!("write `model=ID`; models: {}", code_list(&ids));
                self.missing("a badge is of one model", help);
                None
            }
        };
        let found = self.document.rows().find(|(_, r)| Some(&r.id) == row);
        let (Some((_, row)), Some(model)) = (found, model) else {
            return Vec::new();
        };
        vec![Piece::new(What::Badge(row, model), row.label.clone(), &[])]
    }
}

/// What was asked for, looked up.
pub struct Selection<'a> {
    document: &'a Document,
    pieces: Vec<Piece<'a>>,
    columns: Option<Given>,
    caption: Option<String>,
    anchor: Option<String>,
}

/// One table or badge.
struct Piece<'a> {
    what: What<'a>,
    name: String,
    anchor: String,
    only: Option<HashSet<&'a str>>,
}

enum What<'a> {
    Summary(ModelIx),
    Detail(ModelIx),
    Category(usize),
    Compare(ModelIx, ModelIx),
    Tasks(ModelIx, ModelIx),
    Matrix(Vec<ModelIx>),
    Checklist(PartyIx, ModelIx),
    Totals(Vec<ModelIx>),
    Badge(&'a Row, ModelIx),
}

impl<'a> Piece<'a> {
    fn new(what: What<'a>, name: String, anchor: &[&str]) -> Piece<'a> {
        Piece {
            what,
            name,
            anchor: format!("srm-{}-", anchor.join("-")),
            only: None,
        }
    }

    /// The models that are shown.
    fn models(&self, document: &Document) -> Vec<ModelIx> {
        match &self.what {
            What::Summary(m) | What::Detail(m) | What::Checklist(_, m) | What::Badge(_, m) => {
                vec![*m]
            }
            What::Compare(a, b) | What::Tasks(a, b) => vec![*a, *b],
            What::Matrix(models) | What::Totals(models) => models.clone(),
            What::Category(_) => (0..document.models.len()).collect(),
        }
    }
}

impl Selection<'_> {
    /// Makes what was asked for.
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

    fn table<'s>(&'s self, piece: &'s Piece<'_>, strings: &'s Strings) -> Named<'s> {
        let tables = Tables {
            document: self.document,
            strings,
            only: piece.only.as_ref(),
        };
        let mut table = match &piece.what {
            What::Summary(m) => tables.summary(*m),
            What::Detail(m) => tables.detail(*m),
            What::Category(c) => tables.category(&self.document.categories[*c]),
            What::Compare(a, b) => tables.compare(*a, *b),
            What::Tasks(a, b) => tables.compare_tasks(*a, *b),
            What::Matrix(models) => {
                let columns = models.iter().map(|m| m + 2).collect();
                tables.matrix().with_columns(columns, true)
            }
            What::Checklist(p, m) => tables.checklist(*p, *m),
            What::Totals(models) => tables.totals(models.clone()),
            What::Badge(_, m) => tables.totals(vec![*m]),
        };
        if let Some(caption) = &self.caption {
            table.caption = caption.into();
        }
        // The anchors of a document of somebody's own begin with the table's.
        table.id_prefix = "".into();
        Named {
            name: piece.name.clone(),
            anchor: self.anchor.clone().unwrap_or_else(|| piece.anchor.clone()),
            table,
        }
    }
}

/// The tables with the columns that are named.
fn choose<'s>(
    tables: Vec<Named<'s>>,
    columns: &Given,
    findings: &mut Findings,
) -> Option<Vec<Named<'s>>> {
    let before = findings.list.len();
    let names: Vec<(&str, Place)> = list(columns).collect();
    let without = names.iter().all(|(name, _)| name.starts_with('-'));
    let mut wanted: Vec<&str> = Vec::new();
    for (name, place) in &names {
        let name = match (without, name.strip_prefix('-')) {
            (true, Some(name)) => name,
            (false, None) => name,
            _ => {
                findings.push(
                    Finding::new(
                        Code::WrongValue,
                        place.clone(),
                        "columns are either named or left out",
                    )
                    .help("put a `-` before all of them, or before none"),
                );
                continue;
            }
        };
        let known: Vec<&str> = tables
            .iter()
            .flat_map(|t| t.table.columns.iter().map(|c| c.id))
            .collect();
        let line_head = |t: &Named| t.table.columns[usize::from(t.table.grouped)].id == name;
        if !known.contains(&name) {
            let mut distinct: Vec<&str> = Vec::new();
            for id in known {
                if !distinct.contains(&id) {
                    distinct.push(id);
                }
            }
            findings.push(
                Finding::new(
                    Code::UnknownId,
                    place.clone(),
                    format!("there is no column `{name}`"),
                )
                .label("unknown column")
                .suggest(name, distinct),
            );
        } else if without && tables.iter().any(line_head) {
            findings.push(
                Finding::new(
                    Code::WrongValue,
                    place.clone(),
                    format!("the column `{name}` heads the lines and cannot be left out"),
                )
                .help("leave out others, or choose another kind of table"),
            );
        }
        wanted.push(name);
    }
    if findings.list.len() > before {
        return None;
    }
    let chosen = |named: Named<'s>| {
        let heads = 1 + usize::from(named.table.grouped);
        let columns = &named.table.columns;
        let place = |name: &&str| columns.iter().position(|c| c.id == *name);
        let (cells, grouped): (Vec<usize>, bool) = if without {
            let kept = (heads..columns.len()).filter(|at| !wanted.contains(&columns[*at].id));
            (kept.collect(), !wanted.contains(&columns[0].id))
        } else {
            let places = wanted.iter().filter_map(place);
            (places.filter(|at| *at >= heads).collect(), true)
        };
        Named {
            table: named.table.with_columns(cells, grouped),
            ..named
        }
    };
    Some(tables.into_iter().map(chosen).collect())
}
