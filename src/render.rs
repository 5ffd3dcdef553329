//! Renders a page and its body to the bytes of an HTML file. It makes the complete
//! view that a template sees; templates can read nothing else.

// The open ones are part of the door: what is in them reads better behind their name.
mod data_texts;
mod export;
mod feed;
mod fragments;
mod linked_data;
mod menu;
mod minify;
mod other_files;
mod page_view;
mod paper;
mod parts;
mod pieces;
mod print;
mod search;
mod site_view;
pub mod theme;
mod twin;
mod widgets;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use tera::{Context, Value};

use crate::findings::{Finding, Findings, nearest};
use crate::model::Prose;
use crate::pages::{Body, NavItem, Page, PageKind, Part, Project, Section};
use crate::render::pieces::{LARGE, Pieces, join};
use crate::render::theme::{Theme, template_finding};
use crate::text::links::{Sections, Targets};
use crate::text::markdown::{
    self, AuthorId, AuthorLink, Heading, Input, PageTexts, Scope, Settings, TitleHtml,
};
use crate::text::{Html, base_of};

pub use crate::render::data_texts::Looked;
pub use crate::render::export::data_schema;
pub use crate::render::menu::Menu;
pub use crate::render::other_files::Files;
pub use crate::render::paper::paper_style;
pub use crate::render::site_view::{Heads, shared};

/// The approximate size of a page without its sections, in bytes.
const AROUND: usize = 16 * 1024;

/// What every page of a site shares.
pub struct Renderer<'a> {
    /// What pages are made from.
    pub project: &'a Project<'a>,
    /// What links can lead to.
    pub targets: &'a Targets,
    /// The theme, with its templates.
    pub theme: &'a Theme,
    /// How Markdown is read.
    pub settings: Settings,
    /// The menu at the side.
    pub menu: &'a Menu,
    /// The values that every template sees.
    pub shared: &'a Context,
    /// The file of each template by name, for findings.
    pub shown: BTreeMap<&'a str, &'a Arc<str>>,
}

/// The HTML of a page, with the findings from rendering it.
#[derive(Debug, Default)]
pub struct RenderedPage {
    /// The whole file; empty if a template is broken.
    pub html: String,
    /// The menu as it is in the page, unless a theme changes it.
    pub menu: Html,
    /// What is wrong on the page.
    pub findings: Findings,
    /// The links with a fragment that authors wrote.
    pub links: Vec<AuthorLink>,
    /// The ids in HTML that authors wrote.
    pub ids: Vec<AuthorId>,
}

/// A page, or part of one, while it is being written.
#[derive(Default)]
struct Draft {
    out: RenderedPage,
    toc: Vec<Heading>,
    /// First words of the page's prose.
    lead: String,
    /// The heading in its prose that is its title.
    title: Option<TitleHtml>,
    /// Whether its tables can be filtered.
    tools: bool,
    /// Size of its sections in bytes.
    size: usize,
}

impl Draft {
    /// Appends what follows on the page.
    fn and(mut self, next: Draft) -> Draft {
        self.out.findings.extend(next.out.findings);
        self.out.links.extend(next.out.links);
        self.out.ids.extend(next.out.ids);
        self.toc.extend(next.toc);
        if self.lead.is_empty() {
            self.lead = next.lead;
        }
        self.title = self.title.or(next.title);
        self.tools |= next.tools;
        self.size += next.size;
        self
    }
}

#[derive(Serialize)]
struct SectionView {
    id: String,
    heading: String,
    /// The heading with the marks that its author wrote.
    heading_html: Html,
    level: u8,
    /// The HTML as a value of the template engine, so that it is copied only once.
    html: Value,
}

/// The neighbours of a page in reading order.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    /// The previous page, if there is one.
    pub previous: Option<NavItem>,
    /// The next page, if there is one.
    pub next: Option<NavItem>,
}

/// Where a part of a page is written.
#[derive(Clone, Copy)]
struct Spot<'p> {
    page: &'p Page,
    /// From the page to the site's top.
    root: &'p str,
    /// The pages that are sections of this page.
    sections: Option<&'p Sections>,
}

impl<'p> Spot<'p> {
    fn new(page: &'p Page, root: &'p str) -> Self {
        Spot {
            page,
            root,
            sections: None,
        }
    }
}

impl Renderer<'_> {
    /// Renders one page.
    pub fn page(&self, page: &Page, around: &Neighbours) -> RenderedPage {
        let root = self.root(page);
        let (description, sections, draft) = match page.kind {
            PageKind::Print => self.print(page, &root),
            _ => {
                let Body {
                    description,
                    sections,
                } = self.project.body(page);
                let (sections, draft) = self.sections(sections, Spot::new(page, &root));
                (description, sections, draft)
            }
        };
        let Draft {
            mut out,
            toc,
            lead,
            title,
            tools,
            size,
        } = draft;
        let description = self.description(description, &lead, page);
        let mut context = self.shared.clone();
        let trail = self.breadcrumbs(page);
        let mut view = self.page_view(page, &root, description, tools);
        if let Some(title) = title {
            view.title_html = title.html;
            view.title_id = title.id;
        }
        view.whole = size < LARGE;
        view.linked_data = self.linked_data(&view, &trail);
        context.insert("page", &view);
        context.insert("breadcrumbs", &trail);
        out.menu = self.menu.html(page, &root);
        context.insert_value("menu", Value::normal_string(out.menu.as_str()));
        context.insert("sections", &sections);
        context.insert("toc", &toc);
        context.insert("previous", &around.previous);
        context.insert("next", &around.next);
        if self.theme.broken {
            return out;
        }
        let template = format!("{}.html", page.kind.word());
        let mut pieces = Pieces {
            sections: &sections,
            done: Vec::new(),
            text: Vec::with_capacity(size.min(LARGE) + AROUND),
        };
        let templates = &self.theme.templates;
        let result = templates.render_to(&template, &context, &mut pieces);
        let Pieces { done, text, .. } = pieces;
        drop((context, sections));
        match result.and_then(|()| Ok(join(done, text)?)) {
            Ok(html) => out.html = html,
            Err(error) => out.findings.push(self.template_error(&error, page)),
        }
        out
    }

    /// What search engines show of a page: what its author has `given`, or else its first
    /// words.
    fn description(&self, given: String, lead: &str, page: &Page) -> String {
        if !given.is_empty() {
            return given;
        }
        if !lead.is_empty() {
            return shorten(lead);
        }
        let values = [
            ("page", page.title.as_str()),
            ("title", self.project.title()),
        ];
        self.project.strings.fill("describe-page", &values)
    }

    /// Renders the content of a page without the template around it.
    pub fn page_content(&self, page: &Page) -> RenderedPage {
        let Body { sections, .. } = self.project.body(page);
        let (sections, Draft { mut out, .. }) =
            self.sections(sections, Spot::new(page, &self.root(page)));
        for section in &sections {
            let mut opening = Html::new();
            opening
                .markup("<section id=\"")
                .text(&section.id)
                .markup("\">");
            out.html.push_str(opening.as_str());
            out.html.push_str(section.html.as_str().unwrap_or_default());
            out.html.push_str("</section>");
        }
        out
    }

    fn sections(&self, parts: Vec<Section<'_>>, spot: Spot<'_>) -> (Vec<SectionView>, Draft) {
        // A model's page can be large, so what is written is freed at once.
        let made: Vec<(SectionView, Draft)> = match spot.page.kind {
            // In parallel, because all other pages would have to wait for it. So each
            // section numbers its own footnotes.
            PageKind::Print => parts
                .into_par_iter()
                .map(|section| {
                    let texts = PageTexts::new(prefix_of(&section));
                    self.section(section, spot, &texts)
                })
                .collect(),
            _ => {
                let texts = PageTexts::default();
                let section = |section| self.section(section, spot, &texts);
                parts.into_iter().map(section).collect()
            }
        };
        let (sections, drafts): (Vec<SectionView>, Vec<Draft>) = made.into_iter().unzip();
        let draft = drafts.into_iter().fold(Draft::default(), Draft::and);
        (sections, draft)
    }

    fn section(
        &self,
        section: Section<'_>,
        spot: Spot<'_>,
        texts: &PageTexts,
    ) -> (SectionView, Draft) {
        let mut draft = Draft::default();
        let Section {
            id,
            heading,
            level,
            parts,
        } = section;
        if !heading.is_empty() {
            draft.toc.push(Heading {
                level,
                id: id.clone(),
                text: heading.clone(),
            });
        }
        let mut html = Html::new();
        for part in parts {
            self.part(part, (spot, texts), &mut html, &mut draft);
            let of = match &*heading {
                "" => &*spot.page.title,
                heading => heading,
            };
            texts.write_notes(self.project.strings, of, &mut html);
        }
        draft.size = html.len();
        // On the page with everything, the title of a page is the heading of a section.
        let own = draft.title.take_if(|_| spot.page.kind == PageKind::Print);
        let view = SectionView {
            id,
            heading_html: own.map_or_else(|| Html::escaped(&heading), |title| title.html),
            heading,
            level,
            html: Value::normal_string(html.as_str()),
        };
        (view, draft)
    }

    fn template_error(&self, error: &tera::Error, page: &Page) -> Finding {
        let mut finding = template_finding(error, &self.shown);
        // The engine's message lists the fields of a record, but not the keys of a
        // map.
        let files = &self.theme.template_files;
        let spot = finding.place.as_ref().and_then(|place| {
            let (_, _, text) = files.iter().find(|(_, file, _)| *file == place.file)?;
            text.get(place.start..place.end)
        });
        let key = spot
            .filter(|s| s.starts_with("strings"))
            .and_then(|s| s.split('"').nth(1));
        if let Some(key) = key {
            finding.message = format!("there is no string `{key}`");
            if let Some(best) = nearest(key, self.project.strings.keys()) {
                finding = finding.help(format!("did you mean `{best}`?"));
            }
        }
        finding.help(format!("while rendering `{}`", page.kind.word()))
    }

    /// The not-found page is served at any depth, so its links begin with the site's
    /// own path if that is known.
    fn root(&self, page: &Page) -> String {
        match page.kind {
            PageKind::NotFound => site_path(self.project).unwrap_or_default(),
            _ => page.root(),
        }
    }

    /// The scope for a text of the site; `root` leads to the top.
    pub fn scope<'s>(&'s self, root: &'s str, id_prefix: &'s str) -> Scope<'s> {
        Scope {
            targets: self.targets,
            strings: self.project.strings,
            settings: self.settings,
            root: Some(root),
            id_prefix,
            sections: None,
            texts: None,
        }
    }

    /// Renders a whole Markdown file below a title.
    pub fn prose(&self, prose: &Prose, title: &str, scope: Scope<'_>) -> markdown::RenderedText {
        let input = Input {
            text: &prose.body,
            file: &prose.file,
            start: Some(prose.body_start),
            place: None,
            folder: prose.path.rsplit_once('/').map_or("", |(folder, _)| folder),
            title,
        };
        markdown::render(input, scope)
    }
}

/// What the ids in a section's texts begin with on the page with everything.
fn prefix_of(section: &Section<'_>) -> String {
    let of_prose = section.parts.iter().find_map(|part| match part {
        Part::Prose { prefix, .. } => Some(prefix.clone()),
        _ => None,
    });
    of_prose.unwrap_or_else(|| format!("{}--", section.id))
}

/// The path part of `site-url`, with slashes at both ends.
pub fn site_path(project: &Project<'_>) -> Option<String> {
    let url = project.config.html.site_url.as_ref()?;
    Some(base_of(&url.value))
}

/// Shortens a text to about 160 characters, cut at a space, as search engines show
/// it.
fn shorten(text: &str) -> String {
    if text.chars().count() <= 160 {
        return text.to_string();
    }
    let cut: String = text.chars().take(158).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} …", cut[..end].trim_end_matches([',', '.', ';', ':']))
}
