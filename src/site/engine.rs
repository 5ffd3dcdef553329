//! The author's loop: looks at a project again and again, and hangs up each
//! revision for all to see. It redoes what an edit touched, keeps the last good
//! site up while the sources are broken, and speaks to no network and no disk
//! but through the source.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use tokio::sync::watch;

use crate::findings::diag::{Findings, LineCol};
use crate::findings::memo::Digest;
use crate::input::config::Config;
use crate::report::{self, Problem};
use crate::site::{self, Checked, Memos, Options, Outcome, Site};
use crate::source::{Hint, Seen, Source};
use crate::text::address::encode;

/// Where the newest revision hangs for all to see. Clones are the same board.
#[derive(Clone)]
pub struct Board {
    now: Arc<Mutex<Arc<Revision>>>,
    number: watch::Sender<u64>,
}

impl Default for Board {
    fn default() -> Self {
        Board {
            now: Arc::default(),
            number: watch::Sender::new(0),
        }
    }
}

impl Board {
    /// The newest revision.
    pub fn now(&self) -> Arc<Revision> {
        lock(&self.now).clone()
    }

    /// Hears the number of each new revision.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.number.subscribe()
    }

    /// Hangs up a revision and gives it its numbers, unless it is to follow
    /// another than the newest.
    pub fn publish(&self, follows: Option<u64>, mut revision: Revision) -> Option<Arc<Revision>> {
        let mut now = lock(&self.now);
        if follows.is_some_and(|number| number != now.number) {
            return None;
        }
        revision.number = now.number + 1;
        let same = match (&revision.site, &now.site) {
            (Some(new), Some(old)) => Arc::ptr_eq(new, old),
            _ => false,
        };
        revision.site_number = if same {
            now.site_number
        } else {
            revision.number
        };
        *now = Arc::new(revision);
        self.number.send_replace(now.number);
        Some(now.clone())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What there is to see after one look at the sources.
#[derive(Default)]
pub struct Revision {
    /// Grows by one; 0 when nothing was looked at yet.
    pub number: u64,
    /// The last good site; `None` until there is one.
    pub site: Option<Arc<Snapshot>>,
    /// Number of the revision that site was new in.
    pub site_number: u64,
    /// The same of the revision that this one was compared with.
    pub since: u64,
    /// Paths of pages and files that differ from that revision; `None` when that
    /// is not known.
    pub changed: Option<BTreeSet<String>>,
    /// Pages and files that are gone since that revision.
    pub gone: BTreeSet<String>,
    /// Everything wrong or doubtful now, acknowledged findings left out.
    pub problems: Vec<Problem>,
    /// Whether the problems keep the sources from being shown, so that `site`
    /// is older than they are.
    pub failed: bool,
}

/// A file of a site.
pub struct File {
    pub bytes: Vec<u8>,
    /// Hash of the bytes, hexadecimal.
    pub hash: String,
}

fn finished(bytes: Vec<u8>) -> Arc<File> {
    let hash = Digest::of_bytes(&bytes).to_string();
    Arc::new(File { bytes, hash })
}

/// Most bytes of made files that a snapshot keeps. Others are made again when
/// somebody asks for them.
const KEPT_BYTES: usize = 64 << 20;

/// One site in memory. It never changes: a path gives the same bytes whenever
/// it is asked for.
pub struct Snapshot {
    site: Site,
    source: Arc<Source>,
    /// Path to place; snapshots of sites with the same pages and files share it.
    places: Arc<HashMap<String, usize>>,
    /// By place: equal keys, equal bytes.
    keys: Vec<Digest>,
    made: Mutex<Made>,
}

/// Files that were made so far.
#[derive(Default)]
struct Made {
    /// By place.
    files: HashMap<usize, Arc<File>>,
    bytes: usize,
}

impl Made {
    fn keep(&mut self, place: usize, file: &Arc<File>) {
        if self.bytes + file.bytes.len() > KEPT_BYTES {
            *self = Made::default();
        }
        if file.bytes.len() <= KEPT_BYTES && !self.files.contains_key(&place) {
            self.bytes += file.bytes.len();
            self.files.insert(place, file.clone());
        }
    }
}

impl Snapshot {
    /// A site of finished files, for tests and tools.
    pub fn of(files: BTreeMap<String, Vec<u8>>) -> Snapshot {
        let source = Arc::new(Source::memory(BTreeMap::new()));
        let (options, memos) = (Options::default(), Memos::default());
        let config = Arc::new(Config::defaults());
        let site = Site::read(&source, config, &options, Findings::default(), &memos);
        let paths = files.keys().cloned().enumerate();
        let places = paths.map(|(at, path)| (path, at)).collect();
        let keys = files.values().map(Digest::of).collect();
        let made = files.into_values().map(finished).enumerate();
        let made = Made {
            files: made.collect(),
            bytes: 0,
        };
        Snapshot {
            site,
            source,
            places: Arc::new(places),
            keys,
            made: Mutex::new(made),
        }
    }

    /// A site that is ready to be shown. What is the same in `before` is not
    /// made again.
    fn new(site: Site, source: Arc<Source>, before: Option<&Snapshot>) -> Snapshot {
        let places = site.places().clone();
        let keys = [site.page_keys(), &site.file_keys(&source)].concat();
        let snapshot = Snapshot {
            site,
            source,
            places,
            keys,
            made: Mutex::default(),
        };
        if let Some(before) = before {
            let same_places = Arc::ptr_eq(&snapshot.places, &before.places);
            let mut made = lock(&snapshot.made);
            for (old, file) in &lock(&before.made).files {
                let new = match same_places {
                    true => Some(old),
                    false => snapshot.places.get(before.site.path(*old)),
                };
                if let Some(new) = new.filter(|new| snapshot.keys[**new] == before.keys[*old]) {
                    made.keep(*new, file);
                }
            }
            drop(made);
        }
        snapshot
    }

    /// The project this is the site of.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// A file by its path in the site. It may have to be made, which for a
    /// large page takes some milliseconds.
    pub fn file(&self, path: &str) -> Option<Arc<File>> {
        let place = *self.places.get(path)?;
        if let Some(file) = lock(&self.made).files.get(&place) {
            return Some(file.clone());
        }
        let bytes = match place.checked_sub(self.pages()) {
            None => self.site.html(place).into_bytes(),
            Some(at) => self.site.file(at, &self.source).ok()?,
        };
        Some(self.keep(place, bytes))
    }

    fn keep(&self, place: usize, bytes: Vec<u8>) -> Arc<File> {
        let file = finished(bytes);
        lock(&self.made).keep(place, &file);
        file
    }

    /// Checks the site, making pages on the way.
    fn check(&self, asked: &Asked, wanted: &(dyn Fn(usize) -> bool + Sync)) -> Checked {
        let keep = |at: usize, html: String| {
            self.keep(at, html.into_bytes());
        };
        self.site
            .check(&self.source, &asked.memos, wanted, &keep, &|_, _| {})
    }

    /// Whether a page is looked at in the first half of a look.
    fn early(&self, at: usize, shown: Option<&Snapshot>) -> bool {
        let page = &self.site.pages()[at];
        let before = || {
            let shown = shown?;
            let place = *shown.places.get(&page.path)?;
            (place < shown.pages()).then(|| shown.site.own_text(place))?
        };
        !page.kind.gathers() || self.site.own_text(at) != before()
    }

    /// All paths, in no order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// A digest of what a file is made from: equal keys, equal bytes.
    pub fn key(&self, path: &str) -> Option<Digest> {
        self.places.get(path).map(|place| self.keys[*place])
    }

    /// The sources it was made from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The settings it was made with.
    pub fn config(&self) -> &Config {
        self.site.config()
    }

    /// Whether there is a page at a path.
    pub fn is_page(&self, path: &str) -> bool {
        let place = self.places.get(path);
        place.is_some_and(|place| *place < self.pages())
    }

    /// Whether a file would run as code in a browser though nothing allows it.
    pub fn is_active(&self, path: &str) -> bool {
        self.site.is_active(path)
    }

    /// How many pages there are.
    pub fn pages(&self) -> usize {
        self.site.pages().len()
    }
}

/// A project under the author's hands.
pub struct Live {
    board: Board,
    asked: Arc<Asked>,
    /// The sources as they were seen last.
    source: Arc<Source>,
    /// Everything that was looked at.
    seen: Arc<Seen>,
    /// Stops the second half of the look before.
    superseded: Arc<AtomicBool>,
}

/// What the halves of a look share.
struct Asked {
    options: Options,
    /// Address that opens a file in an editor, with `{path}`, `{line}` and
    /// `{column}`.
    editor: Option<String>,
    folder: PathBuf,
    memos: Memos,
}

/// What one look at the sources came to, for whoever tells the author.
pub struct Look {
    /// Sources that changed, came or went; paths in the project.
    pub sources: Vec<String>,
    /// The revision that was hung up; `None` when there was nothing new.
    pub revision: Option<Arc<Revision>>,
    /// Pages of the site.
    pub pages: usize,
    pub findings: Findings,
    /// The sources of the findings, for excerpts.
    pub source: Arc<Source>,
}

/// The second half of a look: pages that show what other pages show as well.
pub struct Rest {
    asked: Arc<Asked>,
    board: Board,
    /// The revision of the first half.
    follows: u64,
    snapshot: Arc<Snapshot>,
    /// The good site before.
    before: Option<Arc<Snapshot>>,
    /// What the first half found, and whether that stopped it.
    findings: Findings,
    failed: bool,
    superseded: Arc<AtomicBool>,
}

impl Live {
    /// Gets ready to look at the project in a folder; `editor` is an address
    /// that opens a file, with `{path}`, `{line}` and `{column}` in it.
    pub fn new(folder: &Path, options: Options, editor: Option<String>) -> Live {
        let source = Source::watched(folder).following_links(options.follow_links);
        let asked = Asked {
            options,
            editor,
            folder: std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf()),
            memos: Memos::default(),
        };
        Live {
            board: Board::default(),
            asked: Arc::new(asked),
            source: Arc::new(source),
            seen: Arc::default(),
            superseded: Arc::default(),
        }
    }

    /// Where the revisions hang.
    pub fn board(&self) -> Board {
        self.board.clone()
    }

    /// Everything that was looked at so far.
    pub fn seen(&self) -> Arc<Seen> {
        self.seen.clone()
    }

    /// Looks at the sources and hangs up what is new. Large pages that only
    /// gather what others show are left for the second half, which may run
    /// while somebody looks at this revision already.
    pub fn look(&mut self, hint: &Hint) -> (Look, Option<Rest>) {
        let asked = &self.asked;
        let source = Arc::new(self.source.look_again(hint));
        let mut findings = Findings::default();
        let config = Arc::new(site::config(&source, &asked.options, &mut findings));
        let site = Site::read(&source, config, &asked.options, findings, &asked.memos);
        let sources = source.differences(&self.source);
        if !source.same_places(&self.source) {
            self.seen = Arc::new(source.seen());
        }
        self.source = source.clone();
        let shown = self.board.now();
        let snapshot = Arc::new(Snapshot::new(site, source.clone(), shown.site.as_deref()));
        let Checked { findings, complete } = if snapshot.site.stopped(&asked.options) {
            Checked {
                findings: snapshot.site.findings().clone(),
                complete: false,
            }
        } else {
            let shown = shown.site.as_deref();
            if let Some(shown) = shown {
                snapshot.site.take_over(&shown.site, &asked.memos);
            }
            let reported = snapshot.site.reported(&asked.memos);
            // Else an error that is mended would be told once more.
            let was_wrong = snapshot.site.was_wrong(&asked.memos);
            snapshot.check(asked, &|at| {
                reported[at] || was_wrong[at] || snapshot.early(at, shown)
            })
        };
        if complete {
            asked.memos.sweep();
        }
        let outcome = snapshot.site.outcome(&asked.options, findings);
        let revision = asked.revision(&snapshot, &shown, &outcome);
        let new = revision.differs(&shown);
        let revision = new.then(|| self.board.publish(None, revision)).flatten();
        let again = new || !sources.is_empty();
        if again {
            self.superseded.store(true, Ordering::Relaxed);
            self.superseded = Arc::default();
        }
        let rest = (again && !complete).then(|| Rest {
            asked: self.asked.clone(),
            board: self.board.clone(),
            follows: revision.as_ref().unwrap_or(&shown).number,
            snapshot: snapshot.clone(),
            before: shown.site.clone(),
            findings: outcome.findings.clone(),
            failed: outcome.failed,
            superseded: self.superseded.clone(),
        });
        let look = Look {
            sources,
            revision,
            pages: outcome.pages,
            findings: outcome.findings,
            source,
        };
        (look, rest)
    }
}

impl Rest {
    /// Whether the author waits for it: nothing is shown yet, or not all that
    /// is wrong was told.
    fn is_urgent(&self) -> bool {
        self.before.is_none() || self.failed
    }

    /// Makes the pages that were left and hangs up what that brought to
    /// light. Gives up when the sources were looked at again meanwhile.
    pub fn finish(self) -> Option<Look> {
        let Rest {
            asked, snapshot, ..
        } = &self;
        let over = || self.superseded.load(Ordering::Relaxed);
        let Checked { findings, .. } = snapshot.check(asked, &|_| !over());
        if over() {
            return None;
        }
        asked.memos.sweep();
        let outcome = snapshot.site.outcome(&asked.options, findings);
        if outcome.findings.list == self.findings.list {
            return None;
        }
        let shown = self.board.now();
        let mut revision = asked.revision(snapshot, &shown, &outcome);
        if outcome.failed {
            revision.site = self.before.clone();
            revision.changed = None;
        }
        let revision = self.board.publish(Some(self.follows), revision)?;
        Some(Look {
            sources: Vec::new(),
            revision: Some(revision),
            pages: outcome.pages,
            findings: outcome.findings,
            source: snapshot.source.clone(),
        })
    }
}

impl Asked {
    /// What there is to see once a snapshot was looked at.
    fn revision(&self, new: &Arc<Snapshot>, shown: &Revision, outcome: &Outcome) -> Revision {
        let editor = |file: &str, at: LineCol| {
            let path = self.folder.join(file);
            let path = encode(&path.to_string_lossy());
            let address = self.editor.as_ref()?.replace("{path}", &path);
            let address = address.replace("{line}", &at.line.to_string());
            Some(address.replace("{column}", &at.column.to_string()))
        };
        let mut revision = match outcome.failed {
            true => Revision {
                site: shown.site.clone(),
                since: shown.site_number,
                changed: Some(BTreeSet::new()),
                ..Revision::default()
            },
            false => Revision::showing(new.clone(), shown),
        };
        revision.problems = report::problems(&outcome.findings, &new.source, editor);
        revision.failed = outcome.failed;
        revision
    }
}

impl Revision {
    /// A site to be shown after another revision, without problems.
    pub fn showing(new: Arc<Snapshot>, shown: &Revision) -> Revision {
        let mut revision = Revision {
            since: shown.site_number,
            ..Revision::default()
        };
        if let Some(before) = &shown.site {
            if Arc::ptr_eq(&new.places, &before.places) {
                let changed = (0..new.keys.len()).filter(|at| before.keys[*at] != new.keys[*at]);
                let paths = changed.map(|at| new.site.path(at).to_string());
                revision.changed = Some(paths.collect());
            } else {
                let changed = new.paths().filter(|path| before.key(path) != new.key(path));
                revision.changed = Some(changed.map(String::from).collect());
                let gone = before.paths().filter(|path| new.key(path).is_none());
                revision.gone = gone.map(String::from).collect();
            }
        }
        revision.site = Some(new);
        revision
    }

    /// Whether anybody would see a difference.
    fn differs(&self, shown: &Revision) -> bool {
        let first = shown.number == 0 || self.site.is_some() != shown.site.is_some();
        let files = self.changed.as_ref().is_none_or(|c| !c.is_empty()) || !self.gone.is_empty();
        let words = (self.failed, &self.problems) != (shown.failed, &shown.problems);
        first || files || words
    }
}

/// The hint that anything may be new.
pub fn everything() -> Hint {
    Hint {
        listing: true,
        ..Hint::default()
    }
}

/// Quiet time after which large pages are made that nobody asked for yet.
const PAUSE: Duration = Duration::from_millis(400);
/// How often that is put off while saves follow each other.
const MOST_PUT_OFF: usize = 10;

/// Looks at a project whenever `wait` says that something may have changed,
/// until it says that this is all. The first look is at once. `tell` hears of
/// every look, from two threads.
pub fn follow(
    mut live: Live,
    mut wait: impl FnMut(&Arc<Seen>) -> Option<Hint>,
    tell: impl Fn(&Look) + Sync,
) {
    let (rests, waiting) = mpsc::channel::<Rest>();
    let tell = &tell;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Threads of its own, so that a large page here does not keep the
            // first half of the next look waiting.
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok();
            while let Ok(mut rest) = waiting.recv() {
                // While saves follow each other, only the last one's is worth
                // the work; but not for ever.
                for _ in 0..MOST_PUT_OFF {
                    if rest.is_urgent() {
                        break;
                    }
                    match waiting.recv_timeout(PAUSE) {
                        Ok(newer) => rest = newer,
                        Err(_) => break,
                    }
                }
                let look = match &pool {
                    Some(pool) => pool.install(|| rest.finish()),
                    None => rest.finish(),
                };
                look.iter().for_each(tell);
            }
        });
        let mut hint = everything();
        loop {
            let (look, rest) = live.look(&hint);
            tell(&look);
            rest.into_iter().for_each(|rest| drop(rests.send(rest)));
            match wait(&live.seen) {
                Some(next) => hint = next,
                None => break,
            }
        }
        live.superseded.store(true, Ordering::Relaxed);
        drop(rests);
    });
}
