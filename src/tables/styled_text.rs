//! Turns the cells of a table into lines of styled words, for all formats that do not
//! have blocks. Formats are not known here.

mod inline;

use std::borrow::Cow;
use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Options, Tag, TagEnd};

use crate::input::Text;
use crate::model::Task;
use crate::tables::html::folder_of;
use crate::tables::styled_text::inline::Inline;
use crate::tables::table::{Block, Head, Remark, RoleMark, TaskItem, join_controls};
use crate::text::Strings;
use crate::text::links::{LinkTarget, Targets};
use crate::text::markdown::{self, NoteKey, NumberedNotes};

/// One line of a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StyledLine<'a> {
    /// Whether the line is an entry of a list.
    pub entry: bool,
    /// Whether the entry is a task, which checklists give a box.
    pub task: bool,
    /// The words of the line, with neighbours of one style joined.
    pub words: Vec<StyledWords<'a>>,
}

/// Words of one style.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StyledWords<'a> {
    /// The text; `\n` is a line break within the line.
    pub text: Cow<'a, str>,
    /// Whether the words are bold.
    pub strong: bool,
    /// Whether the words are emphasized.
    pub emphasis: bool,
    /// Whether the words are code.
    pub code: bool,
    /// Whether the words are struck through.
    pub struck: bool,
    /// The address that the words link to.
    pub link: Option<String>,
}

impl<'a> StyledWords<'a> {
    /// Words without a style.
    pub fn plain(text: impl Into<Cow<'a, str>>) -> StyledWords<'a> {
        StyledWords {
            text: text.into(),
            ..StyledWords::default()
        }
    }
}

impl<'a> StyledLine<'a> {
    /// A line that is not an entry of a list.
    pub fn of(words: Vec<StyledWords<'a>>) -> StyledLine<'a> {
        StyledLine {
            words,
            ..StyledLine::default()
        }
    }

    /// The line without any style.
    pub fn text(&self) -> String {
        self.words.iter().map(|words| &*words.text).collect()
    }

    /// The line for formats of plain text: links are followed by their addresses, and
    /// tildes are around what is struck through.
    pub fn plain_text(&self) -> String {
        let mut out = String::new();
        for (link, run) in by_link(&self.words) {
            let start = out.len();
            for words in run.chunk_by(|a, b| a.struck == b.struck) {
                let text: String = words.iter().map(|words| &*words.text).collect();
                let inner = text.trim();
                match words[0].struck && !inner.is_empty() {
                    true => out.push_str(&text.replacen(inner, &format!("~~{inner}~~"), 1)),
                    false => out.push_str(&text),
                }
            }
            // A bare address may be without its scheme.
            if let Some(link) = link.filter(|link| !link.ends_with(out[start..].trim())) {
                out.push_str(&format!(" ({link})"));
            }
        }
        out
    }
}

/// Groups neighbouring words that have the same link, with that link.
pub fn by_link<'w, 't>(
    words: &'w [StyledWords<'t>],
) -> impl Iterator<Item = (Option<&'w str>, &'w [StyledWords<'t>])> {
    words
        .chunk_by(|a, b| a.link == b.link)
        .map(|run| (run[0].link.as_deref(), run))
}

/// A function that returns the address of a place in the site, if it has one. It
/// takes the page, or `None` for the page the table is on, and an anchor, which may
/// be empty.
pub type Address<'a> = &'a (dyn Fn(Option<&str>, &str) -> Option<String> + Sync);

/// The footnotes of a table.
#[derive(Default)]
pub struct TableNotes {
    notes: NumberedNotes<Vec<StyledLine<'static>>>,
    /// Whether they are told in the cells that refer to them. Otherwise they are listed
    /// below the table.
    in_cells: bool,
}

impl TableNotes {
    /// Notes that are told in their cells, for formats that have nothing below a table.
    pub fn in_cells() -> TableNotes {
        TableNotes {
            in_cells: true,
            ..TableNotes::default()
        }
    }

    /// The lines of each note that was referred to since the last time. They begin with
    /// its number.
    pub fn take(&self) -> Vec<Vec<StyledLine<'static>>> {
        let numbered = |(number, mut lines): (usize, Vec<StyledLine<'static>>)| {
            if lines.is_empty() {
                lines.push(StyledLine::default());
            }
            lines[0]
                .words
                .insert(0, StyledWords::plain(format!("{} ", mark(number))));
            lines
        };
        self.notes.take().into_iter().map(numbered).collect()
    }
}

/// The mark of a footnote, for all formats: few have footnotes in tables, and numbers
/// of their own would run into those of the document around the table.
fn mark(number: usize) -> String {
    format!("[{number}]")
}

/// Turns headings and cells into lines.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    /// What links in authors' texts can lead to.
    pub targets: &'a Targets,
    /// Makes the addresses of links into the site.
    pub address: Address<'a>,
    /// The content folder, relative to the project.
    pub src: &'a str,
    /// The footnotes of the table that is being written.
    pub notes: &'a TableNotes,
    /// The words of the interface.
    pub strings: &'a Strings,
}

impl<'a> Cells<'a> {
    /// A heading's label and that of its group, with a link to its page.
    pub fn label<'t>(&self, head: &'t Head<'_>) -> StyledWords<'t> {
        StyledWords {
            link: head
                .link
                .as_ref()
                .and_then(|link| (self.address)(link.page.as_deref(), link.fragment)),
            ..StyledWords::plain(head.words())
        }
    }

    /// The lines below a heading's label.
    pub fn more<'t>(&self, head: &'t Head<'_>) -> Vec<StyledLine<'t>> {
        self.lines(&head.blocks)
    }

    /// A whole heading: its label and the lines below it.
    pub fn head<'t>(&self, head: &'t Head<'_>) -> Vec<StyledLine<'t>> {
        let mut lines = vec![StyledLine::of(vec![self.label(head)])];
        lines.extend(self.more(head));
        lines
    }

    /// A whole heading without its group, which is told elsewhere.
    pub fn head_alone<'t>(&self, head: &'t Head<'_>) -> Vec<StyledLine<'t>> {
        let mut lines = self.head(head);
        lines[0].words[0].text = Cow::Borrowed(&*head.label);
        lines
    }

    /// The lines of a cell.
    pub fn lines<'t>(&self, blocks: &'t [Block<'_>]) -> Vec<StyledLine<'t>> {
        let mut lines = Vec::new();
        for block in blocks {
            match block {
                Block::Badge(badge) => lines.push(StyledLine::of(vec![StyledWords {
                    strong: true,
                    ..StyledWords::plain(badge.text())
                }])),
                Block::Words(text) => lines.push(plain(text)),
                Block::Change { text, .. } => lines.push(plain(text)),
                Block::Mark { text, of, .. } => {
                    lines.extend(self.led_by(StyledWords::plain(*text), *of));
                }
                Block::Roles {
                    roles, condition, ..
                } => lines.push(self.roles(roles, *condition)),
                Block::Nothing(text) => lines.push(plain(text)),
                Block::Markdown(text) => lines.extend(self.markdown(text)),
                Block::Tasks(items) => {
                    for item in items {
                        self.item(item, &mut lines);
                    }
                }
                Block::Remark { label, text, .. } => match text {
                    Remark::Markdown(text) => lines.extend(self.led_by(lead(label), Some(text))),
                    Remark::Plain(text) => lines.push(remark(label, text)),
                },
                Block::Field { label, value, .. } => match (label, &value.link) {
                    (Some(label), Some(link)) => {
                        lines.extend(self.led_by(lead(label), Some(link)));
                    }
                    (Some(label), None) => lines.push(remark(label, &value.text.value)),
                    (None, Some(link)) => lines.extend(self.markdown(link)),
                    (None, None) => lines.push(plain(&value.text.value)),
                },
            }
        }
        lines
    }

    /// The roles of a party, with the names of letters if there is no legend.
    fn roles<'t>(&self, roles: &[RoleMark<'t>], condition: Option<&'t str>) -> StyledLine<'t> {
        let roles = roles.iter().map(|role| match role.letter {
            Some(letter) if self.notes.in_cells => format!("{letter} ({})", role.label),
            letter => letter.unwrap_or(role.label).to_string(),
        });
        let mut text = roles.collect::<Vec<_>>().join(", ");
        if let Some(words) = condition {
            text.push_str(if text.is_empty() { "" } else { ", " });
            text.push_str(words);
        }
        StyledLine::of(vec![StyledWords::plain(text)])
    }

    /// The paragraphs below a table: what letters in its cells mean, and its footnotes.
    pub fn below<'t>(&self, legend: &'t str) -> Vec<Vec<StyledLine<'t>>> {
        let legend = (!legend.is_empty()).then(|| vec![plain(legend)]);
        legend.into_iter().chain(self.notes.take()).collect()
    }

    fn item<'t>(&self, item: &'t TaskItem<'_>, lines: &mut Vec<StyledLine<'t>>) {
        let mut task = self.task(item.task);
        if task.is_empty() {
            task.push(StyledLine::default());
        }
        task[0].entry = true;
        task[0].task = true;
        if let Some(last) = task.last_mut() {
            if !item.controls.is_empty() {
                let names = join_controls(&item.controls, ", ");
                last.words.push(StyledWords::plain(format!(" ({names})")));
            }
            if let Some(mark) = item.mark {
                last.words.push(StyledWords::plain(" "));
                last.words.push(StyledWords {
                    emphasis: true,
                    ..StyledWords::plain(format!("({mark})"))
                });
            }
        }
        self.told_here(&mut task);
        lines.extend(task);
    }

    fn task<'t>(&self, task: &'t Task) -> Vec<StyledLine<'t>> {
        self.inline(&task.text, folder_of(&task.place.file, self.src))
    }

    fn markdown<'t>(&self, text: &'t Text) -> Vec<StyledLine<'t>> {
        let mut lines = self.inline(&text.value, folder_of(&text.place.file, self.src));
        self.told_here(&mut lines);
        lines
    }

    /// The lines of a text after words that lead to it.
    fn led_by<'t>(&self, lead: StyledWords<'t>, text: Option<&'t Text>) -> Vec<StyledLine<'t>> {
        let Some(text) = text else {
            return vec![StyledLine::of(vec![lead])];
        };
        let mut body = self.markdown(text);
        if body.is_empty() {
            body.push(StyledLine::default());
        }
        body[0].words.splice(0..0, [lead, StyledWords::plain(" ")]);
        body
    }

    /// Adds the notes that the lines refer to, if they are told in the cells.
    fn told_here(&self, lines: &mut Vec<StyledLine<'_>>) {
        if self.notes.in_cells {
            lines.extend(self.notes.take().into_iter().flatten());
        }
    }

    /// The lines of an author's Markdown. Nearly all texts contain no marks and need
    /// no parser.
    fn inline<'t>(&self, text: &'t str, folder: &str) -> Vec<StyledLine<'t>> {
        if markdown::is_plain(text) {
            return vec![plain(text.trim())];
        }
        let guarded = markdown::guard_line(text);
        let (events, definitions) = split_notes(&guarded, folder);
        let mut unwritten = Vec::new();
        let lines = self.lines_of(events, &definitions, folder, &mut unwritten);
        let mut at = 0;
        // A note may refer to further notes.
        while let Some((number, note)) = unwritten.get(at).copied() {
            let events = definitions.all[note].events.clone();
            let lines = self.lines_of(events, &definitions, folder, &mut unwritten);
            self.notes.notes.tell(number, lines);
            at += 1;
        }
        lines
    }

    /// The lines of events. The numbers of notes that they refer to first are added to
    /// `unwritten`, each with its place in the definitions.
    fn lines_of(
        &self,
        events: Vec<Event<'_>>,
        definitions: &NotesOfText<'_>,
        folder: &str,
        unwritten: &mut Vec<(usize, usize)>,
    ) -> Vec<StyledLine<'static>> {
        let mut out = Inline::default();
        for event in events {
            let Event::FootnoteReference(label) = event else {
                out.event(event, |link| self.destination(link, folder));
                continue;
            };
            match definitions.by_label.get(&label).copied() {
                Some(note) => {
                    let key = definitions.all[note].key.clone();
                    let (number, nth) = self.notes.notes.refer(key);
                    if nth == 1 {
                        unwritten.push((number, note));
                    }
                    out.text(&mark(number));
                }
                None => out.text(&format!("[^{label}]")),
            }
        }
        out.finish()
    }

    fn destination(&self, link: &str, folder: &str) -> Option<String> {
        match self.targets.resolve(link, folder) {
            LinkTarget::External => Some(link.to_string()),
            LinkTarget::Internal { path, fragment } => {
                (self.address)(Some(&path), fragment.as_deref().unwrap_or(""))
            }
            _ => None,
        }
    }
}

/// The footnotes that a text defines.
#[derive(Default)]
struct NotesOfText<'t> {
    all: Vec<NoteOfText<'t>>,
    /// Where they are, by their labels. Of two with one label, only the first counts.
    by_label: HashMap<CowStr<'t>, usize>,
}

struct NoteOfText<'t> {
    key: NoteKey,
    events: Vec<Event<'t>>,
}

/// The words that lead to a remark.
fn lead<'t>(label: &'t str) -> StyledWords<'t> {
    StyledWords {
        emphasis: true,
        ..StyledWords::plain(label)
    }
}

/// A remark in plain text.
fn remark<'t>(label: &'t str, text: &'t str) -> StyledLine<'t> {
    StyledLine::of(vec![
        lead(label),
        StyledWords::plain(" "),
        StyledWords::plain(text),
    ])
}

/// The events of a text without its footnotes, and these.
fn split_notes<'t>(text: &'t str, folder: &str) -> (Vec<Event<'t>>, NotesOfText<'t>) {
    let options =
        Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let (mut events, mut notes) = (Vec::new(), NotesOfText::default());
    let mut open: Option<NoteOfText> = None;
    for (event, range) in markdown::read(text, options) {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => {
                let next = notes.all.len();
                open = Some(NoteOfText {
                    key: markdown::note_key(text, &range, &label, folder),
                    events: Vec::new(),
                });
                notes.by_label.entry(label).or_insert(next);
            }
            Event::End(TagEnd::FootnoteDefinition) => notes.all.extend(open.take()),
            event => match &mut open {
                Some(note) => note.events.push(event),
                None => events.push(event),
            },
        }
    }
    (events, notes)
}

fn plain(text: &str) -> StyledLine<'_> {
    StyledLine::of(vec![StyledWords::plain(text)])
}
