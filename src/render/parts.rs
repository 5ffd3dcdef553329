//! Writes the parts of a page's body as HTML: prose, tables, cards, facts and lists.
//! What is on a page is decided in `pages`.

use std::sync::Arc;

use crate::input::Text;
use crate::pages::web::{self, Fragment};
use crate::pages::{Answered, Card, Fact, Link, ListedPage, Page, PageKind, Part, Pick, is_cut};
use crate::render::{Draft, Renderer, Spot, widgets};
use crate::tables::TableKind;
use crate::tables::html::{self, Styling, folder_of};
use crate::text::links::is_web;
use crate::text::markdown::{self, AuthorLink, Input, PageTexts, RenderedText, Scope};
use crate::text::{encode, escape, escape_into, paths};

impl Renderer<'_> {
    pub(super) fn part(
        &self,
        part: Part<'_>,
        (spot, texts): (Spot<'_>, &PageTexts),
        html: &mut String,
        draft: &mut Draft,
    ) {
        let Spot { page, root, .. } = spot;
        let scope = |prefix| Scope {
            sections: spot.sections,
            texts: Some(texts),
            ..self.scope(root, prefix)
        };
        // The page with everything is for printing, and long.
        let still = page.kind == PageKind::Print;
        let writer = |prefix| html::HtmlWriter {
            // Several models repeat each other's texts, with the anchors in them.
            scope: scope(if still { prefix } else { "" }),
            page: &page.path,
            prefix,
            src: self.project.config.src(),
            look: Styling::Themed,
            chosen: !still,
        };
        match part {
            Part::Prose {
                prose,
                prefix,
                title,
            } => {
                let rendered = self.prose(prose, title, scope(&prefix));
                prose_part(rendered, page, html, draft);
            }
            Part::Markdown(text) => html.push_str(&self.markdown(text, scope("")).html),
            Part::Paragraph(text) => paragraph("<p>", &text, html),
            Part::Table { table, id, prefix } => {
                // A summary has the same groups as the table after it.
                let listed = table.kind != TableKind::Summary && !still;
                let groups = writer(&prefix).table(table, &id, html);
                // If there are more, readers can filter the tables.
                if listed && groups.len() > 1 && !is_cut(groups.len()) {
                    draft.toc.extend(groups);
                }
            }
            Part::Tools(_) if still => {}
            Part::Tools(tools) => {
                draft.tools = true;
                widgets::tools(&tools, self.project.strings, html);
            }
            Part::Totals { lead, counts } => {
                paragraph("<p class=\"srm-totals-lead\">", &lead, html);
                totals(&counts, html);
            }
            Part::Cards(cards) => card_list(&cards, &writer(""), html),
            Part::Facts(facts) => facts_list(&facts, html),
            Part::Links(links) => link_list(&links, &writer(""), html),
            Part::Pages(pages) => page_list(&pages, &writer(""), html),
            Part::Answers(answers) => answer_list(&answers, &writer(""), html),
            Part::Pick(pick) => self.pick(&pick, &writer(""), root, html),
            Part::Written(text) => self.written(&text, page, root, html),
            Part::Shown(fragment) => self.shown(&fragment, root, html),
        }
    }

    /// Writes the links to models, and the control that leads to one of them.
    fn pick(&self, pick: &Pick, writer: &html::HtmlWriter<'_>, root: &str, html: &mut String) {
        html.push_str("<div class=\"srm-pick\">\n");
        widgets::model_picker(pick, root, self.project.strings, html);
        link_list(&pick.links, writer, html);
        html.push_str("</div>\n");
    }

    /// Writes Markdown that the tool itself makes.
    fn written(&self, text: &str, page: &Page, root: &str, html: &mut String) {
        let input = Input {
            text,
            file: &Arc::from(page.path.as_str()),
            start: None,
            place: None,
            folder: "",
            title: "",
        };
        html.push_str(&markdown::render(input, self.scope(root, "")).html);
    }

    /// Renders Markdown from a YAML file. Its footnotes are listed below the section.
    pub(super) fn markdown(&self, text: &Text, scope: Scope<'_>) -> RenderedText {
        let input = Input {
            text: &text.value,
            file: &text.place.file,
            start: None,
            place: Some(&text.place),
            folder: folder_of(&text.place.file, self.project.config.src()),
            title: "",
        };
        markdown::render_above_notes(input, scope)
    }

    /// Writes a table as other web pages show it; without scripts, it is a link.
    pub(super) fn shown(&self, fragment: &Fragment, root: &str, html: &mut String) {
        html.push_str(&format!(
            "<script src=\"{root}{}\" defer></script>\n\
             <srm-table{} height=\"480\" loading=\"lazy\"><a href=\"{root}{}\">{}</a></srm-table>\n",
            paths::TABLE_SCRIPT,
            web::attributes(&fragment.request),
            escape(&encode(&fragment.page)),
            escape(&fragment.request),
        ));
    }
}

/// Adds a whole Markdown file, with its findings, to a page.
fn prose_part(rendered: RenderedText, page: &Page, html: &mut String, draft: &mut Draft) {
    html.push_str(&rendered.html);
    draft.out.ids.extend(rendered.ids);
    draft.title = rendered.title;
    // The page with everything would repeat findings of other pages.
    if page.kind != PageKind::Print {
        draft.out.findings.extend(rendered.findings);
        let links = rendered.links.into_iter().map(|link| AuthorLink {
            path: link.path.or_else(|| Some(page.path.clone())),
            ..link
        });
        draft.out.links.extend(links);
        let headings = rendered.headings.into_iter();
        draft.toc.extend(headings.filter(|h| h.level <= 3));
    }
    if draft.lead.is_empty() {
        draft.lead = rendered.lead;
    }
}

/// Writes the number of rows of each kind of owner, as a bar and in words.
fn totals(counts: &[(crate::model::Badge<'_>, usize)], html: &mut String) {
    let all: usize = counts.iter().map(|(_, n)| n).sum();
    let words: Vec<String> = counts
        .iter()
        .map(|(badge, n)| format!("{} {n}", badge.word))
        .collect();
    html.push_str(&format!(
        "<svg class=\"srm-bar\" viewBox=\"0 0 {all} 1\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">",
        escape(&words.join(", "))
    ));
    let mut x = 0;
    for (badge, n) in counts {
        html.push_str(&format!(
            "<rect data-owner=\"{}\" x=\"{x}\" width=\"{n}\" height=\"1\" vector-effect=\"non-scaling-stroke\"/>",
            badge.owner.word()
        ));
        x += n;
    }
    html.push_str("</svg>\n<ul class=\"srm-totals\">");
    for (badge, n) in counts {
        html.push_str("<li>");
        html::badge(badge, Styling::Themed, html);
        html.push_str(&format!(" <span class=\"srm-count\">{n}</span></li>"));
    }
    html.push_str("</ul>\n");
}

fn paragraph(opening: &str, text: &str, html: &mut String) {
    html.push_str(opening);
    escape_into(text, html);
    html.push_str("</p>\n");
}

fn facts_list(facts: &[(String, Fact)], html: &mut String) {
    html.push_str("<dl class=\"srm-facts\">\n");
    for (label, fact) in facts {
        html.push_str(&format!("<dt>{}</dt><dd>", escape(label)));
        match fact {
            Fact::Plain(text) => escape_into(text, html),
            Fact::External { label, url } if is_web(url) => html.push_str(&format!(
                "<a href=\"{}\">{}</a>",
                escape(url),
                escape(label)
            )),
            Fact::External { label, .. } => escape_into(label, html),
        }
        html.push_str("</dd>\n");
    }
    html.push_str("</dl>\n");
}

fn card_list(cards: &[Card<'_>], writer: &html::HtmlWriter<'_>, html: &mut String) {
    if cards.is_empty() {
        return;
    }
    html.push_str("<ul class=\"srm-cards\">\n");
    cards.iter().for_each(|c| card(c, writer, html));
    html.push_str("</ul>\n");
}

fn card(card: &Card<'_>, writer: &html::HtmlWriter<'_>, html: &mut String) {
    html.push_str("<li class=\"srm-card\"><h3 class=\"srm-card-title\">");
    writer.link(&card.path, &card.label, html);
    html.push_str("</h3>");
    if !card.text.is_empty() {
        html.push_str("<p>");
        escape_into(&card.text, html);
        html.push_str("</p>");
    }
    if !card.counts.is_empty() {
        totals(&card.counts, html);
    }
    if !card.links.is_empty() {
        link_list(&card.links, writer, html);
    }
    html.push_str("</li>\n");
}

fn answer_list(answers: &[Answered], writer: &html::HtmlWriter<'_>, html: &mut String) {
    html.push_str("<ul class=\"srm-answers\">\n");
    answers.iter().for_each(|a| answer(a, writer, html));
    html.push_str("</ul>\n");
}

/// Writes an answer, with its number emphasized.
fn answer(answer: &Answered, writer: &html::HtmlWriter<'_>, html: &mut String) {
    let number = answer.n.to_string();
    let shown = format!("<b class=\"srm-number\">{number}</b>");
    html.push_str(&format!(
        "<li class=\"srm-answer\" data-change=\"{}\"><p>{}</p>\n",
        answer.verdict.word(),
        escape(&answer.lead).replacen(&number, &shown, 1),
    ));
    link_list(&answer.rows, writer, html);
    html.push_str("</li>\n");
}

fn link_list(links: &[Link], writer: &html::HtmlWriter<'_>, html: &mut String) {
    if links.is_empty() {
        return;
    }
    html.push_str("<ul class=\"srm-links\">\n");
    for link in links {
        html.push_str("<li>");
        writer.link(&link.path, &link.label, html);
        if !link.note.is_empty() {
            html.push_str(" <span class=\"srm-link-note\">");
            escape_into(&link.note, html);
            html.push_str("</span>");
        }
        html.push_str("</li>\n");
    }
    html.push_str("</ul>\n");
}

fn page_list(pages: &[ListedPage], writer: &html::HtmlWriter<'_>, html: &mut String) {
    html.push_str("<ul class=\"srm-page-list\">\n");
    for page in pages {
        html.push_str("<li>");
        match &page.path {
            Some(path) => writer.link(path, &page.label, html),
            None => escape_into(&page.label, html),
        }
        if !page.below.is_empty() {
            html.push('\n');
            page_list(&page.below, writer, html);
        }
        html.push_str("</li>\n");
    }
    html.push_str("</ul>\n");
}
