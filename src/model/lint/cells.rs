//! Doubts about one cell: responsibility, tasks and summaries that contradict each
//! other.

use std::collections::HashMap;

use crate::findings::{Code, Finding, Findings, Place, Subject};
use crate::input::State;
use crate::model::{Cell, Denial, Document, ModelIx, Ownership, PartyIx, Row};

/// One cell and where it is.
pub(super) struct About<'a> {
    pub(super) document: &'a Document,
    pub(super) subject: Subject,
    pub(super) row: &'a Row,
    pub(super) model: ModelIx,
    pub(super) model_has_tasks: bool,
    pub(super) cell: &'a Cell,
    /// Whether it is the cell of an area.
    pub(super) is_area: bool,
}

impl About<'_> {
    pub(super) fn finding(&self, code: Code, place: &Place, message: String) -> Finding {
        Finding::new(code, place.clone(), message).subject(self.subject.clone())
    }

    pub(super) fn party(&self, party: PartyIx) -> &str {
        &self.document.parties[party].id
    }
}

pub(super) fn cell_facts(about: &About<'_>, findings: &mut Findings) {
    let cell = about.cell;
    let mistake = matches!(cell.ownership, Ownership::Unassigned { declared, .. } if !declared);
    if cell.incomplete || mistake && about.document.catch_all.is_none() {
        return;
    }
    let without_reason = match cell.ownership {
        Ownership::NotApplicable(None) => Some(State::NotApplicable),
        Ownership::Unassigned {
            declared: true,
            reason: None,
        } => Some(State::Unassigned),
        _ => None,
    };
    if let Some(state) = without_reason {
        let message = format!("`{}` without a `reason`", state.word());
        findings.push(
            about
                .finding(Code::MissingReason, &cell.place, message)
                .help("add `reason: ...`"),
        );
    }
    tasks_without_responsibility(about, findings);
    responsibility_without_tasks(about, findings);
    summaries_that_contradict(about, findings);
    tasks_that_repeat(about, findings);
}

fn tasks_without_responsibility(about: &About<'_>, findings: &mut Findings) {
    let cell = about.cell;
    for (party, tasks) in cell.tasks_without_part(&about.document.roles) {
        let id = about.party(party);
        let has = match cell.ownership {
            Ownership::NotApplicable(_) | Ownership::ByAgreement(_) => {
                "the cell has a state".into()
            }
            _ => format!("`{id}` is not responsible"),
        };
        findings.push(
            about
                .finding(
                    Code::TasksWithoutResponsibility,
                    &tasks[0].place,
                    format!(
                        "`{id}` has {} in `{}` ({}), but {has}",
                        plural(tasks.len(), "task"),
                        about.row.id,
                        about.document.models[about.model].label,
                    ),
                )
                .label(format!("a task of `{id}`"))
                .related(cell.place.clone(), "the cell")
                .help(format!(
                    "add `{id}` to `responsible`, `conditional`, `accountable` or `supports`, \
                     or move the tasks"
                ))
                .help(format!(
                    "or write `acknowledge: {{{}: why}}` in the cell",
                    Code::TasksWithoutResponsibility.id()
                )),
        );
    }
}

fn responsibility_without_tasks(about: &About<'_>, findings: &mut Findings) {
    let cell = about.cell;
    let responsible = cell.ownership.parties();
    if !cell.areas.is_empty() && cell.has_tasks() {
        // Those who have no task here may have some in an area.
        return;
    }
    if cell.has_tasks() {
        for party in responsible {
            if cell.tasks_of(*party).is_empty() {
                let id = about.party(*party);
                let message = format!("`{id}` is responsible here but has no task");
                let finding = about
                    .finding(Code::ResponsibilityWithoutTasks, &cell.place, message)
                    .help(format!("add `tasks: {{{id}: [...]}}`, or remove the party"));
                findings.push(match cell.replaced.contains(party) {
                    true => finding.help("or write `keep: [tasks]` to keep its tasks of `all`"),
                    false => finding,
                });
            }
        }
    } else if !responsible.is_empty() && about.model_has_tasks && !about.is_area {
        findings.push(about.finding(
            Code::CellWithoutTasks,
            &cell.place,
            format!("row `{}` lists no task in this model", about.row.id),
        ));
    }
}

fn summaries_that_contradict(about: &About<'_>, findings: &mut Findings) {
    let cell = about.cell;
    for (party, text, denial) in cell.summary_denials(about.document) {
        let id = about.party(party);
        let why = match denial {
            Denial::IsResponsible => format!("`{id}` is responsible"),
            Denial::IsNotResponsible => format!("`{id}` is not responsible"),
            Denial::IsNotShared(Some(one)) => {
                format!("only `{}` is responsible", about.party(one))
            }
            Denial::IsNotShared(None) => "no party is responsible".into(),
            Denial::NamesAnother(other) => {
                format!("`{id}` is responsible, and `{}` is not", about.party(other))
            }
            Denial::HasTasks(n) => format!("`{id}` has {} here", plural(n, "task")),
        };
        let mut finding = about
            .finding(
                Code::SummaryContradicts,
                &text.place,
                format!("the summary says \"{}\", but {why}", text.value),
            )
            .label("contradicts the cell")
            .help("change the text, the tasks or `responsible`, or acknowledge it");
        if let Some(task) = cell.tasks_of(party).first() {
            finding = finding.related(task.place.clone(), "a task of the same party");
        }
        findings.push(finding);
    }
}

fn tasks_that_repeat(about: &About<'_>, findings: &mut Findings) {
    let mut seen: HashMap<&str, &Place> = HashMap::new();
    for task in about.cell.tasks.iter().flat_map(|(_, tasks)| tasks) {
        if let Some(first) = seen.insert(&task.text, &task.place) {
            findings.push(
                about
                    .finding(
                        Code::SameTaskTwice,
                        &task.place,
                        "this task is already in the cell".into(),
                    )
                    .label("again")
                    .related(first.clone(), "first here"),
            );
        }
    }
}

fn plural(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}
