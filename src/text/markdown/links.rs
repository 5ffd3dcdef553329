//! Links and images of a text: the address of each on its page, and findings for
//! those that lead nowhere. `text::links` knows what can be linked to.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::findings::{Code, Finding, Guess, Place, Severity};
use crate::text::address::encode;
use crate::text::html::Html;
use crate::text::links::{LinkTarget, nearest_scheme};
use crate::text::markdown::Writer;

/// A link an author wrote, with its place, so that a dead anchor found in the
/// rendered site can be reported where it was written.
#[derive(Clone, Debug)]
pub struct AuthorLink {
    /// The page it leads to. For a link to its own page, the code that renders the
    /// page fills this in.
    pub path: Option<String>,
    /// Whether it leads to the page it is on.
    pub here: bool,
    /// The fragment without its `#`.
    pub fragment: String,
    /// Where the link is written.
    pub place: Place,
}

impl<'a> Writer<'a, '_> {
    /// The address of a link on the page, if it has one. Adds a finding if the link
    /// is dead or refused.
    fn destination(&mut self, link: &str, at: WrittenAt, asset: bool) -> Option<String> {
        let to = self.scope.targets.resolve(link, self.input.folder);
        self.address(to, link, at, asset)
    }

    /// Where the address of a link is written: for a link by reference in its
    /// definition, and for others in the link itself, which has this range.
    pub(super) fn written_at(
        &mut self,
        kind: LinkType,
        name: &str,
        range: &Range<usize>,
    ) -> WrittenAt {
        let by_reference = matches!(
            kind,
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut
        );
        let found = by_reference.then(|| self.definitions.get(&label(name)));
        let Some(definition) = found.flatten() else {
            return Some(range.clone());
        };
        let new = self.judged.insert(definition.start);
        new.then(|| address_in(self.input.text, definition))
    }

    /// The same for a link that is already resolved.
    pub(super) fn address(
        &mut self,
        to: LinkTarget,
        link: &str,
        at: WrittenAt,
        asset: bool,
    ) -> Option<String> {
        let Some(range) = at else {
            // What is wrong with it was reported before.
            let (links, findings) = (self.out.links.len(), self.out.findings.list.len());
            let address = self.address(to, link, Some(0..0), asset);
            self.out.links.truncate(links);
            self.out.findings.list.truncate(findings);
            return address;
        };
        let place = self.input.place(range);
        Some(match to {
            LinkTarget::External => link.to_string(),
            LinkTarget::Here(fragment) => {
                self.out.links.push(AuthorLink {
                    path: None,
                    here: true,
                    fragment: fragment.clone(),
                    place,
                });
                let prefix = match self.scope.targets.rows.contains_key(&fragment) {
                    true => self.scope.id_prefix,
                    false => self.texts.prefix(),
                };
                format!("#{}{}", encode(prefix), encode(&fragment))
            }
            LinkTarget::Internal { path, fragment } => {
                self.internal_address(path, fragment, place, asset)?
            }
            LinkTarget::Unsafe(scheme) => {
                self.out.findings.push(unsafe_link(&scheme, place));
                "#".to_string()
            }
            LinkTarget::NoComparison(a, b) => {
                self.out.findings.push(no_comparison(&a, &b, place));
                "#".to_string()
            }
            LinkTarget::NoAddress => {
                self.out.findings.push(no_address(asset, place));
                "#".to_string()
            }
            LinkTarget::Dead {
                what,
                guess,
                certain,
            } => {
                let finding = dead_link(&what, guess, asset, place);
                self.out.findings.push(finding.certain(certain));
                "#".to_string()
            }
        })
    }

    /// The address of another page or file of the site.
    fn internal_address(
        &mut self,
        path: String,
        fragment: Option<String>,
        place: Place,
        asset: bool,
    ) -> Option<String> {
        // What is loaded into the page stays a file.
        let sections = self.scope.sections.filter(|_| !asset);
        let on_page = sections.and_then(|s| s.address(&path, fragment.as_deref()));
        let mut href = match &on_page {
            Some(href) => href.clone(),
            None => format!("{}{}", self.scope.root?, encode(&path)),
        };
        if let Some(fragment) = fragment {
            if on_page.is_none() {
                href.push('#');
                href.push_str(&encode(&fragment));
            }
            self.out.links.push(AuthorLink {
                path: Some(path),
                here: false,
                fragment,
                place,
            });
        }
        Some(href)
    }

    /// Opens a link and returns true if it has an address on the page. Otherwise only
    /// its text is written.
    pub(super) fn link(&mut self, link: Tag<'a>, range: Range<usize>) -> bool {
        let Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        } = link
        else {
            return false;
        };
        let at = self.written_at(link_type, &id, &range);
        if self.input.text[range.clone()][1..]
            .trim_start()
            .starts_with(']')
        {
            let place = self.input.place(range);
            let message = "this link has no words, so readers cannot see it";
            let finding = Finding::new(Code::LinkWithoutText, place, message);
            let finding = finding.help("write words between the brackets, or remove the link");
            self.out.findings.push(finding);
        }
        let Some(dest_url) = self.destination(&dest_url, at, false) else {
            return false;
        };
        self.put(Event::Start(Tag::Link {
            link_type,
            dest_url: dest_url.into(),
            title,
            id,
        }));
        true
    }

    /// Adds a finding for each definition that no link uses. Such a line is not shown.
    pub(super) fn unused_definitions(&mut self) {
        let unused = self.definitions.values();
        let unused = unused.filter(|definition| !self.judged.contains(&definition.start));
        let mut unused: Vec<_> = unused.cloned().collect();
        unused.sort_by_key(|definition| definition.start);
        for definition in unused {
            let written = self.input.text[definition.clone()].trim_end();
            let address = &self.input.text[address_in(self.input.text, &definition)];
            // `[//]: # (words)` is a comment.
            if matches!(address, "#" | "<>" | "<#>") {
                continue;
            }
            let label = written.find("]:").map_or(written, |end| &written[..=end]);
            let place = definition.start..definition.start + written.len();
            let finding = |message| {
                Finding::new(
                    Code::UnusedDefinition,
                    self.input.place(place.clone()),
                    message,
                )
            };
            self.out.findings.push(match is_word(address) {
                true => finding(format!(
                    "this line says where links to `{label}` lead, so it is not shown"
                ))
                .severity(Severity::Warning)
                .help(format!("to show it, write `\\{label}: {address}`")),
                false => finding(format!("no link uses the definition of `{label}`")).help(
                    format!("write `{label}` where it is to be a link, or remove it"),
                ),
            });
        }
    }

    /// The text of an image that has begun. Consumes the events up to and including
    /// its end.
    pub(super) fn image_text(
        &mut self,
        events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) -> String {
        let mut text = String::new();
        // The text of an image may contain another image.
        let mut depth = 1;
        for (event, range) in events {
            match event {
                Event::Text(t) | Event::Code(t) => text.push_str(&t),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                Event::Start(Tag::Image {
                    link_type,
                    dest_url,
                    id,
                    ..
                }) => {
                    let at = self.written_at(link_type, &id, &range);
                    self.destination(&dest_url, at, true);
                    depth += 1;
                }
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    id,
                    ..
                }) => {
                    let at = self.written_at(link_type, &id, &range);
                    self.destination(&dest_url, at, false);
                }
                Event::End(TagEnd::Image) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        text
    }

    pub(super) fn image(
        &mut self,
        link: &str,
        title: &str,
        text: &str,
        (range, at): (Range<usize>, WrittenAt),
    ) -> Html {
        if text.trim().is_empty() {
            let place = self.input.place(range);
            self.out.findings.push(
                Finding::new(
                    Code::ImageWithoutText,
                    place,
                    "this image has no description",
                )
                .help("describe what it shows between the brackets"),
            );
        }
        let to = self.scope.targets.resolve(link, self.input.folder);
        let size = match &to {
            LinkTarget::Internal { path, .. } => self.scope.targets.images.get(path),
            _ => None,
        };
        let size = size.copied();
        let Some(src) = self.address(to, link, at, true) else {
            return Html::escaped(text);
        };
        let mut html = Html::new();
        html.markup("<img src=\"").text(&src);
        html.markup("\" alt=\"").text(text).markup("\"");
        if !title.is_empty() {
            html.markup(" title=\"").text(title).markup("\"");
        }
        if let Some((width, height)) = size {
            html.markup(" width=\"").number(width);
            html.markup("\" height=\"").number(height);
            html.markup("\"");
        }
        html.markup(" loading=\"lazy\">");
        html
    }
}

/// Where an address is written; `None` if what is wrong with it was reported before.
type WrittenAt = Option<Range<usize>>;

/// Whether what is written as an address is a word rather than an address.
fn is_word(address: &str) -> bool {
    let word = address.trim_end_matches(['.', ',', ';', '!', '?']);
    !word.contains(['/', '.', ':', '#', '<', '@'])
}

/// A label in the form in which labels are compared.
pub(super) fn label(written: &str) -> String {
    let words: Vec<&str> = written.split_whitespace().collect();
    // As CommonMark compares them, `ẞ` is `SS`.
    words.join(" ").to_lowercase().to_uppercase()
}

/// The place of the address in a definition `[label]: address`.
fn address_in(text: &str, definition: &Range<usize>) -> Range<usize> {
    let written = &text[definition.clone()];
    let after = written.find("]:").map_or(0, |at| at + "]:".len());
    let start = written[after..].find(|c: char| !c.is_whitespace());
    let start = after + start.unwrap_or(0);
    let len = written[start..].find(char::is_whitespace);
    let end = start + len.unwrap_or(written.len() - start);
    definition.start + start..definition.start + end
}

fn unsafe_link(scheme: &str, place: Place) -> Finding {
    let finding = Finding::new(
        Code::UnsafeLink,
        place,
        format!("links with `{scheme}:` are not allowed"),
    );
    let finding = match nearest_scheme(scheme) {
        Some(own) => finding.help(format!("did you mean `{own}:`?")),
        None => finding,
    };
    finding
        .help("use http, https, mailto or tel, or a link inside the site")
        .help("inside the site: `row:ID`, `model:ID`, `category:ID`, `party:ID`, `compare:A..B`")
}

fn no_address(asset: bool, place: Place) -> Finding {
    let (code, message, help) = match asset {
        true => (
            Code::MissingAsset,
            "this image has no address",
            "write the path of its file in the parentheses: `![description](image.png)`",
        ),
        false => (
            Code::DeadLink,
            "this link has no address",
            "write where it leads in the parentheses: `[words](page.md)`",
        ),
    };
    Finding::new(code, place, message).help(help)
}

fn no_comparison(a: &str, b: &str, place: Place) -> Finding {
    let message = format!("no page compares `{a}` and `{b}`");
    Finding::new(Code::DeadLink, place, message)
        .label("points nowhere")
        .help(format!(
            "add the pair to `compare` below `[preprocessor.srm]` in book.toml: \
             `compare = [\"{a}..{b}\"]`"
        ))
}

fn dead_link(what: &str, guess: Option<Guess>, asset: bool, place: Place) -> Finding {
    let (code, otherwise) = if asset {
        (
            Code::MissingAsset,
            "paths are relative to this file; `@/` begins at the content folder",
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
    match guess {
        Some(guess) => finding.guess(Some(guess.or(otherwise))),
        None => finding.help(otherwise),
    }
}
