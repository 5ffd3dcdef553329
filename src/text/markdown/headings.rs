//! Headings and their anchors. Which headings a page lists is decided elsewhere.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, HeadingLevel};

use crate::findings::{Code, Finding};
use crate::text::escape::escape;
use crate::text::markdown::raw_html::is_text;
use crate::text::markdown::{Scope, Settings, Writer};

/// A heading, for the page's list of sections.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Heading {
    /// From 2 to 6.
    pub level: u8,
    /// The anchor on the page.
    pub id: String,
    /// The words, without marks.
    pub text: String,
}

/// Makes an anchor for a heading by GitHub's rules.
pub fn heading_slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.trim().to_lowercase().chars() {
        if c.is_alphanumeric() || c == '-' || c == '_' {
            out.push(c);
        } else if c == ' ' {
            out.push('-');
        }
    }
    out
}

/// Whether an author may give a heading this anchor.
fn is_anchor(id: &str) -> bool {
    !id.starts_with("srm-") && !id.contains(char::is_whitespace)
}

/// The text that an event inside a heading adds to the heading's words.
pub(crate) fn in_heading<'e>(event: &'e Event<'_>, settings: Settings) -> &'e str {
    match event {
        Event::Text(text) | Event::Code(text) => text,
        Event::InlineHtml(html) if is_text(html, settings) => html,
        Event::SoftBreak | Event::HardBreak => " ",
        _ => "",
    }
}

/// Gives the headings of one text their anchors.
pub struct Anchors<'a> {
    scope: Scope<'a>,
    /// Anchors given so far, and how often each was asked for.
    taken: HashMap<String, usize>,
}

impl<'a> Anchors<'a> {
    /// For a text that is rendered in this scope.
    pub fn new(scope: Scope<'a>) -> Self {
        Anchors {
            scope,
            taken: HashMap::new(),
        }
    }

    /// The anchor of the next heading: the one it asks for, or else one made from its
    /// words.
    pub fn of(&mut self, asked: Option<&str>, words: &str) -> String {
        match asked.filter(|id| is_anchor(id)) {
            Some(id) => self.unused_id(id),
            None => {
                let slug = heading_slug(words);
                let slug = slug.trim_start_matches("srm-");
                self.unused_id(if slug.is_empty() { "section" } else { slug })
            }
        }
    }

    /// An anchor that is still free: used neither in this text nor by a row, since
    /// rows keep their anchors on every page.
    fn unused_id(&mut self, base: &str) -> String {
        loop {
            let n = self.taken.entry(base.to_string()).or_insert(0);
            let id = if *n == 0 {
                base.to_string()
            } else {
                format!("{base}-{n}")
            };
            *n += 1;
            if !self.scope.targets.rows.contains_key(&id)
                && (id == base || !self.taken.contains_key(&id))
            {
                self.taken.entry(id.clone()).or_insert(1);
                return format!("{}{id}", self.scope.id_prefix);
            }
        }
    }
}

impl<'a> Writer<'a, '_> {
    pub(super) fn heading(
        &mut self,
        level: HeadingLevel,
        id: Option<CowStr<'a>>,
        range: Range<usize>,
        inner: Vec<(Event<'a>, Range<usize>)>,
        first: bool,
    ) {
        let settings = self.scope.settings;
        let events = inner.iter();
        let text: String = events
            .map(|(event, _)| in_heading(event, settings))
            .collect();
        if text.trim().is_empty() {
            let place = self.input.place(range);
            self.out.findings.push(
                Finding::new(Code::HeadingWithoutText, place, "this heading has no text")
                    .help("write a heading, or remove its `#`"),
            );
            // Content that is not text, such as an image, must not be lost.
            return self.run(inner.into_iter());
        }
        if first && level == HeadingLevel::H1 {
            self.out.title = Some(text);
            return;
        }
        let level = (level as u8).max(2);
        if let Some(id) = id.as_ref().filter(|id| !is_anchor(id)) {
            let place = self.input.place(range);
            self.out.findings.push(
                Finding::new(
                    Code::InvalidId,
                    place,
                    format!("`{id}` cannot be the anchor of a heading"),
                )
                .help("anchors that begin with `srm-` are reserved for the site itself"),
            );
        }
        let id = self.anchors.of(id.as_deref(), &text);
        self.out.headings.push(Heading {
            level,
            id: id.clone(),
            text: text.clone(),
        });
        let label = escape(
            &self
                .scope
                .strings
                .fill("link-to-section", &[("title", &text)]),
        );
        let id = escape(&id);
        self.html(format!("<div class=\"srm-heading\"><h{level} id=\"{id}\">"));
        // Links and other marks inside a heading are rendered like any other text.
        self.run(inner.into_iter());
        self.html(format!(
            "</h{level}><a class=\"srm-anchor\" href=\"#{id}\" aria-label=\"{label}\"></a></div>\n"
        ));
    }
}
