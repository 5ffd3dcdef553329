//! The preview server: answers from the newest revision on a board, tells open
//! pages about newer ones, and answers nobody who does not belong to this
//! machine. It builds nothing and reads no file.

pub mod preview;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use serde::Serialize;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::findings::memo::Digest;
use crate::report::Problem;
use crate::site::engine::{Board, File, Revision, Snapshot};
use crate::text::address::{decode, encode_ascii};
use crate::text::escape::escape;

/// What serve keeps for itself below the base path. It is answered before any
/// file of the site. Pages, assets and redirects are never there: hidden files
/// are not read, and redirects from there are refused.
const OWN: &str = ".srm-site/";

const LIVE_JS: &str = include_str!("serve/live.js");
const LIVE_CSS: &str = include_str!("serve/live.css");

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
/// Between two signs of life on a silent event channel.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Ports tried after one that is busy and was not asked for.
const MORE_PORTS: u16 = 100;
/// Problems told to a browser; nobody reads more before mending some.
const MAX_PROBLEMS: usize = 100;
/// Files a page may ask about at once.
const MAX_ASKED: usize = 256;
/// Files an event names as changed. Of more, each page asks about its own.
const MAX_CHANGED: usize = 1_000;

/// What a link to an editor may begin with; live.js has the same list.
const EDITORS: &[&str] = &[
    "http", "https", "file", "vscode", "vscodium", "cursor", "idea", "zed", "subl", "txmt",
];

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
pub struct Options {
    /// Path the site is mounted at, `/` or `/docs/model/`.
    pub base: String,
    /// Names a request may call this server by, besides those of this machine
    /// and the address it listens on.
    pub hosts: Vec<String>,
}

/// A server on a thread of its own. It ends when this is dropped, too, but only
/// `stop` waits for it.
pub struct Server {
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
pub fn start(listener: TcpListener, board: Board, options: Options) -> io::Result<Server> {
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
        live_js: hash(LIVE_JS.as_bytes()),
        live_css: hash(LIVE_CSS.as_bytes()),
        stopped,
    });
    let base = shared.base.clone();
    let thread = std::thread::Builder::new()
        .name("serve".into())
        .spawn(move || run(runtime, listener, shared))?;
    Ok(Server {
        stop,
        thread,
        address,
        base,
    })
}

impl Server {
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
    live_js: String,
    live_css: String,
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

/// Refuses requests that no tab of this machine's browser would send. A page
/// of another site can make a browser send requests here, even under a name of
/// its own that leads to this machine; the name is how to tell.
fn admit(shared: &Shared, request: &Request) -> Result<(), Response> {
    let refuse = |status, line: &str| Err(text(status, line));
    let Some(host) = host(request.headers()) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "a request needs one well-formed Host header",
        );
    };
    for name in [Some(&host), request.uri().authority()]
        .into_iter()
        .flatten()
    {
        if !known(shared, name) {
            let name = name.host();
            return refuse(
                StatusCode::FORBIDDEN,
                &format!("`{name}` is no name of this server; `--allow-host {name}` makes it one"),
            );
        }
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut response = text(
            StatusCode::METHOD_NOT_ALLOWED,
            "there is nothing here but to GET",
        );
        let allow = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(header::ALLOW, allow);
        return Err(response);
    }
    if !request.body().is_end_stream() {
        let mut response = text(
            StatusCode::PAYLOAD_TOO_LARGE,
            "requests have no body to bring",
        );
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        return Err(response);
    }
    Ok(())
}

/// The one Host header, if it is well-formed.
fn host(headers: &HeaderMap) -> Option<Authority> {
    let mut all = headers.get_all(header::HOST).iter();
    let (first, None) = (all.next()?, all.next()) else {
        return None;
    };
    let text = first.to_str().ok()?;
    let authority: Authority = text.parse().ok()?;
    let after = text.strip_prefix(authority.host())?;
    let port = after.is_empty() || authority.port_u16().is_some();
    (port && !authority.host().is_empty()).then_some(authority)
}

/// Whether a name is one of this server's. An address in numbers cannot be
/// made to lead elsewhere, so where all of the machine's are listened on, all
/// are fine.
fn known(shared: &Shared, authority: &Authority) -> bool {
    let name = authority.host().to_ascii_lowercase();
    let plain = name.strip_prefix('[').and_then(|n| n.strip_suffix(']'));
    if let Ok(ip) = plain.unwrap_or(&name).parse::<IpAddr>() {
        let ip = ip.to_canonical();
        let bound = shared.bound.to_canonical();
        return ip.is_loopback() || ip == bound || bound.is_unspecified();
    }
    name == "localhost" || name.ends_with(".localhost") || shared.hosts.contains(&name)
}

/// Whether a page of another site sent this.
fn foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or_default());
    let site = text("sec-fetch-site").is_some_and(|s| s != "same-origin" && s != "none");
    let origin = text("origin").is_some_and(|origin| {
        let (_, from) = origin.split_once("://").unwrap_or_default();
        !from.eq_ignore_ascii_case(text("host").unwrap_or_default())
    });
    site || origin
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
        Some("live.js") => own_file("live.js", LIVE_JS, &shared.live_js, headers),
        Some("live.css") => own_file("live.css", LIVE_CSS, &shared.live_css, headers),
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
    let index = if is_folder { "index.html" } else { "" };
    let full = format!("{path}{index}");
    if let Some(file) = site.file(&full) {
        match site.is_active(&full) {
            true => Found::Active(full, file),
            false => Found::File(full, file),
        }
    } else if !is_folder && site.file(&format!("{path}/index.html")).is_some() {
        Found::Folder
    } else {
        let page = site.file("404.html");
        Found::Nothing(full, page.filter(|_| !site.is_active("404.html")))
    }
}

async fn from_site(shared: &Arc<Shared>, path: &str, headers: &HeaderMap) -> Response {
    let now = shared.board.now();
    let Some(site) = now.site.clone() else {
        return waiting(shared, &now);
    };
    let wanted = path.to_string();
    let Some(found) = aside(move || find(&site, &wanted)).await else {
        return broken();
    };
    match found {
        Found::File(path, file) if is_html(&path) => {
            let tag = tag(shared, now.site_number, Some((&path, &file.hash)), None);
            // The tag names the page's hash and so stands for all of it, which
            // would take longer to hash again than to send.
            let hash = hash(tag.as_bytes());
            let body = || with_tag(&file.bytes, &tag);
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
            let page_shown = Some(("404.html", hash));
            let tag = tag(shared, now.site_number, page_shown, Some(&wanted));
            let bytes = match page {
                Some(page) => with_tag(&page.bytes, &tag),
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
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

// ----------------------------------------------------------------- live reload

/// What open pages are told.
#[derive(Serialize)]
struct News<'a> {
    session: &'a str,
    number: u64,
    /// Names the site there is to see.
    site: Option<String>,
    failed: bool,
    problems: &'a [Problem],
    /// Problems that are left out.
    more: usize,
    /// Hashes of the files that were asked about, `null` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    hashes: Option<Vec<Option<String>>>,
    /// What became new since another site.
    #[serde(flatten)]
    changes: Option<Changes<'a>>,
}

/// What tells an open page of the site before whether it is the same still.
#[derive(Serialize)]
struct Changes<'a> {
    /// Names that site.
    since: String,
    changed: &'a BTreeSet<String>,
}

fn changes<'a>(shared: &Shared, now: &'a Revision) -> Option<Changes<'a>> {
    let few = |changed: &&BTreeSet<String>| changed.len() <= MAX_CHANGED;
    let changed = now.changed.as_ref().filter(few)?;
    now.gone.is_empty().then(|| Changes {
        since: revision(shared, now.since),
        changed,
    })
}

fn news(shared: &Shared, now: &Revision, hashes: Option<Vec<Option<String>>>) -> String {
    let told = now.problems.len().min(MAX_PROBLEMS);
    let news = News {
        session: &shared.session,
        number: now.number,
        site: now.site.as_ref().map(|_| revision(shared, now.site_number)),
        failed: now.failed,
        problems: &now.problems[..told],
        more: now.problems.len() - told,
        changes: hashes.is_none().then(|| changes(shared, now)).flatten(),
        hashes,
    };
    serde_json::to_string(&news).unwrap_or_default()
}

/// Names a revision of this start of the server.
fn revision(shared: &Shared, number: u64) -> String {
    format!("{}.{number}", shared.session)
}

/// The event channel: the newest state at once, and whenever there is a newer
/// one. A client that is slow to read misses those between and never the last.
fn events(shared: &Arc<Shared>) -> Response {
    let mut numbers = shared.board.subscribe();
    numbers.mark_changed();
    let start = (shared.clone(), shared.stopped.clone(), numbers);
    let stream = stream::unfold(start, |(shared, mut stopped, mut numbers)| async move {
        tokio::select! {
            _ = stopped.changed() => return None,
            changed = numbers.changed() => changed.ok()?,
        }
        let event = Event::default().data(news(&shared, &shared.board.now(), None));
        Some((Ok::<_, Infallible>(event), (shared, stopped, numbers)))
    });
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    let mut response = Sse::new(stream).keep_alive(keep_alive).into_response();
    let no_store = HeaderValue::from_static("no-store");
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, no_store);
    response
}

/// The newest state, and what became of the files named by `path=`.
async fn state(shared: &Arc<Shared>, query: &str) -> Response {
    let now = shared.board.now();
    let asked = query.split('&').filter_map(|p| p.strip_prefix("path="));
    let paths: Vec<String> = asked.take(MAX_ASKED).map(decode).collect();
    let shared = shared.clone();
    let work = move || {
        let hash = |path: &String| Some(now.site.as_ref()?.file(path)?.hash.clone());
        let hashes = paths.iter().map(hash).collect();
        news(&shared, &now, Some(hashes))
    };
    match aside(work).await {
        Some(json) => send(StatusCode::OK, "application/json", json.into_bytes()),
        None => broken(),
    }
}

/// The one line that serve adds to a page. It says which site the page was made
/// from, by which path the page is asked about, and the hash of what it is.
fn tag(shared: &Shared, number: u64, page: Option<(&str, &str)>, wanted: Option<&str>) -> String {
    let attribute = |name: &str, value: Option<&str>| match value {
        Some(value) => format!(" data-{name}=\"{}\"", escape(value)),
        None => String::new(),
    };
    format!(
        "<script src=\"{}{OWN}live.js?v={}\"{}{}{}{} defer></script>",
        escape(&shared.base),
        &shared.live_js[..8],
        attribute("revision", Some(&revision(shared, number))),
        attribute("page", page.map(|(path, _)| path)),
        attribute("hash", page.map(|(_, hash)| hash)),
        attribute("wanted", wanted),
    )
}

/// A page with the tag at the end of its head, or as early as it may stand:
/// before the document type it would change how browsers lay the page out.
fn with_tag(page: &[u8], tag: &str) -> Vec<u8> {
    let is = |at: usize, word: &[u8]| {
        let part = page.get(at..at + word.len());
        part.is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    let head = memchr::memmem::find_iter(page, b"</").find(|at| is(*at, b"</head>"));
    let at = head.unwrap_or_else(|| {
        let mark = if page.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let blanks = page[mark..].iter().take_while(|b| b.is_ascii_whitespace());
        let first = mark + blanks.count();
        match memchr::memchr(b'>', page) {
            Some(end) if is(first, b"<!doctype") => end + 1,
            _ => mark,
        }
    });
    [&page[..at], tag.as_bytes(), &page[at..]].concat()
}

// ------------------------------------------------------------------- own pages

/// The page there is before there is a site.
fn waiting(shared: &Shared, now: &Revision) -> Response {
    let (title, lead) = match now.number {
        0 => ("The site is being made", "It appears here by itself."),
        _ => (
            "There is no site yet",
            "Mend this, and the site appears here by itself.",
        ),
    };
    let told = now.problems.iter().take(MAX_PROBLEMS).map(problem);
    let inner = format!("<p>{lead}</p>\n{}", told.collect::<String>());
    let tag = tag(shared, now.number, None, None);
    let page = own_page(shared, title, &inner, &tag);
    let mut response = html(StatusCode::SERVICE_UNAVAILABLE, page.into_bytes());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// A problem, in the form that live.js gives it too.
fn problem(problem: &Problem) -> String {
    let text = |name: &str, attributes: &str, text: &str| match text {
        "" => String::new(),
        _ => format!("<{name} {attributes}>{}</{name}>\n", escape(text)),
    };
    let place = problem.file.as_ref().map_or(String::new(), |file| {
        let place = escape(&format!("{file}:{}:{}", problem.line, problem.column));
        let linked = match problem.open.as_deref().filter(|link| opens_editor(link)) {
            Some(link) => format!("<a href=\"{}\">{place}</a>", escape(link)),
            None => place,
        };
        format!("<p class=\"place\">{linked}</p>\n")
    });
    let help = problem.help.iter().map(|h| text("p", "class=\"help\"", h));
    let help: String = help.collect();
    format!(
        "<article class=\"problem {0}\">\n<h2><span class=\"severity\">{0}</span> <code>{1}</code> {2}</h2>\n{place}{3}{help}</article>\n",
        escape(problem.severity),
        escape(&problem.code),
        escape(&problem.message),
        text("pre", "class=\"excerpt\" tabindex=\"0\"", &problem.excerpt),
    )
}

/// Whether a link leads to an editor or a page and cannot run anything here.
fn opens_editor(link: &str) -> bool {
    let scheme = link.split_once(':').map_or("", |(scheme, _)| scheme);
    EDITORS.iter().any(|e| e.eq_ignore_ascii_case(scheme))
}

fn own_page(shared: &Shared, title: &str, inner: &str, tag: &str) -> String {
    let base = escape(&shared.base);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"stylesheet\" href=\"{base}{OWN}live.css\">\n\
         {tag}</head>\n<body class=\"own-page\">\n<main>\n<h1>{title}</h1>\n{inner}</main>\n</body>\n</html>\n"
    )
}

// --------------------------------------------------------------------- answers

/// A file, or word that the client has it already.
fn deliver(
    headers: &HeaderMap,
    content_type: &'static str,
    hash: &str,
    bytes: impl FnOnce() -> Vec<u8>,
) -> Response {
    let etag = format!("\"{hash}\"");
    let mut response = if has_already(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        send(StatusCode::OK, content_type, bytes())
    };
    if let Ok(value) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// Whether `If-None-Match` names what would be sent.
fn has_already(headers: &HeaderMap, etag: &str) -> bool {
    let all = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = all
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

fn own_file(name: &str, text: &'static str, hash: &str, headers: &HeaderMap) -> Response {
    deliver(headers, content_type(name), hash, || text.into())
}

fn html(status: StatusCode, bytes: Vec<u8>) -> Response {
    send(status, "text/html; charset=utf-8", bytes)
}

fn text(status: StatusCode, line: &str) -> Response {
    let line = format!("{line}\n").into_bytes();
    send(status, "text/plain; charset=utf-8", line)
}

/// Work on a page came to a bad end.
fn broken() -> Response {
    text(
        StatusCode::INTERNAL_SERVER_ERROR,
        "this could not be made; the terminal may say more",
    )
}

fn redirect(to: &str) -> Response {
    let mut response = StatusCode::FOUND.into_response();
    if let Ok(value) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

fn send(status: StatusCode, content_type: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, content_type)];
    (status, headers, Body::from(bytes)).into_response()
}

fn hash(bytes: &[u8]) -> String {
    Digest::of_bytes(bytes).to_string()
}

fn is_html(path: &str) -> bool {
    content_type(path).starts_with("text/html")
}

fn content_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "csv" => "text/csv; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "wasm" => "application/wasm",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
