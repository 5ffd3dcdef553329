//! Headings and their anchors. Which headings a page lists is decided elsewhere.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, HeadingLevel};

use crate::findings::{Code, Finding};
use crate::text::address::decode;
use crate::text::html::Html;
use crate::text::markdown::raw_html::is_text;
use crate::text::markdown::{Scope, Settings, TitleHtml, Writer, raw_links};

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

/// Space for the markup at one side of a heading.
const AROUND_HEADING: usize = 96;

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
    !id.starts_with("srm-") && !id.contains(char::is_whitespace) && decode(id) == id
}

/// The words of a heading, from the events inside it.
#[derive(Debug, Default)]
pub(crate) struct HeadingWords {
    /// As they are shown.
    pub(crate) shown: String,
    /// What an anchor is made from: the same whether punctuation is smart or not, so
    /// that the setting moves no anchor.
    for_anchor: String,
    /// Whether the last event was a text.
    behind_text: bool,
}

impl HeadingWords {
    /// Adds what an event inside the heading says.
    pub(crate) fn add(&mut self, event: &Event<'_>, settings: Settings) {
        let text: &str = match event {
            Event::Text(text) | Event::Code(text) => text,
            Event::InlineHtml(html) if is_text(html, settings) => html,
            Event::SoftBreak | Event::HardBreak => " ",
            _ => "",
        };
        // The parser joins texts, so a comment was between two of them. It leaves one
        // space of the two around it.
        let is_text = matches!(event, Event::Text(_));
        let text = match self.behind_text && is_text && self.shown.ends_with(' ') {
            true => text.trim_start_matches(' '),
            false => text,
        };
        self.behind_text = is_text;
        self.shown.push_str(text);
        // Smart punctuation turns two hyphens or more into dashes, which are in no
        // anchor.
        let dashes = |text: &str| text.contains("--") && is_text;
        match dashes(text) {
            true => self.for_anchor.push_str(&without_dashes(text)),
            false => self.for_anchor.push_str(text),
        }
    }

    /// Whether there is anything to read.
    pub(crate) fn is_empty(&self) -> bool {
        self.shown.trim().is_empty()
    }
}

fn without_dashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for run in text
        .as_bytes()
        .chunk_by(|a, b| (*a == b'-') == (*b == b'-'))
    {
        if run.len() < 2 || run[0] != b'-' {
            out.push_str(&String::from_utf8_lossy(run));
        }
    }
    out
}

/// Gives the headings of one text their anchors.
pub struct Anchors<'a> {
    scope: Scope<'a>,
    /// Anchors given so far, and how often each was asked for.
    taken: HashMap<String, usize>,
}

impl<'a> Anchors<'a> {
    /// For a text that is rendered in this scope. The ids in its HTML are taken.
    pub fn new(text: &str, scope: Scope<'a>) -> Self {
        let ids = raw_links::ids(text, scope.settings);
        Anchors {
            scope,
            taken: ids.into_iter().map(|id| (id, 1)).collect(),
        }
    }

    /// The anchor of the next heading: the one it asks for, or else one made from its
    /// words.
    pub(crate) fn of(&mut self, asked: Option<&str>, words: &HeadingWords) -> String {
        match asked.filter(|id| is_anchor(id)) {
            Some(id) => self.unused_id(id),
            None => {
                let slug = heading_slug(&words.for_anchor);
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
            if self.scope.targets.rows.contains_key(&id)
                || (id != base && self.taken.contains_key(&id))
            {
                continue;
            }
            let prefix = match self.scope.texts {
                None => self.scope.id_prefix,
                Some(texts) => texts.prefix(),
            };
            let whole = format!("{prefix}{id}");
            if self
                .scope
                .texts
                .is_none_or(|texts| texts.take_anchor(&whole))
            {
                self.taken.entry(id).or_insert(1);
                return whole;
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
    ) {
        let mut words = HeadingWords::default();
        for (event, _) in &inner {
            words.add(event, self.scope.settings);
        }
        if words.is_empty() {
            let place = self.input.place(range);
            self.out.findings.push(
                Finding::new(Code::HeadingWithoutText, place, "this heading has no text")
                    .help("write a heading, or remove its `#`"),
            );
            // Content that is not text, such as an image, must not be lost.
            return self.run(inner.into_iter());
        }
        self.check_anchor(id.as_deref(), &range);
        if self
            .title
            .as_ref()
            .is_some_and(|title| title.range.start == range.start)
        {
            return self.title(inner, words);
        }
        let level = (level as u8).max(2);
        let id = self.anchors.of(id.as_deref(), &words);
        let text = words.shown;
        self.out.headings.push(Heading {
            level,
            id: id.clone(),
            text: text.clone(),
        });
        let strings = self.scope.strings;
        let label = strings.fill("link-to-section", &[("title", &text)]);
        let mut opening = Html::with_capacity(AROUND_HEADING + id.len());
        opening
            .markup("<div class=\"srm-heading\"><h")
            .number(level.into())
            .markup(" id=\"")
            .text(&id)
            .markup("\">");
        self.html(opening);
        // Links and other marks inside a heading are rendered like any other text.
        self.run(inner.into_iter());
        let mut end = Html::with_capacity(AROUND_HEADING + id.len() + label.len());
        end.markup("</h")
            .number(level.into())
            .markup("><a class=\"srm-anchor\" href=\"#")
            .text(&id)
            .markup("\" aria-label=\"")
            .text(&label)
            .markup("\"></a></div>\n");
        self.html(end);
    }

    /// Adds a finding if a heading asks for an anchor that it cannot have.
    fn check_anchor(&mut self, id: Option<&str>, heading: &Range<usize>) {
        let Some(id) = id.filter(|id| !is_anchor(id)) else {
            return;
        };
        let help = match id.starts_with("srm-") {
            true => "anchors that begin with `srm-` are reserved for the site itself",
            false => "use letters, digits and hyphens: in links, `%20` means a space",
        };
        let message = format!("`{id}` cannot be the anchor of a heading");
        let place = self.input.place(heading.clone());
        let finding = Finding::new(Code::InvalidId, place, message).help(help);
        self.out.findings.push(finding);
    }

    /// Takes the heading that is the title out of the text.
    fn title(&mut self, inner: Vec<(Event<'a>, Range<usize>)>, words: HeadingWords) {
        let is_text = |(event, _): &_| matches!(event, Event::Text(_));
        self.title_marks = match inner.iter().all(is_text) {
            true => Vec::new(),
            false => {
                let body = std::mem::take(&mut self.body);
                self.run(inner.into_iter());
                std::mem::replace(&mut self.body, body)
            }
        };
        self.out.title = Some(TitleHtml::default());
        self.title_words = words;
    }

    /// Writes the title: its footnotes are numbered first. It gets its anchor after all
    /// other headings have theirs: anchors that are published stay where they are.
    pub(super) fn write_title(&mut self) {
        if self.out.title.is_none() {
            return;
        }
        let marks = std::mem::take(&mut self.title_marks);
        let mut html = Html::new();
        match marks.is_empty() {
            true => {
                html.text(&self.title_words.shown);
            }
            false => self.html_of(marks, &mut html),
        }
        if let (Some(title), Some(heading)) = (&mut self.out.title, &self.title) {
            title.html = html;
            title.id = self.anchors.of(heading.asked.as_deref(), &self.title_words);
        }
    }
}
