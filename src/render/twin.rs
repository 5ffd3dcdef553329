//! Writes pages and tables as Markdown: the twin of each page, and `llms.txt`. In
//! GitHub Flavored Markdown, cells cannot span lines, so a group's heading is
//! repeated in every line. Cells cannot contain lists, so tasks are separated by `<br
//! />`.

use std::borrow::Cow;
use std::ops::Range;

use crate::model::{Badge, Prose};
use crate::pages::{Body, Card, Fact, Link, ListedPage, Page, PageKind, Part, Project};
use crate::tables::formats::markdown::line;
use crate::tables::html::{encoded, folder_of};
use crate::tables::{Cells, Table, TableNotes, formats};
use crate::text::Strings;
use crate::text::links::{LinkTarget, Targets};
use crate::text::markdown::{self, FirstHeading, NoteNames, Settings, first_heading};
use crate::text::{encode, paths};

/// Writes Markdown for one page.
pub struct TwinWriter<'a> {
    /// What links can lead to.
    pub targets: &'a Targets,
    /// How Markdown is read.
    pub settings: Settings,
    /// Path of the page whose twin this is.
    pub page: &'a str,
    /// The relative path from the page to the site's top.
    pub root: String,
    /// The content folder, relative to the project.
    pub src: &'a str,
    /// The words of the interface.
    pub strings: &'a Strings,
}

impl TwinWriter<'_> {
    /// Writes a whole page.
    pub fn page(&self, title: &str, body: Body<'_>) -> String {
        let mut names = NoteNames::default();
        let mut out = match self.heading(&body, &mut names) {
            Some(heading) => heading,
            None => format!("# {}\n", line(title)),
        };
        for section in body.sections {
            if !section.heading.is_empty() {
                let marks = "#".repeat(usize::from(section.level));
                out.push_str(&format!("\n{marks} {}\n", line(&section.heading)));
            }
            for part in section.parts {
                let text = match part {
                    // Tables can be large, so they are written directly.
                    Part::Table { table, .. } => {
                        out.push('\n');
                        self.table(table, &mut out);
                        continue;
                    }
                    part => self.part(&part, &mut names),
                };
                let text = text.trim_matches('\n');
                if !text.is_empty() {
                    out.push('\n');
                    out.push_str(text);
                    out.push('\n');
                }
            }
        }
        out
    }

    /// The heading that is the title of the page, as its author wrote it.
    fn heading(&self, body: &Body<'_>, names: &mut NoteNames) -> Option<String> {
        let parts = body.sections.iter().flat_map(|section| &section.parts);
        let mut headings = parts.filter_map(|part| match part {
            Part::Prose { prose, title, .. } => Some((prose, self.title_in(prose, title)?)),
            _ => None,
        });
        let (prose, heading) = headings.next()?;
        let heading = format!("# {}\n", heading.marked);
        Some(self.markdown(&heading, folder_of_page(&prose.path), names))
    }

    /// The heading of a text that its page shows as a title.
    fn title_in(&self, prose: &Prose, title: &str) -> Option<FirstHeading> {
        first_heading(&prose.body, self.settings).filter(|heading| heading.words == title)
    }

    fn part(&self, part: &Part<'_>, names: &mut NoteNames) -> String {
        match part {
            Part::Prose { prose, title, .. } => self.prose(prose, title, names),
            Part::Markdown(text) | Part::Condition { text, .. } => {
                let folder = folder_of(&text.place.file, self.src);
                self.markdown(&text.value, folder, names)
            }
            Part::Paragraph(text) => line(text),
            Part::Table { .. } | Part::Tools(_) => String::new(),
            Part::Totals { lead, counts } => {
                format!("{}\n\n{}", line(lead), counts_list(counts))
            }
            Part::Cards(cards) => {
                let cards: Vec<String> = cards.iter().map(|c| self.card(c)).collect();
                cards.join("\n")
            }
            Part::Facts(facts) => {
                let lines: Vec<String> = facts
                    .iter()
                    .map(|(label, fact)| match fact {
                        Fact::Plain(text) => format!("- {}: {}", line(label), line(text)),
                        Fact::External { label: name, url } => {
                            format!("- {}: [{}](<{url}>)", line(label), line(name))
                        }
                    })
                    .collect();
                lines.join("\n")
            }
            Part::Links(links) => self.links(links, ""),
            Part::Pages(pages) => self.pages(pages, "").trim_end().to_string(),
            Part::Pick(pick) => self.links(&pick.links, ""),
            Part::Answers(answers) => {
                let mut text = String::new();
                for answer in answers {
                    text.push_str(&format!("- {}\n", line(&answer.lead)));
                    // The anchors of rows are on the HTML page, not here.
                    let rows = answer.rows.iter();
                    let rest = answer.more.iter().map(|(_, rest)| rest);
                    let all = rows.map(|row| &row.label).chain(rest);
                    all.for_each(|label| text.push_str(&format!("  - {}\n", line(label))));
                }
                text
            }
            Part::Written(text) => self.markdown(text, "", names),
            Part::Shown(_) => String::new(),
        }
    }

    fn card(&self, card: &Card<'_>) -> String {
        let mut out = format!("- {}", self.link(&card.label, &card.path));
        if !card.text.is_empty() {
            out.push_str(&format!(": {}", line(&card.text)));
        }
        for (badge, n) in &card.counts {
            out.push_str(&format!("\n  - {}: {n}", line(&badge.text())));
        }
        let links = self.links(&card.links, "  ");
        if !links.is_empty() {
            out.push_str(&format!("\n{links}"));
        }
        out
    }

    fn links(&self, links: &[Link], indent: &str) -> String {
        let lines: Vec<String> = links
            .iter()
            .map(|link| {
                let note = match link.note.as_str() {
                    "" => String::new(),
                    note => format!(" ({})", line(note)),
                };
                format!("{indent}- {}{note}", self.link(&link.label, &link.path))
            })
            .collect();
        lines.join("\n")
    }

    fn pages(&self, pages: &[ListedPage], indent: &str) -> String {
        let mut out = String::new();
        for page in pages {
            let shown = match &page.path {
                Some(path) => self.link(&page.label, path),
                None => line(&page.label),
            };
            out.push_str(&format!("{indent}- {shown}\n"));
            out.push_str(&self.pages(&page.below, &format!("{indent}  ")));
        }
        out
    }

    /// A link to another page's twin.
    fn link(&self, label: &str, path: &str) -> String {
        format!("[{}]({})", line(label), self.href(path))
    }

    fn href(&self, path: &str) -> String {
        let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
        let mut out = String::new();
        self.href_into(path, fragment, &mut out);
        out
    }

    fn href_into(&self, path: &str, fragment: &str, out: &mut String) {
        if !path.is_empty() {
            // Links to pages without a twin lead to the page itself.
            let twin = paths::twin(path).filter(|twin| self.targets.outputs.contains(twin));
            out.push_str(&self.root);
            out.push_str(&encoded(twin.as_deref().unwrap_or(path)));
        }
        // Rows have no anchors in Markdown, so a link to one leads to the page.
        if !fragment.is_empty() && !self.targets.rows.contains_key(fragment) {
            out.push('#');
            out.push_str(&encoded(fragment));
        }
    }

    fn prose(&self, prose: &Prose, title: &str, names: &mut NoteNames) -> String {
        let body = match self.title_in(prose, title) {
            Some(heading) => {
                let Range { start, end } = heading.range;
                Cow::Owned([&prose.body[..start], &prose.body[end..]].concat())
            }
            _ => Cow::Borrowed(&*prose.body),
        };
        // Spaces at the beginning make code of the first line.
        let start = body.len() - body.trim_start().len();
        let start = body[..start].rfind('\n').map_or(0, |at| at + 1);
        let body = body[start..].trim_end().replace("\r\n", "\n");
        self.markdown(&body, folder_of_page(&prose.path), names)
    }

    /// An author's Markdown with its links pointing to twins.
    fn markdown(&self, text: &str, folder: &str, names: &mut NoteNames) -> String {
        markdown::rewrite(text, self.settings, names, |link| {
            match self.targets.resolve(link, folder) {
                LinkTarget::Internal { path, fragment } => {
                    let fragment = fragment.map_or(String::new(), |f| format!("#{f}"));
                    Some(self.href(&format!("{path}{fragment}")))
                }
                _ => None,
            }
        })
    }

    fn table(&self, table: Table<'_>, out: &mut String) {
        // Rows have no anchors here, so a link to the same page is useless.
        let address = |page: Option<&str>, fragment: &str| {
            let page = page.filter(|page| *page != self.page)?;
            let mut href = String::new();
            self.href_into(page, fragment, &mut href);
            Some(href)
        };
        let cells = Cells {
            targets: self.targets,
            address: &address,
            src: self.src,
            notes: &TableNotes::default(),
            strings: self.strings,
        };
        formats::markdown::table(table, &cells, out);
    }
}

/// The folder of a page's source.
fn folder_of_page(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn counts_list(counts: &[(Badge<'_>, usize)]) -> String {
    let lines: Vec<String> = counts
        .iter()
        .map(|(badge, n)| format!("- {}: {n}", line(&badge.text())))
        .collect();
    lines.join("\n")
}

/// `llms.txt`: what the site is and where the Markdown is (llmstxt.org).
pub fn llms(project: &Project<'_>, pages: &[Page]) -> String {
    let mut out = format!("# {}\n", line(project.title()));
    let description = project.config.book.description.as_ref();
    if let Some(description) = description {
        out.push_str(&format!("\n> {}\n", line(&description.value)));
    }
    type Group = (&'static str, fn(PageKind) -> bool);
    let groups: [Group; 5] = [
        ("models", |k| matches!(k, PageKind::Model(_))),
        ("categories", |k| matches!(k, PageKind::Category(_))),
        ("comparisons", |k| {
            matches!(k, PageKind::CompareIndex | PageKind::Compare(..))
        }),
        ("parties", |k| matches!(k, PageKind::Party(_))),
        ("pages", |k| {
            matches!(k, PageKind::Home | PageKind::Prose(_))
        }),
    ];
    for (key, of) in groups {
        let links: Vec<String> = pages
            .iter()
            .filter(|p| of(p.kind))
            .filter_map(|p| {
                let title = project.plain_title(p);
                Some(format!("- [{}]({})\n", line(&title), encode(&p.twin()?)))
            })
            .collect();
        if !links.is_empty() {
            out.push_str(&format!("\n## {}\n\n", project.strings.get(key)));
            out.push_str(&links.concat());
        }
    }
    out
}
