//! The content folder: sorts its files by kind, and reads and decodes them in
//! parallel into one document. `assemble` puts them together.

mod kinds;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::findings::{Code, Digest, Finding, Findings, ListMemo, Memo, Place, Severity};
use crate::input::{Config, Text, parse_page, parse_record};

use crate::model::content::kinds::{Kind, Published, kind_of, unread_page};
use crate::model::limits::Room;
use crate::model::{Document, ProsePages, assemble};
use crate::source::{Source, SourceText, SourceTexts};
use crate::text::markdown::Settings;

/// The files of the content folder, sorted by kind.
pub struct Content {
    /// The folder, relative to the project.
    pub src: String,
    site: Vec<String>,
    models: Vec<String>,
    categories: Arc<Vec<String>>,
    prose: Arc<Vec<String>>,
    /// How Markdown is read, which decides what the words of a title are.
    settings: Settings,
    /// Whether readers see reviews.
    publishes_reviews: bool,
    /// Copied files: path below the content folder, and path in the site.
    pub assets: HashMap<String, String>,
}

impl Content {
    /// Lists and sorts the files; nothing is read yet.
    pub fn list(
        source: &Source,
        config: &Config,
        memos: &ContentMemos,
        findings: &mut Findings,
    ) -> Arc<Content> {
        let src = config.src();
        if let Err(mut finding) = source.allows(src) {
            finding.place = config.book.src.as_ref().map(|t| t.place.clone());
            findings.push(finding);
            return Arc::new(Content::empty(src));
        }
        if !source.is_folder(src) {
            // Settings that could not be read may have named another folder.
            let broken = |f: &Finding| {
                f.severity == Severity::Error
                    && f.place.as_ref().is_some_and(|p| &*p.file == "book.toml")
            };
            if config.book.src.is_some() || !findings.list.iter().any(broken) {
                let place = config.book.src.as_ref().map(|t| t.place.clone());
                findings.push(
                    Finding::new(
                        Code::Unreadable,
                        place.or(Some(Place::file("book.toml"))),
                        format!("there is no content folder `{src}`"),
                    )
                    .suggest_found(
                        source.folders_with("srm.yaml").first().map(String::as_str),
                        &[],
                    )
                    .help("create it, or set `src` under `[book]`")
                    .help("`srm-site init` creates a working project"),
                );
            }
            return Arc::new(Content::empty(src));
        }
        let listing = source.walk(src, findings);
        let publish = &config.srm.publish;
        let patterns: Vec<_> = publish.iter().map(|t| (&t.value, &t.place)).collect();
        let settings = (
            config.markdown(),
            config.srm.publish_reviews.unwrap_or(false),
        );
        let key = Digest::of(&(listing.key, src, settings, patterns));
        let sorted = memos
            .sorted
            .get("", key, || Content::sort(config, &listing.files));
        let mut more = sorted.1.clone();
        // A file that exists but cannot be read is not missing.
        let known: Vec<Place> = findings
            .list
            .iter()
            .filter_map(|f| f.place.clone())
            .collect();
        more.list
            .retain(|f| f.code != Code::MissingKey || !f.place.iter().any(|p| known.contains(p)));
        findings.extend(more);
        sorted.0.clone()
    }

    fn empty(src: &str) -> Content {
        Content {
            src: src.to_string(),
            site: Vec::new(),
            models: Vec::new(),
            categories: Arc::default(),
            prose: Arc::default(),
            settings: Settings::default(),
            publishes_reviews: false,
            assets: HashMap::new(),
        }
    }

    /// The content folder of data, of which only the names of copied files are known.
    pub fn of_data(src: &str, files: impl Iterator<Item = String>) -> Content {
        Content {
            assets: files.map(|path| (path.clone(), path)).collect(),
            ..Content::empty(src)
        }
    }

    /// Sorts the files by kind, with findings for wrong names.
    fn sort(config: &Config, files: &[String]) -> (Arc<Content>, Findings) {
        let (src, publish) = (config.src(), &config.srm.publish);
        let mut findings = Findings::default();
        let mut content = Content {
            settings: config.markdown(),
            publishes_reviews: config.srm.publish_reviews.unwrap_or(false),
            ..Content::empty(src)
        };
        let (mut categories, mut prose) = (Vec::new(), Vec::new());
        let mut published = Published::new(publish, &mut findings);
        for path in files {
            let below = &path[src.len() + 1..];
            match kind_of(below, published.has(below)) {
                Kind::Site => content.site.push(path.clone()),
                Kind::Model => content.models.push(path.clone()),
                Kind::Category => categories.push(path.clone()),
                Kind::Prose => prose.push(path.clone()),
                Kind::Ignored => {}
                Kind::Stray(finding) => findings.push(finding(path)),
                kind @ (Kind::Asset | Kind::Unread) => {
                    content.assets.insert(below.to_string(), below.to_string());
                    if matches!(kind, Kind::Unread) {
                        findings.push(unread_page(path));
                    }
                }
            }
        }
        published.unused(src, &mut findings);
        if content.site.is_empty() {
            findings.push(
                Finding::new(
                    Code::MissingKey,
                    Place::file(&format!("{src}/srm.yaml")),
                    format!("`{src}/srm.yaml` is missing"),
                )
                .help("create it with `schema: 1` and the parties")
                .help("`srm-site init` creates one"),
            );
        }
        content.categories = Arc::new(categories);
        content.prose = Arc::new(prose);
        (Arc::new(content), findings)
    }

    /// The document without categories and prose.
    fn frame(&self, source: &Source, findings: &mut Findings) -> Document {
        let site = read(source, &self.site, findings, |text| {
            parse_record(&text.path, &text.text)
        });
        let models = read(source, &self.models, findings, |text| {
            let parsed = parse_page(&text.path, &text.text);
            let id = Text {
                value: stem(&text.path).to_string(),
                place: Place::file(&text.path),
            };
            (id, parsed)
        });
        let is_read = |id: &str| models.iter().any(|(read, _)| read.value == id);
        let unread = self.models.iter().map(|path| stem(path));
        let unread = unread.filter(|id| !is_read(id)).map(str::to_string);
        let unread = unread.collect();
        assemble::frame(
            site.into_iter().next(),
            models,
            unread,
            self.publishes_reviews,
            findings,
        )
    }

    /// Reads and decodes all files in parallel, and assembles the document.
    pub fn document(
        &self,
        source: &Source,
        memos: &ContentMemos,
        drafts: bool,
        findings: &mut Findings,
    ) -> Document {
        let mut document = self.frame(source, findings);
        let frame = assemble::frame_key(&document);
        let texts = source.texts(&self.categories, &memos.category_texts, findings);
        let texts: Vec<&Arc<SourceText>> = texts.iter().flatten().collect();
        let bytes = texts.iter().map(|text| text.text.len()).sum();
        let room = Room::new(&document, bytes);
        // Categories that exceeded the limit are read again when there may be room.
        let made_with = Digest::of(&(frame, memos.overflows.load(Relaxed)));
        let made_from = texts.iter().map(|text| (text.hash, made_with)).collect();
        let categories = memos.categories.all(made_from, |at| {
            let text = &texts[at];
            let made_from = Digest::of(&(text.hash, frame));
            let parsed = parse_record(&text.path, &text.text);
            let id = stem(&text.path).to_string();
            assemble::category(&document, id, made_from, parsed, &room)
        });
        let texts = source.texts(&self.prose, &memos.prose_texts, findings);
        let texts: Vec<&Arc<SourceText>> = texts.iter().flatten().collect();
        let made_from = |text: &Arc<SourceText>| Digest::of(&(text.hash, self.settings));
        let made_from: Vec<Digest> = texts.iter().map(|text| made_from(text)).collect();
        let all = Digest::of_all(made_from.iter().copied());
        let prose = memos.prose.all(made_from, |at| {
            let text = &texts[at];
            let below = text.path[self.src.len() + 1..].to_string();
            let parsed = parse_page(&text.path, &text.text);
            assemble::prose_page(below, text.hash, parsed, self.settings)
        });
        let written = categories.iter().map(|one| (&one.written, &one.id.place));
        document.categories = match room.overflow(written) {
            None => assemble::categories(&categories, &memos.good_ids, findings),
            Some(overflow) => {
                memos.overflows.fetch_add(1, Relaxed);
                assemble::findings_of(&categories, findings);
                findings.push(overflow);
                Vec::new()
            }
        };
        let shown = memos.shown.get("", Digest::of(&(drafts, all)), || {
            assemble::prose(&prose, drafts, &memos.reading_orders)
        });
        document.prose = shown.0.clone();
        findings.extend(shown.1.clone());
        document
    }
}

/// Decoded files, kept for the next run over the same project.
#[derive(Default)]
pub struct ContentMemos {
    sorted: Memo<(Arc<Content>, Findings)>,
    category_texts: Mutex<SourceTexts>,
    prose_texts: Mutex<SourceTexts>,
    categories: ListMemo<assemble::OneCategory, (Digest, Digest)>,
    /// The number of runs in which the categories had too many cells.
    overflows: AtomicUsize,
    prose: ListMemo<assemble::OneProse>,
    good_ids: Memo<bool>,
    shown: Memo<(Arc<ProsePages>, Findings)>,
    /// Asked for only if the pages changed, so it is never dropped.
    reading_orders: Memo<Vec<usize>>,
}

impl ContentMemos {
    /// Drops what the last run did not ask for.
    pub fn sweep(&self) {
        self.sorted.sweep();
        self.good_ids.sweep();
        self.shown.sweep();
    }
}

/// Reads files in parallel. A file that cannot be read adds a finding.
fn read<T: Send>(
    source: &Source,
    paths: &[String],
    findings: &mut Findings,
    decode: impl Fn(&SourceText) -> T + Sync,
) -> Vec<T> {
    let results: Vec<Result<T, Finding>> = paths
        .par_iter()
        .map(|path| source.text(path).map(|text| decode(&text)))
        .collect();
    let mut decoded = Vec::with_capacity(results.len());
    for result in results {
        match result {
            Ok(one) => decoded.push(one),
            Err(finding) => findings.push(finding),
        }
    }
    decoded
}

/// The id in a file's name.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
