//! Makes pages that redirect to another address. Whether that exists is checked
//! elsewhere.

use crate::findings::{Code, Finding, Findings};
use crate::pages::{Project, refuse_long_path};
use crate::text::{Html, links, paths};

/// Where the page of a redirect is written.
pub(super) fn redirect_path(from: &crate::input::Text, findings: &mut Findings) -> Option<String> {
    let place = from.place.clone();
    if from.value.contains('#') {
        findings.push(Finding::new(
            Code::NoEffect,
            place,
            format!(
                "the redirect of `{}` has no effect: a server never sees the part after `#`",
                from.value
            ),
        ));
        return None;
    }
    let path = links::join("", &from.value).filter(|path| !path.starts_with(".srm-site"));
    let Some(path) = path else {
        findings.push(
            Finding::new(
                Code::WrongValue,
                place,
                format!("`{}` is not a path in this site", from.value),
            )
            .help("write the old path from the top of the site: `/old.html`"),
        );
        return None;
    };
    let folder = from.value.ends_with('/') || path.is_empty();
    let path = if folder { paths::index_of(&path) } else { path };
    let long = refuse_long_path(&path, Some(from.place.clone()));
    let fits = long.is_none();
    long.into_iter().for_each(|finding| findings.push(finding));
    fits.then_some(path)
}

/// A page that sends browsers to another one.
pub(super) fn redirect(path: &str, to: &str, project: &Project<'_>) -> Html {
    let target = match to.strip_prefix('/') {
        Some(rest) => format!("{}{rest}", paths::to_top(path)),
        None => to.to_string(),
    };
    let mut out = Html::new();
    out.markup("<!DOCTYPE html>\n<html lang=\"")
        .text(project.config.language())
        .markup("\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
        .text(project.title())
        .markup("</title>\n<meta http-equiv=\"refresh\" content=\"0; url=")
        .text(&target)
        .markup("\">\n<link rel=\"canonical\" href=\"")
        .text(&target)
        .markup("\">\n</head>\n<body><p><a href=\"")
        .text(&target)
        .markup("\">")
        .text(&target)
        .markup("</a></p></body>\n</html>\n");
    out
}
