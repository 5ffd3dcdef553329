//! Folds equal findings into one, for people: one mistake can be met in many places.

use std::collections::HashMap;

use crate::findings::{Finding, Place};
use crate::report::{plain, position};
use crate::source::Source;

/// Most places that are listed for one finding.
const MOST_PLACES: usize = 8;

/// A finding, and where there are more that say the same.
pub(super) struct Folded<'f> {
    pub(super) finding: &'f Finding,
    more: Vec<&'f Place>,
}

/// Findings with equal texts as one, at the place of the first; if wanted, one for each
/// file.
pub(super) fn folded<'f>(
    findings: impl Iterator<Item = &'f Finding>,
    each_file: bool,
) -> Vec<Folded<'f>> {
    let mut out: Vec<Folded<'f>> = Vec::new();
    let mut seen = HashMap::new();
    for finding in findings {
        let words = (finding.code, &finding.message, &finding.help);
        let place = finding.place.as_ref().filter(|_| each_file);
        let file = place.map(|place| &place.file);
        let words = (words, finding.severity, &finding.acknowledged, file);
        match (&finding.place, seen.get(&words)) {
            (Some(place), Some(at)) => {
                let first: &mut Folded<'f> = &mut out[*at];
                first.more.push(place);
            }
            _ => {
                seen.insert(words, out.len());
                out.push(Folded {
                    finding,
                    more: Vec::new(),
                });
            }
        }
    }
    out
}

impl Folded<'_> {
    /// A line with the other places; `None` if there are none.
    pub(super) fn more_places(&self, source: &Source) -> Option<String> {
        let more = match self.more.len() {
            0 => return None,
            1 => "and 1 more place".to_string(),
            n => format!("and {n} more places"),
        };
        let shown = |place: &&Place| {
            let file = plain(&source.shown(&place.file));
            match position(place, source) {
                Some((start, _)) => format!("{file}:{start}"),
                None => file,
            }
        };
        let places: Vec<String> = self.more.iter().take(MOST_PLACES).map(shown).collect();
        let rest = match self.more.len() > MOST_PLACES {
            true => ", ... (`--format short` lists all)",
            false => "",
        };
        Some(format!("{more}: {}{rest}", places.join(", ")))
    }
}
