//! Plans which pages and files a site has, and what all of them share. Nothing is
//! rendered here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::findings::{Digest, Findings, Memo};
use crate::input::Config;
use crate::model::{Content, Document, ModelIx};
use crate::pages::{self, Nav, Page, Project};
use crate::render;
use crate::render::theme::Theme;
use crate::render::{Files, Menu};
use crate::site::Options;
use crate::source::Source;
use crate::text::{Highlighter as Highlighting, code_size_in_cells, image_size, is_image};

use crate::text::links::{ImageSize, Targets};

/// The sizes of the copied images, by their path in the site. An image that cannot be
/// read is reported when it is copied.
pub(super) fn measure(
    content: &Content,
    source: &Source,
    memo: &Memo<Option<ImageSize>>,
) -> BTreeMap<String, ImageSize> {
    let paths: Vec<_> = content.assets.iter().collect();
    let size = |(below, path): &(&String, &String)| {
        let from = format!("{}/{below}", content.src);
        let size = memo.get(&from, source.hash(&from).ok()?, || {
            image_size(&from, &source.bytes(&from).ok()?)
        });
        Some((path.to_string(), (*size)?))
    };
    let sizes = paths.par_iter().filter(|(_, path)| is_image(path));
    sizes.filter_map(size).collect()
}

/// Which pages and files there are, and what they share.
pub(super) struct Plan {
    pub(super) pairs: Vec<(ModelIx, ModelIx)>,
    pub(super) pages: Vec<Page>,
    pub(super) files: Files,
    pub(super) targets: Targets,
    /// The index of every page and file by path: first all pages, then all files.
    pub(super) places: Arc<HashMap<String, usize>>,
    pub(super) menu: Menu,
    /// The values that every template sees.
    pub(super) shared: tera::Context,
    pub(super) findings: Findings,
}

impl Plan {
    pub(super) fn new(
        source: &Source,
        config: &Config,
        document: &Document,
        theme: &Theme,
        content: &Content,
        images: BTreeMap<String, ImageSize>,
    ) -> Plan {
        let mut findings = Findings::default();
        let pairs = pages::pairs(document, config, &mut findings);
        let project = Project {
            document,
            config,
            strings: &theme.strings,
            groups: config.groups(),
            pairs: &pairs,
        };
        let pages = project.pages();
        let files = Files::plan(
            source,
            config,
            &project,
            &pages,
            content,
            theme,
            &mut findings,
        );
        let targets = project.targets(&pages, files.paths(), content.assets.clone(), images);
        let heads = files.heads(config);
        let paths = pages.iter().map(|page| page.path.clone());
        let places = paths.chain(files.paths()).enumerate();
        let places = Arc::new(places.map(|(at, path)| (path, at)).collect());
        let nav = Nav::new(&project, &pages);
        let policy = !config.adds_scripts() && !theme.has_code;
        let shared = render::shared(&project, &nav, &heads, policy);
        let menu = Menu::new(&nav, &pages, project.strings);
        Plan {
            pairs,
            pages,
            files,
            targets,
            places,
            menu,
            shared,
            findings,
        }
    }
}

/// The files whose code is shown as plain text because the site has too much code.
pub(super) fn plain_code(document: &Document) -> BTreeSet<Arc<str>> {
    let frame = document.frame_texts().map(|text| text.value.as_str());
    let frame_file = document.frame_texts().map(|text| &text.place.file).next();
    let frame = frame_file.map(|file| (file, code_size_in_cells(frame)));
    let intros = document.models.iter().map(|model| &model.intro);
    let prose = || {
        intros
            .clone()
            .chain(document.prose.iter().map(|page| &**page))
    };
    let categories = document.categories.iter().map(|c| (&c.file, c.code));
    let files = frame.into_iter().chain(categories);
    let files = files.chain(prose().map(|prose| (&prose.file, prose.code)));
    let files: Vec<_> = files.collect();
    Highlighting::plain(&files, prose().map(|prose| prose.body.len()).sum())
}

/// A digest of the settings and the options.
pub(super) fn settings_key(source: &Source, options: &Options) -> Digest {
    let text = source.known("book.toml").map(|text| text.hash);
    Digest::of(&(env!("SRM_SITE_BUILD"), text, &options.site_url))
}
