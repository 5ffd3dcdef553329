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
use crate::text::escape;

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
    let told = now.problems.iter().take(MAX_PROBLEMS).map(problem);
    let inner = format!("<p>{lead}</p>\n{}", told.collect::<String>());
    let tag = tag(shared, now.number, None, None);
    let page = own_page(shared, title, &inner, &tag);
    let mut response = html(StatusCode::SERVICE_UNAVAILABLE, page.into_bytes());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// A problem as HTML, in the same form as in overlay.js.
fn problem(problem: &Problem) -> String {
    let text = |name: &str, attributes: &str, text: &str| match text {
        "" => String::new(),
        _ => format!("<{name} {attributes}>{}</{name}>\n", escape(text)),
    };
    let place = problem.file.as_ref().map_or(String::new(), |file| {
        let place = escape(&format!("{file}:{}:{}", problem.line, problem.column));
        let linked = match problem.open.as_deref().filter(|link| opens_editor(link)) {
            Some(link) => format!("<a href=\"{}\">{place}</a>", escape(link)),
            None => place,
        };
        format!("<p class=\"place\">{linked}</p>\n")
    });
    let help = problem.help.iter().map(|h| text("p", "class=\"help\"", h));
    let help: String = help.collect();
    format!(
        "<article class=\"problem {0}\">\n<h2><span class=\"severity\">{0}</span> <code>{1}</code> {2}</h2>\n{place}{3}{help}</article>\n",
        escape(problem.severity),
        escape(&problem.code),
        escape(&problem.message),
        text("pre", "class=\"excerpt\" tabindex=\"0\"", &problem.excerpt),
    )
}

/// Whether a link leads to an editor or a web page, and cannot run anything here.
fn opens_editor(link: &str) -> bool {
    let scheme = link.split_once(':').map_or("", |(scheme, _)| scheme);
    EDITORS.iter().any(|e| e.eq_ignore_ascii_case(scheme))
}

pub(super) fn own_page(shared: &Shared, title: &str, inner: &str, tag: &str) -> String {
    let base = escape(&shared.base);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"stylesheet\" href=\"{base}{OWN}overlay.css\">\n\
         {tag}</head>\n<body class=\"own-page\">\n<main>\n<h1>{title}</h1>\n{inner}</main>\n</body>\n</html>\n"
    )
}
