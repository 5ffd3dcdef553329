//! The pages that compare models: one for all models, and one for each pair.

use crate::model::compare::{self, Verdict};
use crate::model::{ModelIx, Row};
use crate::pages::Project;
use crate::pages::body::{
    Answered, Body, Card, Fact, Link, Part, Pick, Tools, opening, table_part,
};
use crate::tables::answers;
use crate::text::paths;

/// Most rows that an answer names directly.
const NAMED_ROWS: usize = 7;

impl<'a> Project<'a> {
    pub(super) fn compare_index_body(&self) -> Body<'a> {
        let strings = self.strings;
        let mut sections = Vec::new();
        let totals = (0..self.document.models.len())
            .map(|m| Card {
                label: self.document.models[m].label.clone(),
                path: paths::model(&self.document.models[m].id),
                text: String::new(),
                counts: self.badges(&crate::model::owner_totals(self.document, m)),
                links: Vec::new(),
            })
            .collect();
        sections.push(self.section(paths::TOTALS, "heading-totals", vec![Part::Cards(totals)]));
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
        let matrix = table_part(self.tables().matrix(), &paths::caption_of(paths::MATRIX));
        let parts = tools.into_iter().chain([matrix]).collect();
        sections.push(self.section(paths::MATRIX, "heading-matrix", parts));
        Body {
            description: strings.get("describe-compare-index").to_string(),
            sections,
        }
    }

    pub(super) fn compare_body(&self, a: ModelIx, b: ModelIx) -> Body<'a> {
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
        let lists_tasks = [a, b].iter().any(|m| self.document.lists_tasks(*m));
        let both = |row: &Row, m: ModelIx| [a, b].contains(&m) && row.cells[m].is_some();
        let tools = self.tools(self.categories(), &[a, b], both);
        owners.extend(tools.map(|tools| {
            Part::Tools(Tools {
                models: Vec::new(),
                owners_differ: true,
                tasks_differ: lists_tasks,
                terms_differ: tables.terms_differ(a, b),
                tasks: lists_tasks,
                ..tools
            })
        }));
        owners.push(table_part(tables.compare(a, b), "srm-owners-caption"));
        let mut sections = vec![
            opening(answer),
            self.section("srm-owners", "heading-compared", owners),
        ];
        if lists_tasks {
            let tasks = table_part(tables.compare_tasks(a, b), "srm-tasks-caption");
            sections.push(self.section("srm-tasks", "heading-tasks", vec![tasks]));
        }
        let key = match lists_tasks {
            true => "describe-compare",
            false => "describe-compare-owners",
        };
        Body {
            description: strings.fill(key, &[("first", first), ("second", second)]),
            sections,
        }
    }

    /// What changes for a reader who moves from one model to another. Only a few rows
    /// are named directly; the table below has all of them.
    pub(super) fn answers(&self, from: ModelIx, to: ModelIx) -> Vec<Answered> {
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
            let anchor = |row: &Row| format!("{}{}", paths::CHANGED_ROW, row.id);
            let links = rows.map(|r| link(&r.label, &anchor(r))).collect();
            let more = answer.rows.get(named).map(|next| {
                let n = (answer.rows.len() - named).to_string();
                let words = |key| self.strings.fill(key, &[("n", &n)]);
                let rest = words("answer-rest");
                (link(&words("answer-more"), &anchor(next)), rest)
            });
            Answered {
                verdict: answer.verdict,
                n: answer.rows.len(),
                lead: answer.lead,
                rows: links,
                more,
            }
        });
        named.collect()
    }

    /// The part that links one comparison to the others.
    fn pick(&self, a: ModelIx, b: ModelIx) -> Part<'a> {
        let (models, tables) = (&self.document.models, self.tables());
        let id = |m: ModelIx| models[m].id.as_str();
        // Otherwise each of very many pages would list all others.
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
            path: paths::COMPARISONS.into(),
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
            page: paths::comparison("{first}", "{second}"),
            links: vec![swap, all],
        })
    }

    /// A card for each compared pair: what changes, in numbers.
    pub(super) fn pair_cards(&self) -> Vec<Card<'a>> {
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
        let same = self.strings.count("same", n(Verdict::Same));
        let on_other_terms = changes
            .clone()
            .filter(|c| c.verdict == Verdict::Same && c.terms_differ())
            .count();
        words.push(answers::with_terms(self.strings, same, on_other_terms));
        let clauses = words.join(self.strings.get("clauses"));
        self.strings.fill("sentence", &[("text", &clauses)])
    }
}
