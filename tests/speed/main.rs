//! `cargo bench`: builds of generated projects of about 100, 1,000 and 10,000
//! pages, each beside its floor: a plain write of the same bytes into the same
//! number of files, in the same run; for an edit, of the files it renews. It
//! measures whole processes (CPU seconds of user and system, wall seconds, peak
//! memory) and judges nothing.
//!
//! A project of a size has a matrix of 1,000 rows at most and else pages of
//! text. `cargo bench --bench speed -- 100 1000` picks the sizes; with `matrix`
//! before them nearly all pages are categories of one matrix, so that some pages
//! are very large: 36,000 rows in three models at 10,000 pages. With `pairs` they
//! are comparisons of very many models.
//!
//! Files are made in the folder for temporary files. Creating and deleting very
//! many can take a file system longer than the tool: `TMPDIR=/dev/shm` keeps
//! that out of the figures.
//!
//! `cargo bench --bench speed -- loop 100 1000` (or `loop matrix 100 1000`, and so on)
//! measures the author's loop instead: from the write of a task's text to the new text in an answer of
//! `serve`, asked for when its event channel has news, and in a page that
//! Chromium has open (where node, the packages of `tests/html` and Chromium are
//! there), the CPU of one edit, and the memory after many of them.
//!
//! `cargo bench --bench speed -- embed 100 1000` measures regions in so many
//! documents, five in each: filled for the first time, filled again, checked,
//! and beside it the floor, which reads the documents, finds the markers and
//! compares what is between them with the text it has.
//!
//! `cargo bench --bench speed -- hostile` builds projects of a megabyte that ask
//! for as much work as they can, and shows how many times the work of a plain
//! one each takes; `hostile WORD` only those with this in their name, and
//! `hostile --beside PROGRAM` shows another build of this program as well.
//!
//! `cargo bench --bench speed -- peers 1000` (or `peers pairs 1000`, and so on)
//! builds the same project with other generators of sites; `-- --peers DIR 1000`
//! only writes what they build from, and `-- --generate DIR 1000` our project.

mod hostile;
mod peers;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use nix::sys::resource::{Resource, UsageWho, getrusage, setrlimit};
use nix::sys::time::TimeValLike;

/// Runs of each measured command; the median is printed.
const RUNS: usize = 3;

/// Rows of a category.
const ROWS: usize = 4;

/// Rows of a large matrix.
const MATRIX: usize = 1_000;

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    match args
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["--measure", rest @ ..] => measure_child(rest),
        ["--measure-any", seconds, rest @ ..] => measure_any_child(seconds, rest),
        ["hostile", "--beside", program, only @ ..] => hostile::run(only, Some(program)),
        ["hostile", only @ ..] => hostile::run(only, None),
        ["--floor", from, to] => floor_child(Path::new(from), Path::new(to)),
        ["--compare", documents] => compare_child(Path::new(documents)),
        ["embed"] => documents(&[100, 1_000]),
        ["embed", sizes @ ..] => documents(&numbers(sizes)),
        ["--generate", to, which @ ..] => shapes(which)
            .iter()
            .for_each(|shape| generate(shape, EVERYTHING, Path::new(to))),
        ["--peers", to, which @ ..] => shapes(which)
            .iter()
            .for_each(|shape| peers::projects(shape, Path::new(to))),
        ["peers", which @ ..] => peers::run(&shapes(which)),
        ["loop", which @ ..] => author_loop(&shapes(which)),
        which => run(&shapes(which)),
    }
}

/// What is named: what the pages are, if it is said, and numbers of pages.
fn shapes(which: &[&str]) -> Vec<Shape> {
    let (of, sizes): (fn(usize) -> Shape, _) = match which {
        ["matrix", sizes @ ..] => (Shape::matrix, sizes),
        ["pairs", sizes @ ..] => (Shape::pairs, sizes),
        sizes => (Shape::mixed, sizes),
    };
    numbers(sizes).into_iter().map(of).collect()
}

fn numbers(sizes: &[&str]) -> Vec<usize> {
    match sizes {
        [] => vec![100, 1_000, 10_000],
        sizes => sizes.iter().map(|s| s.parse().expect("a size")).collect(),
    }
}

/// What the regions of a document ask for.
const REGIONS: &[&str] = &[
    "summary model=m0 category=c00001",
    "detail model=m1 category=c00002",
    "matrix category=c00003",
    "compare compare=m0,m1 category=c00004",
    "totals",
];

fn documents(sizes: &[usize]) {
    println!(
        "CPU seconds (wall) of regions in documents, {} in each\n",
        REGIONS.len()
    );
    println!("| documents | first | again | --check | floor |");
    println!("| ---: | ---: | ---: | ---: | ---: |");
    let dir = tempfile::tempdir().unwrap();
    let project = dir.path().join("project");
    generate(&Shape::mixed(100), EVERYTHING, &project);
    for &size in sizes {
        let documents = dir.path().join(format!("documents-{size}"));
        std::fs::create_dir(&documents).unwrap();
        let empty: Vec<(PathBuf, String)> = (0..size)
            .map(|n| (documents.join(format!("{n:05}.md")), document(n)))
            .collect();
        let refill = || {
            for (path, text) in &empty {
                std::fs::write(path, text).unwrap();
            }
        };
        let command = |more: &[&str]| -> Vec<String> {
            let folder = documents.to_str().unwrap();
            let all = [env!("CARGO_BIN_EXE_srm-site"), "-q", "embed", folder];
            let project = ["--project", project.to_str().unwrap()];
            let all = all.iter().chain(more).chain(&project);
            all.map(|arg| arg.to_string()).collect()
        };
        let own = std::env::current_exe().unwrap().display().to_string();
        let floor = vec![own, "--compare".into(), documents.display().to_string()];
        let first = median(|| {
            refill();
            measure(&command(&[]))
        });
        let rest = [command(&[]), command(&["--check"]), floor].map(|c| median(|| measure(&c)));
        let shown = |m: &Measured| format!("{:.3} ({:.3})", m.cpu, m.wall);
        let rest: Vec<String> = rest.iter().map(shown).collect();
        println!("| {size} | {} | {} |", shown(&first), rest.join(" | "));
    }
}

/// A document with some prose and a region for each request.
fn document(n: usize) -> String {
    let mut text = format!("# Document {n}\n");
    for request in REGIONS {
        let prose = "A paragraph of *prose* with `code` and a [link](https://example.com).\n";
        let _ = write!(
            text,
            "\n{}\n<!-- srm:begin {request} -->\n<!-- srm:end -->\n",
            prose.repeat(4)
        );
    }
    text
}

/// Reads documents, finds their markers and compares what is between them with
/// what is between those of the first: what any such tool has to do.
fn compare_child(documents: &Path) {
    let body = |text: &str| -> Vec<String> {
        let parts = text.split("<!-- srm:begin ").skip(1);
        let bodies = parts.filter_map(|p| p.split_once("-->")?.1.split_once("<!-- srm:end"));
        bodies.map(|(body, _)| body.to_string()).collect()
    };
    let mut first = None;
    for (_, bytes) in read_tree(documents) {
        let bodies = body(std::str::from_utf8(&bytes).unwrap());
        let wanted = first.get_or_insert_with(|| bodies.clone());
        assert_eq!(wanted, &bodies);
    }
}

/// Edits whose time is measured.
const EDITS: usize = 100;

fn author_loop(shapes: &[Shape]) {
    println!("write of one task's text to the new text, milliseconds; {EDITS} edits each\n");
    for shape in shapes {
        let dir = tempfile::tempdir().unwrap();
        let project = dir.path().join("project");
        generate(shape, EVERYTHING, &project);
        serve_edits(&project);
    }
}

/// A server of a project, and where it is.
fn serve_edits(project: &Path) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_srm-site"))
        .args(["serve", "-p", "0"])
        .arg(project)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let address = line
        .split_once("http://")
        .unwrap()
        .1
        .split('/')
        .next()
        .unwrap();
    let address = address.to_string();
    std::thread::spawn(move || lines.for_each(drop));
    let file = project.join("content/categories/c00001.yaml");
    let before = std::fs::read_to_string(&file).unwrap();
    let from = "Keep area 0 for the";
    let page = "/categories/c00001.html";
    wait_for(&address, page, from);
    // The large pages of the first look are still being made.
    let pid = server.id();
    let mut idle = cpu_of(pid);
    loop {
        std::thread::sleep(std::time::Duration::from_millis(400));
        let now = cpu_of(pid);
        if now == idle {
            break;
        }
        idle = now;
    }
    let mut news = events(&address);
    let mut edit = |n: usize| {
        let text = format!("Keep area ({n}) for the");
        std::fs::write(&file, before.replacen(from, &text, 1)).unwrap();
        let started = Instant::now();
        loop {
            news.find(|line| line.starts_with("data:")).unwrap();
            if shows(&address, page, &text) {
                return started.elapsed().as_secs_f64() * 1e3;
            }
        }
    };
    let memory = |pid: u32| -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<f64>()
            .unwrap()
            / 1024.0
    };
    let cpu = cpu_of(pid);
    let mut times: Vec<f64> = (0..10).map(&mut edit).collect();
    let after_ten = memory(pid);
    times.extend((10..EDITS).map(|n| {
        // An author pauses; large pages are made meanwhile.
        std::thread::sleep(std::time::Duration::from_millis(100));
        edit(n)
    }));
    let cpu = (cpu_of(pid) - cpu) / EDITS as f64 * 1e3;
    let mut last = 0.0;
    for n in EDITS..1000 {
        edit(n);
        last = memory(pid);
    }
    std::fs::write(&file, &before).unwrap();
    wait_for(&address, page, from);
    times.sort_by(f64::total_cmp);
    let pages = std::fs::read_dir(project.join("content")).unwrap().count();
    println!(
        "{} categories, {pages} entries of content\n  answer: median {:.1}, p99 {:.1}, worst {:.1}; \
         CPU of server an edit, large pages included: {cpu:.1} ms",
        std::fs::read_dir(project.join("content/categories"))
            .unwrap()
            .count(),
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times[times.len() - 1],
    );
    println!(
        "  memory: {after_ten:.1} MB after 10 edits, {last:.1} MB after 1,000 ({:.2} times)",
        last / after_ten
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html/latency.mjs");
    let seen = Command::new("node")
        .arg(script)
        .arg(format!("http://{address}{page}"))
        .arg(&file)
        .args([from, "40"])
        .output();
    match seen {
        Ok(out) if out.status.success() => {
            let text = String::from_utf8_lossy(&out.stdout).into_owned();
            let mut times: Vec<f64> = text.lines().filter_map(|l| l.parse().ok()).collect();
            times.sort_by(f64::total_cmp);
            println!(
                "  Chromium: median {:.1}, worst {:.1}, no page load",
                times[times.len() / 2],
                times[times.len() - 1]
            );
        }
        Ok(out) => println!(
            "  Chromium: {}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        ),
        Err(e) => println!("  Chromium: node: {e}"),
    }
    println!();
    let _ = server.kill();
    let _ = server.wait();
}

/// Seconds of user and system time a process has taken.
fn cpu_of(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    // Clock ticks are hundredths of a second wherever this runs.
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

/// Asks for a page until it shows a text.
fn wait_for(address: &str, page: &str, text: &str) {
    let started = Instant::now();
    while !shows(address, page, text) {
        assert!(
            started.elapsed().as_secs() < 120,
            "{page} never shows {text}"
        );
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

fn ask(address: &str, path: &str) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(120)))?;
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    Ok(stream)
}

/// Whether a page has a text now.
fn shows(address: &str, page: &str, text: &str) -> bool {
    let mut answer = Vec::new();
    let read = ask(address, page).and_then(|mut stream| stream.read_to_end(&mut answer));
    read.is_ok() && memchr::memmem::find(&answer, text.as_bytes()).is_some()
}

/// The lines of the event channel, which the client of an open page listens to.
/// A page that was asked for again and again instead would take the processor
/// from the look that is measured.
fn events(address: &str) -> impl Iterator<Item = String> + use<> {
    let stream = ask(address, "/.srm-site/events").unwrap();
    BufReader::new(stream).lines().map(Result::unwrap)
}

fn run(shapes: &[Shape]) {
    println!("{RUNS} runs each, medians; CPU is user + system of the whole process");
    println!("ratios are to the floor of the same line's bytes and files\n");
    for shape in shapes {
        let dir = tempfile::tempdir().unwrap();
        let project = dir.path().join("project");
        for (name, settings) in [("pages only", PAGES_ONLY), ("everything", EVERYTHING)] {
            generate(shape, settings, &project);
            row(name, &project, dir.path());
        }
        println!();
    }
}

const PAGES_ONLY: &str = "outputs = {print = false, markdown = false, llms = false, data = false, \
    parties = false, search = false, embed = false}\n";
const EVERYTHING: &str = "";

/// Measures one project with one set of outputs.
fn row(name: &str, project: &Path, scratch: &Path) {
    let site = scratch.join("site");
    let build = |dest: &Path| -> Vec<String> {
        [
            env!("CARGO_BIN_EXE_srm-site"),
            "build",
            "-q",
            project.to_str().unwrap(),
            "-d",
            dest.to_str().unwrap(),
        ]
        .map(String::from)
        .to_vec()
    };
    let cold = median(|| {
        let _ = std::fs::remove_dir_all(&site);
        measure(&build(&site))
    });
    let (files, bytes) = size_of(&site);
    let pages = count_html(&site);
    let written = scratch.join("floor");
    let floor_of = |files: &Path| {
        median(|| {
            let _ = std::fs::remove_dir_all(&written);
            let me = std::env::current_exe().unwrap();
            let command = [me.as_path(), Path::new("--floor"), files, &written];
            measure(&command.map(|part| part.display().to_string()))
        })
    };
    let floor = floor_of(&site);
    let first = scratch.join("first");
    std::fs::rename(&written, &first).unwrap();
    let same = median(|| measure(&build(&site)));
    let file = project.join("content/categories/c00001.yaml");
    let before = std::fs::read_to_string(&file).unwrap();
    let mut n = 0;
    let edit = median(|| {
        n += 1;
        let text = before.replacen("Keep area", &format!("Keep ({n}) area"), 1);
        assert_ne!(text, before);
        std::fs::write(&file, text).unwrap();
        measure(&build(&site))
    });
    std::fs::write(&file, before).unwrap();
    let renewed = scratch.join("renewed");
    for (path, bytes) in read_tree(&site) {
        if std::fs::read(first.join(&path)).ok().as_ref() != Some(&bytes) {
            let target = renewed.join(&path);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, bytes).unwrap();
        }
    }
    let (edit_files, edit_bytes) = size_of(&renewed);
    let edit_floor = floor_of(&renewed);
    for folder in [&site, &written, &first, &renewed] {
        std::fs::remove_dir_all(folder).unwrap();
    }
    println!(
        "{pages} pages, {name}: {files} files, {:.1} MB",
        bytes as f64 / 1e6
    );
    println!(
        "  {:<22} {:>9} {:>9} {:>9} {:>10}",
        "", "CPU s", "x floor", "wall s", "peak MB"
    );
    for (what, m) in [
        ("floor: plain write", floor),
        ("cold build", cold),
        ("nothing changed", same),
        ("one task edited", edit),
        ("floor of that edit", edit_floor),
    ] {
        println!(
            "  {what:<22} {:>9.3} {:>9.1} {:>9.3} {:>10.1}",
            m.cpu,
            m.cpu / floor.cpu,
            m.wall,
            m.peak
        );
    }
    println!(
        "  of the cold build's CPU: nothing changed {:.0} %, one task edited {:.0} %; wall of CPU when cold {:.0} %",
        100.0 * same.cpu / cold.cpu,
        100.0 * edit.cpu / cold.cpu,
        100.0 * cold.wall / cold.cpu
    );
    println!(
        "  the edit renews {edit_files} files, {:.1} MB; a plain write of these takes {:.0} % of the cold build's CPU, and the edit {:.1} times that",
        edit_bytes as f64 / 1e6,
        100.0 * edit_floor.cpu / cold.cpu,
        edit.cpu / edit_floor.cpu
    );
}

#[derive(Clone, Copy)]
struct Measured {
    cpu: f64,
    wall: f64,
    peak: f64,
}

/// Each figure's own median over the runs.
fn median(mut once: impl FnMut() -> Measured) -> Measured {
    let all: Vec<Measured> = (0..RUNS).map(|_| once()).collect();
    let middle = |pick: fn(&Measured) -> f64| {
        let mut values: Vec<f64> = all.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Measured {
        cpu: middle(|m| m.cpu),
        wall: middle(|m| m.wall),
        peak: middle(|m| m.peak),
    }
}

/// [`measure_in`] the folder this runs in.
fn measure(command: &[String]) -> Measured {
    measure_in(command, Path::new("."))
}

/// Runs a command in a folder and in a process of its own that does nothing else, so that the
/// system's accounting of children is the command's.
fn measure_in(command: &[String], folder: &Path) -> Measured {
    measured(&["--measure"], command, folder)
}

/// Bytes of memory that a command may ask for whose end is not known.
const MEMORY: u64 = 3 << 30;

/// Runs a command whatever it ends with, and ends it after so many seconds of
/// processor time.
fn measure_any(command: &[String], seconds: u64) -> Measured {
    let way = ["--measure-any", &seconds.to_string()];
    measured(&way, command, Path::new("."))
}

fn measured(way: &[&str], command: &[String], folder: &Path) -> Measured {
    let out = Command::new(std::env::current_exe().unwrap())
        .args(way)
        .args(command)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout);
    let numbers: Vec<f64> = text
        .split_whitespace()
        .filter_map(|n| n.parse().ok())
        .collect();
    let [cpu, wall, peak] = numbers[..] else {
        panic!(
            "{command:?}: {text} {}",
            String::from_utf8_lossy(&out.stderr)
        );
    };
    Measured { cpu, wall, peak }
}

fn measure_child(command: &[&str]) {
    let started = Instant::now();
    let status = Command::new(command[0])
        .args(&command[1..])
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{command:?} failed");
    print_usage(started);
}

fn measure_any_child(seconds: &str, command: &[&str]) {
    let limit: u64 = seconds.parse().expect("seconds");
    setrlimit(Resource::RLIMIT_CPU, limit, limit).unwrap();
    setrlimit(Resource::RLIMIT_AS, MEMORY, MEMORY).unwrap();
    let started = Instant::now();
    let status = Command::new(command[0])
        .args(&command[1..])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status();
    status.unwrap();
    print_usage(started);
}

fn print_usage(started: Instant) {
    let wall = started.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let cpu = (usage.user_time().num_microseconds() + usage.system_time().num_microseconds())
        as f64
        / 1e6;
    println!("{cpu} {wall} {}", usage.max_rss() as f64 / 1024.0);
}

/// Writes the files of one folder into another; reading them is not counted
/// away, so the floor is a little high, never low by much: they are in memory.
fn floor_child(from: &Path, to: &Path) {
    for (path, bytes) in read_tree(from) {
        let target = to.join(path);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent).unwrap();
        }
        std::fs::write(target, bytes).unwrap();
    }
}

fn read_tree(root: &Path) -> impl Iterator<Item = (PathBuf, Vec<u8>)> {
    let root = root.to_path_buf();
    files_of(&root).into_iter().map(move |path| {
        let bytes = std::fs::read(&path).unwrap();
        (path.strip_prefix(&root).unwrap().to_path_buf(), bytes)
    })
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files_of(&path));
        } else {
            out.push(path);
        }
    }
    out
}

fn size_of(folder: &Path) -> (usize, u64) {
    let files = files_of(folder);
    let bytes = files.iter().map(|f| f.metadata().unwrap().len()).sum();
    (files.len(), bytes)
}

fn count_html(folder: &Path) -> usize {
    let html = |f: &&PathBuf| f.extension().is_some_and(|e| e == "html");
    files_of(folder).iter().filter(html).count()
}

/// Parties of a generated project.
const PARTIES: [(&str, &str); 3] = [
    ("customer", "Customer"),
    ("provider", "Vendor"),
    ("cloud", "Cloud provider"),
];

/// Who may be responsible.
const OWNERS: [&[&str]; 4] = [
    &["customer", "provider"],
    &["provider"],
    &["customer"],
    &["provider", "cloud"],
];

/// Who is, for a row of a category in a model.
fn owner(c: usize, r: usize, m: usize) -> &'static [&'static str] {
    OWNERS[(c + r + m) % OWNERS.len()]
}

fn task(c: usize, r: usize, m: usize, party: &str, t: usize) -> String {
    format!(
        "Keep area {r} for the {party} of category {c} in order, step {t} & check it in model {m}."
    )
}

/// How much of everything a generated project has. The same size of a kind has
/// always the same project.
struct Shape {
    models: usize,
    /// Of four rows each.
    categories: usize,
    /// Pages of text.
    prose: usize,
    /// The setting of that name.
    compare: &'static str,
}

impl Shape {
    /// About so many pages: three models, and nine in ten pages are categories,
    /// up to a matrix of so many rows; the rest is prose.
    fn tables(size: usize, most_rows: usize) -> Shape {
        let (models, other) = (3, 5);
        let categories = (size * 9 / 10).min(most_rows / ROWS);
        Shape {
            models,
            categories,
            prose: size.saturating_sub(categories + models + other).max(1),
            compare: "[\"m0..m1\"]",
        }
    }

    fn mixed(size: usize) -> Shape {
        Shape::tables(size, MATRIX)
    }

    fn matrix(size: usize) -> Shape {
        Shape::tables(size, usize::MAX)
    }

    /// Nearly all pages compare two models.
    fn pairs(size: usize) -> Shape {
        Shape {
            models: 1 + size.isqrt(),
            categories: 2,
            prose: 1,
            compare: "\"all\"",
        }
    }

    /// Whether each model is compared with all others.
    fn all_pairs(&self) -> bool {
        self.compare == "\"all\""
    }
}

/// A page of text among so many; `row` and `page` are where its links lead: to
/// the first row of a category, and to another page.
fn prose(
    p: usize,
    categories: usize,
    pages: usize,
    row: impl Fn(usize) -> String,
    page: impl Fn(usize) -> String,
) -> String {
    let section = |s: usize| {
        format!(
            "## Section {s}\n\nProse with *emphasis*, `code`, a [row]({}) and a [page]({}).\n\n\
             | a | b |\n|---|---|\n| 1 | 2 |\n",
            row((p + s) % categories.max(1)),
            page((p + 1) % pages)
        )
    };
    (0..6).map(section).collect::<Vec<_>>().join("\n")
}

/// Writes a project of three parties with these settings.
fn generate(shape: &Shape, settings: &str, to: &Path) {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let &Shape {
        models,
        categories,
        prose: pages,
        compare,
    } = shape;
    let book = format!(
        "[book]\ntitle = \"Corpus\"\nsrc = \"content\"\n\n\
         [preprocessor.srm]\ncompare = {compare}\n{settings}"
    );
    files.insert("book.toml".into(), book);
    let kinds = ["customer", "provider", "third-party"];
    let parties = PARTIES.iter().zip(kinds);
    let parties = parties
        .map(|((id, label), kind)| format!("  - {{id: {id}, kind: {kind}, label: {label}}}\n"));
    files.insert(
        "content/srm.yaml".into(),
        format!("schema: 1\nparties:\n{}", parties.collect::<String>()),
    );
    files.insert(
        "content/index.md".into(),
        "# Corpus\n\nA generated project.\n".into(),
    );
    for m in 0..models {
        files.insert(
            format!("content/models/m{m}.md"),
            format!("---\nlabel: Model {m}\norder: {m}\n---\n\nThe introduction of model {m}.\n"),
        );
    }
    for c in 0..categories {
        let mut text = format!("label: Category {c}\norder: {c}\nrows:\n");
        for r in 0..ROWS {
            let _ = writeln!(
                text,
                "  - id: row-{c}-{r}\n    label: Responsibility {r} of {c}\n    models:"
            );
            for m in 0..models {
                let owner = owner(c, r, m);
                let _ = writeln!(
                    text,
                    "      m{m}:\n        responsible: [{}]\n        tasks:",
                    owner.join(", ")
                );
                for (party, _) in PARTIES.iter().filter(|(id, _)| owner.contains(id)) {
                    let _ = writeln!(text, "          {party}:");
                    for t in 0..2 {
                        let _ = writeln!(text, "            - {}", task(c, r, m, party, t));
                    }
                }
            }
        }
        files.insert(format!("content/categories/c{c:05}.yaml"), text);
    }
    for p in 0..pages {
        let text = prose(
            p,
            categories,
            pages,
            |c| format!("row:row-{c}-0"),
            |p| format!("page{p:05}.md"),
        );
        files.insert(
            format!("content/page{p:05}.md"),
            format!("---\ntitle: Page {p}\norder: {p}\n---\n\n{text}"),
        );
    }
    for (path, text) in files {
        let full = to.join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
    }
}
