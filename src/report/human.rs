//! Writes findings for people at a terminal, with excerpts.

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};

use crate::findings::{Place, Severity};
use crate::report::excerpt::{Excerpt, excerpt};
use crate::report::folded::Folded;
use crate::report::plain::plain;
use crate::source::Source;

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

pub(super) fn human(folded: &Folded<'_>, source: &Source, color: bool) -> String {
    let finding = folded.finding;
    let mut title = plain(&finding.message);
    if let Some(reason) = &finding.acknowledged {
        title = format!("{title} (acknowledged: {})", plain(reason));
    }
    let severity = if finding.acknowledged.is_some() {
        Severity::Note
    } else {
        finding.severity
    };
    let places: Vec<(&Place, &str, bool)> = finding
        .place
        .iter()
        .map(|p| (p, finding.label.as_str(), true))
        .chain(finding.related.iter().map(|(p, l)| (p, l.as_str(), false)))
        .collect();
    let excerpts: Vec<(Excerpt, String, &str, bool)> = places
        .iter()
        .filter_map(|(place, label, primary)| {
            let text = source.known(&place.file)?;
            (!text.text.is_empty()).then(|| {
                (
                    excerpt(&text.text, place.start, place.end),
                    plain(&source.shown(&place.file)),
                    *label,
                    *primary,
                )
            })
        })
        .collect();
    let mut group = level(severity)
        .primary_title(title)
        .id(finding.code.id())
        .elements(
            excerpts
                .iter()
                .flat_map(|(excerpt, path, label, primary)| shown(excerpt, path, label, *primary)),
        );
    if excerpts.is_empty()
        && let Some(place) = &finding.place
    {
        group = group.element(Origin::path(plain(&source.shown(&place.file))));
    }
    for help in &finding.help {
        group = group.element(Level::HELP.message(plain(help)));
    }
    if let Some(more) = folded.more_places(source) {
        group = group.element(Level::NOTE.message(more));
    }
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    format!("{}\n\n", renderer.render(&[group]))
}

/// One place of a finding: its lines, with the range marked.
fn shown<'e>(excerpt: &'e Excerpt, path: &str, label: &str, primary: bool) -> Vec<Element<'e>> {
    let kind = if primary {
        AnnotationKind::Primary
    } else {
        AnnotationKind::Context
    };
    let mut annotation = kind.span(excerpt.start..excerpt.end);
    if !label.is_empty() {
        annotation = annotation.label(plain(label));
    }
    let snippet = Snippet::source(excerpt.text.as_str())
        .line_start(excerpt.first_line)
        .annotation(annotation);
    // The renderer counts columns in the text it is given.
    let path = path.to_string();
    if excerpt.clipped {
        let origin = Origin::path(path)
            .line(excerpt.first_line)
            .char_column(excerpt.column);
        vec![Element::from(origin), Element::from(snippet)]
    } else {
        vec![Element::from(snippet.path(path))]
    }
}
