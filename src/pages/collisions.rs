//! Finds outputs that cannot all be written: those that would overwrite each other,
//! and those with a path that no disk takes. The disk is not checked here.

use std::collections::HashMap;

use crate::findings::{Code, Finding, Findings, Place};
use crate::model::fold;

/// Reports outputs that would overwrite each other, also on file systems that ignore
/// letter case. Each output is given with the place of its source.
pub fn refuse_collisions(outputs: &[(String, Option<Place>)], findings: &mut Findings) {
    type Output = (String, Option<Place>);
    let mut seen: HashMap<String, &Output> = HashMap::new();
    let mut twice: Vec<(&Output, &Output)> = Vec::new();
    for output in outputs {
        let first = seen.insert(fold(&output.0), output);
        twice.extend(first.map(|first| (first, output)));
    }
    // A file also cannot be where a folder has to be.
    for output in outputs {
        let folded = fold(&output.0);
        let mut parents = folded.match_indices('/').map(|(at, _)| &folded[..at]);
        let file = parents.find_map(|parent| seen.get(parent));
        twice.extend(file.map(|file| (*file, output)));
    }
    for (first, output) in twice {
        let (a, b) = (&first.0, &output.0);
        let message = if a == b {
            format!("`{b}` would be written twice")
        } else if fold(a) == fold(b) {
            format!("`{a}` and `{b}` are the same file on some systems")
        } else {
            format!("`{a}` is a file, so `{b}` cannot be written")
        };
        let place = output.1.clone().or(first.1.clone());
        let mut finding =
            Finding::new(Code::PathCollision, place, message).help("rename one of the sources");
        if let (Some(place), true) = (&first.1, output.1.is_some()) {
            finding = finding.related(place.clone(), "the other source");
        }
        findings.push(finding);
    }
}

/// Most bytes of one name in a path. All common file systems have this limit.
const MAX_NAME: usize = 255;

/// Most bytes of a path in the site. Linux allows 4,096 for a path from the root of
/// the disk, and the folder of the site needs some of them.
const MAX_PATH: usize = 3_500;

/// Characters of a long path that a message shows.
const SHOWN: usize = 40;

/// A finding if a path is too long for a file. `place` is that of its source.
pub fn refuse_long_path(path: &str, place: Option<Place>) -> Option<Finding> {
    let name = path.split('/').find(|name| name.len() > MAX_NAME);
    let (what, text, most) = match name {
        Some(name) => ("name", name, MAX_NAME),
        None if path.len() > MAX_PATH => ("path", path, MAX_PATH),
        None => return None,
    };
    let (len, shown) = (text.len(), text.chars().take(SHOWN).collect::<String>());
    let message = format!(
        "the {what} of an output, `{shown}…`, has {len} bytes; a {what} may have at most {most}"
    );
    Some(
        Finding::new(Code::LongPath, place, message)
            .help(format!("shorten the {what} of its source")),
    )
}
