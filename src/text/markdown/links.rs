//! Links and images of a text: the address of each on its page, and findings for
//! those that lead nowhere. `text::links` knows what can be linked to.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::findings::{Code, Finding, Guess, Place};
use crate::text::address::encode;
use crate::text::escape::escape;
use crate::text::links::LinkTarget;
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
    fn destination(&mut self, link: &str, range: Range<usize>, asset: bool) -> Option<String> {
        let to = self.scope.targets.resolve(link, self.input.folder);
        self.address(to, link, range, asset)
    }

    /// The same for a link that is already resolved.
    pub(super) fn address(
        &mut self,
        to: LinkTarget,
        link: &str,
        range: Range<usize>,
        asset: bool,
    ) -> Option<String> {
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
                format!("#{}{}", self.scope.id_prefix, encode(&fragment))
            }
            LinkTarget::Internal { path, fragment } => {
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
            LinkTarget::Unsafe(scheme) => {
                self.out.findings.push(unsafe_link(&scheme, place));
                "#".to_string()
            }
            LinkTarget::NoComparison(a, b) => {
                self.out.findings.push(no_comparison(&a, &b, place));
                "#".to_string()
            }
            LinkTarget::Dead { what, guess } => {
                self.out
                    .findings
                    .push(dead_link(&what, guess, asset, place));
                "#".to_string()
            }
        })
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
        let Some(dest_url) = self.destination(&dest_url, range, false) else {
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
        text
    }

    pub(super) fn image(
        &mut self,
        link: &str,
        title: &str,
        text: &str,
        range: Range<usize>,
    ) -> String {
        if text.trim().is_empty() {
            let place = self.input.place(range.clone());
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
}

fn unsafe_link(scheme: &str, place: Place) -> Finding {
    Finding::new(
        Code::UnsafeLink,
        place,
        format!("links with `{scheme}:` are not allowed"),
    )
    .help("use http, https, mailto or tel, or a link inside the site")
    .help("inside the site: `row:ID`, `model:ID`, `category:ID`, `party:ID`, `compare:A..B`")
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
