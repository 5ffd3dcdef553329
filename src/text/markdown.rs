//! Markdown to HTML: prose with anchors, callouts, footnotes, highlighted code
//! and checked links, and the inline texts of tables. It knows links only
//! through `links` and nothing of responsibilities.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options,
    Parser, Tag, TagEnd, TextMergeWithOffset,
};

use crate::findings::diag::{Code, Finding, Findings, Place};
use crate::text::address::encode;
use crate::text::code::{self, TooMuch};
use crate::text::escape::{escape, escape_into};
use crate::text::links::{Destination, Targets};
use crate::text::strings::Strings;

/// What holds for all Markdown of a project.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub raw_html: bool,
    pub smart_punctuation: bool,
    pub definition_lists: bool,
    pub callouts: bool,
}

/// Where a text comes from and where its HTML will stand.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub targets: &'a Targets,
    pub strings: &'a Strings,
    pub settings: Settings,
    /// From the page to the site's top: empty, `../`, longer, or an address.
    /// `None` where the site cannot be linked to: of such links only the text
    /// is written.
    pub root: Option<&'a str>,
    /// Put before every id, for pages that hold several texts.
    pub id_prefix: &'a str,
}

/// A text with the place it has in its file, so that findings can name it.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    pub text: &'a str,
    pub file: &'a Arc<str>,
    /// Where the text begins in the file; `None` when the text was decoded
    /// (YAML), and `place` stands for all of it.
    pub start: Option<usize>,
    pub place: Option<&'a Place>,
    /// Folder of the file below the content folder.
    pub folder: &'a str,
}

impl Input<'_> {
    fn place(&self, range: Range<usize>) -> Place {
        match (self.start, self.place) {
            (Some(start), _) => Place::new(self.file, start + range.start..start + range.end),
            (None, Some(place)) => place.clone(),
            (None, None) => Place::file(self.file),
        }
    }
}

/// A heading, for the list on the page.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Heading {
    pub level: u8,
    pub id: String,
    pub text: String,
}

/// A link an author wrote, with its place, so that a dead anchor found in the
/// rendered site can be reported where it was written.
#[derive(Clone, Debug)]
pub struct AuthorLink {
    /// The page it leads to; for one to its own page, whoever renders the text
    /// fills it in.
    pub path: Option<String>,
    /// Whether it leads to the page it stands on.
    pub here: bool,
    pub fragment: String,
    pub place: Place,
}

/// What became of a text.
#[derive(Debug, Default)]
pub struct Rendered {
    pub html: String,
    /// The first-level heading the text began with, taken out of `html`.
    pub title: Option<String>,
    pub headings: Vec<Heading>,
    pub links: Vec<AuthorLink>,
    pub findings: Findings,
    /// The first words of the text, for descriptions.
    pub lead: String,
}

/// What of Markdown is understood, beside CommonMark.
pub fn options(settings: Settings) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    options.set(
        Options::ENABLE_SMART_PUNCTUATION,
        settings.smart_punctuation,
    );
    options.set(Options::ENABLE_DEFINITION_LIST, settings.definition_lists);
    options.set(Options::ENABLE_GFM, settings.callouts);
    options
}

/// About how many bytes of a text are kept as its first words.
const MAX_LEAD: usize = 200;

/// Renders prose. The first-level heading it may begin with becomes the title.
pub fn render(input: Input<'_>, scope: Scope<'_>) -> Rendered {
    let parser = Parser::new_ext(input.text, options(scope.settings));
    let events = TextMergeWithOffset::new(parser.into_offset_iter());
    let mut writer = Writer {
        input,
        scope,
        out: Rendered::default(),
        anchors: Anchors::new(scope),
        notes: Notes::default(),
        note: None,
        // An event stands for some ten bytes.
        body: Vec::with_capacity(input.text.len() / 10),
        code: scope.targets.code.left(input.file),
        plain_told: false,
    };
    writer.run(events);
    writer.finish()
}

/// Renders one cell's text: a single paragraph loses its `<p>`. A text of one
/// line is never a list, heading or quote, whatever it begins with.
pub fn inline(input: Input<'_>, scope: Scope<'_>) -> Rendered {
    if is_plain(input.text) {
        return Rendered {
            html: escape(input.text),
            ..Rendered::default()
        };
    }
    let scope = Scope {
        settings: Settings {
            smart_punctuation: false,
            definition_lists: false,
            callouts: false,
            ..scope.settings
        },
        ..scope
    };
    let guarded = guard_line(input.text);
    let mut rendered = render(
        Input {
            text: &guarded,
            ..input
        },
        scope,
    );
    let body = rendered.html.trim_end();
    if let Some(inner) = body
        .strip_prefix("<p>")
        .and_then(|b| b.strip_suffix("</p>"))
        .filter(|b| !b.contains("<p>"))
    {
        rendered.html = inner.to_string();
    }
    rendered
}

/// Whether a text holds nothing that Markdown could act on. Nearly all tasks
/// are such texts, so this is looked up byte by byte.
pub fn is_plain(text: &str) -> bool {
    let first = text.as_bytes().first().copied().unwrap_or(b' ');
    if first.is_ascii_digit() || b"-+=".contains(&first) {
        return false;
    }
    if text.bytes().any(|b| SPECIAL[usize::from(b)]) {
        return false;
    }
    !(text.contains('&') && text.contains(';'))
}

/// Bytes that can mean something in Markdown.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let special = b"\\`*_[<~\n#>|!";
    let mut at = 0;
    while at < special.len() {
        table[special[at] as usize] = true;
        at += 1;
    }
    table
};

/// Takes a single line's power to begin a block.
pub fn guard_line(text: &str) -> String {
    if text.trim_end().contains('\n') {
        return text.to_string();
    }
    let text = text.trim();
    let escaped = || format!("\\{text}");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => {
            format!("{}\\{}", &text[..digits], &text[digits..])
        }
        _ if digits > 0 => text.to_string(),
        Some(b'#' | b'>' | b'-' | b'+' | b'=' | b'|' | b':') => escaped(),
        // A definition would vanish from the text.
        Some(b'[') if text.contains("]:") => escaped(),
        // Emphasis may begin a line; a list mark is followed by a blank.
        Some(b'*') if text[1..].starts_with(' ') => escaped(),
        // A line of nothing else is a rule.
        Some(b'*' | b'_') if text.chars().all(|c| "*_ \t".contains(c)) => escaped(),
        Some(b'`') if text.starts_with("```") => escaped(),
        Some(b'~') if text.starts_with("~~~") => escaped(),
        _ => text.to_string(),
    }
}

/// The text made fit to stand somewhere else: `f` gives links their new
/// destination, or `None` to leave one, and HTML that the settings do not allow
/// loses its power.
pub fn rewrite(
    text: &str,
    settings: Settings,
    mut f: impl FnMut(&str) -> Option<String>,
) -> String {
    let html = !settings.raw_html && text.contains('<');
    if !html && !text.contains("](") && !text.contains("]:") {
        return text.to_string();
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    // Where a `<` is only a sign: in code, and around a bare address.
    let mut signs: Vec<Range<usize>> = Vec::new();
    for (event, range) in Parser::new_ext(text, options(settings)).into_offset_iter() {
        match event {
            Event::Start(Tag::Link {
                link_type: LinkType::Autolink | LinkType::Email,
                ..
            }) => signs.push(range),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let Some(at) = text[range.clone()].rfind(&*dest_url) else {
                    continue;
                };
                let start = range.start + at;
                let mut place = start..start + dest_url.len();
                // A destination in angle brackets loses them.
                if text[..start].ends_with('<') && text[place.end..].starts_with('>') {
                    place = start - 1..place.end + 1;
                    signs.push(place.clone());
                }
                if let Some(new) = f(&dest_url) {
                    edits.push((place, new));
                }
            }
            Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => signs.push(range),
            Event::Html(raw) | Event::InlineHtml(raw) if is_break(raw.trim()) => signs.push(range),
            _ => {}
        }
    }
    if html {
        // Whatever our own parser thinks: nothing that another reader of the
        // Markdown could take for a tag is left.
        signs.sort_by_key(|range| range.start);
        let mut signs = signs.into_iter().peekable();
        let mut sign_until = 0;
        for (at, _) in text.match_indices('<') {
            while let Some(range) = signs.next_if(|range| range.start <= at) {
                sign_until = range.end.max(sign_until);
            }
            let tag =
                text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
            if tag && at >= sign_until {
                edits.push((at..at + 1, "&lt;".to_string()));
            }
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        if range.start < at {
            continue;
        }
        out.push_str(&text[at..range.start]);
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The one tag that is always allowed: there is no other way to break a line
/// in a table.
fn is_break(tag: &str) -> bool {
    matches!(
        tag,
        "<br>" | "<br/>" | "<br />" | "<wbr>" | "<wbr/>" | "<wbr />"
    )
}

fn is_comment(html: &str) -> bool {
    html.starts_with("<!--") && html.ends_with("-->")
}

/// Whether HTML is shown as text: nobody said that it may pass.
fn is_text(html: &str, settings: Settings) -> bool {
    let html = html.trim();
    !settings.raw_html && !is_break(html) && !is_comment(html)
}

/// What an event inside a heading adds to the heading's words.
pub(crate) fn in_heading<'e>(event: &'e Event<'_>, settings: Settings) -> &'e str {
    match event {
        Event::Text(text) | Event::Code(text) => text,
        Event::InlineHtml(html) if is_text(html, settings) => html,
        Event::SoftBreak | Event::HardBreak => " ",
        _ => "",
    }
}

/// An anchor for a heading, as GitHub makes them.
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

/// The anchors of one text's headings.
pub struct Anchors<'a> {
    scope: Scope<'a>,
    /// Those so far.
    taken: HashMap<String, usize>,
}

impl<'a> Anchors<'a> {
    /// For a text that stands in this scope.
    pub fn new(scope: Scope<'a>) -> Self {
        Anchors {
            scope,
            taken: HashMap::new(),
        }
    }

    /// The anchor of the next heading: the one it asks for, else one made of
    /// its words.
    pub fn of(&mut self, asked: Option<&str>, words: &str) -> String {
        match asked.filter(|id| is_anchor(id)) {
            Some(id) => self.free(id),
            None => {
                let slug = heading_slug(words);
                let slug = slug.trim_start_matches("srm-");
                self.free(if slug.is_empty() { "section" } else { slug })
            }
        }
    }

    /// One that nobody has yet: not in this text, and no row, since rows keep
    /// theirs on every page.
    fn free(&mut self, base: &str) -> String {
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

#[derive(Default)]
struct Notes<'a> {
    /// Labels in the order of reference, which is that of their numbers.
    labels: Vec<CowStr<'a>>,
    /// Label to number.
    numbers: HashMap<CowStr<'a>, usize>,
    /// References so far, by number.
    references: HashMap<usize, usize>,
    definitions: HashMap<CowStr<'a>, Vec<Event<'a>>>,
}

struct Writer<'a, 'i> {
    input: Input<'i>,
    scope: Scope<'i>,
    out: Rendered,
    anchors: Anchors<'i>,
    notes: Notes<'a>,
    /// The footnote that is being written: its label and what it says.
    note: Option<(CowStr<'a>, Vec<Event<'a>>)>,
    body: Vec<Event<'a>>,
    /// Code that may still be highlighted.
    code: code::Left,
    /// Whether it was said that the rest of the file's code is plain.
    plain_told: bool,
}

impl<'a> Writer<'a, '_> {
    fn run(&mut self, mut events: impl Iterator<Item = (Event<'a>, Range<usize>)>) {
        let mut first = true;
        let mut table: Option<Table> = None;
        let mut paragraph = false;
        // Links do not stand in one another.
        let mut link_written = true;
        while let Some((event, range)) = events.next() {
            let was_first = std::mem::take(&mut first);
            // Paragraphs make sense alone; headings, lists and tables may not.
            let leads = paragraph && self.note.is_none();
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let mut inner = Vec::new();
                    for (event, range) in events.by_ref() {
                        if matches!(event, Event::End(TagEnd::Heading(_))) {
                            break;
                        }
                        inner.push((event, range));
                    }
                    self.heading(level, id, range, inner, was_first);
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let mut code = String::new();
                    for (event, _) in events.by_ref() {
                        match event {
                            Event::Text(text) => code.push_str(&text),
                            Event::End(TagEnd::CodeBlock) => break,
                            _ => {}
                        }
                    }
                    self.code_block(&kind, &code, range);
                }
                Event::Start(Tag::HtmlBlock) => {
                    let mut raw = String::new();
                    for (event, _) in events.by_ref() {
                        match event {
                            Event::Html(text) => raw.push_str(&text),
                            Event::End(TagEnd::HtmlBlock) => break,
                            _ => {}
                        }
                    }
                    self.raw_html(&raw, range, true);
                }
                Event::InlineHtml(raw) | Event::Html(raw) => self.raw_html(&raw, range, false),
                Event::Start(Tag::BlockQuote(Some(kind))) => self.callout(kind),
                Event::End(TagEnd::BlockQuote(Some(_))) => self.html("</div>\n"),
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }) => {
                    let dest_url = self.destination(&dest_url, range, false);
                    link_written = dest_url.is_some();
                    if let Some(dest_url) = dest_url {
                        self.put(Event::Start(Tag::Link {
                            link_type,
                            dest_url: dest_url.into(),
                            title,
                            id,
                        }));
                    }
                }
                Event::End(TagEnd::Link) if !link_written => {}
                Event::Start(Tag::Image {
                    dest_url, title, ..
                }) => {
                    let mut text = String::new();
                    // The text of an image may hold another image.
                    let mut depth = 1;
                    for (event, range) in events.by_ref() {
                        match event {
                            Event::Text(t) | Event::Code(t) => text.push_str(&t),
                            Event::SoftBreak | Event::HardBreak => text.push(' '),
                            Event::Start(Tag::Image { dest_url, .. }) => {
                                self.destination(&dest_url, range, true);
                                depth += 1;
                            }
                            Event::Start(Tag::Link { dest_url, .. }) => {
                                self.destination(&dest_url, range, false);
                            }
                            Event::End(TagEnd::Image) => depth -= 1,
                            _ => {}
                        }
                        if depth == 0 {
                            break;
                        }
                    }
                    let image = self.image(&dest_url, &title, &text, range);
                    self.html(image);
                }
                Event::Start(Tag::Table(alignments)) => {
                    table = Some(Table {
                        alignments,
                        column: 0,
                        head: true,
                    });
                    let label = escape(self.scope.strings.get("table"));
                    self.html(format!(
                        "<div class=\"srm-scroll\" role=\"group\" tabindex=\"0\" \
                         aria-label=\"{label}\"><table>"
                    ));
                }
                Event::End(TagEnd::Table) => {
                    table = None;
                    self.html("</tbody></table></div>\n");
                }
                Event::Start(Tag::TableHead) => self.html("<thead><tr>"),
                Event::End(TagEnd::TableHead) => {
                    if let Some(table) = &mut table {
                        table.head = false;
                    }
                    self.html("</tr></thead><tbody>\n");
                }
                Event::Start(Tag::TableRow) => {
                    if let Some(table) = &mut table {
                        table.column = 0;
                    }
                    self.html("<tr>");
                }
                Event::End(TagEnd::TableRow) => self.html("</tr>\n"),
                Event::Start(Tag::TableCell) => {
                    if let Some(table) = &mut table {
                        self.html(table.open());
                    }
                }
                Event::End(TagEnd::TableCell) => {
                    let head = table.as_ref().is_some_and(|t| t.head);
                    self.html(if head { "</th>" } else { "</td>" });
                }
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    self.note = Some((label, Vec::new()));
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    if let Some((label, events)) = self.note.take() {
                        self.notes.definitions.entry(label).or_insert(events);
                    }
                }
                Event::FootnoteReference(label) => self.note_reference(label),
                Event::Text(text) => {
                    self.undefined_note(&text, &range);
                    self.lead(leads, &text);
                    self.put(Event::Text(text));
                }
                Event::Code(code) => {
                    self.lead(leads, &code);
                    self.put(Event::Code(code));
                }
                Event::TaskListMarker(done) => {
                    let word = if done { "task-done" } else { "task-open" };
                    let word = escape(self.scope.strings.get(word));
                    let mark = if done { "☑" } else { "☐" };
                    self.html(format!(
                        "<span class=\"srm-box\"><span aria-hidden=\"true\">{mark}</span>\
                         <span class=\"srm-hidden\">{word}</span></span> "
                    ));
                }
                Event::Rule => self.html("<hr>\n"),
                Event::HardBreak => {
                    self.lead(leads, " ");
                    self.html("<br>\n");
                }
                Event::SoftBreak => {
                    self.lead(leads, " ");
                    self.put(Event::SoftBreak);
                }
                Event::Start(Tag::Paragraph) => {
                    paragraph = true;
                    self.put(Event::Start(Tag::Paragraph));
                }
                Event::End(TagEnd::Paragraph) => {
                    paragraph = false;
                    self.lead(leads, " ");
                    self.put(Event::End(TagEnd::Paragraph));
                }
                other => self.put(other),
            }
        }
    }

    /// Adds to the footnote that is being written, else to the body.
    fn put(&mut self, event: Event<'a>) {
        match &mut self.note {
            Some((_, events)) => events.push(event),
            None => self.body.push(event),
        }
    }

    fn html(&mut self, html: impl Into<CowStr<'a>>) {
        self.put(Event::Html(html.into()));
    }

    /// More of the first words, where a text `leads`.
    fn lead(&mut self, leads: bool, text: &str) {
        if leads && self.out.lead.len() < MAX_LEAD {
            self.out.lead.push_str(text);
        }
    }

    fn finish(mut self) -> Rendered {
        let body = std::mem::take(&mut self.body);
        self.out.html.reserve(2 * self.input.text.len());
        pulldown_cmark::html::push_html(&mut self.out.html, body.into_iter());
        if !self.notes.labels.is_empty() {
            self.write_notes();
        }
        self.out.lead = self
            .out
            .lead
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        self.out
    }

    fn heading(
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
                    .help("give it words, or take its `#` away"),
            );
            // Nothing may be lost that is no text, such as an image.
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
                .help("anchors that begin with `srm-` belong to the site itself"),
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
        // Links and the like inside a heading are rare; run them through the
        // same mill.
        self.run(inner.into_iter());
        self.html(format!(
            "</h{level}><a class=\"srm-anchor\" href=\"#{id}\" aria-label=\"{label}\"></a></div>\n"
        ));
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'_>, code: &str, range: Range<usize>) {
        let language = code::language(kind);
        let mut out = String::from("<pre class=\"srm-code\" tabindex=\"0\"><code");
        if !language.is_empty() {
            out.push_str(&format!(" class=\"language-{}\"", escape(language)));
        }
        out.push('>');
        let codes = &self.scope.targets.code;
        let highlighted = codes.highlight(language, code, &mut self.code);
        if let Err(why) = highlighted {
            self.plain_code(why, range);
        }
        let made = highlighted.ok().flatten();
        match made.as_ref().and_then(|html| html.get()) {
            Some(Some(html)) => out.push_str(html),
            _ => escape_into(code, &mut out),
        }
        out.push_str("</code></pre>\n");
        self.html(out);
    }

    fn plain_code(&mut self, why: TooMuch, range: Range<usize>) {
        // What is true of the rest of a file is said once.
        if !why.is_of_block() && std::mem::replace(&mut self.plain_told, true) {
            return;
        }
        let first = self.input.text[range.clone()].lines().next();
        let place = self
            .input
            .place(range.start..range.start + first.map_or(0, str::len));
        self.out.findings.push(
            Finding::new(
                Code::PlainCode,
                place,
                format!("this code is not highlighted: {}", why.words()),
            )
            .help(why.help()),
        );
    }

    fn callout(&mut self, kind: BlockQuoteKind) {
        let word = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let title = escape(self.scope.strings.get(&format!("callout-{word}")));
        self.html(format!(
            "<div class=\"srm-callout\" data-kind=\"{word}\" role=\"note\">\
             <p class=\"srm-callout-title\">{title}</p>\n"
        ));
    }

    fn raw_html(&mut self, raw: &str, range: Range<usize>, block: bool) {
        if is_comment(raw.trim()) {
            return;
        }
        if !is_text(raw, self.scope.settings) {
            return self.html(raw.to_string());
        }
        let place = self.input.place(range);
        self.out.findings.push(
            Finding::new(Code::RawHtml, place, "this HTML is shown as text")
                .label("not Markdown")
                .help("write it in Markdown, or in backticks if it is meant to be read")
                .help("`raw-html = true` under `[preprocessor.srm]` lets it through"),
        );
        let text = escape(raw);
        self.html(if block {
            format!("<p>{}</p>\n", text.trim_end())
        } else {
            text
        });
    }

    /// The address a link gets on the page, if it gets one; findings for what
    /// it cannot have.
    fn destination(&mut self, link: &str, range: Range<usize>, asset: bool) -> Option<String> {
        let to = self.scope.targets.resolve(link, self.input.folder);
        self.address(to, link, range, asset)
    }

    /// The same for a link that was resolved.
    fn address(
        &mut self,
        to: Destination,
        link: &str,
        range: Range<usize>,
        asset: bool,
    ) -> Option<String> {
        let place = self.input.place(range);
        Some(match to {
            Destination::External => link.to_string(),
            Destination::Here(fragment) => {
                self.out.links.push(AuthorLink {
                    path: None,
                    here: true,
                    fragment: fragment.clone(),
                    place,
                });
                format!("#{}{}", self.scope.id_prefix, encode(&fragment))
            }
            Destination::Internal { path, fragment } => {
                let mut href = format!("{}{}", self.scope.root?, encode(&path));
                if let Some(fragment) = fragment {
                    href.push('#');
                    href.push_str(&encode(&fragment));
                    self.out.links.push(AuthorLink {
                        path: Some(path),
                        here: false,
                        fragment,
                        place,
                    });
                }
                href
            }
            Destination::Unsafe(scheme) => {
                self.out.findings.push(
                    Finding::new(
                        Code::UnsafeLink,
                        place,
                        format!("links with `{scheme}:` are not allowed"),
                    )
                    .help("use http, https, mailto or tel, or a link inside the site")
                    .help("inside the site: `row:ID`, `model:ID`, `category:ID`, `party:ID`, `compare:A..B`"),
                );
                "#".to_string()
            }
            Destination::Dead { what, guess } => {
                let (code, otherwise) = if asset {
                    (
                        Code::MissingAsset,
                        "it is looked for beside this file; `@/` begins at the content folder",
                    )
                } else {
                    (
                        Code::DeadLink,
                        "link to a file (`@/` begins at the content folder), to `row:ID`, \
                         `model:ID`, `category:ID` or `party:ID`, or write a full address",
                    )
                };
                let finding = Finding::new(code, place, format!("{what} is not part of this site"))
                    .label("points nowhere");
                let finding = match guess {
                    Some(guess) => finding.guess(Some(guess.or(otherwise))),
                    None => finding.help(otherwise),
                };
                self.out.findings.push(finding);
                "#".to_string()
            }
        })
    }

    fn image(&mut self, link: &str, title: &str, text: &str, range: Range<usize>) -> String {
        if text.trim().is_empty() {
            let place = self.input.place(range.clone());
            self.out.findings.push(
                Finding::new(Code::ImageWithoutText, place, "this image has no text")
                    .help("write what it shows between the brackets"),
            );
        }
        let to = self.scope.targets.resolve(link, self.input.folder);
        let size = match &to {
            Destination::Internal { path, .. } => self.scope.targets.images.get(path),
            _ => None,
        };
        let size = size.map_or_else(String::new, |(width, height)| {
            format!(" width=\"{width}\" height=\"{height}\"")
        });
        let Some(src) = self.address(to, link, range, true) else {
            return escape(text);
        };
        let title = match title {
            "" => String::new(),
            title => format!(" title=\"{}\"", escape(title)),
        };
        format!(
            "<img src=\"{}\" alt=\"{}\"{title}{size} loading=\"lazy\">",
            escape(&src),
            escape(text)
        )
    }

    fn note_reference(&mut self, label: CowStr<'a>) {
        let Notes {
            labels, numbers, ..
        } = &mut self.notes;
        let number = *numbers.entry(label).or_insert_with_key(|label| {
            labels.push(label.clone());
            labels.len()
        });
        let uses = self.notes.references.entry(number).or_insert(0);
        *uses += 1;
        let again = if *uses > 1 {
            format!("-{uses}")
        } else {
            String::new()
        };
        let prefix = self.scope.id_prefix;
        self.html(format!(
            "\u{2060}<sup class=\"srm-noteref\"><a href=\"#{prefix}srm-fn-{number}\" \
             id=\"{prefix}srm-fnref-{number}{again}\" role=\"doc-noteref\">{number}</a></sup>"
        ));
    }

    fn undefined_note(&mut self, text: &str, range: &Range<usize>) {
        let Some(open) = text.find("[^") else { return };
        let Some(close) = text[open..].find(']') else {
            return;
        };
        let name = &text[open + 2..open + close];
        if name.is_empty() || name.contains(char::is_whitespace) {
            return;
        }
        // The text of an event is decoded; its place has to be looked up.
        let mark = format!("[^{name}]");
        let Some(at) = self.input.text[range.clone()].find(&mark) else {
            return;
        };
        let start = range.start + at;
        let place = self.input.place(start..start + mark.len());
        self.out.findings.push(
            Finding::new(
                Code::UndefinedReference,
                place,
                format!("the footnote `{name}` has no definition"),
            )
            .help(format!("add a line `[^{name}]: ...`")),
        );
    }

    fn write_notes(&mut self) {
        let prefix = self.scope.id_prefix;
        let mut heading = escape(self.scope.strings.get("footnotes"));
        // Where several texts have notes, each list needs a name of its own.
        if !prefix.is_empty() {
            let of = self.out.title.as_deref().unwrap_or(self.input.file);
            heading = format!("{heading}: {}", escape(of));
        }
        let back = escape(self.scope.strings.get("back-to-text"));
        self.out.html.push_str(&format!(
            "<section class=\"srm-footnotes\" role=\"doc-endnotes\" aria-label=\"{heading}\"><ol>\n"
        ));
        let mut at = 0;
        // A note may refer to further notes, so the list can grow.
        while at < self.notes.labels.len() {
            let number = at + 1;
            let label = self.notes.labels[at].clone();
            let events = self.notes.definitions.remove(&label).unwrap_or_default();
            let mut body = String::new();
            pulldown_cmark::html::push_html(&mut body, events.into_iter());
            let link = format!(
                "<a href=\"#{prefix}srm-fnref-{number}\" role=\"doc-backlink\" \
                 aria-label=\"{back}\">↩</a>"
            );
            // Behind the last words rather than below them.
            let body = match body.trim_end().strip_suffix("</p>") {
                Some(body) => format!("{body}\u{a0}{link}</p>\n"),
                None => format!("{body}{link}"),
            };
            let html = &mut self.out.html;
            html.push_str(&format!("<li id=\"{prefix}srm-fn-{number}\">{body}</li>\n"));
            at += 1;
        }
        self.out.html.push_str("</ol></section>\n");
    }
}

/// A Markdown table being written. The crate's own writer would use inline
/// styles, which a strict Content-Security-Policy refuses.
struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
}

impl Table {
    fn open(&mut self) -> String {
        let class = match self.alignments.get(self.column) {
            Some(Alignment::Left) => " class=\"srm-left\"",
            Some(Alignment::Center) => " class=\"srm-center\"",
            Some(Alignment::Right) => " class=\"srm-right\"",
            _ => "",
        };
        self.column += 1;
        if self.head {
            format!("<th scope=\"col\"{class}>")
        } else {
            format!("<td{class}>")
        }
    }
}
