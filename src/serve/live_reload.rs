//! Tells open pages about newer revisions. How a page updates itself is in patch.js.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;

use crate::report::Problem;
use crate::serve::own_pages::MAX_PROBLEMS;
use crate::serve::responses::{broken, send, text};
use crate::serve::{OWN, Shared, run_blocking};
use crate::site::engine::Revision;
use crate::text::{Html, decode};

/// The time between two keep-alive messages on a silent event channel.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Most files that a page may ask about at once.
const MAX_ASKED: usize = 256;

/// Most files that an event lists as changed. If there are more, each page asks about
/// its own files.
const MAX_CHANGED: usize = 1_000;

/// The state that is sent to open pages.
#[derive(Serialize)]
struct News<'a> {
    pub(super) session: &'a str,
    pub(super) number: u64,
    /// Identifies the site that is shown.
    pub(super) site: Option<String>,
    pub(super) failed: bool,
    pub(super) problems: &'a [Problem],
    /// The number of problems that are left out.
    pub(super) more: usize,
    /// Hashes of the files that the page asked about; `null` for a file that does not
    /// exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    hashes: Option<Vec<Option<String>>>,
    /// What has changed since another site.
    #[serde(flatten)]
    changes: Option<Changes<'a>>,
}

/// What an open page of an earlier site needs to know whether it is still current.
#[derive(Serialize)]
struct Changes<'a> {
    /// Identifies that site.
    pub(super) since: String,
    pub(super) changed: &'a BTreeSet<String>,
}

fn changes<'a>(shared: &Shared, now: &'a Revision) -> Option<Changes<'a>> {
    let few = |changed: &&BTreeSet<String>| changed.len() <= MAX_CHANGED;
    let changed = now.changed.as_ref().filter(few)?;
    now.gone.is_empty().then(|| Changes {
        since: revision(shared, now.since),
        changed,
    })
}

fn state_json(shared: &Shared, now: &Revision, hashes: Option<Vec<Option<String>>>) -> String {
    let told = now.problems.len().min(MAX_PROBLEMS);
    let news = News {
        session: &shared.session,
        number: now.number,
        site: now.site.as_ref().map(|_| revision(shared, now.site_number)),
        failed: now.failed,
        problems: &now.problems[..told],
        more: now.problems.len() - told,
        changes: hashes.is_none().then(|| changes(shared, now)).flatten(),
        hashes,
    };
    serde_json::to_string(&news).unwrap_or_default()
}

/// Identifies a revision of this start of the server.
fn revision(shared: &Shared, number: u64) -> String {
    format!("{}.{number}", shared.session)
}

/// The event channel: it sends the newest state at once and whenever there is a newer
/// one. A slow client may miss states in between, but never the last one.
pub(super) fn events(shared: &Arc<Shared>) -> Response {
    let Ok(permit) = shared.channels.clone().try_acquire_owned() else {
        let line = "too many pages listen for changes; close some";
        let mut response = text(StatusCode::SERVICE_UNAVAILABLE, line);
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        return response;
    };
    let mut numbers = shared.board.subscribe();
    numbers.mark_changed();
    let start = (shared.clone(), shared.stopped.clone(), numbers, permit);
    let stream = stream::unfold(
        start,
        |(shared, mut stopped, mut numbers, permit)| async move {
            tokio::select! {
                _ = stopped.changed() => return None,
                changed = numbers.changed() => changed.ok()?,
            }
            let event = Event::default().data(state_json(&shared, &shared.board.now(), None));
            let next = (shared, stopped, numbers, permit);
            Some((Ok::<_, Infallible>(event), next))
        },
    );
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    let mut response = Sse::new(stream).keep_alive(keep_alive).into_response();
    let no_store = HeaderValue::from_static("no-store");
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, no_store);
    response
}

/// The newest state, with the hashes of the files named by `path=`.
pub(super) async fn state(shared: &Arc<Shared>, query: &str) -> Response {
    let now = shared.board.now();
    let asked = query.split('&').filter_map(|p| p.strip_prefix("path="));
    let paths: Vec<String> = asked.take(MAX_ASKED).map(decode).collect();
    let shared = shared.clone();
    let work = move || {
        let hash = |path: &String| Some(now.site.as_ref()?.file(path)?.hash.clone());
        let hashes = paths.iter().map(hash).collect();
        state_json(&shared, &now, Some(hashes))
    };
    match run_blocking(work).await {
        Some(json) => send(StatusCode::OK, "application/json", json.into_bytes()),
        None => broken(),
    }
}

/// The line that serve adds to a page. It contains the site that the page belongs to,
/// the path for asking about the page, and the page's hash.
pub(super) fn tag(
    shared: &Shared,
    number: u64,
    page: Option<(&str, &str)>,
    wanted: Option<&str>,
) -> Html {
    let mut out = Html::new();
    out.markup("<script src=\"")
        .text(&shared.base)
        .markup(OWN)
        .markup("serve.js?v=")
        .text(&shared.script_hash[..8])
        .markup("\" data-revision=\"")
        .text(&revision(shared, number))
        .markup("\"");
    for (name, value) in [
        (" data-page=\"", page.map(|(path, _)| path)),
        (" data-hash=\"", page.map(|(_, hash)| hash)),
        (" data-wanted=\"", wanted),
    ] {
        if let Some(value) = value {
            out.markup(name).text(value).markup("\"");
        }
    }
    out.markup(" defer></script>");
    out
}

/// A page with the tag at the end of its head, or else at the first place where it is
/// allowed: before the document type, it would change how browsers lay out the page.
pub(super) fn insert_tag(page: &[u8], tag: &Html) -> Vec<u8> {
    let is = |at: usize, word: &[u8]| {
        let part = page.get(at..at + word.len());
        part.is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    let head = memchr::memmem::find_iter(page, b"</").find(|at| is(*at, b"</head>"));
    let at = head.unwrap_or_else(|| {
        let mark = if page.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let blanks = page[mark..].iter().take_while(|b| b.is_ascii_whitespace());
        let first = mark + blanks.count();
        match memchr::memchr(b'>', page) {
            Some(end) if is(first, b"<!doctype") => end + 1,
            _ => mark,
        }
    });
    [&page[..at], tag.as_str().as_bytes(), &page[at..]].concat()
}
