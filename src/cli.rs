//! The command line: what each command does, what is printed, and exit codes.
//! This and the files in `cli/` are the only ones that know arguments,
//! environment and terminal.

mod args;
pub mod init;
mod progress;
mod tables;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher, RandomState};
use std::io::{IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{CommandFactory, Parser, ValueEnum};
use rayon::prelude::*;

use crate::cli::args::{Cli, Color, Command, DestArgs, ProjectArgs, SchemaKind, WatchArgs};
use crate::cli::progress::{Progress, Teller};
use crate::findings::diag::{Findings, Severity};
use crate::input::config::Config;
use crate::input::schema;
use crate::output::{self, Built, Made, Output, Stats};
use crate::report::{self, Format};
use crate::serve::Port;
use crate::serve::preview;
use crate::site::engine::Snapshot;
use crate::site::{self, Memos, Options, Outcome, Sink};
use crate::source::Source;
use crate::text::address;

/// What the process ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything is fine.
    Fine = 0,
    /// There are findings that stop the job.
    Findings = 1,
    /// The command line or the settings are wrong, or the system refused.
    Usage = 2,
}

/// Runs the program with the arguments of the process.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        // Help and version are answers, not mistakes.
        Err(error) if !error.use_stderr() => {
            let _ = error.print();
            return Exit::Fine;
        }
        Err(error) => {
            // It repeats what was typed, which may be the names of files.
            let text = error.render().to_string();
            match report::plain_lines(&text) == text && !on_github() {
                true => drop(error.print()),
                false => text.lines().for_each(complain),
            }
            return Exit::Usage;
        }
    };
    let terminal = Terminal::new(&cli);
    match &cli.command {
        Command::Init { dir, title } => terminal.init(dir, title),
        Command::Build {
            project,
            force,
            fresh,
            open,
        } => terminal.build(project, *force, *fresh, *open),
        Command::Serve {
            project,
            watching,
            port,
            hostname,
            open,
            allow_host,
            editor_url,
        } => {
            let asked = preview::Asked {
                editor: editor_url.clone(),
                ..asked(project, watching)
            };
            let server = preview::Server {
                host: hostname.clone(),
                port: port.map_or(Port::Default(3000), Port::Named),
                base: base(project),
                hosts: allow_host.iter().chain([hostname]).cloned().collect(),
            };
            terminal.serve(asked, server, &watching.embed, project.format, *open)
        }
        Command::Watch {
            project,
            watching,
            force,
        } => terminal.watch(project, asked(project, watching), &watching.embed, *force),
        Command::Check { project } => terminal.check(project),
        Command::Table(args) => terminal.table(args),
        Command::Embed(args) => terminal.embed(args),
        Command::Mdbook(args) => terminal.mdbook(args),
        Command::Clean { dir, dest } => terminal.clean(dir, dest),
        Command::Schema { kind, dest_dir } => terminal.schema(*kind, dest_dir.as_deref()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "srm-site", &mut script);
            terminal.data(&script)
        }
        Command::Man => terminal.man(),
    }
}

/// What a build works on.
struct Job<'a> {
    source: &'a Source,
    config: &'a Arc<Config>,
    options: &'a Options,
    format: Format,
    /// Fingerprint of all inputs.
    inputs: String,
}

/// How much is printed and how.
#[derive(Clone, Copy)]
struct Terminal {
    color: bool,
    quiet: bool,
    verbose: bool,
}

impl Terminal {
    fn new(cli: &Cli) -> Self {
        let env = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        Terminal {
            color: match cli.color {
                Color::Always => true,
                Color::Never => false,
                // https://no-color.org
                Color::Auto => {
                    !env("NO_COLOR")
                        && std::env::var("TERM").is_ok_and(|t| t != "dumb")
                        && std::io::stderr().is_terminal()
                }
            },
            quiet: cli.quiet,
            verbose: cli.verbose,
        }
    }

    fn say(&self, line: &str) {
        if !self.quiet {
            complain(line);
        }
    }

    fn init(&self, dir: &Path, title: &str) -> Exit {
        let mut failed = false;
        for (path, text) in init::files(title) {
            let full = dir.join(path);
            match output::create(&full, &text) {
                Ok(()) => self.say(&format!("created {}", full.display())),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                    self.say(&format!("kept    {} (it was there before)", full.display()));
                }
                Err(e) => {
                    failed = true;
                    complain(&format!("error: cannot write `{}`: {e}", full.display()));
                }
            }
        }
        if failed {
            return Exit::Usage;
        }
        let here = dir.display();
        self.say(&format!("next: srm-site build {here} --open"));
        Exit::Fine
    }

    fn check(&self, args: &ProjectArgs) -> Exit {
        let source = source(args);
        let options = options(args);
        let started = Instant::now();
        let mut findings = Findings::default();
        let config = Arc::new(site::config(&source, &options, &mut findings));
        let progress = Progress::new(self);
        let step = |done, all| progress.step(done, all);
        let sink = Sink::new(&|_, _| {});
        let memos = for_one_look();
        let outcome = site::run(&source, &config, &options, findings, sink, &step, &memos);
        progress.end();
        let reported = self.report(&outcome.findings, &source, args.format, true);
        self.say(&format!(
            "checked {} in {}: {}",
            pages(outcome.pages),
            elapsed(started.elapsed()),
            report::summary(&outcome.findings)
        ));
        reported.max(exit(&outcome))
    }

    fn build(&self, args: &ProjectArgs, force: bool, fresh: bool, open: bool) -> Exit {
        let source = source(args);
        let options = options(args);
        let started = Instant::now();
        let mut findings = Findings::default();
        let config = Arc::new(site::config(&source, &options, &mut findings));
        if !source.is_file("book.toml") {
            self.report(&findings, &source, args.format, false);
            return Exit::Usage;
        }
        let destination = Destination::new(&args.dest, &args.dir, &config);
        let folder = &destination.folder;
        let mut target = match Output::open(destination.as_output(), force) {
            Ok(target) => target,
            Err(finding) => {
                findings.push(finding);
                self.report(&findings, &source, args.format, false);
                return Exit::Usage;
            }
        };
        let begun = target.begin().and_then(|()| match fresh {
            true => target.begin_afresh(),
            false => Ok(()),
        });
        if let Err(finding) = begun {
            findings.push(finding);
            self.report(&findings, &source, args.format, false);
            return Exit::Usage;
        }
        let inputs = site::fingerprint(&source, &config, &options).unwrap_or_default();
        let current = target.current(&inputs).filter(|built| built.quiet);
        let examined = current
            .map(|built| Outcome {
                pages: built.pages,
                ..if built.silent {
                    Outcome::default()
                } else {
                    site::examine(&source, &config, &options, findings.clone())
                }
            })
            .filter(|outcome| !outcome.failed);
        let (outcome, stats) = if let Some(outcome) = examined {
            let stats = Stats {
                files: target.files(),
                ..Stats::default()
            };
            (outcome, stats)
        } else {
            let job = Job {
                source: &source,
                config: &config,
                options: &options,
                format: args.format,
                inputs,
            };
            match self.render(job, target, findings) {
                Ok(done) => done,
                Err(exit) => return exit,
            }
        };
        let reported = self.report(&outcome.findings, &source, args.format, self.verbose);
        self.say(&format!(
            "built {} into {} in {}: {} of {} files written, {} removed; {}",
            pages(outcome.pages),
            folder.display(),
            elapsed(started.elapsed()),
            stats.written,
            stats.files,
            stats.removed,
            report::summary(&outcome.findings)
        ));
        if open {
            self.open(folder.join("index.html"));
        }
        reported
    }

    /// Renders what is not in the folder yet and puts it in place, unless
    /// findings stop it.
    fn render(
        &self,
        job: Job<'_>,
        target: Output,
        findings: Findings,
    ) -> Result<(Outcome, Stats), Exit> {
        let Job {
            source,
            config,
            options,
            format,
            inputs,
        } = job;
        let progress = Progress::new(self);
        let sink = Sink {
            take: &|path, bytes| target.stage(path, bytes),
            keep: &|path, key| target.keep(path, &key.to_string()),
            made: target.made(),
        };
        let step = |done, all| progress.step(done, all);
        let memos = for_one_look();
        let mut outcome = site::run(source, config, options, findings, sink, &step, &memos);
        progress.end();
        // What the folder refuses matters once the content is right.
        let refused = if outcome.failed {
            Findings::default()
        } else {
            target.findings()
        };
        let refused_any = !refused.list.is_empty();
        outcome.findings.extend(refused);
        if outcome.failed || refused_any {
            drop(target);
            self.report(&outcome.findings, source, format, self.verbose);
            self.say(&format!(
                "nothing was written: {}",
                report::summary(&outcome.findings)
            ));
            return Err(if refused_any {
                Exit::Usage
            } else {
                exit(&outcome)
            });
        }
        // A file saved meanwhile may or may not be in the pages.
        let after = site::fingerprint(source, config, options).unwrap_or_default();
        let built = if after == inputs {
            Built {
                inputs,
                quiet: outcome.quiet,
                silent: outcome.silent,
                pages: outcome.pages,
                made: std::mem::take(&mut outcome.made),
            }
        } else {
            Built::default()
        };
        match target.commit(built, &mut outcome.findings) {
            Ok(stats) => Ok((outcome, stats)),
            Err(finding) => {
                outcome.findings.push(finding);
                self.report(&outcome.findings, source, format, self.verbose);
                Err(Exit::Usage)
            }
        }
    }

    fn serve(
        self,
        asked: preview::Asked,
        server: preview::Server,
        embed: &[String],
        format: Format,
        open: bool,
    ) -> Exit {
        let teller = Teller::new(self, format);
        let tell = move |event: preview::Event<'_>| {
            if let preview::Event::Serving(address) = &event {
                self.say(&format!("serving {address} (Ctrl-C ends)"));
                if open {
                    self.open(address);
                }
            }
            teller.tell(&event);
        };
        let project = asked.folder.clone();
        let refresh = |site: &Snapshot| self.refresh(site, &project, embed, format);
        match preview::serve(asked, server, tell, refresh) {
            Ok(()) => Exit::Fine,
            Err(why) => {
                complain(&format!("error: {why}"));
                Exit::Usage
            }
        }
    }

    fn watch(
        self,
        args: &ProjectArgs,
        asked: preview::Asked,
        embed: &[String],
        force: bool,
    ) -> Exit {
        let teller = Teller::new(self, args.format);
        let tell = move |event: preview::Event<'_>| teller.tell(&event);
        let write = |site: &Snapshot| {
            let started = Instant::now();
            match self.write(args, site, force) {
                Ok((folder, stats)) => self.say(&format!(
                    "wrote {} of {} files into {}, removed {} ({})",
                    stats.written,
                    stats.files,
                    folder.display(),
                    stats.removed,
                    elapsed(started.elapsed())
                )),
                Err(findings) => {
                    self.report(&findings, site.source(), args.format, false);
                }
            }
            self.refresh(site, &args.dir, embed, args.format);
        };
        match preview::watch(asked, tell, write) {
            Ok(()) => Exit::Fine,
            Err(why) => {
                complain(&format!("error: {why}"));
                Exit::Usage
            }
        }
    }

    /// Puts a good site into its folder. Files that are there already are not
    /// made again.
    fn write(
        &self,
        args: &ProjectArgs,
        site: &Snapshot,
        force: bool,
    ) -> Result<(PathBuf, Stats), Findings> {
        let mut findings = Findings::default();
        let config = site.config();
        let destination = Destination::new(&args.dest, &args.dir, config);
        let opened = Output::open(destination.as_output(), force).and_then(|mut target| {
            target.begin()?;
            Ok(target)
        });
        let target = match opened {
            Ok(target) => target,
            Err(finding) => {
                findings.push(finding);
                return Err(findings);
            }
        };
        let keys: BTreeMap<String, String> = site
            .paths()
            .filter_map(|path| Some((path.to_string(), site.key(path)?.to_string())))
            .collect();
        keys.par_iter().for_each(|(path, key)| {
            if !target.keep(path, key)
                && let Some(file) = site.file(path)
            {
                target.stage(path, &file.bytes);
            }
        });
        findings.extend(target.findings());
        if !findings.list.is_empty() {
            return Err(findings);
        }
        let built = Built {
            made: Made {
                keys,
                ..Made::default()
            },
            ..Built::default()
        };
        match target.commit(built, &mut findings) {
            Ok(stats) => {
                self.report(&findings, site.source(), args.format, false);
                Ok((destination.folder, stats))
            }
            Err(finding) => {
                findings.push(finding);
                Err(findings)
            }
        }
    }

    fn clean(&self, dir: &Path, dest_args: &DestArgs) -> Exit {
        let source = Source::disk(dir);
        let mut findings = Findings::default();
        let options = Options::default();
        // A broken book.toml must not keep anybody from cleaning up, but a
        // missing one may mean the wrong folder.
        let config = site::config(&source, &options, &mut findings);
        if dest_args.dest_dir.is_none() && findings.has_errors() {
            self.report(&findings, &source, Format::Human, false);
            return Exit::Usage;
        }
        let destination = Destination::new(dest_args, dir, &config);
        let folder = &destination.folder;
        let mut findings = Findings::default();
        match output::clean(destination.as_output(), &mut findings) {
            Ok(removed) => {
                self.report(&findings, &source, Format::Human, false);
                self.say(&format!("removed {removed} files of {}", folder.display()));
                Exit::Fine
            }
            Err(finding) => {
                findings.push(finding);
                self.report(&findings, &source, Format::Human, false);
                Exit::Usage
            }
        }
    }

    fn schema(&self, kind: Option<SchemaKind>, dest: Option<&Path>) -> Exit {
        let mut all: Vec<(&str, Vec<u8>)> = schema::json_schemas()
            .into_iter()
            .chain([("settings", Config::json_schema())])
            .map(|(name, schema)| (name, pretty(&schema)))
            .collect();
        all.push(("data", crate::render::export::json_schema()));
        let Some(folder) = dest else {
            let Some(kind) = kind else {
                complain("error: name a kind of file, or a folder with `--dest-dir`");
                let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
                complain(&format!("kinds: {}", names.join(", ")));
                return Exit::Usage;
            };
            let wanted = kind.to_possible_value();
            let wanted = wanted.as_ref().map_or("", |v| v.get_name());
            return match all.into_iter().find(|(name, _)| *name == wanted) {
                Some((_, bytes)) => self.data(&bytes),
                None => Exit::Usage,
            };
        };
        for (name, bytes) in all {
            let path = folder.join(format!("{name}.schema.json"));
            let text = String::from_utf8_lossy(&bytes);
            match output::create(&path, &text) {
                Ok(()) => self.say(&format!("created {}", path.display())),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                    if std::fs::read(&path).is_ok_and(|now| now == bytes) {
                        self.say(&format!("kept    {} (current)", path.display()));
                    } else {
                        complain(&format!(
                            "error: `{}` is there and differs; remove it first",
                            path.display()
                        ));
                        return Exit::Findings;
                    }
                }
                Err(e) => {
                    complain(&format!("error: cannot write `{}`: {e}", path.display()));
                    return Exit::Usage;
                }
            }
        }
        Exit::Fine
    }

    fn man(&self) -> Exit {
        let mut page = Vec::new();
        match clap_mangen::Man::new(Cli::command()).render(&mut page) {
            Ok(()) => self.data(&page),
            Err(e) => {
                complain(&format!("error: {e}"));
                Exit::Usage
            }
        }
    }

    /// Data goes to standard output; a reader that hangs up is no failure.
    fn data(&self, bytes: &[u8]) -> Exit {
        let mut out = std::io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
                complain(&format!("error: {e}"));
                Exit::Usage
            }
            _ => Exit::Fine,
        }
    }

    /// Findings for people go to standard error, those for programs are data.
    fn report(&self, findings: &Findings, source: &Source, format: Format, all: bool) -> Exit {
        let color = self.color && format == Format::Human;
        self.print(format, &report::write(findings, source, format, color, all))
    }

    fn print(&self, format: Format, text: &str) -> Exit {
        match format {
            Format::Human | Format::Short => {
                let text = foreign(text);
                let _ = std::io::stderr().lock().write_all(text.as_bytes());
                Exit::Fine
            }
            Format::Json | Format::Github | Format::Sarif => self.data(text.as_bytes()),
        }
    }

    /// Opens a file or an address in a browser.
    fn open(&self, page: impl AsRef<OsStr>) {
        let page = page.as_ref();
        let (program, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
            ("open", &[])
        } else if cfg!(windows) {
            ("cmd", &["/c", "start", ""])
        } else {
            ("xdg-open", &[])
        };
        let started = std::process::Command::new(program)
            .args(first)
            .arg(page)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn();
        if started.is_err() {
            self.say(&format!(
                "could not start a browser ({program}); open {} yourself",
                page.to_string_lossy()
            ));
        }
    }
}

/// A line on standard error. Nobody may be listening; that is no reason to
/// stop. It may name files, whose names can hold anything.
fn complain(line: &str) {
    let mut line = report::plain(line);
    if on_github() {
        line = line.replace("##[", "# #[");
        if line.trim_start().starts_with("::") {
            line = line.replacen("::", ": :", 1);
        }
    }
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Whether GitHub's runner reads what is printed. It takes commands out of both
/// outputs: `::` at the beginning of a line, and `##[` anywhere.
fn on_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| !value.is_empty())
}

/// Lines that hold what stands in somebody's files: excerpts and differences.
/// GitHub's runner is told to take no command from them, until it reads a word
/// that nobody can foresee.
fn foreign(lines: &str) -> Cow<'_, str> {
    if lines.is_empty() || !on_github() {
        return Cow::Borrowed(lines);
    }
    let random = RandomState::new();
    let word = format!("{:016x}{:016x}", random.hash_one(0), random.hash_one(1));
    let end = if lines.ends_with('\n') { "" } else { "\n" };
    Cow::Owned(format!("::stop-commands::{word}\n{lines}{end}::{word}::\n"))
}

/// What a look keeps for the next one. Here the process ends after the first, so
/// to let go of all that piece by piece would only take time.
fn for_one_look() -> ManuallyDrop<Memos> {
    ManuallyDrop::new(Memos::default())
}

fn source(args: &ProjectArgs) -> Source {
    Source::disk(&args.dir).following_links(args.follow_links)
}

fn options(args: &ProjectArgs) -> Options {
    Options {
        follow_links: args.follow_links,
        site_url: args.site_url.clone(),
        drafts: args.drafts,
        today: Some(today()),
        deny_warnings: args.strict || args.deny.is_some(),
    }
}

/// The day, or that of `SOURCE_DATE_EPOCH` (reproducible-builds.org). It only
/// decides on a finding, never on a byte of the output.
fn today() -> jiff::civil::Date {
    let set = std::env::var("SOURCE_DATE_EPOCH")
        .ok()
        .and_then(|s| s.parse::<u64>().ok());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = set.unwrap_or_else(|| now.map_or(0, |d| d.as_secs()));
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = i64::try_from(seconds / 86_400).unwrap_or(0);
    epoch
        .checked_add(jiff::Span::new().try_days(days).unwrap_or_default())
        .unwrap_or(epoch)
}

fn asked(args: &ProjectArgs, watching: &WatchArgs) -> preview::Asked {
    preview::Asked {
        folder: args.dir.clone(),
        options: options(args),
        editor: None,
        mode: watching.watcher,
        interval: Duration::from_millis(watching.poll_interval),
        more: tables::full_paths(&watching.embed),
    }
}

/// Where the site is mounted: the path it will have, as far as the settings
/// can be read now.
fn base(args: &ProjectArgs) -> String {
    let source = source(args);
    let config = site::config(&source, &options(args), &mut Findings::default());
    let url = config.html.site_url.as_ref();
    url.map_or("/".into(), |url| address::base_of(&url.value))
}

/// Where the site goes: what the command line or else the settings name.
struct Destination<'a> {
    folder: PathBuf,
    named: bool,
    project: &'a Path,
    sources: [PathBuf; 2],
}

impl<'a> Destination<'a> {
    fn new(args: &DestArgs, project: &'a Path, config: &Config) -> Destination<'a> {
        let named = args.dest_dir.clone();
        Destination {
            named: named.is_some(),
            folder: named.unwrap_or_else(|| project.join(&config.build_dir)),
            project,
            sources: [project.join(config.src()), project.join("themes")],
        }
    }

    fn as_output(&self) -> output::Destination<'_> {
        output::Destination {
            folder: &self.folder,
            named: self.named,
            project: self.project,
            sources: &self.sources,
        }
    }
}

/// Mistakes in the settings are the command's, all others the content's.
fn exit(outcome: &Outcome) -> Exit {
    let in_settings = |f: &crate::findings::diag::Finding| {
        f.severity == Severity::Error && f.place.as_ref().is_some_and(|p| &*p.file == "book.toml")
    };
    match outcome.failed {
        false => Exit::Fine,
        true if outcome.findings.list.iter().any(in_settings) => Exit::Usage,
        true => Exit::Findings,
    }
}

fn pages(n: usize) -> String {
    if n == 1 {
        "1 page".into()
    } else {
        format!("{n} pages")
    }
}

fn elapsed(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

fn pretty(schema: &schemars::Schema) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(schema).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
