//! Where everything is in the site: the path of each page and file below its top,
//! and the anchors that more than one place has to know. Nothing here knows whether
//! there is such a page.

/// The name of the page that a server shows for a folder.
pub const INDEX: &str = "index.html";

/// The start page.
pub const HOME: &str = INDEX;
/// The page that compares all models.
pub const COMPARISONS: &str = "compare/index.html";
/// The page about using tables elsewhere.
pub const EMBED: &str = "embed.html";
/// Everything on one page.
pub const PRINT: &str = "print.html";
/// What a server shows for a page that is not there.
pub const NOT_FOUND: &str = "404.html";

/// The data as JSON.
pub const DATA_JSON: &str = "data/responsibilities.json";
/// The JSON Schema of [`DATA_JSON`].
pub const DATA_SCHEMA: &str = "data/responsibilities.schema.json";
/// The data as CSV.
pub const DATA_CSV: &str = "data/responsibilities.csv";

/// What the search of the site knows.
pub const SEARCH_INDEX: &str = "search/index.js";
/// What the dialog of the search says.
pub const SEARCH_WORDS: &str = "search/words.js";

/// The script that shows tables of the site in other pages.
pub const TABLE_SCRIPT: &str = "embed/srm-table.js";
/// How tables look there.
pub const TABLE_STYLE: &str = "embed/srm-table.css";

/// The versions of the document as a feed.
pub const FEED: &str = "feed.xml";
/// All pages, for search engines.
pub const SITEMAP: &str = "sitemap.xml";
/// What search engines may visit.
pub const ROBOTS: &str = "robots.txt";
/// All pages, for language models.
pub const LLMS: &str = "llms.txt";
/// The site's domain, for GitHub Pages.
pub const DOMAIN: &str = "CNAME";
/// Tells GitHub Pages to leave the files alone.
pub const NO_JEKYLL: &str = ".nojekyll";

/// The style sheet for paper, among the files of the theme.
pub const PAPER_STYLE: &str = "print/document.css";

const ASSETS: &str = "assets/";
const MODELS: &str = "models/";
const CATEGORIES: &str = "categories/";
const PARTIES: &str = "parties/";
const COMPARED: &str = "compare/";
const PAGE: &str = ".html";

/// Whether a path, seen from any folder, may be that of data or of a page that is made
/// from data.
pub fn may_be_of_data(path: &str) -> bool {
    let folders = [MODELS, CATEGORIES, PARTIES, COMPARED];
    path.ends_with(".yaml") || folders.iter().any(|folder| path.contains(folder))
}

/// The page of a deployment model.
pub fn model(id: &str) -> String {
    format!("{MODELS}{id}{PAGE}")
}

/// The model whose page this is.
pub fn model_of(path: &str) -> Option<&str> {
    path.strip_prefix(MODELS)?.strip_suffix(PAGE)
}

/// The page of a category.
pub fn category(id: &str) -> String {
    format!("{CATEGORIES}{id}{PAGE}")
}

/// The category whose page this is.
pub fn category_of(path: &str) -> Option<&str> {
    path.strip_prefix(CATEGORIES)?.strip_suffix(PAGE)
}

/// The page of a party.
pub fn party(id: &str) -> String {
    format!("{PARTIES}{id}{PAGE}")
}

/// The page that compares the models with these ids.
pub fn comparison(first: &str, second: &str) -> String {
    format!("{COMPARED}{first}-vs-{second}{PAGE}")
}

/// The page made from a prose file; `README.md` is a folder's index, as in mdBook.
pub fn prose(source: &str) -> String {
    let stem = source.strip_suffix(".md").unwrap_or(source);
    match stem.rsplit_once('/') {
        Some((folder, "README")) => index_of(folder),
        None if stem == "README" => HOME.into(),
        _ => format!("{stem}{PAGE}"),
    }
}

/// The page that a server shows for a folder; the start page for that at the top.
pub fn index_of(folder: &str) -> String {
    match folder {
        "" => HOME.into(),
        folder => format!("{folder}/{INDEX}"),
    }
}

/// The Markdown twin of a page, if the path is that of a page.
pub fn twin(page: &str) -> Option<String> {
    Some([page.strip_suffix(PAGE)?, ".md"].concat())
}

/// A table for other pages, in a format with this ending.
pub fn fragment(name: &str, ending: &str) -> String {
    format!("embed/{name}.{ending}")
}

/// The picture of a row's badge in a model.
pub fn badge(model: &str, row: &str) -> String {
    format!("badges/{model}/{row}.svg")
}

/// A file of the theme.
pub fn asset(name: &str) -> String {
    format!("{ASSETS}{name}")
}

/// The name in the theme of the file that has this path.
pub fn asset_of(path: &str) -> Option<&str> {
    path.strip_prefix(ASSETS)
}

/// The file below the content folder that a model is made from.
pub fn model_source(id: &str) -> String {
    format!("models/{id}.md")
}

/// The file below the content folder that a category is made from.
pub fn category_source(id: &str) -> String {
    format!("{CATEGORIES}{id}.yaml")
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A path as addresses have it: that of a folder where it is a folder's index.
pub fn without_index(path: &str) -> &str {
    path.strip_suffix(INDEX).unwrap_or(path)
}

/// From a page to the site's top.
pub fn to_top(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

// Anchors. Those of the tool begin with `srm-`, so that no id is one of them.

/// What anchors of rows begin with in a table of owners above the tasks.
pub const SUMMARY_ROW: &str = "srm-summary-";
/// What anchors of rows begin with in a table of areas.
pub const AREAS_ROW: &str = "srm-areas-";
/// What anchors of rows begin with in a table of roles above the tasks.
pub const RACI_ROW: &str = "srm-raci-";
/// What anchors of rows begin with in a table of owners in two models.
pub const CHANGED_ROW: &str = "srm-change-";
/// What anchors of groups of rows begin with on the page of a category.
pub const ROW_GROUP: &str = "srm-group-";
/// The list of categories on the start page.
pub const CATEGORY_LIST: &str = "srm-categories";
/// The list of pages of text on the start page.
pub const PAGE_LIST: &str = "srm-pages";
/// The versions on the start page.
pub const HISTORY: &str = "srm-history";
/// The table of all models.
pub const MATRIX: &str = "srm-matrix";
/// How many rows have which owner.
pub const TOTALS: &str = "srm-totals";

/// What ends the prefix of anchors that stand beside those of another page.
pub const PREFIX_END: &str = "--";

/// What anchors of a model begin with beside those of other models.
pub fn prefix_of_model(id: &str) -> String {
    format!("{id}{PREFIX_END}")
}

/// What anchors of a page begin with beside those of other pages.
pub fn prefix_of_page(path: &str) -> String {
    let name = path.trim_end_matches(PAGE).replace('/', "-");
    format!("{name}{PREFIX_END}")
}

/// A section about one model.
pub fn model_section(id: &str) -> String {
    format!("srm-model-{id}")
}

/// The caption of the table in a section.
pub fn caption_of(section: &str) -> String {
    format!("{section}-caption")
}
