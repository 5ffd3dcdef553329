//! Runs the commands `serve` and `watch`: it connects the author's loop, the watcher
//! and the server, and ends all of them together. `cli` prints the messages.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::serve::{self, Port};
use crate::site::Options;
use crate::site::engine::{self, Board, Live, Look, Snapshot};
use crate::source::{Hint, SeenPaths};
use crate::watch::{Mode, Waker, Watcher};

/// The options of both commands.
pub struct PreviewSettings {
    /// Folder of the project.
    pub folder: PathBuf,
    /// The options of each run.
    pub options: Options,
    /// Address that opens a file in an editor, with `{path}`, `{line}` and
    /// `{column}`.
    pub editor: Option<String>,
    /// How changes are noticed.
    pub mode: Mode,
    /// The time between two checks if files have to be polled.
    pub interval: Duration,
    /// Further files to watch, as absolute paths.
    pub more: BTreeSet<PathBuf>,
}

/// Where to serve the site, and under which names.
pub struct ServerSettings {
    /// Address or name of this machine to listen on.
    pub host: String,
    /// The port to listen on.
    pub port: Port,
    /// The path of the site.
    pub base: String,
    /// Further host names that requests may use.
    pub hosts: Vec<String>,
}

/// What is reported to the author.
pub enum Event<'a> {
    /// The server listens on this address.
    Serving(String),
    /// A rebuild, and the time since the change that caused it.
    Looked(&'a Look, Duration),
    /// A remark of the watcher.
    Remark(&'a str),
}

/// The shortest pause before a site is used again after that failed.
const FIRST_RETRY: Duration = Duration::from_secs(1);

/// How many times longer than the failed attempt the pause is, so that a large site does
/// not keep the machine busy.
const PAUSE_FACTOR: u32 = 20;

/// Uses the site that is shown, unless the newest revision has errors. Returns when to
/// try again if that failed: nothing reports that a disk has space again.
fn attempt(board: &Board, use_site: &mut impl FnMut(&Snapshot) -> bool) -> Option<Instant> {
    let site = good(board)?;
    let started = Instant::now();
    let pause = || FIRST_RETRY.max(started.elapsed() * PAUSE_FACTOR);
    (!use_site(&site)).then(|| Instant::now() + pause())
}

/// Uses the site that is shown, again if that fails, until something may have changed;
/// `None` at the end.
fn use_and_wait(
    board: &Board,
    use_site: &mut impl FnMut(&Snapshot) -> bool,
    watching: &mut Watching,
    seen: &Arc<SeenPaths>,
) -> Option<Hint> {
    loop {
        let retry = attempt(board, use_site);
        let hint = next(watching, seen, retry)?;
        if hint != Hint::default() {
            return Some(hint);
        }
    }
}

/// Serves a project until the process is asked to end. `use_site` is called with each
/// good site after it is shown, and again later if it returns `false`.
///
/// # Errors
/// A line that says why nothing can be served.
pub fn serve(
    asked: PreviewSettings,
    server: ServerSettings,
    tell: impl Fn(Event<'_>) + Clone + Send + Sync + 'static,
    mut use_site: impl FnMut(&Snapshot) -> bool,
) -> Result<(), String> {
    let listener = serve::bind(&server.host, server.port)?;
    let (live, mut watcher) = begin(asked, &tell)?;
    let options = serve::Mount {
        base: server.base,
        hosts: server.hosts,
    };
    let running =
        serve::start(listener, live.board(), options).map_err(|e| format!("cannot serve: {e}"))?;
    let address = format!("http://{}{}", running.address(), running.base());
    tell(Event::Serving(address));
    let board = live.board();
    let since = Mutex::new(Instant::now());
    let now = || since.lock().unwrap_or_else(PoisonError::into_inner);
    engine::follow(
        live,
        |seen| {
            let hint = use_and_wait(&board, &mut use_site, &mut watcher, seen)?;
            *now() = Instant::now();
            Some(hint)
        },
        |look| tell(Event::Looked(look, now().elapsed())),
    );
    running.stop();
    Ok(())
}

/// Calls `use_site` with each good site of a project until the process is asked to
/// end, and again later if it returns `false`.
///
/// # Errors
/// A line that says why nothing can be watched.
pub fn watch(
    asked: PreviewSettings,
    tell: impl Fn(Event<'_>) + Clone + Send + Sync + 'static,
    mut use_site: impl FnMut(&Snapshot) -> bool,
) -> Result<(), String> {
    let (mut live, mut watcher) = begin(asked, &tell)?;
    let mut hint = engine::everything();
    loop {
        let since = Instant::now();
        let (look, rest) = live.look(&hint);
        let finished = rest.and_then(|rest| rest.finish());
        tell(Event::Looked(&look, since.elapsed()));
        finished
            .iter()
            .for_each(|look| tell(Event::Looked(look, since.elapsed())));
        match use_and_wait(&live.board(), &mut use_site, &mut watcher, &live.seen()) {
            Some(next) => hint = next,
            None => return Ok(()),
        }
    }
}

/// The site that is shown, unless the newest revision has errors.
fn good(board: &Board) -> Option<Arc<Snapshot>> {
    let now = board.now();
    now.site.clone().filter(|_| !now.failed)
}

/// A loop that has not started yet, and a watcher that ends when the process is asked
/// to end.
fn begin(
    asked: PreviewSettings,
    tell: &(impl Fn(Event<'_>) + Clone + Send + Sync + 'static),
) -> Result<(Live, Watching), String> {
    let say = tell.clone();
    let remark = move |line: &str| say(Event::Remark(line));
    let watcher = Watcher::new(asked.mode, asked.interval, remark);
    end_on_signal(watcher.waker()).map_err(|e| format!("cannot listen for signals: {e}"))?;
    let live = Live::new(&asked.folder, asked.options, asked.editor);
    let watching = Watching {
        watcher,
        more: asked.more,
        seen: Arc::default(),
        watched: Arc::default(),
    };
    Ok((live, watching))
}

/// A watcher, and the paths that it watches now.
struct Watching {
    watcher: Watcher,
    /// Watched in addition to what the project reads.
    more: BTreeSet<PathBuf>,
    seen: Arc<SeenPaths>,
    watched: Arc<SeenPaths>,
}

/// Waits until something may have changed, or until a time, which is an empty hint;
/// `None` at the end.
fn next(watching: &mut Watching, seen: &Arc<SeenPaths>, until: Option<Instant>) -> Option<Hint> {
    let Watching {
        watcher,
        more,
        seen: known,
        watched,
    } = watching;
    if !Arc::ptr_eq(seen, known) {
        *known = seen.clone();
        *watched = Arc::new(SeenPaths {
            files: seen.files.union(more).cloned().collect(),
            folders: seen.folders.clone(),
            missing: seen.missing.clone(),
        });
    }
    watcher.watch(watched);
    watcher.wait_until(until)
}

/// Ends a wait when the user presses Ctrl-C or the system asks to end.
fn end_on_signal(waker: Waker) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let asked = {
        let _inside = runtime.enter();
        signals()?
    };
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            runtime.block_on(asked);
            waker.end();
        })?;
    Ok(())
}

#[cfg(unix)]
fn signals() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    // A file that grows over the limit of the user is an error of that file, and not the
    // end of the program.
    let over_limit = signal(SignalKind::from_raw(libc::SIGXFSZ))?;
    Ok(async move {
        let _over_limit = over_limit;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signals() -> std::io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        // If this fails, Ctrl-C simply kills the process.
        let _ = tokio::signal::ctrl_c().await;
    })
}
