//! Looks for what an author wrote that is not on the page, or is there as it was
//! written: notes and cells that are left out, and syntax of other tools. Pages are
//! not rendered here.

mod foreign;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use crate::findings::{Code, Finding, Findings, Severity, nearest};
use crate::text::markdown::nearly::foreign::ForeignSyntax;
use crate::text::markdown::{Input, Settings};
use crate::text::unfit::{is_unfit, unfit_words};

/// The kinds of callouts.
pub(super) const CALLOUTS: [&str; 5] = ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];

/// How many names are compared to how many others.
const MOST_NAMES: usize = 50;

/// The most bytes of a reference to a character: `&#`, seven digits and `;`.
const LONGEST_REFERENCE: usize = 10;

/// What has been seen of a text while it is rendered.
pub(super) struct SeenText<'a> {
    input: Input<'a>,
    settings: Settings,
    findings: Findings,
    /// The columns of the table that is being read.
    columns: usize,
    /// Where each footnote is defined first, by its name.
    notes: HashMap<String, Range<usize>>,
    /// Names that footnotes are referred to by.
    used: HashSet<String>,
    /// The footnote reference that was read last.
    reference: Option<Range<usize>>,
    /// Names in brackets that are no footnotes.
    undefined: Vec<String>,
    foreign: ForeignSyntax<'a>,
}

impl<'a> SeenText<'a> {
    /// Nothing has been seen of the text yet.
    pub(super) fn new(input: Input<'a>, settings: Settings) -> Self {
        SeenText {
            input,
            settings,
            findings: Findings::default(),
            columns: 0,
            notes: HashMap::new(),
            used: HashSet::new(),
            reference: None,
            undefined: Vec::new(),
            foreign: ForeignSyntax::of(input.text),
        }
    }

    /// The findings for what the text says in vain. `comments` are its comments.
    pub(super) fn findings(mut self, comments: Vec<Range<usize>>) -> Findings {
        self.unused_notes();
        for comment in &comments {
            self.foreign.verbatim(comment);
        }
        self.foreign.report(self.input, &mut self.findings);
        self.findings
    }
}

impl<'a> SeenText<'a> {
    /// Looks at an event of the text's reader.
    pub(super) fn event(&mut self, event: &Event<'_>, range: &Range<usize>) {
        let reference = self.reference.take();
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => self.note(name, range),
            Event::FootnoteReference(name) => {
                self.used.insert(name.to_string());
                self.reference = Some(range.clone());
            }
            Event::Text(text) => {
                if let Some(reference) = reference {
                    self.note_in_link(text, reference);
                }
                let has = |byte| memchr::memchr(byte, text.as_bytes()).is_some();
                if has(b'[') {
                    let room = MOST_NAMES.saturating_sub(self.undefined.len());
                    self.undefined.extend(references(text).take(room));
                }
                // Its first byte is looked for first.
                if has(0xef) && text.contains(char::REPLACEMENT_CHARACTER) {
                    self.unfit_references(range);
                }
            }
            Event::Start(Tag::BlockQuote(None)) => self.quote(range.clone()),
            Event::Start(Tag::Table(columns)) => {
                self.columns = columns.len();
                self.foreign.table(range);
            }
            Event::End(TagEnd::TableRow) => self.row(range.clone()),
            Event::Start(Tag::CodeBlock(kind)) => {
                self.foreign.verbatim(range);
                if matches!(kind, CodeBlockKind::Fenced(info) if has_title(info)) {
                    self.foreign.titled_code(range);
                }
            }
            Event::Start(Tag::HtmlBlock) | Event::Code(_) | Event::InlineHtml(_) => {
                self.foreign.verbatim(range);
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => self.foreign.link(range),
            _ => {}
        }
    }

    /// Adds a finding if the text behind a reference ends a link: as the reference is a
    /// link itself, what is around it is none.
    fn note_in_link(&mut self, text: &str, reference: Range<usize>) {
        let ends_link = text
            .find(['[', ']'])
            .is_some_and(|at| text[at..].starts_with("]("));
        if !ends_link {
            return;
        }
        let message = "a link cannot contain a footnote, so it is shown as it is written";
        let finding = Finding::new(Code::LiteralSyntax, self.input.place(reference), message);
        self.findings
            .push(finding.help("put the footnote behind the link: `[words](page.md)[^name]`"));
    }

    /// A footnote's definition. Only the first of a name is shown.
    fn note(&mut self, name: &str, range: &Range<usize>) {
        let mark = self.mark_of_note(range);
        let Some(first) = self.notes.get(name) else {
            self.notes.insert(name.to_string(), mark);
            return;
        };
        let name = self.written(&mark);
        let message = format!("the footnote `{name}` is defined twice, so this text is not shown");
        let finding = Finding::new(Code::UnusedFootnote, self.input.place(mark), message);
        self.findings.push(
            finding
                .related(self.input.place(first.clone()), "first defined here")
                .help("give it another name, or remove it"),
        );
    }

    /// The name in the mark of a footnote, as it is written.
    fn written(&self, mark: &Range<usize>) -> &'a str {
        let mark = &self.input.text[mark.start..mark.end];
        mark.trim_start_matches("[^").trim_end_matches("]:")
    }

    /// The part of a definition that is marked: `[^name]:`.
    fn mark_of_note(&self, range: &Range<usize>) -> Range<usize> {
        let text = &self.input.text[range.clone()];
        let end = text.find("]:").map_or(text.len(), |at| at + 2);
        range.start..range.start + end
    }

    fn unused_notes(&mut self) {
        let unused = self.notes.iter();
        let unused = unused.filter(|(name, _)| !self.used.contains(*name));
        let mut unused: Vec<_> = unused.map(|(_, mark)| mark.clone()).collect();
        unused.sort_by_key(|mark| mark.start);
        for (at, mark) in unused.into_iter().enumerate() {
            let name = self.written(&mark);
            let undefined = self.undefined.iter().map(String::as_str);
            let near = nearest(name, undefined.filter(|_| at < MOST_NAMES));
            let help = match near {
                Some(near) => format!("write `[^{name}]` instead of `[^{near}]`"),
                None => format!("refer to it with `[^{name}]`, or remove it"),
            };
            let message = format!("no text refers to the footnote `{name}`, so it is not shown");
            let place = self.input.place(mark);
            self.findings
                .push(Finding::new(Code::UnusedFootnote, place, message).help(help));
        }
    }

    /// A quote that is not a callout, but begins like one.
    fn quote(&mut self, range: Range<usize>) {
        // The rest of a line is looked at only behind the mark: quotes can be nested
        // thousands deep.
        let rest = &self.input.text[range.start..range.end];
        let inner = rest
            .trim_start_matches(' ')
            .strip_prefix('>')
            .unwrap_or(rest);
        let inner = inner.trim_start_matches([' ', '\t']);
        if !inner.starts_with("[!") {
            return;
        }
        let at = range.end - inner.len();
        let inner = inner.lines().next().unwrap_or_default();
        let Some((kind, rest)) = inner[2..].split_once(']') else {
            return;
        };
        let is_word = |c: char| c.is_alphabetic() || c == '-' || c == '_';
        if kind.is_empty() || !kind.chars().all(is_word) || rest.starts_with(['(', '[', ':']) {
            return;
        }
        let upper = kind.to_uppercase();
        let known = CALLOUTS.contains(&upper.as_str());
        let place = self.input.place(at..at + inner.trim_end().len());
        let finding = |message: String| Finding::new(Code::LiteralSyntax, place, message);
        self.findings.push(if self.input.start.is_none() {
            finding(format!(
                "`[!{kind}]` is shown as it is: texts of the YAML files have no callouts"
            ))
            .help("remove it, or write a page with the callout")
        } else if !self.settings.callouts {
            finding(format!(
                "`[!{kind}]` is shown as it is: callouts are switched off"
            ))
            .help("set `admonitions = true` under `[output.html]`")
        } else if !known {
            let finding = finding(format!(
                "`{kind}` is not a kind of callout, so it is shown as it is"
            ));
            match meant_callout(kind).or_else(|| nearest(&upper, CALLOUTS)) {
                Some(meant) => finding.help(format!("write `[!{meant}]`")),
                None => finding.suggest(&upper, CALLOUTS),
            }
        } else if rest.trim().is_empty() {
            finding(format!("`[!{kind}]` is shown as it is: no text follows it"))
                .help("write the text on the next line, after `> `")
        } else {
            finding("a callout has no title of its own, so its first line is shown as it is".into())
                .help(format!(
                    "write `> [!{upper}]` on a line, and `> **{}**` on the next",
                    rest.trim_start_matches(['-', '+']).trim()
                ))
        });
    }

    /// References such as `&#7;` in a part of the text.
    fn unfit_references(&mut self, range: &Range<usize>) {
        let written = &self.input.text[range.clone()];
        for (at, _) in written.match_indices("&#") {
            let mut bytes = written[at..].bytes().take(LONGEST_REFERENCE);
            let Some(end) = bytes.position(|byte| byte == b';') else {
                continue;
            };
            let reference = &written[at..=at + end];
            let number = &reference["&#".len()..end];
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            let Some(unfit) = code.ok().and_then(char::from_u32).filter(|c| is_unfit(*c)) else {
                continue;
            };
            let place = range.start + at..range.start + at + reference.len();
            let message = format!("`{reference}` is {}", unfit_words(unfit));
            self.findings.push(
                Finding::new(Code::NotText, self.input.place(place), message)
                    .severity(Severity::Warning)
                    .label("shown as \u{fffd}")
                    .help("remove it"),
            );
        }
    }

    /// A row of a table. Cells beyond those of the head are left out.
    fn row(&mut self, range: Range<usize>) {
        let row = self.input.text[range.clone()].trim_end();
        let bars = bars(row);
        let opens = usize::from(row.starts_with('|'));
        let Some(bar) = bars.get(self.columns + opens - 1) else {
            return;
        };
        let rest = row[bar + 1..].trim_end_matches('|');
        if rest.trim().is_empty() {
            return;
        }
        let start = range.start + bar + 1;
        let columns = match self.columns {
            1 => "one column".to_string(),
            n => format!("{n} columns"),
        };
        self.findings.push(
            Finding::new(
                Code::CutRow,
                self.input.place(start..start + rest.trim_end().len()),
                format!("the table has {columns}, so this part of the row is not shown"),
            )
            .help("write `\\|` for a bar that is part of a text, also in code")
            .help("or add columns to the first line of the table"),
        );
    }
}

/// Whether the words after the language of a block of code give it a title, as other
/// tools read them.
fn has_title(info: &str) -> bool {
    let mut words = info.split_whitespace().skip(1);
    let keys = ["title=", "filename=", "file=", "name=", "caption="];
    words.any(|word| {
        let word = word.trim_start_matches('{');
        keys.iter().any(|key| word.starts_with(key)) || word.starts_with('[')
    })
}

/// Names in `[^...]` of a text.
fn references(text: &str) -> impl Iterator<Item = String> {
    let names = text.split("[^").skip(1);
    names.filter_map(|rest| Some(rest.split_once(']')?.0.to_string()))
}

/// Where the bars that separate cells are in a row.
fn bars(row: &str) -> Vec<usize> {
    let mut escaped = false;
    let mut found = Vec::new();
    for (at, byte) in row.bytes().enumerate() {
        if byte == b'|' && !escaped {
            found.push(at);
        }
        escaped = byte == b'\\' && !escaped;
    }
    found
}

/// The kind of callout that the name of another tool means.
pub(super) fn meant_callout(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "note" | "info" | "abstract" | "summary" | "quote" | "example" | "todo" | "seealso" => {
            "NOTE"
        }
        "tip" | "hint" | "success" | "check" | "done" | "tldr" => "TIP",
        "important" | "question" | "help" | "faq" => "IMPORTANT",
        "warning" | "attention" | "warn" => "WARNING",
        "caution" | "danger" | "error" | "failure" | "fail" | "bug" | "missing" => "CAUTION",
        _ => return None,
    })
}
