//! Labels that differ between models. Not for labels that are missing.

use std::collections::HashSet;

use crate::findings::{Code, Finding, Findings, Place, Subject};
use crate::input::Text;
use crate::model::{Document, ModelIx};

/// One finding when the models that list a thing print different names for it.
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
            format!("the {what} `{id}` is printed as {}", names.join(", ")),
        )
        .label("one thing, several names")
        .subject(subject)
        .help("use one name, or acknowledge it with the reason"),
    );
}
