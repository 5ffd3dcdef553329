//! Writes a badge as HTML: its shape, its word and the parties' names.

use crate::model::{BETWEEN_PARTIES, Badge, Owner, Party};
use crate::text::Html;

/// The shape of each kind of owner, as the `d` of an SVG path in a 16 by 16 box.
/// Shapes differ in outline, not only in colour.
pub fn shape(owner: Owner) -> &'static str {
    match owner {
        Owner::Customer => "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z",
        Owner::Provider => "M2.5 2.5h11v11h-11z",
        Owner::Shared => "M8 2a6 6 0 0 0 0 12zM9.5 2.5h4v11h-4z",
        Owner::ThirdParty => "M8 1l7 7-7 7-7-7z",
        Owner::NotApplicable => "M2 7h12v2H2z",
        Owner::ByAgreement => "M3 1.5h7l3 3v10H3zm2 5v1.5h6V6.5zm0 3.5v1.5h6V10z",
        Owner::NotListed => {
            "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2zm0 1.8a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 1 1 0-8.4z"
        }
        Owner::Unassigned => "M8 1.5l7 13H1zm-.8 5v4h1.6v-4zm0 5v1.5h1.6v-1.5z",
    }
}

/// What the page that shows tables provides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Styling {
    /// The theme's style sheet.
    Themed,
    /// Nothing: shapes get a size, and words replace what the style sheet would show.
    Bare,
}

impl Styling {
    /// The beginning of a shape, up to its path.
    pub(super) fn shape(self) -> &'static str {
        match self {
            // On long pages, a badge this short compresses to one back-reference; a
            // longer one would need two.
            Styling::Themed => "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"",
            Styling::Bare => {
                "<svg class=\"srm-shape\" viewBox=\"0 0 16 16\" width=\"12\" height=\"12\" \
                 fill=\"currentColor\" aria-hidden=\"true\"><path d=\""
            }
        }
    }
}

/// Writes a badge: shape, word, and the parties' names.
pub fn badge(badge: &Badge<'_>, look: Styling, out: &mut Html) {
    out.markup("<span class=\"srm-badge\" data-owner=\"")
        .markup(badge.owner.word())
        .markup("\" data-parties=\"");
    ids(&badge.parties, out);
    out.markup("\">")
        .markup(look.shape())
        .markup(shape(badge.owner))
        .markup(match look {
            Styling::Themed => "\"/></svg><span class=\"srm-badge-word\">",
            Styling::Bare => "\"/></svg> <span class=\"srm-badge-word\">",
        })
        .text(&badge.word)
        .markup("</span>");
    if badge.named {
        out.markup(" <span class=\"srm-badge-parties\">");
        let bare = look == Styling::Bare;
        out.markup(if bare { "(" } else { "" });
        for (at, party) in badge.parties.iter().enumerate() {
            out.markup(if at > 0 { BETWEEN_PARTIES } else { "" });
            out.text(&party.label);
        }
        out.markup(if bare { ")</span>" } else { "</span>" });
    }
    if let Some(words) = badge.by_area {
        out.markup("<span class=\"srm-badge-areas\">");
        out.text(badge.between).text(words).markup("</span>");
    }
    if let Some(word) = badge.conditional {
        out.markup("<span class=\"srm-badge-conditional\" data-condition=\"");
        ids(&badge.on_condition, out);
        out.markup("\">").text(badge.between);
        out.text(word).markup("</span>");
    }
    out.markup("</span>");
}

/// The ids of parties, separated by spaces.
fn ids(parties: &[&Party], out: &mut Html) {
    for (at, party) in parties.iter().enumerate() {
        out.markup(if at > 0 { " " } else { "" }).text(&party.id);
    }
}
