//! The server's own pages: while there is no site yet, and for paths that do not
//! exist.

use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::Response;

use crate::report::Problem;
use crate::serve::live_reload::tag;
use crate::serve::responses::html;
use crate::serve::{OWN, Shared};
use crate::site::engine::Revision;
use crate::text::Html;

/// Most problems that are sent to a browser. No one reads more before fixing some.
pub(super) const MAX_PROBLEMS: usize = 100;

/// What a link to an editor may begin with; overlay.js has the same list.
const EDITORS: &[&str] = &[
    "http", "https", "file", "vscode", "vscodium", "cursor", "idea", "zed", "subl", "txmt",
];

/// The page that is shown before there is a site.
pub(super) fn waiting(shared: &Shared, now: &Revision) -> Response {
    let (title, lead) = match now.number {
        0 => (
            "The site is being built",
            "It will appear here automatically.",
        ),
        _ => (
            "There is no site yet",
            "Fix these errors, and the site will appear here automatically.",
        ),
    };
    let mut inner = Html::new();
    inner.markup("<p>").text(lead).markup("</p>\n");
    let told = now.problems.iter().take(MAX_PROBLEMS);
    told.for_each(|told| problem(told, &mut inner));
    let tag = tag(shared, now.number, None, None);
    let page = own_page(shared, title, &inner, &tag);
    let mut response = html(StatusCode::SERVICE_UNAVAILABLE, page.into_bytes());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// Writes a problem, in the same form as in overlay.js.
fn problem(problem: &Problem, out: &mut Html) {
    out.markup("<article class=\"problem ")
        .text(problem.severity)
        .markup("\">\n<h2><span class=\"severity\">")
        .text(problem.severity)
        .markup("</span> <code>")
        .text(&problem.code)
        .markup("</code> ")
        .text(&problem.message)
        .markup("</h2>\n");
    if let Some(file) = &problem.file {
        let place = match problem.line.zip(problem.column) {
            Some((line, column)) => format!("{file}:{line}:{column}"),
            None => file.clone(),
        };
        out.markup("<p class=\"place\">");
        match problem.open.as_deref().filter(|link| opens_editor(link)) {
            Some(link) => {
                out.markup("<a href=\"").text(link).markup("\">");
                out.text(&place).markup("</a>")
            }
            None => out.text(&place),
        };
        out.markup("</p>\n");
    }
    if !problem.excerpt.is_empty() {
        out.markup("<pre class=\"excerpt\" tabindex=\"0\">");
        out.text(&problem.excerpt).markup("</pre>\n");
    }
    for help in problem.help.iter().filter(|help| !help.is_empty()) {
        out.markup("<p class=\"help\">").text(help).markup("</p>\n");
    }
    out.markup("</article>\n");
}

/// Whether a link leads to an editor or a web page, and cannot run anything here.
fn opens_editor(link: &str) -> bool {
    let scheme = link.split_once(':').map_or("", |(scheme, _)| scheme);
    EDITORS.iter().any(|e| e.eq_ignore_ascii_case(scheme))
}

pub(super) fn own_page(shared: &Shared, title: &str, inner: &Html, tag: &Html) -> Html {
    let mut out = Html::new();
    out.markup(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
    )
    .text(title)
    .markup("</title>\n<link rel=\"stylesheet\" href=\"")
    .text(&shared.base)
    .markup(OWN)
    .markup("overlay.css\">\n")
    .push(tag)
    .markup("</head>\n<body class=\"own-page\">\n<main>\n<h1>")
    .text(title)
    .markup("</h1>\n")
    .push(inner)
    .markup("</main>\n</body>\n</html>\n");
    out
}
