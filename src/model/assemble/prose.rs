//! Makes prose pages from their files, and puts them in reading order. Their text is
//! not read here.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use crate::findings::{Digest, Findings, Memo};
use crate::input::{MarkdownFile, Parsed, ProseRecord, Text};
use crate::model::{Prose, ProsePages};
use crate::text::code_size;
use crate::text::markdown::{Settings, first_heading};

/// The prose page of one file, if it could be read, and its findings.
#[derive(Debug)]
pub struct OneProse {
    prose: Option<Arc<Prose>>,
    draft: bool,
    /// A digest of what decides its position in reading order.
    pub(super) place: Digest,
    pub(super) findings: Findings,
}

/// Makes a prose page from its file. `path` is the file's path below the content
/// folder.
pub fn prose_page(
    path: String,
    made_from: Digest,
    parsed: Parsed<MarkdownFile<ProseRecord>>,
    settings: Settings,
) -> OneProse {
    let Some(page) = parsed.record else {
        return OneProse {
            prose: None,
            draft: false,
            place: Digest::default(),
            findings: parsed.findings,
        };
    };
    let front = page.front;
    let text = |pick: fn(&ProseRecord) -> &Option<Text>| {
        let text = front.as_ref().and_then(|f| pick(f).as_ref());
        text.map(|t| t.value.clone())
    };
    let title = title_of(text(|f| &f.title), &page.body, settings);
    let draft = front.as_ref().and_then(|f| f.draft).unwrap_or(false);
    let order = front.as_ref().and_then(|f| f.order).unwrap_or(i64::MAX);
    OneProse {
        draft,
        place: Digest::of(&(&path, order, draft)),
        findings: parsed.findings,
        prose: Some(Arc::new(Prose {
            file: parsed.file,
            name: Digest::of(&(&path, &title)),
            path,
            title,
            description: text(|f| &f.description),
            order,
            code: code_size(&page.body),
            body: page.body,
            body_start: page.body_start,
            made_from,
        })),
    }
}

/// The title of a page: the one that its front matter gives, or else that of the
/// first-level heading that its text begins with. If both say the same, it is that of
/// the heading, as it is shown.
fn title_of(given: Option<String>, body: &str, settings: Settings) -> Option<String> {
    let heading = first_heading(body, settings);
    let (Some(given), Some(heading)) = (&given, &heading) else {
        return given.or_else(|| Some(heading?.words));
    };
    let as_written = || {
        let straight = Settings {
            smart_punctuation: false,
            ..settings
        };
        first_heading(body, straight).is_some_and(|heading| heading.words == *given)
    };
    let is_same = heading.words == *given || heading.marked == *given || as_written();
    Some(if is_same { &heading.words } else { given }.clone())
}

/// Puts prose pages in reading order. Drafts are included only if `drafts` is set.
pub fn prose(
    all: &[Arc<OneProse>],
    drafts: bool,
    orders: &Memo<Vec<usize>>,
) -> (Arc<ProsePages>, Findings) {
    let mut findings = Findings::default();
    for one in all.iter().filter(|one| !one.findings.list.is_empty()) {
        findings.extend(one.findings.clone());
    }
    let places = Digest::of_all(all.iter().map(|one| one.place));
    let order = orders.get("", Digest::of(&(drafts, places)), || {
        reading_order(all, drafts)
    });
    let prose = order.iter().filter_map(|at| all[*at].prose.clone());
    (Arc::new(ProsePages::new(prose.collect())), findings)
}

/// The indices of the pages that are shown, in reading order.
fn reading_order(all: &[Arc<OneProse>], drafts: bool) -> Vec<usize> {
    let shown = all.iter().enumerate();
    let shown = shown.filter(|(_, one)| !one.draft || drafts);
    let shown = shown.filter_map(|(at, one)| Some((at, one.prose.as_deref()?)));
    let mut shown: Vec<(usize, &Prose)> = shown.collect();
    let folders = folder_orders(&shown);
    shown.sort_by(|(_, a), (_, b)| in_reading_order(a, b, &folders));
    shown.into_iter().map(|(at, _)| at).collect()
}

/// The order of each folder: that of its own page if it has one, or else the lowest
/// order of a page in it.
fn folder_orders<'a>(prose: &[(usize, &'a Prose)]) -> HashMap<&'a str, i64> {
    let mut orders: HashMap<&str, i64> = HashMap::new();
    let in_folders = || {
        let prose = prose.iter().map(|(_, page)| *page);
        prose.filter(|page| page.path.contains('/'))
    };
    for page in in_folders() {
        for (at, _) in page.path.match_indices('/') {
            let order = orders.entry(&page.path[..at]).or_insert(page.order);
            *order = page.order.min(*order);
        }
    }
    for page in in_folders().filter(|p| is_folder_index(&p.path)) {
        let at = page.path.rfind('/').unwrap_or_default();
        orders.insert(&page.path[..at], page.order);
    }
    orders
}

/// Whether a source is the page of its folder.
fn is_folder_index(path: &str) -> bool {
    path.ends_with("/index.md") || path.ends_with("/README.md")
}

/// Compares pages by reading order: the pages of a folder are together, and the
/// folder's own page is first.
fn in_reading_order(a: &Prose, b: &Prose, folders: &HashMap<&str, i64>) -> Ordering {
    let pairs = a.path.bytes().zip(b.path.bytes());
    let common = pairs.take_while(|(a, b)| a == b).count();
    let common = a.path.as_bytes()[..common].iter().rposition(|b| *b == b'/');
    // Where the first differing part of the two paths begins.
    let at = common.map_or(0, |slash| slash + 1);
    let place = |page: &'_ Prose| match page.path[at..].find('/') {
        Some(len) => folders.get(&page.path[..at + len]).copied(),
        None if is_folder_index(&page.path) => Some(i64::MIN),
        None => Some(page.order),
    };
    (place(a), &a.path).cmp(&(place(b), &b.path))
}
