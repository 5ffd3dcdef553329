//! `embed` and `mdbook`: fill documents of other tools with tables. Single tables are
//! in `tables`.

use std::collections::{BTreeSet, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use rayon::prelude::*;
use similar::TextDiff;

use crate::cli::args::NamesArgs;
use crate::cli::tables::{DataArgs, reach};
use crate::cli::terminal::{Exit, Terminal, complain, foreign};
use crate::cli::told::Told;
use crate::embed::{Dialect, Embedder, Sent};
use crate::findings::{Code, Finding, Findings, Place};
use crate::output::{self, Reach, Replacement};
use crate::report;
use crate::site::Site;
use crate::site::engine::Snapshot;
use crate::source::{Source, named_files};
use crate::tables::Request;
use crate::tables::formats::TableFormat;

#[derive(Args, Debug)]
pub(super) struct EmbedArgs {
    /// Files, folders or patterns such as `docs/**/*.md`; `-` for standard input
    #[arg(required = true)]
    files: Vec<String>,
    /// Write nothing; show a diff and exit with 1 if a region is out of date
    #[arg(long)]
    check: bool,
    /// Leave out the diff
    #[arg(long)]
    no_diff: bool,
    /// Overwrite regions that were edited by hand
    #[arg(long, conflicts_with = "check")]
    pub(super) force: bool,
    /// A file name that tells the format of standard input, such as `page.adoc`
    #[arg(long, value_name = "NAME", default_value = "page.md")]
    stdin_name: String,
    /// Format of findings
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: report::ReportFormat,
    #[command(flatten)]
    names: NamesArgs,
    #[command(flatten)]
    pub(super) data: DataArgs,
}

#[derive(Args, Debug)]
pub(super) struct MdbookArgs {
    #[command(subcommand)]
    question: Option<Question>,
    #[command(flatten)]
    pub(super) data: DataArgs,
}

#[derive(Subcommand, Debug)]
enum Question {
    /// Exit with 0 if chapters can be filled for this renderer (they always can)
    Supports { renderer: String },
}

/// The result for all documents together.
#[derive(Default)]
struct Documents {
    /// Findings that keep all documents from being written.
    wrong: Findings,
    stale: Findings,
    edited: Findings,
    /// Documents that were named and have no region.
    empty: Findings,
    /// Findings that keep nothing from being written.
    respelled: Findings,
    pub(super) regions: usize,
    /// For each changed document: its path, its current text and its new text.
    changed: Vec<(String, String, String)>,
}

impl Documents {
    fn of(all: Vec<Documents>) -> Documents {
        let mut sum = Documents::default();
        for one in all {
            sum.wrong.extend(one.wrong);
            sum.stale.extend(one.stale);
            sum.edited.extend(one.edited);
            sum.empty.extend(one.empty);
            sum.respelled.extend(one.respelled);
            sum.regions += one.regions;
            sum.changed.extend(one.changed);
        }
        sum
    }

    /// Reports documents that would be written through a link to elsewhere. What is
    /// in them is not shown.
    fn refuse_links(&mut self, reach: &Reach, documents: &Source) {
        for path in files_of(&self.wrong) {
            if reach.target(Path::new(path)).is_err() {
                documents.forget(path);
            }
        }
        for (path, ..) in &self.changed {
            if let Err(finding) = reach.target(Path::new(path)) {
                documents.forget(path);
                self.wrong.push(finding);
            }
        }
    }
}

/// How often documents are filled again if they cannot be written.
const TRIES: usize = 3;

fn replacement((path, old, new): &(String, String, String)) -> Replacement {
    Replacement {
        path: PathBuf::from(path),
        old: Some(old.clone().into_bytes()),
        new: new.clone().into_bytes(),
    }
}

/// Fills documents in parallel.
fn fill(site: &Site, documents: &Source, paths: &[String]) -> Documents {
    let base = site.config().site_url();
    let show = |request: &Request, format, findings: &mut Findings| {
        site.show(request, format, base.as_deref(), findings)
    };
    let embedder = Embedder::new(&show);
    let one = |path: &String| match documents.text(path) {
        Ok(text) => fill_one(&embedder, &text.text, Dialect::of_file(path), &text.path),
        Err(finding) => {
            let mut outcome = Documents::default();
            outcome.wrong.push(finding);
            outcome
        }
    };
    let outcome = Documents::of(paths.par_iter().map(one).collect());
    within_limits(&embedder, outcome)
}

/// The outcome, or only the finding that the documents ask for too much.
fn within_limits(embedder: &Embedder<'_>, outcome: Documents) -> Documents {
    let Some(finding) = embedder.too_much() else {
        return outcome;
    };
    let mut outcome = Documents::default();
    outcome.wrong.push(finding);
    outcome
}

fn fill_one(embedder: &Embedder<'_>, text: &str, dialect: Dialect, file: &Arc<str>) -> Documents {
    let mut outcome = Documents::default();
    let filled = embedder.fill(text, dialect, file, &mut outcome.wrong);
    outcome.regions = filled.regions;
    outcome.stale = filled.stale;
    outcome.edited = filled.edited;
    if filled.regions == 0 && outcome.wrong.list.is_empty() {
        outcome.empty.push(no_region(file));
    }
    outcome.respelled = filled.respelled;
    if filled.text != text {
        let change = (file.to_string(), text.to_string(), filled.text);
        outcome.changed.push(change);
    }
    outcome
}

fn no_region(file: &Arc<str>) -> Finding {
    let message = format!("`{file}` has no region");
    Finding::new(Code::NoRegion, Place::file(file), message)
        .help("write `srm:begin KIND` and `srm:end`, each in its own comment on its own line")
        .help("or name only documents with regions, or their folder")
}

/// The files that findings are about.
fn files_of(findings: &Findings) -> HashSet<&str> {
    let places = findings.list.iter().filter_map(|f| f.place.as_ref());
    places.map(|place| &*place.file).collect()
}

/// The absolute paths of the files that names, folders and patterns currently match.
pub(super) fn full_paths(wanted: &[String]) -> BTreeSet<PathBuf> {
    named_files(wanted, &mut Findings::default())
        .iter()
        .filter_map(|path| std::path::absolute(path).ok())
        .collect()
}

/// The changes to a file in the form of `diff -u`, for people to read.
fn unified(path: &str, old: &str, new: &str) -> String {
    let path = report::plain(path);
    let lines = TextDiff::from_lines(old, new)
        .unified_diff()
        .header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string();
    report::plain_lines(&lines)
}

fn counted(n: usize, what: &str) -> String {
    let end = if n == 1 { "" } else { "s" };
    format!("{n} {what}{end}")
}

impl Terminal {
    pub(super) fn embed(&self, args: &EmbedArgs) -> Exit {
        let (_, site) = match self.data_site(&args.data, &args.names, args.format) {
            Ok(found) => found,
            Err(exit) => return exit,
        };
        let here = Path::new(".");
        let documents = match self.naming(Source::named(), &args.names, args.format, here) {
            Ok(documents) => documents,
            Err(exit) => return exit,
        };
        if args.files.iter().any(|name| name == "-") {
            return self.embed_stream(args, &site, &documents);
        }
        let mut findings = Findings::default();
        let paths = named_files(&args.files, &mut findings);
        let mut outcome = fill(&site, &documents, &paths);
        outcome.wrong.extend(findings);
        // A folder or a pattern may match other documents.
        let is_named = |f: &Finding| {
            let place = f.place.as_ref();
            place.is_some_and(|place| args.files.iter().any(|name| **name == *place.file))
        };
        outcome.empty.list.retain(is_named);
        let reach = reach(&args.data.project);
        if !args.check {
            outcome.refuse_links(&reach, &documents);
        }
        if let Err(exit) = self.embedded(args, &documents, &mut outcome) {
            return exit;
        }
        let files = outcome.changed.iter().map(replacement);
        let files: Vec<Replacement> = files.collect();
        if let Err(finding) = output::replace(&files, &reach) {
            outcome.wrong.push(finding);
            self.report(&outcome.wrong, &documents, args.format, false);
            return Exit::Usage;
        }
        for (path, _, _) in &outcome.changed {
            self.say(&format!("wrote   {path}"));
        }
        self.say(&format!(
            "{} in {}: {} written",
            counted(outcome.regions, "region"),
            counted(paths.len(), "file"),
            counted(files.len(), "file"),
        ));
        Exit::Fine
    }

    /// Fills the documents that are kept up to date while a project is edited.
    /// Findings are reported; regions that were edited by hand are left. Returns whether
    /// everything that is to be written could be written.
    pub(super) fn refresh(
        &self,
        site: &Snapshot,
        project: &Path,
        wanted: &[String],
        format: report::ReportFormat,
        told: &mut Told,
    ) -> bool {
        if wanted.is_empty() {
            return true;
        }
        let reach = reach(project);
        let mut tried = 0;
        loop {
            let documents = Source::named();
            let mut findings = Findings::default();
            let paths = named_files(wanted, &mut findings);
            let mut outcome = fill(site.site(), &documents, &paths);
            outcome.wrong.extend(findings);
            outcome.refuse_links(&reach, &documents);
            outcome.wrong.extend(outcome.edited);
            let kept: HashSet<&str> = files_of(&outcome.wrong);
            let changed = outcome.changed.iter();
            let changed = changed.filter(|(path, ..)| !kept.contains(path.as_str()));
            let changed: Vec<Replacement> = changed.map(replacement).collect();
            let failed = output::replace(&changed, &reach).err();
            tried += 1;
            // The author may have saved a document together with the data.
            if failed.is_some() && tried < TRIES {
                continue;
            }
            if failed.is_none() {
                for file in &changed {
                    self.say(&format!("wrote   {}", file.path.display()));
                }
            }
            let written = failed.is_none();
            failed.into_iter().for_each(|f| outcome.wrong.push(f));
            outcome.wrong.extend(outcome.respelled);
            outcome.wrong.sort();
            self.report_again(outcome.wrong, &documents, format, told);
            return written;
        }
    }

    pub(super) fn mdbook(&self, args: &MdbookArgs) -> Exit {
        if let Some(Question::Supports { .. }) = args.question {
            return Exit::Fine;
        }
        let mut text = String::new();
        let read = std::io::stdin().lock().read_to_string(&mut text);
        let sent = read.map_err(|error| format!("cannot read standard input: {error}"));
        let mut sent = match sent.and_then(|_| Sent::parse(&text)) {
            Ok(sent) => sent,
            Err(why) => {
                complain(&format!("error: {why}"));
                complain("help: this command is called by mdBook; see `srm-site mdbook --help`");
                return Exit::Usage;
            }
        };
        let (_, site) = match self.data_site(
            &args.data,
            &NamesArgs::default(),
            report::ReportFormat::Human,
        ) {
            Ok(found) => found,
            Err(exit) => return exit,
        };
        // The address in a book's settings is that of the book, not of the site. The one
        // in the data of a site is that of the site.
        let is_of_site = args.data.site_url.is_some() || args.data.data.is_some();
        let base = site.config().site_url().filter(|_| is_of_site);
        let show = |request: &Request, format, findings: &mut Findings| {
            site.show(request, format, base.as_deref(), findings)
        };
        let format = match sent.renderer.as_str() {
            "html" => TableFormat::Html,
            _ => TableFormat::Markdown,
        };
        let embedder = Embedder::with(&show, format);
        let documents = Source::named();
        let mut findings = Findings::default();
        sent.chapters(|chapter| {
            let file: Arc<str> = chapter.file.into();
            let filled = embedder.chapter(chapter.content, &file, &mut findings);
            documents.remember(&file, std::mem::replace(chapter.content, filled));
        });
        if let Some(finding) = embedder.too_much() {
            findings = Findings::default();
            findings.push(finding);
        }
        if !findings.list.is_empty() {
            findings.sort();
            self.report(&findings, &documents, report::ReportFormat::Human, false);
            return Exit::Findings;
        }
        self.data(sent.book().as_bytes())
    }

    /// Fills a document from standard input and writes it to standard output.
    fn embed_stream(&self, args: &EmbedArgs, site: &Site, documents: &Source) -> Exit {
        if args.files.len() > 1 {
            complain("error: `-` cannot be combined with other files");
            return Exit::Usage;
        }
        let mut text = String::new();
        if let Err(error) = std::io::stdin().lock().read_to_string(&mut text) {
            complain(&format!("error: cannot read standard input: {error}"));
            return Exit::Usage;
        }
        let file: Arc<str> = Arc::from("(standard input)");
        documents.remember(&file, text.clone());
        let dialect = Dialect::of_file(&args.stdin_name);
        let base = site.config().site_url();
        let show = |request: &Request, format, findings: &mut Findings| {
            site.show(request, format, base.as_deref(), findings)
        };
        let embedder = Embedder::new(&show);
        let filled = fill_one(&embedder, &text, dialect, &file);
        let mut outcome = within_limits(&embedder, filled);
        if !args.check {
            // A filter passes on what it gets.
            outcome.empty = Findings::default();
        }
        if let Err(exit) = self.embedded(args, documents, &mut outcome) {
            return exit;
        }
        let filled = outcome.changed.pop().map_or(text, |(_, _, new)| new);
        self.data(filled.as_bytes())
    }

    /// Reports the findings. The error is the exit code if the program has to end
    /// before anything is written.
    fn embedded(
        &self,
        args: &EmbedArgs,
        documents: &Source,
        outcome: &mut Documents,
    ) -> Result<(), Exit> {
        let Documents {
            wrong,
            stale,
            edited,
            empty,
            respelled,
            changed,
            ..
        } = outcome;
        if !wrong.list.is_empty() {
            wrong.sort();
            self.report(wrong, documents, args.format, false);
            self.say(&format!("nothing was written: {}", report::summary(wrong)));
            return Err(Exit::Usage);
        }
        let human = args.format == report::ReportFormat::Human;
        let diff = |changed: &[(String, String, String)]| {
            if human && !args.no_diff {
                for (path, old, new) in changed {
                    let lines = unified(path, old, new);
                    self.data(foreign(&lines).as_bytes());
                }
            }
        };
        if args.check {
            let regions = stale.list.len() + edited.list.len();
            let mut all = std::mem::take(stale);
            all.extend(std::mem::take(edited));
            let nothing = !empty.list.is_empty();
            all.extend(std::mem::take(empty));
            all.extend(std::mem::take(respelled));
            all.sort();
            diff(changed);
            self.report(&all, documents, args.format, false);
            if changed.is_empty() {
                self.say(&format!(
                    "{} up to date",
                    counted(outcome.regions, "region")
                ));
                // Standard input is not passed on with `--check`.
                return Err(if nothing { Exit::Findings } else { Exit::Fine });
            }
            self.say(&format!("{} out of date", counted(regions, "region")));
            return Err(Exit::Findings);
        }
        if !edited.list.is_empty() && !args.force {
            let files = files_of(edited);
            changed.retain(|(path, _, _)| files.contains(path.as_str()));
            diff(changed);
            self.report(edited, documents, args.format, false);
            self.say("nothing was written: regions were edited by hand");
            return Err(Exit::Findings);
        }
        let mut told = std::mem::take(empty);
        told.extend(std::mem::take(respelled));
        if !told.list.is_empty() {
            told.sort();
            self.report(&told, documents, args.format, false);
        }
        Ok(())
    }
}
