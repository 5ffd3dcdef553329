//! The preview server: answers from the newest revision on a board, tells open
//! pages about newer ones, and answers nobody who does not belong to this
//! machine. It builds nothing and reads no file.

mod admission;
mod live_reload;
mod own_pages;
pub mod preview;
mod responses;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::response::Response;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::serve::admission::{admit, foreign};
use crate::serve::live_reload::{events, insert_tag, state, tag};
use crate::serve::own_pages::{own_page, waiting};
use crate::serve::responses::{
    broken, content_type, deliver, hash, html, is_html, own_file, redirect, text,
};
use crate::site::engine::{Board, File, Snapshot};
use crate::text::{decode, encode_ascii, escape, paths};

/// What serve keeps for itself below the base path. It is answered before any
/// file of the site. Pages, assets and redirects are never there: hidden files
/// are not read, and redirects from there are refused.
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

/// Connections at one time; more wait until one of them ends.
const MAX_CONNECTIONS: usize = 128;
/// Bytes of a request's head.
const MAX_HEAD: usize = 16 * 1024;
/// Time to send a head, and how long a connection may rest between requests.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// Longest life of a connection. Browsers come back at once; a client that
/// never reads its answer does not hold a place for ever.
const LIFE: Duration = Duration::from_secs(600);
/// How long answers under way may take once the server ends.
const GRACE: Duration = Duration::from_millis(300);
/// Ports tried after one that is busy and was not asked for.
const MORE_PORTS: u16 = 100;
/// What a careful host sends. The built-in theme needs nothing else, and
/// neither does what is added to pages here. Raw HTML and themes that bring
/// inline scripts or styles, or load from other hosts, look here as they do on
/// any host with a strict policy: the browser's console names what it refused.
/// Allowing more would let a preview pass that breaks where it is published.
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
    /// Path the site is mounted at, `/` or `/docs/model/`.
    pub base: String,
    /// Names a request may call this server by, besides those of this machine
    /// and the address it listens on.
    pub hosts: Vec<String>,
}

/// A server on a thread of its own. It ends when this is dropped, too, but only
/// `stop` waits for it.
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

/// Starts to serve what hangs on the board.
pub fn start(listener: TcpListener, board: Board, options: Mount) -> io::Result<RunningServer> {
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // Pages are made on these threads when they are asked for.
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
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The path the site is mounted at, as it stands in addresses.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Ends the server and all its connections.
    pub fn stop(self) {
        self.stop.send_replace(true);
        // A thread that panicked has ended as well.
        let _ = self.thread.join();
    }
}

// ----------------------------------------------------------------- connections

/// What all requests share.
struct Shared {
    board: Board,
    /// The path the site is mounted at, with slashes at both ends: plain, and
    /// as it stands in addresses.
    mount: String,
    base: String,
    hosts: Vec<String>,
    bound: IpAddr,
    /// Differs from start to start, so that revisions of two servers are never
    /// mistaken for each other.
    session: String,
    script_hash: String,
    style_hash: String,
    stopped: watch::Receiver<bool>,
}

fn run(runtime: Runtime, listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    runtime.block_on(accept(listener, shared));
    // A page that is still being made has nobody left to read it.
    runtime.shutdown_background();
}

/// Takes connections until the server ends, then waits for them a little.
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
                // Out of file handles, most likely: some will be given back.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    let all = async { while open.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, all).await;
}

/// One connection, from its first request to its last.
async fn serve(socket: tokio::net::TcpStream, router: Router, mut stopped: watch::Receiver<bool>) {
    // Small answers must not wait for each other.
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

/// Answers one request, all of it from one revision.
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
        // Pages of other sites may not embed anything from here either.
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

async fn respond(shared: &Arc<Shared>, request: Parts) -> Response {
    let sent = request.uri.path();
    let path = decode(sent);
    // A slash that was encoded is part of a name, and no file has such a name.
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
        Some(_) => text(StatusCode::NOT_FOUND, "nothing is here"),
        None => from_site(shared, path, headers).await,
    }
}

/// A path outside of where the site is mounted.
fn elsewhere(shared: &Shared, path: &str) -> Response {
    if path == "/" || shared.mount.strip_suffix('/') == Some(path) {
        return redirect(&shared.base);
    }
    let link = escape(&shared.base);
    let inner = format!("<p>The site is at <a href=\"{link}\">{link}</a>.</p>");
    let page = own_page(shared, "Nothing is here", &inner, "");
    html(StatusCode::NOT_FOUND, page.into_bytes())
}

/// What a site has at a path.
enum Found {
    File(String, Arc<File>),
    /// A file that browsers would run and that nothing allows.
    Active(String, Arc<File>),
    /// A folder that was asked for without its slash.
    Folder,
    /// Nothing: the path that was looked for, and the site's page for that.
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
            // The tag names the page's hash and so stands for all of it, which
            // would take longer to hash again than to send.
            let hash = hash(tag.as_bytes());
            let body = || insert_tag(&file.bytes, &tag);
            deliver(headers, "text/html; charset=utf-8", &hash, body)
        }
        Found::File(path, file) => {
            let bytes = || file.bytes.clone();
            deliver(headers, content_type(&path), &file.hash, bytes)
        }
        Found::Active(path, file) => {
            // Browsers keep the policy of an answer that they have already, so the
            // same bytes with another policy are another answer.
            let hash = hash(format!("sandbox {}", file.hash).as_bytes());
            let bytes = || file.bytes.clone();
            let mut response = deliver(headers, content_type(&path), &hash, bytes);
            // No script runs in it, and it is of no origin, so it has no cookies.
            let policy = HeaderValue::try_from(format!("sandbox; {POLICY}"))
                .unwrap_or(HeaderValue::from_static("sandbox"));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            response
        }
        // What is between the slashes is a folder of the site, so this leads
        // nowhere else.
        Found::Folder => redirect(&format!("{}{}/", shared.base, encode_ascii(path))),
        Found::Nothing(wanted, page) => {
            let hash = page.as_ref().map_or("", |page| &page.hash);
            let page_shown = Some((paths::NOT_FOUND, hash));
            let tag = tag(shared, now.site_number, page_shown, Some(&wanted));
            let bytes = match page {
                Some(page) => insert_tag(&page.bytes, &tag),
                None => {
                    let link = escape(&shared.base);
                    let inner = format!("<p><a href=\"{link}\">To the start of the site</a></p>");
                    own_page(shared, "There is no such page", &inner, &tag).into_bytes()
                }
            };
            html(StatusCode::NOT_FOUND, bytes)
        }
    }
}

/// Does work that may take a while where nobody waits for it.
async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}
