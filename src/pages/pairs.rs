//! Decides which pairs of models have a comparison page. `model` finds the
//! differences.

use crate::findings::{Code, Finding, Findings, Guess, code_list};
use crate::input::{Config, STAND_IN};
use crate::model::{Document, ModelIx};

/// Most models for which all pairs are compared unless the settings say which.
const ALL_PAIRS: usize = 4;

/// The pairs to compare: those that the settings name, or else all of them if there
/// are at most four models.
pub fn pairs(
    document: &Document,
    config: &Config,
    findings: &mut Findings,
) -> Vec<(ModelIx, ModelIx)> {
    let n = document.models.len();
    let all = || -> Vec<(ModelIx, ModelIx)> {
        (0..n)
            .flat_map(|a| (a + 1..n).map(move |b| (a, b)))
            .collect()
    };
    let Some(named) = &config.srm.compare else {
        return if n <= ALL_PAIRS { all() } else { Vec::new() };
    };
    let ids: Vec<&str> = document.models.iter().map(|m| m.id.as_str()).collect();
    let mut pairs = Vec::new();
    for text in &named.0 {
        match text.value.as_str() {
            "all" => return all(),
            "none" | STAND_IN => continue,
            pair => {
                let Some((a, b)) = pair.split_once("..") else {
                    findings.push(
                        Finding::new(
                            Code::WrongValue,
                            text.place.clone(),
                            format!("expected `all`, `none` or a pair `a..b`, found `{pair}`"),
                        )
                        .help(format!("models: {}", code_list(&ids))),
                    );
                    continue;
                };
                let mut find = |id: &str| {
                    let found = document.model(id);
                    if found.is_none() && !document.unread.models.contains(id) {
                        findings.push(
                            Finding::new(
                                Code::UnknownId,
                                text.place.clone(),
                                format!("there is no model `{id}`"),
                            )
                            .label("compared here")
                            .guess(Some(Guess::new(id, &document.known.models.names))),
                        );
                    }
                    found
                };
                if let (Some(a), Some(b)) = (find(a), find(b))
                    && a != b
                    && !pairs.contains(&(a, b))
                    && !pairs.contains(&(b, a))
                {
                    pairs.push((a, b));
                }
            }
        }
    }
    pairs
}
