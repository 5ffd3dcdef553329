//! Reads `book.toml` into settings. The file is valid for mdBook too: mdBook's keys
//! have the same meaning here, and this tool's own keys are in `[preprocessor.srm]`.
//! No other files are read here, and content is not checked.

mod old_keys;

use std::sync::Arc;

use crate::findings::{Code, Finding, Findings};
use crate::input::config::old_keys::explain_old_keys;
use crate::input::tree::{
    Decode, Decoder, Entries, Key, Node, OneOrMany, Text, Value, choice, record, record_entries,
};
use crate::text::full_address;
use crate::text::markdown::Settings;

pub use crate::input::toml_tree::toml_tree;

/// Settings of a project, with defaults filled in.
#[derive(Clone, Debug)]
pub struct Config {
    /// The table `[book]`.
    pub book: Book,
    /// Output folder, relative to the project.
    pub build_dir: String,
    /// The table `[output.html]`.
    pub html: HtmlTable,
    /// The table `[preprocessor.srm]`.
    pub srm: Srm,
}

record! {
    /// `[book]`
    pub struct Book = "`[book]`" {
        /// Title of the site.
        title: Option<Text> = "title",
        /// Who wrote it.
        authors: Vec<String> = "authors",
        /// One sentence for search engines.
        description: Option<Text> = "description",
        /// Language of the texts, as a BCP 47 tag.
        language: Option<Text> = "language",
        /// Reading direction, if it is not the language's usual one.
        text_direction: Option<Direction> = "text-direction",
        /// Folder of the content.
        src: Option<Text> = "src",
    }
}

choice! {
    /// Reading direction of a page.
    pub enum Direction {
        /// Left to right.
        Ltr = "ltr",
        /// Right to left.
        Rtl = "rtl",
    }
}

record! {
    /// `[build]`
    pub struct Build = "`[build]`" {
        /// Output folder, relative to the project.
        build_dir: Option<Text> = "build-dir",
        /// Accepted for mdBook.
        extra_watch_dirs: Option<Any> = "extra-watch-dirs",
        /// Accepted for mdBook.
        create_missing: Option<Any> = "create-missing",
        /// Accepted for mdBook.
        use_default_preprocessors: Option<Any> = "use-default-preprocessors",
    }
}

record! {
    /// `[output.html]`
    pub struct HtmlTable = "`[output.html]`" {
        /// Address the site is published at, for canonical links and the sitemap.
        site_url: Option<Text> = "site-url",
        /// Domain for a `CNAME` file.
        cname: Option<Text> = "cname",
        /// Address at which a source file can be edited; `{path}` is replaced by its
        /// path.
        edit_url_template: Option<Text> = "edit-url-template",
        /// Address of the repository.
        git_repository_url: Option<Text> = "git-repository-url",
        /// Style sheets to add, relative to the project.
        additional_css: Vec<Text> = "additional-css",
        /// Scripts to add, relative to the project.
        additional_js: Vec<Text> = "additional-js",
        /// Source of the not-found page, relative to the content folder; an empty
        /// text turns the page off.
        input_404: Option<crate::input::tree::At<InputNotFound>> = "input-404",
        /// Old addresses: path to its replacement.
        redirect: Entries<Text> = "redirect",
        /// Curly quotes and dashes in prose.
        smart_punctuation: Option<bool> = "smart-punctuation",
        /// Definition lists in prose.
        definition_lists: Option<bool> = "definition-lists",
        /// Callouts (`> [!NOTE]`) in prose.
        admonitions: Option<bool> = "admonitions",
        /// A version in the address of style sheets and scripts, so that browsers notice new ones.
        hash_files: Option<bool> = "hash-files",
        /// Accepted for mdBook: the reader's system decides between light and dark.
        default_theme: Option<Any> = "default-theme",
        /// Accepted for mdBook.
        preferred_dark_theme: Option<Any> = "preferred-dark-theme",
        /// Accepted for mdBook.
        canonical_site_url: Option<Any> = "canonical-site-url",
        /// The page with everything.
        print: Option<PrintTable> = "print",
        /// Accepted for mdBook.
        git_repository_icon: Option<Any> = "git-repository-icon",
        /// Accepted for mdBook.
        theme: Option<Any> = "theme",
        /// Accepted for mdBook.
        mathjax_support: Option<Any> = "mathjax-support",
        /// Accepted for mdBook.
        copy_js: Option<Any> = "copy-js",
        /// Accepted for mdBook.
        playground: Option<Any> = "playground",
        /// Accepted for mdBook.
        code: Option<Any> = "code",
        /// Accepted for mdBook.
        fold: Option<Any> = "fold",
        /// The search of the site.
        search: Option<SearchTable> = "search",
        /// Accepted for mdBook.
        no_section_label: Option<Any> = "no-section-label",
        /// Accepted for mdBook.
        sidebar_header_nav: Option<Any> = "sidebar-header-nav",
    }
}

record! {
    /// `[output.html.print]`
    pub struct PrintTable = "`[output.html.print]`" {
        /// Whether `print.html` is made.
        enable: Option<bool> = "enable",
        /// Accepted for mdBook: chapters always begin on a new page.
        page_break: Option<Any> = "page-break",
    }
}

record! {
    /// `[output.html.search]`
    pub struct SearchTable = "`[output.html.search]`" {
        /// Whether the site can be searched.
        enable: Option<bool> = "enable",
        /// Accepted for mdBook.
        limit_results: Option<Any> = "limit-results",
        /// Accepted for mdBook.
        teaser_word_count: Option<Any> = "teaser-word-count",
        /// Accepted for mdBook: results have all words, unless no place has all of
        /// them.
        use_boolean_and: Option<Any> = "use-boolean-and",
        /// Accepted for mdBook.
        boost_title: Option<Any> = "boost-title",
        /// Accepted for mdBook.
        boost_hierarchy: Option<Any> = "boost-hierarchy",
        /// Accepted for mdBook.
        boost_paragraph: Option<Any> = "boost-paragraph",
        /// Accepted for mdBook: the beginning of a word finds it.
        expand: Option<Any> = "expand",
        /// Accepted for mdBook.
        heading_split_level: Option<Any> = "heading-split-level",
        /// Accepted for mdBook.
        copy_js: Option<Any> = "copy-js",
        /// Accepted for mdBook.
        chapter: Option<Any> = "chapter",
    }
}

record! {
    /// `[preprocessor.srm]`
    pub struct Srm = "`[preprocessor.srm]`" {
        /// Folder below `themes/` whose files replace those of the built-in theme.
        theme: Option<Text> = "theme",
        /// Comparison pages: `all`, `none`, or pairs such as `saas..byoc`.
        compare: Option<OneOrMany<Text>> = "compare",
        /// Whether HTML in Markdown prose is kept.
        raw_html: Option<bool> = "raw-html",
        /// Whether warnings stop a build.
        deny_warnings: Option<bool> = "deny-warnings",
        /// Files of the content folder that are copied although they look like data:
        /// patterns such as `ex/*.yaml`.
        publish: Vec<Text> = "publish",
        /// Whether readers see who has reviewed a row, and when.
        publish_reviews: Option<bool> = "publish-reviews",
        /// Groups of outputs that can be turned off.
        outputs: Option<Outputs> = "outputs",
        /// mdBook: how it calls this tool.
        command: Option<Any> = "command",
        /// mdBook: whether a missing tool is an error.
        optional: Option<Any> = "optional",
        /// mdBook: for which renderers the tool is called.
        renderers: Option<Any> = "renderers",
        /// mdBook: preprocessors that run later.
        before: Option<Any> = "before",
        /// mdBook: preprocessors that run earlier.
        after: Option<Any> = "after",
    }
}

record! {
    /// `[preprocessor.srm.outputs]`: each output is made unless its key is `false`.
    pub struct Outputs = "`[preprocessor.srm.outputs]`" {
        /// A page for each party.
        parties: Option<bool> = "parties",
        /// `print.html`, everything on one page.
        print: Option<bool> = "print",
        /// `404.html`.
        not_found: Option<bool> = "not-found",
        /// A Markdown twin of each page.
        markdown: Option<bool> = "markdown",
        /// `llms.txt`, a list of the Markdown twins.
        llms: Option<bool> = "llms",
        /// `data/`: JSON with its schema, and CSV.
        data: Option<bool> = "data",
        /// `search/`: the search index of the site.
        search: Option<bool> = "search",
        /// `embed.html` and `embed/`: tables for other web pages.
        embed: Option<bool> = "embed",
        /// `badges/`: a picture for each row in each model. By default they are made
        /// if there are at most 1,000. Needs `embed`.
        badges: Option<bool> = "badges",
        /// `sitemap.xml` and `robots.txt`, when `site-url` is a full address.
        sitemap: Option<bool> = "sitemap",
    }
}

/// `input-404`, which may be empty to turn the page off.
#[derive(Clone, Debug, schemars::JsonSchema)]
#[schemars(transparent)]
pub struct InputNotFound(pub String);

impl Decode for InputNotFound {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Scalar { text, .. } if text.is_empty() => Some(InputNotFound(String::new())),
            _ => String::decode(node, d).map(InputNotFound),
        }
    }
}

/// A value that is accepted without being checked.
#[derive(Clone, Debug)]
pub struct Any;

impl Decode for Any {
    fn decode(_: &Node, _: &mut Decoder<'_>) -> Option<Self> {
        Some(Any)
    }
}

impl schemars::JsonSchema for Any {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Any".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        true.into()
    }
}

/// Which groups of outputs are made, with defaults filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Groups {
    /// A page for each party.
    pub parties: bool,
    /// `print.html`.
    pub print: bool,
    /// `404.html`.
    pub not_found: bool,
    /// The Markdown twins.
    pub markdown: bool,
    /// `llms.txt`; never without `markdown`.
    pub llms: bool,
    /// `data/`.
    pub data: bool,
    /// `search/`, and the search in the header.
    pub search: bool,
    /// `embed.html` and `embed/`.
    pub embed: bool,
    /// `None`: yes, unless there would be very many.
    pub badges: Option<bool>,
    /// `sitemap.xml` and `robots.txt`, if `site-url` is a full address.
    pub sitemap: bool,
}

impl Config {
    /// The settings of a project without a `book.toml`.
    pub fn defaults() -> Config {
        Config::parse(&Arc::from("book.toml"), "", &mut Findings::default())
    }

    /// Reads the text of `book.toml`. A value that cannot be understood adds a
    /// finding and counts as not given.
    pub fn parse(file: &Arc<str>, text: &str, findings: &mut Findings) -> Config {
        let before = findings.list.len();
        let root = toml_tree(file, text, findings);
        // Values read from a broken file may not be what its author wrote, so they
        // are used but add no findings.
        let mut nobody = Findings::default();
        let findings = if findings.list.len() > before {
            &mut nobody
        } else {
            findings
        };
        let d = &mut Decoder {
            file: file.clone(),
            findings,
        };
        let tables = ["book", "build", "rust", "output", "preprocessor"];
        let below = [
            ("[book]", Book::KEYS, "below"),
            ("[build]", Build::KEYS, "below"),
            ("[output.html]", HtmlTable::KEYS, "below"),
            ("[preprocessor.srm]", Srm::KEYS, "below"),
        ];
        let given = record_entries(&root, "`book.toml`", &tables, &below, d);
        let entries = given.map_or(&[][..], |given| given.entries);
        let mut book = table_of(entries, &["book"], d);
        let mut build = table_of(entries, &["build"], d);
        let mut html = table_of(entries, &["output", "html"], d);
        let srm = table_of(entries, &["preprocessor", "srm"], d);
        explain_old_keys(&mut book, d);
        explain_old_keys(&mut build, d);
        explain_old_keys(&mut html, d);
        let build: Build = decode_table(&build, d);
        let mut config = Config {
            book: decode_table(&book, d),
            build_dir: build
                .build_dir
                .map_or_else(|| "book".into(), |text| text.value),
            html: decode_table(&html, d),
            srm: decode_table(&srm, d),
        };
        config.refuse_odd_values(d.findings);
        config
    }

    /// Removes values that would become paths and addresses that no author intended.
    pub(super) fn refuse_odd_values(&mut self, findings: &mut Findings) {
        let mut keep = |setting: &mut Option<Text>, fine: fn(&str) -> bool, expected: &str| {
            if let Some(text) = setting.take_if(|text| !fine(&text.value)) {
                findings.push(
                    Finding::new(
                        Code::WrongValue,
                        text.place,
                        format!("`{}` is not {expected}", text.value),
                    )
                    .label("not used"),
                );
            }
        };
        keep(
            &mut self.book.language,
            |tag| !tag.is_empty() && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "a language; write a tag such as `en` or `pt-BR` (BCP 47)",
        );
        keep(
            &mut self.srm.theme,
            |name| !name.contains(['/', '\\', '\0']) && !["", ".", ".."].contains(&name),
            "the name of a folder in `themes/`",
        );
        keep(
            &mut self.book.src,
            |folder| !folder.trim_end_matches('/').is_empty(),
            "a folder of the project",
        );
        keep(
            &mut self.html.site_url,
            |url| {
                let host = url.split_once("://").map(|(_, rest)| rest);
                !url.contains(['?', '#'])
                    && host.is_none_or(|rest| !rest.starts_with('/') && !rest.is_empty())
            },
            "an address; write `https://host/` or a path `/docs/`",
        );
    }

    /// Folder of the content, without a slash at its end.
    pub fn src(&self) -> &str {
        self.book
            .src
            .as_ref()
            .map_or("src", |t| t.value.trim_end_matches('/'))
    }

    /// Whether the site may have scripts other than the theme's: those that the
    /// settings name, and those of authors.
    pub fn adds_scripts(&self) -> bool {
        self.srm.raw_html.unwrap_or(false) || !self.html.additional_js.is_empty()
    }

    /// How Markdown is read.
    pub fn markdown(&self) -> Settings {
        Settings {
            raw_html: self.srm.raw_html.unwrap_or(false),
            smart_punctuation: self.html.smart_punctuation.unwrap_or(true),
            definition_lists: self.html.definition_lists.unwrap_or(true),
            callouts: self.html.admonitions.unwrap_or(true),
        }
    }

    /// Language of the pages.
    pub fn language(&self) -> &str {
        self.book.language.as_ref().map_or("en", |t| &t.value)
    }

    /// Reading direction: as set, or else that of the language's script.
    pub fn direction(&self) -> Direction {
        let primary = self.language().split('-').next().unwrap_or("en");
        self.book.text_direction.unwrap_or(
            if ["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv"].contains(&primary) {
                Direction::Rtl
            } else {
                Direction::Ltr
            },
        )
    }

    /// `site-url` if it is a full address; ends with a slash.
    pub fn site_url(&self) -> Option<String> {
        full_address(&self.html.site_url.as_ref()?.value)
    }

    /// Which groups of outputs are made.
    pub fn groups(&self) -> Groups {
        let set = self.srm.outputs.as_ref();
        let on = |pick: fn(&Outputs) -> Option<bool>| set.and_then(pick).unwrap_or(true);
        let print = self.html.print.as_ref().and_then(|p| p.enable);
        let search = self.html.search.as_ref().and_then(|s| s.enable);
        let not_found = self
            .html
            .input_404
            .as_ref()
            .is_none_or(|i| !i.value.0.is_empty());
        Groups {
            parties: on(|o| o.parties),
            print: on(|o| o.print) && print.unwrap_or(true),
            not_found: on(|o| o.not_found) && not_found,
            markdown: on(|o| o.markdown),
            llms: on(|o| o.llms) && on(|o| o.markdown),
            data: on(|o| o.data),
            search: on(|o| o.search) && search.unwrap_or(true),
            embed: on(|o| o.embed),
            badges: set.and_then(|o| o.badges),
            sitemap: on(|o| o.sitemap) && self.site_url().is_some(),
        }
    }

    /// JSON Schema of the tool's own table, `[preprocessor.srm]`.
    pub fn json_schema() -> schemars::Schema {
        schemars::generate::SchemaSettings::draft2020_12()
            .into_generator()
            .into_root_schema_for::<Srm>()
    }

    /// Keys of `[preprocessor.srm]`, for the reference.
    pub fn own_keys() -> Vec<&'static str> {
        Srm::KEYS.iter().chain(Outputs::KEYS).copied().collect()
    }
}

/// The table at `path`, or an empty one. A value that is not a table adds a finding.
fn table_of(root: &[(Key, Node)], path: &[&str], d: &mut Decoder<'_>) -> Node {
    let empty = Node {
        span: 0..0,
        value: Value::Map(Vec::new()),
    };
    let mut entries = root;
    for (depth, name) in path.iter().enumerate() {
        let Some((_, node)) = entries.iter().find(|(k, _)| k.text == *name) else {
            return empty;
        };
        let Value::Map(inner) = &node.value else {
            let table = path[..=depth].join(".");
            let finding = d.wrong(node, &format!("a table `[{table}]`"));
            d.findings.push(finding);
            return empty;
        };
        if depth + 1 == path.len() {
            return node.clone();
        }
        entries = inner;
    }
    empty
}

/// Decodes a table in which every key is optional.
fn decode_table<T: Decode>(node: &Node, d: &mut Decoder<'_>) -> T {
    T::decode(node, d).expect("a record without required keys decodes from any mapping")
}
