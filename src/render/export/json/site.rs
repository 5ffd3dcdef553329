//! What tables take from the settings and from other files of the project, so that
//! `--data` makes the same tables from the JSON as `--project` does.

use schemars::JsonSchema;
use serde::Serialize;

use crate::render::{Renderer, theme};

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct SiteData<'a> {
    /// Language of the texts.
    language: &'a str,
    /// Address of the site, or the path that it begins with.
    url: Option<String>,
    /// Words of the interface that the theme replaces: key to text.
    words: serde_json::Map<String, serde_json::Value>,
    markdown: MarkdownData,
    /// Whether parties have pages.
    party_pages: bool,
    /// The comparisons that have pages: ids of two models with `..` between them.
    comparisons: Vec<String>,
    /// Sources of other pages, below the content folder.
    pages: Vec<&'a str>,
    /// Files that are copied.
    files: Vec<AssetData<'a>>,
}

/// How Markdown is read.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct MarkdownData {
    /// Whether HTML is kept.
    raw_html: bool,
    smart_punctuation: bool,
    definition_lists: bool,
    admonitions: bool,
}

#[derive(Serialize, JsonSchema)]
struct AssetData<'a> {
    /// Its path in the site.
    path: &'a str,
    /// Width of an image in pixels. Left out if it is not known, like the height.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<usize>,
}

pub(super) fn site<'a>(renderer: &'a Renderer<'_>) -> SiteData<'a> {
    let project = renderer.project;
    let config = project.config;
    let usual = theme::usual_words(config.language());
    let words = project.strings.unlike(&usual);
    let settings = renderer.settings;
    let id = |model: usize| project.document.models[model].id.as_str();
    let comparisons = project.pairs.iter();
    let mut assets: Vec<&String> = renderer.targets.assets.values().collect();
    assets.sort();
    let files = assets.into_iter().map(|path| {
        let size = renderer.targets.images.get(path);
        AssetData {
            path,
            width: size.map(|(width, _)| *width),
            height: size.map(|(_, height)| *height),
        }
    });
    SiteData {
        language: config.language(),
        // In one form, however the settings write it.
        url: config
            .site_url()
            .or_else(|| Some(config.html.site_url.clone()?.value)),
        words: words.map(|(key, text)| (key.into(), text.into())).collect(),
        markdown: MarkdownData {
            raw_html: settings.raw_html,
            smart_punctuation: settings.smart_punctuation,
            definition_lists: settings.definition_lists,
            admonitions: settings.callouts,
        },
        party_pages: project.groups.parties,
        comparisons: comparisons
            .map(|(a, b)| format!("{}..{}", id(*a), id(*b)))
            .collect(),
        pages: project
            .document
            .prose
            .iter()
            .map(|p| p.path.as_str())
            .collect(),
        files: files.collect(),
    }
}
