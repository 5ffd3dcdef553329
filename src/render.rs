//! A page and its body to the bytes of an HTML file: makes the complete view a
//! template sees, and nothing a template could read beyond it.

pub mod export;
pub mod menu;
pub mod minify;
pub mod other_files;
pub mod search;
pub mod theme;
pub mod twin;
pub mod widgets;

use std::collections::BTreeMap;
use std::io;
use std::string::FromUtf8Error;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::json;
use tera::{Context, Value};

use crate::findings::diag::{Code, Finding, Findings, Place, nearest};
use crate::input::tree::Text;
use crate::model::{Category, Prose};
use crate::pages::body::{Answered, Body, Card, Fact, Link, Listed, Part, Section};
use crate::pages::web::{self, Fragment};
use crate::pages::{Item, Kind, Nav, Page, Project, is_cut};
use crate::render::menu::Menu;
use crate::render::theme::{Theme, template_finding};
use crate::tables::formats::{Format, Host, Writer};
use crate::tables::html::{self, Look, folder_of};
use crate::tables::query::Request;
use crate::text::address::{base_of, encode, encode_ascii};
use crate::text::escape::{escape, escape_into};
use crate::text::links::{Targets, is_web};
use crate::text::markdown::{self, AuthorLink, Heading, Input, Scope, Settings};

/// About what a page has around its sections, in bytes.
const AROUND: usize = 16 * 1024;

/// Where the feed is.
pub const FEED: &str = "feed.xml";

/// Path of what the search of the site knows.
pub const SEARCH_INDEX: &str = "search/index.js";

/// Path of what the dialog of the search says.
pub const SEARCH_WORDS: &str = "search/words.js";

/// What every page of a site shares.
pub struct Renderer<'a> {
    pub project: &'a Project<'a>,
    pub targets: &'a Targets,
    pub theme: &'a Theme,
    pub settings: Settings,
    pub menu: &'a Menu,
    /// The values every template sees.
    pub shared: &'a Context,
    /// Template names to the files they came from, for findings.
    pub shown: BTreeMap<&'a str, &'a Arc<str>>,
}

/// The bytes of a page, with what was found on the way.
#[derive(Debug, Default)]
pub struct Rendered {
    pub html: String,
    /// The menu as it stands in the page, unless a theme makes something else
    /// of it.
    pub menu: String,
    pub findings: Findings,
    pub links: Vec<AuthorLink>,
}

/// A page, or a stretch of it, while its parts are being written.
#[derive(Default)]
struct Draft {
    out: Rendered,
    toc: Vec<Heading>,
    /// First words of the page's prose.
    lead: String,
    /// Whether its tables can be narrowed down.
    tools: bool,
    /// Bytes of its sections.
    size: usize,
}

impl Draft {
    /// With what follows on the page.
    fn and(mut self, next: Draft) -> Draft {
        self.out.findings.extend(next.out.findings);
        self.out.links.extend(next.out.links);
        self.toc.extend(next.toc);
        if self.lead.is_empty() {
            self.lead = next.lead;
        }
        self.tools |= next.tools;
        self.size += next.size;
        self
    }
}

/// What the engine writes a page into. Large sections, which are nearly all of
/// a large page, are not copied here, so that each can be let go when it is
/// copied in its place.
struct Pieces<'a> {
    sections: &'a [SectionView],
    /// Large sections, each with what stands before it.
    done: Vec<(Vec<u8>, Value)>,
    /// What stands after the last of them.
    text: Vec<u8>,
}

/// A section of this many bytes is a large one.
const LARGE: usize = 256 * 1024;

impl io::Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = |s: &&SectionView| {
            let html = s.html.as_str().map(str::as_bytes);
            html.is_some_and(|html| std::ptr::eq(html, bytes))
        };
        let mut sections = self.sections.iter();
        match sections.find(|s| bytes.len() >= LARGE && written(s)) {
            Some(section) => {
                let before = std::mem::take(&mut self.text);
                self.done.push((before, section.html.clone()));
            }
            None => self.text.extend_from_slice(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A page from its pieces.
fn join(pieces: Vec<(Vec<u8>, Value)>, rest: Vec<u8>) -> Result<String, FromUtf8Error> {
    if pieces.is_empty() {
        return String::from_utf8(rest);
    }
    let html = |section: &Value| section.as_str().map_or(0, str::len);
    let sizes = pieces.iter().map(|(before, s)| before.len() + html(s));
    // A page that has to grow while it is put together takes twice the room.
    let mut page = String::with_capacity(sizes.sum::<usize>() + rest.len());
    for (before, section) in pieces {
        page.push_str(&String::from_utf8(before)?);
        page.push_str(section.as_str().unwrap_or_default());
    }
    page.push_str(&String::from_utf8(rest)?);
    Ok(page)
}

/// Facts about the site, the same on every page.
#[derive(Serialize)]
struct SiteView {
    title: String,
    description: String,
    language: String,
    direction: &'static str,
    version: String,
    effective: String,
    contact: String,
    source_label: String,
    source_url: String,
    authors: Vec<String>,
    repository: String,
    generator: &'static str,
    print: &'static str,
    json: &'static str,
    csv: &'static str,
    feed: &'static str,
    search: &'static str,
    search_words: &'static str,
    policy: bool,
}

#[derive(Serialize)]
struct PageView<'a> {
    kind: &'static str,
    title: &'a str,
    path: String,
    root: &'a str,
    description: String,
    canonical: String,
    markdown: String,
    edit: String,
    tools: bool,
    whole: bool,
    linked_data: String,
}

#[derive(Serialize)]
struct SectionView {
    id: String,
    heading: String,
    level: u8,
    /// In the engine's own form, so that it is copied once only.
    html: Value,
}

/// Addresses that pages name in their heads, ready for `href` after the way to
/// the top of the site.
#[derive(Debug, Default)]
pub struct Heads {
    /// Style sheets of every page.
    pub styles: Vec<String>,
    /// Scripts of every page.
    pub scripts: Vec<String>,
    /// Every file of the theme, by its path below `static/`.
    pub assets: BTreeMap<String, String>,
}

/// The neighbours of a page: where a reader comes from and goes to.
#[derive(Clone, Debug, Default)]
pub struct Around {
    pub previous: Option<Item>,
    pub next: Option<Item>,
}

/// The values every template of a site sees. With a `policy`, pages tell
/// browsers to run no scripts but files of the site.
pub fn shared(project: &Project<'_>, nav: &Nav, heads: &Heads, policy: bool) -> Context {
    let (document, config) = (project.document, project.config);
    let text = |t: &Option<Text>| t.as_ref().map_or(String::new(), |t| t.value.clone());
    // What may not become a link has its finding already.
    let web = |t: &Option<Text>| text(&t.clone().filter(|t| is_web(&t.value)));
    let source = document.source.as_ref();
    let site = SiteView {
        title: project.title().to_string(),
        description: text(&config.book.description),
        language: config.language().to_string(),
        direction: config.direction().word(),
        version: text(&document.version),
        effective: document
            .effective
            .as_ref()
            .map_or(String::new(), |d| d.text.clone()),
        contact: text(&document.contact),
        source_label: source.map_or(String::new(), |s| s.label.value.clone()),
        source_url: source.map_or(String::new(), |s| web(&s.url)),
        authors: config.book.authors.clone(),
        repository: web(&config.html.git_repository_url),
        generator: concat!("srm-site ", env!("CARGO_PKG_VERSION")),
        print: if project.groups.print {
            "print.html"
        } else {
            ""
        },
        json: if project.groups.data {
            crate::render::export::JSON
        } else {
            ""
        },
        feed: if project.has_feed() { FEED } else { "" },
        csv: if project.groups.data {
            crate::render::export::CSV
        } else {
            ""
        },
        // Its address is the same whatever it holds, so that an edit does not
        // change every page.
        search: if project.groups.search {
            SEARCH_INDEX
        } else {
            ""
        },
        search_words: if project.groups.search {
            SEARCH_WORDS
        } else {
            ""
        },
        policy,
    };
    let mut context = Context::new();
    context.insert("site", &site);
    context.insert("nav", nav);
    context.insert("strings", project.strings);
    context.insert("styles", &heads.styles);
    context.insert("scripts", &heads.scripts);
    context.insert("assets", &heads.assets);
    context
}

/// A style sheet for paper: what the document is at the foot of each sheet.
/// Only a style sheet can say that (CSS Paged Media Module Level 3, 5).
pub fn paper_style(project: &Project<'_>) -> String {
    let (document, strings) = (project.document, project.strings);
    let mut facts = vec![project.title().to_string()];
    let mut fact = |key, value: Option<&str>| {
        facts.extend(value.map(|value| format!("{}: {value}", strings.get(key))));
    };
    fact("version", document.version.as_ref().map(|t| &*t.value));
    fact("effective", document.effective.as_ref().map(|d| &*d.text));
    let facts = css_string(&facts.join(" \u{b7} "));
    format!(
        "@media print {{\n  @page {{\n    @bottom-left {{ content: {facts}; }}\n    \
         @bottom-right {{ content: counter(page) \" / \" counter(pages); }}\n  }}\n}}\n"
    )
}

/// A text as a string of CSS (CSS Syntax Module Level 3, 4.3.5): all but
/// letters, digits and blanks as escapes.
fn css_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c.is_alphanumeric() || c == ' ' {
            true => out.push(c),
            false => out.push_str(&format!("\\{:x} ", u32::from(c))),
        }
    }
    out.push('"');
    out
}

impl Renderer<'_> {
    /// Renders one page.
    pub fn page(&self, page: &Page, around: &Around) -> Rendered {
        let root = self.root(page);
        let Body {
            description,
            sections: parts,
        } = self.project.body(page);
        let (sections, draft) = self.sections(parts, page, &root);
        let Draft {
            mut out,
            toc,
            lead,
            tools,
            size,
        } = draft;
        let description = if !description.is_empty() {
            description
        } else if !lead.is_empty() {
            shorten(&lead)
        } else {
            let values = [
                ("page", page.title.as_str()),
                ("title", self.project.title()),
            ];
            self.project.strings.fill("describe-page", &values)
        };
        let mut context = self.shared.clone();
        let trail = self.breadcrumbs(page);
        let mut view = self.page_view(page, &root, description, tools);
        view.whole = size < LARGE;
        view.linked_data = self.linked_data(&view, &trail);
        context.insert("page", &view);
        context.insert("breadcrumbs", &trail);
        out.menu = self.menu.html(page, &root);
        context.insert_value("menu", Value::normal_string(&out.menu));
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

    /// Renders what is on a page, without what a template puts around it.
    pub fn bare(&self, page: &Page) -> Rendered {
        let Body { sections, .. } = self.project.body(page);
        let (sections, Draft { mut out, .. }) = self.sections(sections, page, &self.root(page));
        for section in &sections {
            let html = section.html.as_str().unwrap_or_default();
            let part = format!("<section id=\"{}\">{html}</section>", section.id);
            out.html.push_str(&part);
        }
        out
    }

    fn sections(
        &self,
        parts: Vec<Section<'_>>,
        page: &Page,
        root: &str,
    ) -> (Vec<SectionView>, Draft) {
        // A model's page can be large: what is written is let go at once.
        let section = |section| self.section(section, page, root);
        let made: Vec<(SectionView, Draft)> = match page.kind {
            // All others would have to wait for it.
            Kind::Print => parts.into_par_iter().map(section).collect(),
            _ => parts.into_iter().map(section).collect(),
        };
        let (sections, drafts): (Vec<SectionView>, Vec<Draft>) = made.into_iter().unzip();
        let draft = drafts.into_iter().fold(Draft::default(), Draft::and);
        (sections, draft)
    }

    fn section(&self, section: Section<'_>, page: &Page, root: &str) -> (SectionView, Draft) {
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
        let mut html = String::new();
        for part in parts {
            self.part(part, page, root, &mut html, &mut draft);
        }
        draft.size = html.len();
        let view = SectionView {
            id,
            heading,
            level,
            html: Value::normal_string(&html),
        };
        (view, draft)
    }

    fn template_error(&self, error: &tera::Error, page: &Page) -> Finding {
        let mut finding = template_finding(error, &self.shown);
        // The engine lists the fields of a record, not the keys of a map.
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
        finding.help(format!("while making `{}`", page.kind.word()))
    }

    /// The not-found page is served at any depth, so its links begin at the
    /// site's own path where that is known.
    fn root(&self, page: &Page) -> String {
        match page.kind {
            Kind::NotFound => site_path(self.project).unwrap_or_default(),
            _ => page.root(),
        }
    }

    fn page_view<'p>(
        &self,
        page: &'p Page,
        root: &'p str,
        description: String,
        tools: bool,
    ) -> PageView<'p> {
        let config = self.project.config;
        let canonical = match (config.site_url(), page.kind) {
            (Some(url), kind) if kind != Kind::NotFound => {
                let path = page.path.strip_suffix("index.html").unwrap_or(&page.path);
                format!("{url}{}", encode_ascii(path))
            }
            _ => String::new(),
        };
        let twin = page.twin().filter(|_| self.project.groups.markdown);
        PageView {
            kind: page.kind.word(),
            title: &page.title,
            path: encode(&page.path),
            root,
            description,
            canonical,
            markdown: twin.map_or(String::new(), |t| encode(&t)),
            edit: self.edit_url(page).unwrap_or_default(),
            tools,
            whole: false,
            linked_data: String::new(),
        }
    }

    /// What the page is, for search engines: JSON-LD in the words of
    /// schema.org. Empty without a full address of the site.
    fn linked_data(&self, page: &PageView<'_>, trail: &[Item]) -> String {
        let Some(url) = self
            .project
            .config
            .site_url()
            .filter(|_| !page.canonical.is_empty())
        else {
            return String::new();
        };
        let language = self.project.config.language();
        let site = json!({
            "@type": "WebSite",
            "@id": format!("{url}#site"),
            "name": self.project.title(),
            "url": url,
            "inLanguage": language,
        });
        let own = json!({
            "@type": "WebPage",
            "@id": page.canonical,
            "url": page.canonical,
            "name": page.title,
            "description": page.description,
            "inLanguage": language,
            "isPartOf": {"@id": format!("{url}#site")},
        });
        let above = trail.iter().map(|item| {
            let path = item.path.strip_suffix("index.html").unwrap_or(&item.path);
            (item.label.as_str(), format!("{url}{}", path))
        });
        let steps: Vec<_> = above
            .chain([(page.title, page.canonical.clone())])
            .enumerate()
            .map(|(at, (name, item))| {
                json!({"@type": "ListItem", "position": at + 1, "name": name, "item": item})
            })
            .collect();
        let mut graph = vec![site, own];
        if !trail.is_empty() {
            graph.push(json!({"@type": "BreadcrumbList", "itemListElement": steps}));
        }
        let data = json!({"@context": "https://schema.org", "@graph": graph});
        // Nothing in a script element may look like its end.
        data.to_string().replace('<', "\\u003c")
    }

    /// Where the page's source can be edited, if the settings say so.
    fn edit_url(&self, page: &Page) -> Option<String> {
        let template = self.project.config.html.edit_url_template.as_ref();
        let template = template.filter(|t| is_web(&t.value))?;
        let document = self.project.document;
        let file = match page.kind {
            Kind::Home => &self.project.home()?.file,
            Kind::Model(m) => &document.models[m].intro.file,
            Kind::Category(c) => &document.categories[c].file,
            Kind::Prose(p) => &document.prose[p].file,
            _ => return None,
        };
        Some(template.value.replace("{path}", &encode(file)))
    }

    fn breadcrumbs(&self, page: &Page) -> Vec<Item> {
        if page.kind == Kind::Home {
            return Vec::new();
        }
        let strings = self.project.strings;
        let mut trail = vec![Item::new(strings.get("home"), "index.html")];
        if matches!(page.kind, Kind::Compare(..) | Kind::Reversed(..)) {
            trail.push(Item::new(
                strings.get("title-compare-index"),
                "compare/index.html",
            ));
        }
        trail.extend(self.menu.above(page));
        trail
    }

    /// Where a text of the site stands: `root` leads to the top.
    pub fn scope<'s>(&'s self, root: &'s str, id_prefix: &'s str) -> Scope<'s> {
        Scope {
            targets: self.targets,
            strings: self.project.strings,
            settings: self.settings,
            root: Some(root),
            id_prefix,
        }
    }

    fn part(&self, part: Part<'_>, page: &Page, root: &str, html: &mut String, draft: &mut Draft) {
        // The page of all pages is for paper, and long.
        let still = page.kind == Kind::Print;
        let writer = |prefix| html::Writer {
            scope: self.scope(root, ""),
            page: &page.path,
            prefix,
            src: self.project.config.src(),
            look: Look::Themed,
            chosen: !still,
        };
        match part {
            Part::Prose { prose, prefix } => {
                let rendered = self.prose(prose, root, &prefix);
                html.push_str(&rendered.html);
                // The page of all pages repeats what others have reported.
                if !still {
                    draft.out.findings.extend(rendered.findings);
                    draft
                        .out
                        .links
                        .extend(rendered.links.into_iter().map(|link| AuthorLink {
                            path: link.path.or_else(|| Some(page.path.clone())),
                            ..link
                        }));
                    let headings = rendered.headings.into_iter();
                    draft.toc.extend(headings.filter(|h| h.level <= 3));
                }
                if draft.lead.is_empty() {
                    draft.lead = rendered.lead;
                }
            }
            Part::Markdown(text) => self.markdown(text, root, html),
            Part::Paragraph(text) => {
                html.push_str("<p>");
                escape_into(&text, html);
                html.push_str("</p>\n");
            }
            Part::Table { table, id, prefix } => {
                // Those of a summary are those of the table after it.
                let listed = table.kind != "summary" && !still;
                let groups = writer(&prefix).table(table, &id, html);
                // More are found by what tables can be narrowed down with.
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
                html.push_str("<p class=\"srm-totals-lead\">");
                escape_into(&lead, html);
                html.push_str("</p>\n");
                totals(&counts, html);
            }
            Part::Cards(cards) => {
                if cards.is_empty() {
                    return;
                }
                html.push_str("<ul class=\"srm-cards\">\n");
                cards.iter().for_each(|c| card(c, &writer(""), html));
                html.push_str("</ul>\n");
            }
            Part::Facts(facts) => {
                html.push_str("<dl class=\"srm-facts\">\n");
                for (label, fact) in &facts {
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
            Part::Links(links) => link_list(&links, &writer(""), html),
            Part::Pages(pages) => page_list(&pages, &writer(""), html),
            Part::Answers(answers) => {
                html.push_str("<ul class=\"srm-answers\">\n");
                answers.iter().for_each(|a| answer(a, &writer(""), html));
                html.push_str("</ul>\n");
            }
            Part::Pick(pick) => {
                html.push_str("<div class=\"srm-pick\">\n");
                widgets::two(&pick, root, self.project.strings, html);
                link_list(&pick.links, &writer(""), html);
                html.push_str("</div>\n");
            }
            Part::Written(text) => {
                let input = Input {
                    text: &text,
                    file: &Arc::from(page.path.as_str()),
                    start: None,
                    place: None,
                    folder: "",
                };
                html.push_str(&markdown::render(input, self.scope(root, "")).html);
            }
            Part::Shown(fragment) => self.shown(&fragment, root, html),
        }
    }

    /// Markdown from a YAML file.
    fn markdown(&self, text: &Text, root: &str, html: &mut String) {
        let input = Input {
            text: &text.value,
            file: &text.place.file,
            start: None,
            place: Some(&text.place),
            folder: folder_of(&text.place.file, self.project.config.src()),
        };
        html.push_str(&markdown::render(input, self.scope(root, "")).html);
    }

    /// A table as other pages show it; without scripts, a link to it.
    fn shown(&self, fragment: &Fragment, root: &str, html: &mut String) {
        html.push_str(&format!(
            "<script src=\"{root}{}\" defer></script>\n\
             <srm-table{} height=\"480\" loading=\"lazy\"><a href=\"{root}{}\">{}</a></srm-table>\n",
            web::SCRIPT.0,
            web::attributes(&fragment.request),
            escape(&encode(&fragment.page)),
            escape(&fragment.request),
        ));
    }

    /// Makes what is asked for in a format. Links into the site lead to `base`
    /// unless the request says otherwise. `None` when something in the request is
    /// wrong, which then is among the findings.
    pub fn show(
        &self,
        request: &Request,
        format: Format,
        base: Option<&str>,
        host: Host,
        findings: &mut Findings,
    ) -> Option<Vec<u8>> {
        let before = findings.list.len();
        let asked = request.links(findings);
        let base = asked.unwrap_or_else(|| base.map(str::to_string));
        let selection = request.select(self.project.document, findings)?;
        let shown = selection.make(self.project.strings, findings)?;
        if findings.list.len() > before {
            return None;
        }
        let writer = Writer {
            targets: self.targets,
            strings: self.project.strings,
            settings: self.settings,
            base: base.as_deref(),
            src: self.project.config.src(),
            host,
        };
        match writer.write(format, shown) {
            Ok(bytes) => Some(bytes),
            Err(reason) => {
                let message = format!("`{}` has no room for this: {reason}", format.name());
                findings.push(Finding::new(Code::Limit, None, message));
                None
            }
        }
    }

    /// A table of the site for other pages, on a small page of its own or as
    /// data.
    pub fn fragment(&self, fragment: &Fragment, format: Format) -> Vec<u8> {
        let (text, mut findings) = (&fragment.request, Findings::default());
        let file = Arc::from(fragment.name.as_str());
        let made = Request::parse(text, 0..text.len(), &file, &mut findings).and_then(|request| {
            self.show(&request, format, Some("../"), Host::Page, &mut findings)
        });
        // The tool's own requests name what there is.
        let bytes = made.unwrap_or_default();
        if format != Format::Html {
            return bytes;
        }
        let config = self.project.config;
        let table = String::from_utf8_lossy(&bytes);
        let direction = config.direction().word();
        web::page(&fragment.title, config.language(), direction, &table).into_bytes()
    }

    /// The versions of the document as a feed (Atom, RFC 4287). `url` is the
    /// address of the site.
    pub fn feed(&self, url: &str) -> String {
        let (document, config) = (self.project.document, self.project.config);
        let site = escape(url);
        let newest = document.history.iter().map(|v| v.date.text.as_str()).max();
        let authors = &config.book.authors;
        let author = match authors.is_empty() {
            true => self.project.title().to_string(),
            false => authors.join(", "),
        };
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
             <title>{}</title>\n<id>{site}</id>\n<updated>{}T00:00:00Z</updated>\n\
             <author><name>{}</name></author>\n\
             <link rel=\"self\" href=\"{site}{FEED}\"/>\n<link href=\"{site}\"/>\n",
            escape(config.language()),
            escape(self.project.title()),
            newest.unwrap_or_default(),
            escape(&author),
        );
        for version in &document.history {
            let mut html = String::new();
            self.markdown(&version.changes, url, &mut html);
            let (name, date) = (&version.version.value, &version.date.text);
            out.push_str(&format!(
                "<entry>\n<title>{}</title>\n<id>{site}#{}</id>\n<updated>{date}T00:00:00Z</updated>\n\
                 <link href=\"{site}#srm-history\"/>\n<content type=\"html\">{}</content>\n</entry>\n",
                escape(name),
                escape(&encode_ascii(&format!("version-{name}"))),
                escape(&html),
            ));
        }
        out.push_str("</feed>\n");
        out
    }

    /// A whole Markdown file.
    pub fn prose(&self, prose: &Prose, root: &str, prefix: &str) -> markdown::Rendered {
        let input = Input {
            text: &prose.body,
            file: &prose.file,
            start: Some(prose.body_start),
            place: None,
            folder: prose.path.rsplit_once('/').map_or("", |(folder, _)| folder),
        };
        markdown::render(input, self.scope(root, prefix))
    }

    /// Findings and links of the Markdown in `srm.yaml`. Each text is looked at
    /// once here, since it may be shown on many pages.
    pub fn frame_texts(&self) -> Looked {
        let mut looked = Looked::default();
        for text in self.project.document.frame_texts() {
            self.look(&text.value, &text.place, &mut looked);
        }
        looked
    }

    /// Findings and links of the Markdown in one category.
    pub fn category_texts(&self, category: &Category) -> Looked {
        let mut looked = Looked::default();
        for (text, place) in category.texts() {
            self.look(text, place, &mut looked);
        }
        looked
    }

    fn look(&self, text: &str, place: &Place, looked: &mut Looked) {
        if markdown::is_plain(text) {
            return;
        }
        let input = Input {
            text,
            file: &place.file,
            start: None,
            place: Some(place),
            folder: folder_of(&place.file, self.project.config.src()),
        };
        let rendered = markdown::inline(input, self.scope("", ""));
        looked.findings.extend(rendered.findings);
        // A text is shown on many pages; its own one is its category's.
        let below = place.file.strip_prefix(self.project.config.src());
        let source = below.map_or("", |b| b.trim_start_matches('/'));
        let own = self.targets.sources.get(source).map_or("index.html", |p| p);
        looked
            .links
            .extend(rendered.links.into_iter().map(|link| AuthorLink {
                path: link.path.or_else(|| Some(own.to_string())),
                ..link
            }));
    }
}

/// What was found in texts, and where they link to.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    pub findings: Findings,
    pub links: Vec<AuthorLink>,
}

/// The path part of `site-url`, with slashes at both ends.
pub fn site_path(project: &Project<'_>) -> Option<String> {
    let url = project.config.html.site_url.as_ref()?;
    Some(base_of(&url.value))
}

/// Owners with how many rows are theirs, as a bar and in words.
fn totals(counts: &[(crate::model::owner::Badge<'_>, usize)], html: &mut String) {
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
        html::badge(badge, Look::Themed, html);
        html.push_str(&format!(" <span class=\"srm-count\">{n}</span></li>"));
    }
    html.push_str("</ul>\n");
}

fn card(card: &Card<'_>, writer: &html::Writer<'_>, html: &mut String) {
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

/// The number of an answer stands out.
fn answer(answer: &Answered, writer: &html::Writer<'_>, html: &mut String) {
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

fn link_list(links: &[Link], writer: &html::Writer<'_>, html: &mut String) {
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

fn page_list(pages: &[Listed], writer: &html::Writer<'_>, html: &mut String) {
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

/// About 160 characters, cut at a blank: what search engines show.
fn shorten(text: &str) -> String {
    if text.chars().count() <= 160 {
        return text.to_string();
    }
    let cut: String = text.chars().take(158).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} …", cut[..end].trim_end_matches([',', '.', ';', ':']))
}
