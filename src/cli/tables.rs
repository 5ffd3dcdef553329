//! `table`, and what the commands that write tables for other documents share.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::cli::args::{DestArgs, NamesArgs};
use crate::cli::project::SiteFolder;
use crate::cli::terminal::{Exit, Terminal, complain};
use crate::findings::{Findings, Severity, nearest};
use crate::input::Config;
use crate::output::{self, Reach, Replacement};
use crate::report;
use crate::site::{self, Memos, Options, Site};
use crate::source::Source;
use crate::tables::formats::{Breaks, TableFormat};
use crate::tables::{OptionKey, Request, RequestKind, TableKind};

/// The file name of a request on the command line, in findings.
const COMMAND_LINE: &str = "(command line)";

#[derive(Args, Debug)]
pub(super) struct TableArgs {
    /// What to show, and options such as `model=saas`
    #[arg(value_name = "KIND KEY=VALUE", required = true)]
    request: Vec<String>,
    /// Format of the output (default: by the ending of `--output`, md without one)
    #[arg(short, long, value_name = "FORMAT")]
    format: Option<TableFormat>,
    /// File to write to instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// `none` for Markdown without HTML: a line for each task, and owners in a column
    #[arg(long, value_name = "HOW")]
    breaks: Option<Breaks>,
    /// Replace the file even if it has other content
    #[arg(long)]
    force: bool,
    /// Also show evidence and reviews that are not published (kind `evidence`)
    #[arg(long)]
    internal: bool,
    #[command(flatten)]
    names: NamesArgs,
    #[command(flatten)]
    data: DataArgs,
}

/// The kinds of tables and their options, for the help.
pub(super) fn kinds_and_keys() -> String {
    let mut text = String::from("Kinds:\n");
    for asked in RequestKind::all() {
        let _ = writeln!(text, "  {:<11}{}", asked.word(), asked.about());
    }
    text.push_str("\nKeys:\n");
    for key in OptionKey::ALL {
        let (name, value) = (key.word(), key.value().replace('`', ""));
        let _ = writeln!(text, "  {name:<11}{value}: {}", key.about());
    }
    text
}

/// Where the data is.
#[derive(Args, Debug)]
pub(super) struct DataArgs {
    /// Folder of the project with the data, which contains book.toml
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(super) project: PathBuf,
    /// The file data/responsibilities.json of a built site, in place of a project
    #[arg(long, value_name = "FILE", conflicts_with_all = ["project", "follow_links"])]
    pub(super) data: Option<PathBuf>,
    /// Address of the published site, in place of `site-url` in book.toml
    #[arg(short = 'u', long, alias = "base-url", value_name = "URL")]
    pub(super) site_url: Option<String>,
    /// Also read files outside the project or below hidden names that links lead to
    #[arg(long)]
    follow_links: bool,
}

impl ValueEnum for Breaks {
    fn value_variants<'a>() -> &'a [Self] {
        Breaks::ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.word()))
    }
}

impl ValueEnum for TableFormat {
    fn value_variants<'a>() -> &'a [Self] {
        TableFormat::ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.word()))
    }
}

impl Terminal {
    /// Reads the site of the data. Its findings are reported in a format; if there
    /// are errors, returns the exit code.
    pub(super) fn data_site(
        &self,
        args: &DataArgs,
        names: &NamesArgs,
        format: report::ReportFormat,
    ) -> Result<(Source, Site), Exit> {
        if let Some(file) = &args.data {
            return self.site_of_data(file, args, format);
        }
        let source = Source::disk(&args.project).following_links(args.follow_links);
        let source = self.naming(source, names, format, &args.project)?;
        let options = Options {
            site_url: args.site_url.clone(),
            ..Options::default()
        };
        let mut findings = Findings::default();
        let config = Arc::new(site::config(&source, &options, &mut findings));
        if !source.is_file("book.toml") {
            self.report(&findings, &source, format, false);
            return Err(Exit::Usage);
        }
        let site = Site::read(&source, config, &options, findings, &Memos::default());
        if site.findings().has_errors() {
            let mut errors = site.findings().clone();
            errors.list.retain(|f| f.severity == Severity::Error);
            errors.sort();
            self.report(&errors, &source, format, false);
            self.say("nothing was written: the data has errors");
            return Err(Exit::Findings);
        }
        Ok((source, site))
    }

    /// The same from the data of a built site.
    fn site_of_data(
        &self,
        file: &Path,
        args: &DataArgs,
        format: report::ReportFormat,
    ) -> Result<(Source, Site), Exit> {
        let source = Source::named();
        let path = file.to_string_lossy();
        match Site::of_data(&source, &path, args.site_url.as_deref()) {
            Ok(site) => Ok((source, site)),
            Err(mut findings) => {
                findings.sort();
                self.report(&findings, &source, format, false);
                self.say("nothing was written: the data has errors");
                Err(Exit::Findings)
            }
        }
    }

    pub(super) fn table(&self, args: &TableArgs) -> Exit {
        let (source, site) =
            match self.data_site(&args.data, &args.names, report::ReportFormat::Human) {
                Ok(found) => found,
                Err(exit) => return exit,
            };
        let file: Arc<str> = Arc::from(COMMAND_LINE);
        let breaks = args
            .breaks
            .map(|breaks| format!(" breaks={}", breaks.word()));
        let text = one_line(&args.request) + breaks.as_deref().unwrap_or("");
        source.remember(&file, text.clone());
        let mut findings = Findings::default();
        let mut request = Request::parse(&text, 0..text.len(), &file, &mut findings);
        if let Some(request) = request.as_mut().filter(|_| args.internal) {
            if let Err(refusal) = may_be_internal(args, request, site.config()) {
                complain(&format!("error: {refusal}"));
                return Exit::Usage;
            }
            request.internal = true;
        }
        let asked = request.as_ref().and_then(|r| r.format(&mut findings));
        let asked = asked.or(args.format);
        let output = args.output.as_deref().filter(|_| asked.is_none());
        let by_ending = match output.map_or(Ok(None), of_ending) {
            Err(lines) if findings.list.is_empty() => {
                lines.iter().for_each(|line| complain(line));
                return Exit::Usage;
            }
            found => found.ok().flatten(),
        };
        let made = request.as_ref().and_then(|request| {
            let format = asked.or(by_ending).unwrap_or(TableFormat::Markdown);
            let base = site.config().site_url();
            site.show(request, format, base.as_deref(), &mut findings)
        });
        let Some(bytes) = made.filter(|_| findings.list.is_empty()) else {
            findings.sort();
            self.report(&findings, &source, report::ReportFormat::Human, false);
            return Exit::Usage;
        };
        if let Some(request) = &request {
            self.say_what_is_empty(&site, request);
        }
        match &args.output {
            None => self.data(&bytes),
            Some(path) => {
                let reach = reach(&args.data.project);
                let note = match output.is_some() && by_ending.is_none() {
                    true => " (md: its name has no ending)",
                    false => "",
                };
                self.write_file(path, &bytes, args.force, &reach, note)
            }
        }
    }

    /// Says which tables have no lines: formats for scripts then only have the head.
    fn say_what_is_empty(&self, site: &Site, request: &Request) {
        let (all, empty) = site.empty_tables(request);
        let kind = request.asked.word();
        match &empty[..] {
            [] => {}
            _ if all == empty.len() => self.say(&format!("note: no row for `{kind}`")),
            some => self.say(&format!("note: no row for `{kind}` in {}", some.join(", "))),
        }
    }

    /// Writes a file that the user named, but does not overwrite content that this
    /// command did not write. The
    /// note follows the message that it was written.
    fn write_file(
        &self,
        path: &Path,
        bytes: &[u8],
        force: bool,
        reach: &Reach,
        note: &str,
    ) -> Exit {
        // Reading a pipe or a device could block forever.
        if std::fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
            complain(&format!(
                "error: `{}` is not a regular file",
                path.display()
            ));
            return Exit::Usage;
        }
        let now = std::fs::read(path);
        if now.as_ref().is_ok_and(|now| now == bytes) {
            self.say(&format!("kept    {} (current)", path.display()));
            return Exit::Fine;
        }
        // A link to nothing counts as existing content, too.
        if path.symlink_metadata().is_ok() && !force {
            complain(&format!(
                "error: `{}` exists with other content; replace it with `--force`",
                path.display()
            ));
            return Exit::Usage;
        }
        let file = Replacement {
            path: path.to_path_buf(),
            old: now.ok(),
            new: bytes.to_vec(),
        };
        match output::replace(&[file], reach) {
            Ok(()) => {
                self.say(&format!("wrote   {}{note}", path.display()));
                Exit::Fine
            }
            Err(finding) => {
                complain(&format!("error: {}", finding.message));
                for help in &finding.help {
                    complain(&format!("help: {help}"));
                }
                Exit::Usage
            }
        }
    }
}

/// Refuses a table of what is not published where readers would see it, and one that
/// has nothing of the kind.
fn may_be_internal(args: &TableArgs, request: &Request, config: &Config) -> Result<(), String> {
    if request.asked != RequestKind::Table(TableKind::Evidence) {
        return Err("`--internal` is only for the kind `evidence`".into());
    }
    if args.data.data.is_some() {
        let why = "the data of a site has only what is public, so `--internal` needs `--project`";
        return Err(why.into());
    }
    let here = DestArgs { dest_dir: None };
    let site = SiteFolder::new(&here, &args.data.project, config);
    match &args.output {
        Some(file) if site.as_output().publishes(file) => Err(format!(
            "will not write `{}`: a table with `--internal` cannot be in a folder that is published",
            file.display()
        )),
        _ => Ok(()),
    }
}

/// The folders into which documents may be written through links.
pub(super) fn reach(project: &Path) -> Reach {
    Reach::new(&[Path::new("."), project])
}

/// The format that the ending of a file's name means; `None` for a name without
/// an ending.
///
/// # Errors
/// Lines to print when no format has this ending.
fn of_ending(path: &Path) -> Result<Option<TableFormat>, Vec<String>> {
    let Some(ending) = path.extension() else {
        return Ok(None);
    };
    let ending = ending.to_string_lossy();
    if let Some(format) = TableFormat::of_ending(&ending) {
        return Ok(Some(format));
    }
    let known = || TableFormat::ALL.iter().flat_map(|f| f.endings()).copied();
    let mut lines = vec![format!("error: no format has the ending `.{ending}`")];
    if let Some(near) = nearest(&ending, known()) {
        lines.push(format!("help: did you mean `.{near}`?"));
    }
    let known: Vec<String> = known().map(|ending| format!("`.{ending}`")).collect();
    lines.push(format!("help: known endings: {}", known.join(", ")));
    lines.push("help: or name the format with `--format`".into());
    Err(lines)
}

/// The arguments as one line, as they would be written in a document.
fn one_line(args: &[String]) -> String {
    let quoted = |arg: &String| match arg.split_once('=') {
        Some((key, value)) if value.contains(|c: char| c.is_whitespace() || c == '"') => {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            format!("{key}=\"{value}\"")
        }
        _ => arg.clone(),
    };
    args.iter().map(quoted).collect::<Vec<_>>().join(" ")
}
