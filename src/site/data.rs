//! A site from the data of a built one, for tables in documents where the sources are
//! not at hand. No page of it is made.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::findings::{Code, Digest, Findings, Severity};
use crate::input::{DataAsset, parse_data};
use crate::model::{self, Content};
use crate::render::theme;
use crate::site::plan::{Plan, plain_code};
use crate::site::settings::replace_site_url;
use crate::site::{Lost, Site};
use crate::source::Source;
use crate::text::Highlighter;
use crate::text::links::ImageSize;

impl Site {
    /// Reads `data/responsibilities.json` of a built site, of this or an earlier version.
    /// `site_url` replaces the address in it.
    ///
    /// # Errors
    /// The findings if tables cannot be made from it.
    pub fn of_data(source: &Source, path: &str, site_url: Option<&str>) -> Result<Site, Findings> {
        let mut findings = Findings::default();
        let text = source.data(path).map_err(|finding| {
            let mut findings = Findings::default();
            findings.push(finding);
            findings
        })?;
        let parsed = parse_data(&text.path, &text.text);
        findings.extend(parsed.findings);
        let Some(data) = parsed.record else {
            return Err(findings);
        };
        let mut config = data.config(&text.path, &mut findings);
        replace_site_url(&mut config, site_url);
        let facts = data.site.clone();
        let (words, files) = facts
            .map(|site| (site.words, site.files))
            .unwrap_or_default();
        let document = model::of_data(&text.path, data, text.text.len(), &mut findings);
        let (files, images) = assets(files);
        let content = Content::of_data(config.src(), files.into_iter());
        let nothing = Source::memory(BTreeMap::new());
        let mut theme = theme::load(&nothing, &config, &mut findings);
        for (key, text) in words.0 {
            theme.strings.replace(key.value, text.0);
        }
        let mut plan = Plan::new(&nothing, &config, &document, &theme, &content, images);
        plan.targets.code = Highlighter::new(plain_code(&document));
        // Which of these files the site has is not known.
        let mut planned = plan.findings.clone();
        planned.list.retain(|f| f.code != Code::PathCollision);
        findings.extend(planned);
        findings.list.retain(|f| f.severity == Severity::Error);
        if findings.has_errors() {
            return Err(findings);
        }
        Ok(Site {
            config: Arc::new(config),
            document,
            theme: Arc::new((theme, Findings::default())),
            plan: Arc::new(plan),
            active: Default::default(),
            shared_key: Digest::default(),
            keys: Vec::new(),
            findings,
            examined: 0,
            lost: Lost::Nothing,
        })
    }
}

/// The paths of copied files, and the sizes of images among them.
fn assets(files: Vec<DataAsset>) -> (Vec<String>, BTreeMap<String, ImageSize>) {
    let mut images = BTreeMap::new();
    let mut paths = Vec::new();
    for file in files {
        let path = file.path.0;
        let size = |pixels: Option<i64>| usize::try_from(pixels?).ok();
        if let (Some(width), Some(height)) = (size(file.width), size(file.height)) {
            images.insert(path.clone(), (width, height));
        }
        paths.push(path);
    }
    (paths, images)
}
