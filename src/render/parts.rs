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
use crate::text::{Html, encode, paths};

impl Renderer<'_> {
    pub(super) fn part(
        &self,
        part: Part<'_>,
        (spot, texts): (Spot<'_>, &PageTexts),
        html: &mut Html,
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
            Part::Markdown(text) => {
                html.push(&self.markdown(text, scope("")).html);
            }
            Part::Condition { party, text } => {
                condition(party, &self.markdown(text, scope("")).html, html);
            }
            Part::Paragraph(text) => {
                html.markup("<p>").text(&text).markup("</p>\n");
            }
            Part::Table { table, id, prefix } => {
                // A table of owners or roles has the same groups as the table after it.
                let above = matches!(table.kind, TableKind::Summary | TableKind::Raci);
                let listed = !above && !still;
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
                html.markup("<p class=\"srm-totals-lead\">");
                html.text(&lead).markup("</p>\n");
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
    fn pick(&self, pick: &Pick, writer: &html::HtmlWriter<'_>, root: &str, html: &mut Html) {
        html.markup("<div class=\"srm-pick\">\n");
        widgets::model_picker(pick, root, self.project.strings, html);
        link_list(&pick.links, writer, html);
        html.markup("</div>\n");
    }

    /// Writes Markdown that the tool itself makes.
    fn written(&self, text: &str, page: &Page, root: &str, html: &mut Html) {
        let input = Input {
            text,
            file: &Arc::from(page.path.as_str()),
            start: None,
            place: None,
            folder: "",
            title: "",
        };
        html.push(&markdown::render(input, self.scope(root, "")).html);
    }

    /// Renders Markdown from a YAML file. Its footnotes are listed below it.
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
    pub(super) fn shown(&self, fragment: &Fragment, root: &str, html: &mut Html) {
        html.markup("<script src=\"")
            .text(root)
            .markup(paths::TABLE_SCRIPT)
            .markup("\" defer></script>\n<srm-table")
            .push(&web::attributes(&fragment.request))
            .markup(" height=\"480\" loading=\"lazy\"><a href=\"")
            .text(root)
            .text(&encode(&fragment.page))
            .markup("\">")
            .text(&fragment.request)
            .markup("</a></srm-table>\n");
    }
}

/// Writes the condition of a party.
fn condition(party: &str, text: &Html, html: &mut Html) {
    html.markup("<div class=\"srm-condition\" data-condition=\"")
        .text(party)
        .markup("\">")
        .push(text)
        .markup("</div>\n");
}

/// Adds a whole Markdown file, with its findings, to a page.
fn prose_part(rendered: RenderedText, page: &Page, html: &mut Html, draft: &mut Draft) {
    html.push(&rendered.html);
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
fn totals(counts: &[(crate::model::Badge<'_>, usize)], html: &mut Html) {
    let all: usize = counts.iter().map(|(_, n)| n).sum();
    let words: Vec<String> = counts
        .iter()
        .map(|(badge, n)| format!("{} {n}", badge.word))
        .collect();
    html.markup("<svg class=\"srm-bar\" viewBox=\"0 0 ")
        .number(all)
        .markup(" 1\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
        .text(&words.join(", "))
        .markup("\">");
    let mut x = 0;
    for (badge, n) in counts {
        html.markup("<rect data-owner=\"")
            .markup(badge.owner.word())
            .markup("\" x=\"")
            .number(x)
            .markup("\" width=\"")
            .number(*n)
            .markup("\" height=\"1\" vector-effect=\"non-scaling-stroke\"/>");
        x += n;
    }
    html.markup("</svg>\n<ul class=\"srm-totals\">");
    for (badge, n) in counts {
        html.markup("<li>");
        html::badge(badge, Styling::Themed, html);
        html.markup(" <span class=\"srm-count\">").number(*n);
        html.markup("</span></li>");
    }
    html.markup("</ul>\n");
}

fn facts_list(facts: &[(String, Fact)], html: &mut Html) {
    html.markup("<dl class=\"srm-facts\">\n");
    for (label, fact) in facts {
        html.markup("<dt>").text(label).markup("</dt><dd>");
        match fact {
            Fact::Plain(text) => html.text(text),
            Fact::External { label, url } if is_web(url) => {
                html.markup("<a href=\"").text(url).markup("\">");
                html.text(label).markup("</a>")
            }
            Fact::External { label, .. } => html.text(label),
        };
        html.markup("</dd>\n");
    }
    html.markup("</dl>\n");
}

fn card_list(cards: &[Card<'_>], writer: &html::HtmlWriter<'_>, html: &mut Html) {
    if cards.is_empty() {
        return;
    }
    html.markup("<ul class=\"srm-cards\">\n");
    cards.iter().for_each(|c| card(c, writer, html));
    html.markup("</ul>\n");
}

fn card(card: &Card<'_>, writer: &html::HtmlWriter<'_>, html: &mut Html) {
    html.markup("<li class=\"srm-card\"><h3 class=\"srm-card-title\">");
    writer.link(&card.path, &card.label, html);
    html.markup("</h3>");
    if !card.text.is_empty() {
        html.markup("<p>").text(&card.text).markup("</p>");
    }
    if !card.counts.is_empty() {
        totals(&card.counts, html);
    }
    if !card.links.is_empty() {
        link_list(&card.links, writer, html);
    }
    html.markup("</li>\n");
}

fn answer_list(answers: &[Answered], writer: &html::HtmlWriter<'_>, html: &mut Html) {
    html.markup("<ul class=\"srm-answers\">\n");
    answers.iter().for_each(|a| answer(a, writer, html));
    html.markup("</ul>\n");
}

/// Writes an answer, with its number emphasized.
fn answer(answer: &Answered, writer: &html::HtmlWriter<'_>, html: &mut Html) {
    let number = answer.n.to_string();
    html.markup("<li class=\"srm-answer\" data-change=\"")
        .markup(answer.verdict.word())
        .markup("\"><p>");
    match answer.lead.split_once(&number) {
        Some((before, after)) => html
            .text(before)
            .markup("<b class=\"srm-number\">")
            .text(&number)
            .markup("</b>")
            .text(after),
        None => html.text(&answer.lead),
    };
    html.markup("</p>\n");
    let more = answer.more.iter().map(|(link, _)| link);
    let links: Vec<Link> = answer.rows.iter().chain(more).cloned().collect();
    link_list(&links, writer, html);
    html.markup("</li>\n");
}

fn link_list(links: &[Link], writer: &html::HtmlWriter<'_>, html: &mut Html) {
    if links.is_empty() {
        return;
    }
    html.markup("<ul class=\"srm-links\">\n");
    for link in links {
        html.markup("<li>");
        writer.link(&link.path, &link.label, html);
        if !link.note.is_empty() {
            html.markup(" <span class=\"srm-link-note\">");
            html.text(&link.note).markup("</span>");
        }
        html.markup("</li>\n");
    }
    html.markup("</ul>\n");
}

fn page_list(pages: &[ListedPage], writer: &html::HtmlWriter<'_>, html: &mut Html) {
    html.markup("<ul class=\"srm-page-list\">\n");
    for page in pages {
        html.markup("<li>");
        match &page.path {
            Some(path) => writer.link(path, &page.label, html),
            None => {
                html.text(&page.label);
            }
        }
        if !page.below.is_empty() {
            html.markup("\n");
            page_list(&page.below, writer, html);
        }
        html.markup("</li>\n");
    }
    html.markup("</ul>\n");
}
