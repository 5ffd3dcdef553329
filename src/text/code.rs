//! Highlights code in authors' texts, and limits how much of it is highlighted: code
//! takes up to a hundred times as long as prose of the same size. Pages and links are
//! not known here.

mod names;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxReference;
use syntect::util::LinesWithEndings;

use crate::findings::Digest;
use crate::text::code::names::SYNTAXES;
use crate::text::html::Html;

/// Most bytes in a block that is still highlighted.
const MOST_OF_BLOCK: usize = 64 << 10;

/// Most bytes in a line of such a block: some grammars scan the rest of a line again
/// and again.
const MOST_OF_LINE: usize = 2_000;

/// Most bytes that are highlighted in one file.
const MOST_OF_FILE: usize = 128 << 10;

/// Most bytes that are highlighted in a site, unless one [`PART_OF_SITE`]th of its
/// prose is more.
const MOST_OF_SITE: usize = 256 << 10;
const PART_OF_SITE: usize = 8;

/// The least that a block counts as, in bytes: starting one takes some time.
const LEAST_OF_BLOCK: usize = 200;

/// Why a block is shown as plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuch {
    /// A line of the block is too long.
    Line,
    /// The block is too long.
    Block,
    /// The file has too much code.
    File,
    /// The site has too much code.
    Site,
}

impl TooMuch {
    /// Whether the block itself is the reason, rather than the file or site around
    /// it.
    pub fn is_of_block(self) -> bool {
        matches!(self, TooMuch::Line | TooMuch::Block)
    }

    /// The reason, for a message.
    pub fn words(self) -> String {
        match self {
            TooMuch::Line => format!("one of its lines has more than {MOST_OF_LINE} bytes"),
            TooMuch::Block => format!("the block has more than {} KB", MOST_OF_BLOCK >> 10),
            TooMuch::File => format!("the file has more than {} KB of code", MOST_OF_FILE >> 10),
            TooMuch::Site => "the site has too much code".into(),
        }
    }

    /// What the author can do about it.
    pub fn help(self) -> String {
        match self {
            TooMuch::Line => "break the line into shorter ones".into(),
            TooMuch::Block => "show less of it, or offer it as a file to download".into(),
            TooMuch::File => "split the page, or offer long code as files to download".into(),
            TooMuch::Site => format!(
                "the code of a site is highlighted in the order of the files' paths, up to {} KB; \
                 offer long code as files to download",
                MOST_OF_SITE >> 10
            ),
        }
    }
}

/// How the code of a site is shown.
#[derive(Default)]
pub struct Highlighter {
    /// Files whose code is plain because the site has too much code.
    plain: BTreeSet<Arc<str>>,
    /// Blocks that are highlighted already: a text can be shown on several pages.
    made: Mutex<HashMap<Digest, Highlighted>>,
}

type Highlighted = Arc<OnceLock<Option<Html>>>;

impl fmt::Debug for Highlighter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Highlighter")
            .field("plain", &self.plain)
            .finish()
    }
}

/// How many bytes of a text may still be highlighted, or why none may.
#[derive(Clone, Copy, Debug)]
pub struct Left(Result<usize, TooMuch>);

impl Highlighter {
    /// The files of a site whose code is shown as plain text. Each file is given with
    /// its amount of code, [`code_size`] or [`code_size_in_cells`]; `prose` is the number of
    /// bytes of prose. Files are taken in the order of their paths, so that every run
    /// decides the same.
    pub fn plain(files: &[(&Arc<str>, usize)], prose: usize) -> BTreeSet<Arc<str>> {
        let most = MOST_OF_SITE.max(prose / PART_OF_SITE);
        let all: usize = files.iter().map(|(_, size)| size).sum();
        if all <= most {
            return BTreeSet::new();
        }
        let mut files: Vec<_> = files.iter().filter(|(_, size)| *size > 0).collect();
        files.sort();
        let mut sum = 0;
        let over = files.into_iter().filter(|(_, size)| {
            let is_over = sum + size > most;
            sum += if is_over { 0 } else { *size };
            is_over
        });
        over.map(|(file, _)| (*file).clone()).collect()
    }

    /// The code of a site in which these files show theirs as plain text.
    pub fn new(plain: BTreeSet<Arc<str>>) -> Highlighter {
        Highlighter {
            plain,
            made: Mutex::default(),
        }
    }

    /// How much code a text in this file may highlight.
    pub fn left(&self, file: &str) -> Left {
        Left(match self.plain.contains(file) {
            false => Ok(MOST_OF_FILE),
            true => Err(TooMuch::Site),
        })
    }

    /// Highlights a block with `hl-` classes. `None` if the language is unknown.
    ///
    /// # Errors
    /// Why it has to be shown as plain text.
    pub fn highlight(
        &self,
        language: &str,
        code: &str,
        left: &mut Left,
    ) -> Result<Option<Highlighted>, TooMuch> {
        let Some(language) = names::language(language) else {
            return Ok(None);
        };
        if code.len() > MOST_OF_BLOCK {
            return Err(TooMuch::Block);
        }
        if code.lines().any(|line| line.len() > MOST_OF_LINE) {
            return Err(TooMuch::Line);
        }
        let rest = left.0?;
        let Some(rest) = rest.checked_sub(cost(code.len())) else {
            left.0 = Err(TooMuch::File);
            return Err(TooMuch::File);
        };
        left.0 = Ok(rest);
        let is_session = language.is_session && code.lines().any(|line| command_at(line).is_some());
        let syntax = language.syntax;
        let key = Digest::of(&(&syntax.name, is_session, code));
        let made = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            made.entry(key).or_default().clone()
        };
        made.get_or_init(|| match is_session {
            true => session(syntax, code),
            false => html(syntax, code),
        });
        Ok(Some(made))
    }
}

fn cost(len: usize) -> usize {
    len.max(LEAST_OF_BLOCK)
}

fn html(syntax: &SyntaxReference, code: &str) -> Option<Html> {
    let style = ClassStyle::SpacedPrefixed { prefix: "hl-" };
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, &SYNTAXES, style);
    for line in LinesWithEndings::from(code) {
        generator
            .parse_html_for_line_which_includes_newline(line)
            .ok()?;
    }
    // It escapes the code, and its classes come from the grammar.
    Some(Html::trusted(generator.finalize()))
}

/// What a terminal shows: commands are highlighted, and what they print is not.
fn session(syntax: &SyntaxReference, code: &str) -> Option<Html> {
    let mut out = Html::new();
    // The command of the last lines, if it may go on.
    let mut command = String::new();
    for line in LinesWithEndings::from(code) {
        if command.is_empty() {
            let at = command_at(line).unwrap_or(line.len());
            out.text(&line[..at]);
            command.push_str(&line[at..]);
        } else {
            command.push_str(line);
        }
        if !command.is_empty() && !command.trim_end().ends_with('\\') {
            out.push(&html(syntax, &std::mem::take(&mut command))?);
        }
    }
    if !command.is_empty() {
        out.push(&html(syntax, &command)?);
    }
    Some(out)
}

/// Where the command begins on a line of a terminal, if it has a prompt.
fn command_at(line: &str) -> Option<usize> {
    let prompt = ["$ ", "% "].into_iter().find(|p| line.starts_with(p))?;
    Some(prompt.len())
}

/// The language that is written on a block's fence.
pub fn language<'k>(kind: &'k CodeBlockKind<'_>) -> &'k str {
    match kind {
        CodeBlockKind::Fenced(info) => info.split([',', ' ', '{']).next().unwrap_or(""),
        CodeBlockKind::Indented => "",
    }
}

/// How much code of a Markdown file could be highlighted, up to the limit of a file.
pub fn code_size(text: &str) -> usize {
    if !has_fence(text) {
        return 0;
    }
    // Settings decide what else is a block, so the largest size counts.
    let ways = [
        Options::empty(),
        Options::ENABLE_DEFINITION_LIST,
        Options::ENABLE_GFM,
        Options::ENABLE_DEFINITION_LIST | Options::ENABLE_GFM,
    ];
    let sizes = ways.map(|more| size_with(text, more));
    sizes
        .into_iter()
        .max()
        .unwrap_or_default()
        .min(MOST_OF_FILE)
}

fn size_with(text: &str, more: Options) -> usize {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | more;
    let mut sum = 0;
    let mut block: Option<usize> = None;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                block = names::language(language(&kind)).map(|_| 0);
            }
            Event::Text(text) => {
                if let Some(len) = &mut block {
                    *len += text.len();
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let len = block.take().filter(|len| *len <= MOST_OF_BLOCK);
                sum += len.map_or(0, cost);
            }
            _ => {}
        }
    }
    sum
}

/// The most code that the texts of a data file can contain.
pub fn code_size_in_cells<'t>(texts: impl Iterator<Item = &'t str>) -> usize {
    let fenced = texts.filter(|text| has_fence(text));
    let size = |text: &str| {
        let fences = FENCES.iter();
        let fences = fences.map(|f| memchr::memmem::find_iter(text.as_bytes(), f).count());
        text.len().max(LEAST_OF_BLOCK * fences.sum::<usize>())
    };
    fenced.map(size).sum()
}

/// What encloses code that has a language.
const FENCES: [&str; 2] = ["```", "~~~"];

fn has_fence(text: &str) -> bool {
    let has = |fence: &&str| memchr::memmem::find(text.as_bytes(), fence.as_bytes()).is_some();
    FENCES.iter().any(has)
}
