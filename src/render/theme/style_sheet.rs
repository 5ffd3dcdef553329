//! Finds the first mistake in a style sheet, which makes browsers ignore parts of it. What
//! properties and selectors mean is not known here.

use std::ops::Range;
use std::sync::Arc;

use crate::findings::{Code, Finding, Place};

/// The finding for the first mistake in a style sheet.
pub fn style_sheet_finding(file: &str, text: &str) -> Option<Finding> {
    let problem = Reader::new(text).read().err()?;
    let place = Place::new(&Arc::from(file), problem.at);
    Some(
        Finding::new(Code::StyleSheet, place, problem.message)
            .label("browsers ignore what follows")
            .help(problem.help),
    )
}

struct Problem {
    at: Range<usize>,
    message: &'static str,
    help: &'static str,
}

type Step = Result<(), Problem>;

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Brackets that are open, each with its place.
    open: Vec<(char, usize)>,
    /// Where the statement began that is being read, if anything of it was read.
    statement: Option<usize>,
    /// Whether the statement has a colon outside of brackets.
    colon: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Reader {
            text,
            at,
            open: Vec::new(),
            statement: None,
            colon: false,
        }
    }

    fn read(&mut self) -> Step {
        while let Some(c) = self.text[self.at..].chars().next() {
            let start = self.at;
            self.at += c.len_utf8();
            match c {
                '/' if self.text[start..].starts_with("/*") => self.comment(start)?,
                '"' | '\'' => {
                    self.statement.get_or_insert(start);
                    self.string(c, start)?;
                }
                '\\' => {
                    self.statement.get_or_insert(start);
                    let next = self.text[self.at..].chars().next();
                    self.at += next.map_or(0, char::len_utf8);
                }
                '{' => {
                    self.open.push((c, start));
                    self.end_statement();
                }
                '(' | '[' => {
                    self.statement.get_or_insert(start);
                    let is_url = self.text[..start].to_ascii_lowercase().ends_with("url");
                    match is_url && c == '(' && !self.is_quoted_next() {
                        true => self.address(start)?,
                        false => self.open.push((c, start)),
                    }
                }
                '}' | ')' | ']' => self.close(c, start)?,
                ';' if self.is_in_block() => self.declaration(start)?,
                c if c.is_whitespace() => {}
                c => {
                    self.statement.get_or_insert(start);
                    self.colon |= c == ':' && self.is_in_block();
                }
            }
        }
        self.end()
    }

    fn is_in_block(&self) -> bool {
        self.open.last().is_none_or(|(c, _)| *c == '{')
    }

    fn is_quoted_next(&self) -> bool {
        let rest = self.text[self.at..].trim_start();
        rest.starts_with(['"', '\''])
    }

    fn end_statement(&mut self) {
        self.statement = None;
        self.colon = false;
    }

    fn comment(&mut self, start: usize) -> Step {
        match self.text[start + 2..].find("*/") {
            Some(end) => self.at = start + 2 + end + 2,
            None => {
                return Err(Problem {
                    at: start..start + 2,
                    message: "this comment is never closed",
                    help: "end it with `*/`",
                });
            }
        }
        Ok(())
    }

    fn string(&mut self, quote: char, start: usize) -> Step {
        let mut escaped = false;
        for (at, c) in self.text[self.at..].char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\n' => break,
                c if c == quote => {
                    self.at += at + 1;
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(Problem {
            at: start..start + 1,
            message: "this quote is not closed on its line",
            help: "end the text with the quote that it begins with",
        })
    }

    /// An address without quotes, in which most characters mean nothing.
    fn address(&mut self, start: usize) -> Step {
        match self.text[self.at..].find(')') {
            Some(end) => self.at += end + 1,
            None => return Err(unclosed('(', start)),
        }
        Ok(())
    }

    fn close(&mut self, c: char, start: usize) -> Step {
        let opened = match c {
            '}' => '{',
            ')' => '(',
            _ => '[',
        };
        match self.open.last() {
            Some((open, _)) if *open == opened => {}
            Some((open, at)) => return Err(unclosed(*open, *at)),
            None => {
                return Err(Problem {
                    at: start..start + 1,
                    message: "this bracket closes nothing",
                    help: "remove it, or add the one that it closes",
                });
            }
        }
        if c == '}' {
            self.declaration(start)?;
        }
        self.open.pop();
        Ok(())
    }

    /// The end of a declaration inside a block, or of a statement outside.
    fn declaration(&mut self, end: usize) -> Step {
        let Some(start) = self.statement else {
            return Ok(());
        };
        let is_rule = self.text[start..].starts_with('@');
        let is_inside = !self.open.is_empty();
        if !(is_rule || is_inside && self.colon) {
            let line = self.text[start..end].lines().next().unwrap_or_default();
            let (message, help) = match is_inside {
                true => ("this is no declaration", "write `property: value;`"),
                false => (
                    "this rule has no braces",
                    "write `selector { property: value; }`",
                ),
            };
            return Err(Problem {
                at: start..start + line.trim_end().len(),
                message,
                help,
            });
        }
        self.end_statement();
        Ok(())
    }

    fn end(&mut self) -> Step {
        if let Some((open, at)) = self.open.first() {
            return Err(unclosed(*open, *at));
        }
        self.declaration(self.text.len())
    }
}

fn unclosed(open: char, at: usize) -> Problem {
    let help = match open {
        '{' => "add the `}` that closes it",
        '(' => "add the `)` that closes it",
        _ => "add the `]` that closes it",
    };
    Problem {
        at: at..at + 1,
        message: "this bracket is never closed",
        help,
    }
}
