//! Links and images of a text: the address each gets on its page, and findings for those
//! that lead nowhere. What can be linked to is known by `text::links`.

use std::ops::Range;

use crate::findings::diag::{Code, Finding, Place};
use crate::text::address::encode;
use crate::text::escape::escape;
use crate::text::links::Destination;
use crate::text::markdown::Writer;

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

impl<'a> Writer<'a, '_> {
    /// The address a link gets on the page, if it gets one; findings for what
    /// it cannot have.
    pub(super) fn destination(
        &mut self,
        link: &str,
        range: Range<usize>,
        asset: bool,
    ) -> Option<String> {
        let to = self.scope.targets.resolve(link, self.input.folder);
        self.address(to, link, range, asset)
    }

    /// The same for a link that was resolved.
    pub(super) fn address(
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
}
