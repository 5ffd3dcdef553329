//! Doubts about labels that differ between models.

use std::collections::HashSet;

use crate::findings::{Code, Finding, Findings, Place, Subject};
use crate::input::Text;
use crate::model::{Document, ModelIx};

/// Adds a finding if the models that list something use different labels for it.
pub(super) fn labels_differ(
    document: &Document,
    code: Code,
    (what, id, label, place): (&str, &str, &str, &Place),
    labels: &[Option<Text>],
    listed: impl Fn(ModelIx) -> bool,
    subject: Subject,
    findings: &mut Findings,
) {
    let printed: Vec<(ModelIx, &str)> = (0..document.models.len())
        .filter(|m| listed(*m))
        .map(|m| (m, labels[m].as_ref().map_or(label, |t| &t.value)))
        .collect();
    let distinct: HashSet<&str> = printed.iter().map(|(_, l)| *l).collect();
    if distinct.len() < 2 {
        return;
    }
    let names: Vec<String> = printed
        .iter()
        .map(|(m, l)| format!("\"{l}\" ({})", document.models[*m].label))
        .collect();
    findings.push(
        Finding::new(
            code,
            place.clone(),
            format!(
                "the {what} `{id}` has different labels: {}",
                names.join(", ")
            ),
        )
        .label("labels differ between models")
        .subject(subject)
        .help("use one label, or acknowledge the finding with a reason"),
    );
}
