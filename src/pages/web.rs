//! What the site offers to other web pages: tables on small separate pages, the
//! script and style sheet that show them elsewhere, and badges as pictures. Tables
//! are requested as anywhere else.

use crate::input::Direction;
use crate::model::{Badge, Concern, Document, ModelIx, Owner, Row};
use crate::tables::formats::{TableFormat, markdown};
use crate::tables::html::shape;
use crate::tables::{Table, Tables};
use crate::text::{Html, Strings, paths};

/// The path and text of the script that shows [`fragments`] on other pages.
pub const SCRIPT: (&str, &str) = (paths::TABLE_SCRIPT, include_str!("web/srm-table.js"));
/// The path and text of the style sheet for tables there.
pub const STYLE: (&str, &str) = (paths::TABLE_STYLE, include_str!("web/srm-table.css"));

/// A table that has a separate page.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// Name of its file, without the extension.
    pub name: String,
    /// Its caption.
    pub title: String,
    /// The request, as it is written in a region.
    pub request: String,
    /// Path of the page of the site that shows the same table.
    pub page: String,
}

impl Fragment {
    /// Path of its file in a format.
    pub fn path(&self, format: TableFormat) -> String {
        paths::fragment(&self.name, format.word())
    }
}

/// All tables that have a separate page. Which there are does not depend on who is
/// responsible for what, only on whether a model has areas, other roles, and evidence or
/// reviews that readers see.
pub fn fragments(tables: Tables<'_>, pairs: &[(ModelIx, ModelIx)], parties: bool) -> Vec<Fragment> {
    let document = tables.document;
    let id = |m: ModelIx| document.models[m].id.as_str();
    let models = 0..document.models.len();
    let fragment = |name: &str, request: String, page: String, table: Table<'_>| Fragment {
        name: name.to_string(),
        title: table.caption.into_owned(),
        request,
        page,
    };
    let mut all = Vec::new();
    for m in models.clone() {
        let (model, page) = (id(m), paths::model(id(m)));
        for table in tables_of_model(tables, m) {
            let kind = table.kind.word();
            let name = format!("{kind}-{model}");
            all.push(fragment(
                &name,
                format!("{kind} model={model}"),
                page.clone(),
                table,
            ));
        }
    }
    if models.len() > 1 {
        let page = paths::COMPARISONS.to_string();
        all.push(fragment("matrix", "matrix".into(), page, tables.matrix()));
    }
    let totals = tables.totals(models.clone().collect());
    let page = paths::HOME.to_string();
    all.push(fragment("totals", "totals".into(), page, totals));
    for (a, b) in pairs {
        let (first, second) = (id(*a), id(*b));
        for table in [tables.compare(*a, *b), tables.compare_tasks(*a, *b)] {
            let kind = table.kind.word();
            let name = format!("{kind}-{first}-vs-{second}");
            let request = format!("{kind} compare={first},{second}");
            all.push(fragment(&name, request, tables.compare_path(*a, *b), table));
        }
    }
    for (p, party) in document.parties.iter().enumerate() {
        for m in models.clone() {
            let (party, model) = (&party.id, id(m));
            let name = format!("checklist-{party}-{model}");
            let request = format!("checklist party={party} model={model}");
            let page = if parties {
                paths::party(&document.parties[p].id)
            } else {
                paths::model(&document.models[m].id)
            };
            all.push(fragment(
                &name,
                request,
                page,
                tables.checklist(p, m, Concern::Responsible),
            ));
        }
    }
    all
}

/// The tables of a model that have a separate page.
fn tables_of_model(tables: Tables<'_>, m: ModelIx) -> impl Iterator<Item = Table<'_>> {
    let all = [
        Some(tables.summary(m)),
        tables.has_areas(m).then(|| tables.areas(m)),
        tables.has_roles(m).then(|| tables.raci(m)),
        Some(tables.detail(m)),
        tables.has_evidence(m).then(|| tables.evidence(m, false)),
    ];
    all.into_iter().flatten()
}

/// The HTML page of a fragment, with its table, in which links are relative to
/// `embed/`.
pub fn page(title: &str, language: &str, direction: Direction, table: &Html) -> Html {
    let mut out = Html::with_capacity(table.len() + 1024);
    out.markup("<!DOCTYPE html>\n<html lang=\"")
        .text(language)
        .markup("\" dir=\"")
        .markup(direction.word())
        .markup(
            "\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" \
             content=\"script-src 'self'; object-src 'none'\">\n<title>",
        )
        .text(title)
        .markup(
            "</title>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<base target=\"_top\">\n\
             <link rel=\"stylesheet\" href=\"",
        )
        .markup(paths::file_name(paths::TABLE_STYLE))
        .markup("\">\n<script src=\"")
        .markup(paths::file_name(paths::TABLE_SCRIPT))
        .markup(
            "\" defer></script>\n</head>\n\
             <body>\n<main class=\"srm-page\">\n<h1>",
        )
        .text(title)
        .markup("</h1>\n<div class=\"srm-embed\">\n")
        .push(table)
        .markup("</div>\n</main>\n</body>\n</html>\n");
    out
}

/// Ground and ink of a badge: the light colours of the built-in theme. Each pair
/// has a contrast of at least 7:1, on any page, since the badge brings its ground
/// along (WCAG 2.2, 1.4.3).
fn colours(owner: Owner) -> (&'static str, &'static str) {
    match owner {
        Owner::Customer => ("#1d3f7d", "#ffffff"),
        Owner::Provider => ("#ffffff", "#175038"),
        Owner::Shared => ("#e9e4f9", "#43287f"),
        Owner::ThirdParty => ("#fdf0d6", "#5f3d00"),
        Owner::Unassigned => ("#fdeae8", "#8a1c12"),
        Owner::NotApplicable | Owner::ByAgreement | Owner::NotListed => ("#f3f5f7", "#1a2129"),
    }
}

/// The width of a badge in addition to its text, in pixels.
const AROUND_TEXT: usize = 34;

/// Where the text of a badge begins, in pixels from its side.
const BEFORE_TEXT: usize = 26;

/// Where the shape of a badge begins and how wide it is.
const SHAPE: (usize, usize) = (7, 14);

/// A badge as an SVG picture: its words are text, with a title for screen readers.
/// Shape and text begin at the side where its readers begin.
pub fn badge(
    document: &Document,
    row: &Row,
    model: ModelIx,
    strings: &Strings,
    direction: Direction,
) -> Html {
    let badge = Badge::new(document, row.cells[model].as_ref(), strings);
    let text = badge.text();
    let title = format!("{}: {text}", row.label_in(Some(model)));
    let width = width(&text);
    let (ground, ink) = colours(badge.owner);
    let all = width + AROUND_TEXT;
    let (shape_x, text_x, turned) = match direction {
        Direction::Ltr => (SHAPE.0, BEFORE_TEXT, ""),
        Direction::Rtl => (
            all - SHAPE.0 - SHAPE.1,
            all - BEFORE_TEXT,
            " direction=\"rtl\"",
        ),
    };
    let mut out = Html::with_capacity(1024);
    out.markup("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        .number(all)
        .markup("\" height=\"24\" viewBox=\"0 0 ")
        .number(all)
        .markup(" 24\" role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">")
        .text(&title)
        .markup("</title>\n<desc id=\"d\">")
        .text(&document.models[model].label)
        .markup("</desc>\n<rect x=\"0.5\" y=\"0.5\" width=\"")
        .number(all - 1)
        .markup("\" height=\"23\" rx=\"4\" fill=\"")
        .markup(ground)
        .markup("\" stroke=\"")
        .markup(ink)
        .markup("\"/>\n<path transform=\"translate(")
        .number(shape_x)
        .markup(" 5) scale(0.875)\" fill=\"")
        .markup(ink)
        .markup("\" d=\"")
        .markup(shape(badge.owner))
        .markup("\"/>\n<text x=\"")
        .number(text_x)
        .markup("\" y=\"16.5\"")
        .markup(turned)
        .markup(" font-family=\"system-ui, Segoe UI, Helvetica, Arial, sans-serif\"")
        .markup(" font-size=\"13\" fill=\"")
        .markup(ink)
        .markup("\" textLength=\"")
        .number(width)
        .markup("\" lengthAdjust=\"spacingAndGlyphs\">")
        .text(&text)
        .markup("</text>\n</svg>\n");
    out
}

/// The approximate width of a text at 13 pixels in a common sans serif font, in
/// pixels. The picture then sets the text to exactly this width.
fn width(text: &str) -> usize {
    let tenths: usize = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '.' | ',' | '\'' | ':' | ';' | '|' | '!' => 32,
            'f' | 'r' | 't' | ' ' | '(' | ')' | '[' | ']' | '-' => 45,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 110,
            c if c.is_ascii_uppercase() || c == '+' || c == '&' => 85,
            c if c.is_ascii() => 70,
            // Ideographs, syllables and full-width forms.
            '\u{1100}'..='\u{11ff}'
            | '\u{2e80}'..='\u{d7ff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff00}'..='\u{ffef}'
            | '\u{1f000}'..='\u{3ffff}' => 130,
            // Combining marks.
            '\u{300}'..='\u{36f}' => 0,
            _ => 75,
        })
        .sum();
    tenths.div_ceil(10)
}

/// A way to get a table or a badge into another document.
pub struct EmbedWay {
    /// The key of its heading and of the text below it, in the strings file.
    pub key: &'static str,
    /// The key of the text below the heading.
    pub text: &'static str,
    /// Code to copy, each block with its language.
    pub code: Vec<(&'static str, String)>,
    /// An example of the result, in Markdown.
    pub example: String,
}

/// All ways, with `fragment` as the example. `site` is the address of the site and
/// ends with a slash; `badges` says whether it has badge pictures.
pub fn ways(tables: &Tables<'_>, fragment: &Fragment, site: &str, badges: bool) -> Vec<EmbedWay> {
    let request = &fragment.request;
    let path = fragment.path(TableFormat::Html);
    let (element, frame) = (element(fragment, site), frame(fragment, site));
    let way = |key, text, code: Vec<(&'static str, String)>| EmbedWay {
        key,
        text,
        code,
        example: String::new(),
    };
    let mut all = vec![
        way(
            "embed-element",
            "embed-element-text",
            vec![("html", element.into_string())],
        ),
        EmbedWay {
            example: format!("[{path}](/{path})"),
            ..way(
                "embed-frame",
                "embed-frame-text",
                vec![("html", frame.into_string())],
            )
        },
    ];
    if badges {
        all.extend(badge_way(tables, site));
    }
    let region = format!("<!-- srm:begin {request} -->\n<!-- srm:end -->");
    let commands = "$ srm-site embed README.md\n$ srm-site embed --check README.md";
    let command = format!("{{{{#srm {request}}}}}");
    let table = format!("$ srm-site table {request} --format csv");
    // A grammar for commands of one line would cost each build more than its pages.
    let region = vec![("markdown", region), ("text", commands.into())];
    all.push(way("embed-region", "embed-region-text", region));
    let command = vec![("markdown", command)];
    all.push(way("embed-book", "embed-book-text", command));
    let table = vec![("text", table)];
    all.push(way("embed-file", "embed-file-text", table));
    all
}

/// The element that shows a table, and its script, as code to copy.
fn element(fragment: &Fragment, site: &str) -> Html {
    let mut out = Html::new();
    out.markup("<script src=\"")
        .text(site)
        .markup(paths::TABLE_SCRIPT)
        .markup("\"></script>\n<srm-table src=\"")
        .text(site)
        .markup("\"")
        .push(&attributes(&fragment.request))
        .markup(" height=\"480\">\n  <a href=\"")
        .text(site)
        .text(&fragment.page)
        .markup("\">")
        .text(&fragment.title)
        .markup("</a>\n</srm-table>");
    out
}

/// A frame with a table, and its script, as code to copy.
fn frame(fragment: &Fragment, site: &str) -> Html {
    let mut out = Html::new();
    out.markup("<script src=\"")
        .text(site)
        .markup(paths::TABLE_SCRIPT)
        .markup("\" defer></script>\n<iframe class=\"srm-frame\" title=\"")
        .text(&fragment.title)
        .markup("\" width=\"100%\" height=\"480\"\n  src=\"")
        .text(site)
        .text(&fragment.path(TableFormat::Html))
        .markup("\" loading=\"lazy\"></iframe>");
    out
}

/// A request as attributes of the element, each with a space before it.
pub fn attributes(request: &str) -> Html {
    let mut out = Html::new();
    for word in request.split(' ') {
        let (key, value) = word.split_once('=').unwrap_or(("kind", word));
        out.markup(" ").text(key);
        out.markup("=\"").text(value).markup("\"");
    }
    out
}

/// The way to show a badge, with the first row as the example.
fn badge_way(tables: &Tables<'_>, site: &str) -> Option<EmbedWay> {
    let Tables {
        document, strings, ..
    } = tables;
    let (category, row) = document.rows().next()?;
    let model = document.models.first()?;
    let text = Badge::new(document, row.cells[0].as_ref(), strings).text();
    let picture = paths::badge(&model.id, &row.id);
    let page = format!("{}#{}", paths::category(&category.id), row.id);
    let mut html = Html::new();
    html.markup("<a href=\"")
        .text(site)
        .text(&page)
        .markup("\">\n  <img src=\"")
        .text(site)
        .text(&picture)
        .markup("\" alt=\"")
        .text(&text)
        .markup("\" width=\"")
        .number(width(&text) + AROUND_TEXT)
        .markup("\" height=\"24\">\n</a>");
    let words = markdown::image_text(&text);
    Some(EmbedWay {
        key: "embed-badge",
        text: "embed-badge-text",
        code: vec![
            ("html", html.into_string()),
            (
                "markdown",
                format!("[![{words}]({site}{picture})]({site}{page})"),
            ),
        ],
        example: format!("[![{words}](/{picture})](/{page})"),
    })
}
