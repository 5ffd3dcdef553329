//! The preview server: it answers from the newest revision on a board, tells open
//! pages about newer ones, and refuses requests that do not come from this machine.
//! It builds nothing and reads no files.

// The open ones are part of the door: what is in them reads better behind their name.
mod admission;
mod live_reload;
mod own_pages;
pub mod preview;
mod ranges;
mod responses;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::serve::admission::{admit, foreign};
use crate::serve::live_reload::{events, insert_tag, state, tag};
use crate::serve::own_pages::{own_page, waiting};
use crate::serve::responses::{
    broken, content_type, deliver, hash, html, is_html, own_file, redirect, text,
};
use crate::site::engine::{Board, File, Snapshot};
use crate::text::{Html, decode, encode_ascii, paths};

/// The server's own folder below the base path. It takes precedence over files of the
/// site. Pages, assets and redirects are never in it: hidden files are not read, and
/// redirects from there are refused.
const OWN: &str = ".srm-site/";

/// The script that keeps an open page up to date. It is one file for browsers, so
/// that a page asks for it once, and shares no name with the scripts of a theme.
const SCRIPT: &str = concat!(
    "\"use strict\";\n\n(() => {\n",
    include_str!("serve/overlay.js"),
    include_str!("serve/patch.js"),
    include_str!("serve/event_channel.js"),
    "})();\n",
);
const STYLE: &str = include_str!("serve/overlay.css");

/// Most connections at one time. Further ones wait until one ends.
const MAX_CONNECTIONS: usize = 128;
/// Most event channels at one time, so that other requests are always answered. Further
/// ones are refused. All tabs of a browser share one.
const MAX_CHANNELS: usize = 64;
/// Most bytes in a request's head.
const MAX_HEAD: usize = 16 * 1024;
/// How long a client may take to send a head, and may be idle between requests.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// Longest life of a connection. Browsers reconnect at once. A client that never
/// reads its answer does not occupy a connection forever.
const LIFE: Duration = Duration::from_secs(600);
/// How long current answers may take after the server is stopped.
const GRACE: Duration = Duration::from_millis(300);
/// How many more ports are tried if the default one is in use.
const MORE_PORTS: u16 = 100;
/// The policy of a careful host. The built-in theme and the script that is added to
/// pages here work with it. Raw HTML and themes with inline scripts or styles, or
/// with files from other hosts, look here as they do on any host with a strict
/// policy: the browser's console names what it blocked. If more were allowed here, a
/// site could look fine in the preview but break when it is published.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
     base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

/// Which port to listen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// This one, or the next one that is free.
    Default(u16),
    /// This one and no other; 0 is any that is free.
    Named(u16),
}

/// How to serve.
#[derive(Clone, Debug, Default)]
pub struct Mount {
    /// The path of the site, such as `/` or `/docs/model/`.
    pub base: String,
    /// Host names that requests may use, besides those of this machine and the
    /// address that the server listens on.
    pub hosts: Vec<String>,
}

/// A server that runs on its own thread. Dropping this value also ends it, but only
/// [`Server::stop`] waits for the end.
pub struct RunningServer {
    stop: watch::Sender<bool>,
    thread: JoinHandle<()>,
    address: SocketAddr,
    base: String,
}

/// Listens on a port of an address or a name of this machine.
pub fn bind(host: &str, port: Port) -> Result<TcpListener, String> {
    let (first, last) = match port {
        Port::Named(port) => (port, port),
        Port::Default(port) => (port, port.saturating_add(MORE_PORTS)),
    };
    for port in first..=last {
        match TcpListener::bind((host, port)) {
            Ok(listener) => return Ok(listener),
            Err(e) if e.kind() == io::ErrorKind::AddrInUse => {}
            Err(e) => return Err(format!("cannot listen on {host}, port {port}: {e}")),
        }
    }
    let ports = match port {
        Port::Named(port) => format!("port {port} is in use"),
        Port::Default(_) => format!("the ports {first} to {last} are in use"),
    };
    Err(format!(
        "{ports}: end the program that listens there, or choose another with `--port`"
    ))
}

/// Starts to serve the newest revision on a board.
pub fn start(listener: TcpListener, board: Board, options: Mount) -> io::Result<RunningServer> {
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // Pages are made on these threads when they are requested.
        .max_blocking_threads(8)
        .build()?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let (stop, stopped) = watch::channel(false);
    let mount = decode(options.base.trim_matches('/'));
    let mount = if mount.is_empty() {
        "/".into()
    } else {
        format!("/{mount}/")
    };
    let shared = Arc::new(Shared {
        board,
        base: encode_ascii(&mount),
        mount,
        hosts: options.hosts.iter().map(|h| h.to_lowercase()).collect(),
        bound: address.ip(),
        session: format!("{:016x}", RandomState::new().build_hasher().finish()),
        script_hash: hash(SCRIPT.as_bytes()),
        style_hash: hash(STYLE.as_bytes()),
        channels: Arc::new(Semaphore::new(MAX_CHANNELS)),
        stopped,
    });
    let base = shared.base.clone();
    let thread = std::thread::Builder::new()
        .name("serve".into())
        .spawn(move || run(runtime, listener, shared))?;
    Ok(RunningServer {
        stop,
        thread,
        address,
        base,
    })
}

impl RunningServer {
    /// The address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The path of the site, encoded for addresses.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Ends the server and all its connections.
    pub fn stop(self) {
        self.stop.send_replace(true);
        // An error means that the thread panicked; then it has ended as well.
        let _ = self.thread.join();
    }
}

// ----------------------------------------------------------------- connections

/// What all requests share.
struct Shared {
    board: Board,
    /// The path of the site with slashes at both ends: as plain text, and below,
    /// encoded for addresses.
    mount: String,
    base: String,
    hosts: Vec<String>,
    bound: IpAddr,
    /// Different at each start, so that revisions of two servers are never confused.
    session: String,
    script_hash: String,
    style_hash: String,
    /// A permit for each event channel that may still be opened.
    channels: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
}

fn run(runtime: Runtime, listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    runtime.block_on(accept(listener, shared));
    // No one is left to read a page that is still being made.
    runtime.shutdown_background();
}

/// Accepts connections until the server ends, then waits briefly for them.
async fn accept(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    let mut stopped = shared.stopped.clone();
    let router = Router::new().fallback(answer).with_state(shared);
    let mut open = JoinSet::new();
    loop {
        let full = open.len() >= MAX_CONNECTIONS;
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = open.join_next(), if !open.is_empty() => {}
            taken = listener.accept(), if !full => match taken {
                Ok((socket, _)) => {
                    open.spawn(serve(socket, router.clone(), stopped.clone()));
                }
                // Most likely the system is out of file handles; some will be freed.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    let all = async { while open.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, all).await;
}

/// Serves one connection, from its first request to its last.
async fn serve(socket: tokio::net::TcpStream, router: Router, mut stopped: watch::Receiver<bool>) {
    // Send small answers at once.
    let _ = socket.set_nodelay(true);
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(MAX_HEAD);
    let service = TowerToHyperService::new(router);
    let connection = builder.serve_connection(TokioIo::new(socket), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.changed() => {}
        () = tokio::time::sleep(LIFE) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = tokio::time::timeout(GRACE, connection).await;
}

// -------------------------------------------------------------------- requests

/// Answers one request from a single revision.
async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let mut response = match admit(&shared, &request) {
        Ok(()) => respond(&shared, request.into_parts().0).await,
        Err(refusal) => refusal,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Pages of other sites may not embed anything from here.
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

async fn respond(shared: &Arc<Shared>, mut request: Parts) -> Response {
    // Parts are only defined for GET.
    if request.method == Method::HEAD {
        request.headers.remove(header::RANGE);
    }
    let sent = request.uri.path();
    let path = decode(sent);
    // An encoded slash is part of a name, and no file has such a name.
    let slashes = |path: &str| path.matches('/').count();
    let inside = path.strip_prefix(&shared.mount);
    let Some(path) = inside.filter(|_| slashes(&path) == slashes(sent)) else {
        return elsewhere(shared, &path);
    };
    let headers = &request.headers;
    match path.strip_prefix(OWN) {
        Some("serve.js") => own_file("serve.js", SCRIPT, &shared.script_hash, headers),
        Some("overlay.css") => own_file("overlay.css", STYLE, &shared.style_hash, headers),
        Some("events" | "state") if foreign(headers) => text(
            StatusCode::FORBIDDEN,
            "only pages of this server may ask this",
        ),
        Some("events") => events(shared),
        Some("state") => state(shared, request.uri.query().unwrap_or_default()).await,
        Some(_) => text(StatusCode::NOT_FOUND, "not found"),
        None => from_site(shared, path, headers).await,
    }
}

/// The answer for a path outside of the site.
fn elsewhere(shared: &Shared, path: &str) -> Response {
    if path == "/" || shared.mount.strip_suffix('/') == Some(path) {
        return redirect(&shared.base);
    }
    let mut inner = Html::new();
    inner
        .markup("<p>The site is at <a href=\"")
        .text(&shared.base)
        .markup("\">")
        .text(&shared.base)
        .markup("</a>.</p>");
    let page = own_page(shared, "Nothing is here", &inner, &Html::new());
    html(StatusCode::NOT_FOUND, page.into_bytes())
}

/// What a site has for a path.
enum Found {
    File(String, Arc<File>),
    /// A file that browsers would run although the settings do not allow it.
    Active(String, Arc<File>),
    /// A folder that was requested without its slash.
    Folder,
    /// Nothing. It has the path that was searched for, and the site's not-found page.
    Nothing(String, Option<Arc<File>>),
}

fn find(site: &Snapshot, path: &str) -> Found {
    let is_folder = path.is_empty() || path.ends_with('/');
    let full = match is_folder {
        true => paths::index_of(path.trim_end_matches('/')),
        false => path.to_string(),
    };
    if let Some(file) = site.file(&full) {
        match site.is_active(&full) {
            true => Found::Active(full, file),
            false => Found::File(full, file),
        }
    } else if !is_folder && site.file(&paths::index_of(path)).is_some() {
        Found::Folder
    } else {
        let page = site.file(paths::NOT_FOUND);
        Found::Nothing(full, page.filter(|_| !site.is_active(paths::NOT_FOUND)))
    }
}

async fn from_site(shared: &Arc<Shared>, path: &str, headers: &HeaderMap) -> Response {
    let now = shared.board.now();
    let Some(site) = now.site.clone() else {
        return waiting(shared, &now);
    };
    let wanted = path.to_string();
    let Some(found) = run_blocking(move || find(&site, &wanted)).await else {
        return broken();
    };
    match found {
        Found::File(path, file) if is_html(&path) => {
            let tag = tag(shared, now.site_number, Some((&path, &file.hash)), None);
            // The tag contains the page's hash, so hashing the tag is enough. Hashing
            // the whole page again would take longer than sending it.
            let hash = hash(tag.as_str().as_bytes());
            let body = || insert_tag(&file.bytes, &tag).into();
            deliver(headers, "text/html; charset=utf-8", &hash, body)
        }
        Found::File(path, file) => {
            let bytes = || file.bytes.as_slice().into();
            deliver(headers, content_type(&path), &file.hash, bytes)
        }
        Found::Active(path, file) => {
            // Browsers keep the policy of a cached answer, so the same bytes with
            // another policy need another hash.
            let hash = hash(format!("sandbox {}", file.hash).as_bytes());
            let bytes = || file.bytes.as_slice().into();
            let mut response = deliver(headers, content_type(&path), &hash, bytes);
            // The sandbox runs no scripts and has no origin, so no cookies either.
            let policy = HeaderValue::try_from(format!("sandbox; {POLICY}"))
                .unwrap_or(HeaderValue::from_static("sandbox"));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            response
        }
        // The path is a folder of the site, so this cannot redirect elsewhere.
        Found::Folder => redirect(&format!("{}{}/", shared.base, encode_ascii(path))),
        Found::Nothing(wanted, page) => {
            let hash = page.as_ref().map_or("", |page| &page.hash);
            let page_shown = Some((paths::NOT_FOUND, hash));
            let tag = tag(shared, now.site_number, page_shown, Some(&wanted));
            let bytes = match page {
                Some(page) => insert_tag(&page.bytes, &tag),
                None => {
                    let mut inner = Html::new();
                    inner
                        .markup("<p><a href=\"")
                        .text(&shared.base)
                        .markup("\">To the start of the site</a></p>");
                    let page = own_page(shared, "There is no such page", &inner, &tag);
                    page.into_bytes()
                }
            };
            html(StatusCode::NOT_FOUND, bytes)
        }
    }
}

/// Runs slow work on another thread, so that other connections do not wait for it.
async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}
