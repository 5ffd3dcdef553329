//! `build` and `check`: one run over a project.

use std::sync::Arc;
use std::time::Instant;

use crate::cli::age::Age;
use crate::cli::args::{NamesArgs, ProjectArgs};
use crate::cli::progress::ProgressLine;
use crate::cli::project::{SiteFolder, for_one_look, options, source, today};
use crate::cli::terminal::{Exit, Terminal, elapsed, exit, pages};
use crate::findings::{Finding, Findings};
use crate::input::Config;
use crate::output::{Built, Output, Stats};
use crate::report::{self, ReportFormat};
use crate::site::{self, Options, Outcome, Sink};
use crate::source::Source;
use crate::text::paths;

/// What a build works on.
struct Job<'a> {
    pub(super) source: &'a Source,
    pub(super) config: &'a Arc<Config>,
    pub(super) options: &'a Options,
    pub(super) format: ReportFormat,
    /// Fingerprint of all inputs.
    inputs: String,
}

impl Terminal {
    pub(super) fn check(&self, args: &ProjectArgs, names: &NamesArgs, stale: Option<&Age>) -> Exit {
        let source = match self.naming(source(args), names, args.format, &args.dir) {
            Ok(source) => source,
            Err(exit) => return exit,
        };
        let mut options = options(args);
        options.stale = stale.map(|age| age.stale(today()));
        let started = Instant::now();
        let mut findings = Findings::default();
        let config = Arc::new(site::config(&source, &options, &mut findings));
        let progress = ProgressLine::new(self);
        let step = |done, all| progress.step(done, all);
        let sink = Sink::new(&|_, _| {});
        let memos = for_one_look();
        let outcome = site::run(&source, &config, &options, findings, sink, &step, &memos);
        progress.end();
        let reported = self.report(&outcome.findings, &source, args.format, self.verbose);
        self.hint(&outcome.findings, args.format);
        self.say(&format!(
            "checked {} in {}: {}",
            pages(outcome.pages),
            elapsed(started.elapsed()),
            report::summary(&outcome.findings)
        ));
        reported.max(exit(&outcome))
    }

    pub(super) fn build(
        &self,
        args: &ProjectArgs,
        names: &NamesArgs,
        force: bool,
        fresh: bool,
        open: bool,
    ) -> Exit {
        let source = match self.naming(source(args), names, args.format, &args.dir) {
            Ok(source) => source,
            Err(exit) => return exit,
        };
        let options = options(args);
        let started = Instant::now();
        let mut findings = Findings::default();
        let config = Arc::new(site::config(&source, &options, &mut findings));
        if !source.is_file("book.toml") {
            self.report(&findings, &source, args.format, false);
            return Exit::Usage;
        }
        let destination = SiteFolder::new(&args.dest, &args.dir, &config);
        let folder = &destination.folder;
        let target = match begin(&destination, force, fresh) {
            Ok(target) => target,
            Err(finding) => {
                findings.push(finding);
                self.report(&findings, &source, args.format, false);
                return Exit::Usage;
            }
        };
        let inputs = site::fingerprint(&source, &config, &options).unwrap_or_default();
        let job = Job {
            source: &source,
            config: &config,
            options: &options,
            format: args.format,
            inputs,
        };
        let (outcome, stats) = match unchanged(&job, &target, &findings) {
            Some(outcome) => {
                let stats = Stats {
                    files: target.files(),
                    ..Stats::default()
                };
                (outcome, stats)
            }
            None => match self.render(job, target, findings) {
                Ok(done) => done,
                Err(exit) => return exit,
            },
        };
        let reported = self.report(&outcome.findings, &source, args.format, self.verbose);
        self.hint(&outcome.findings, args.format);
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
            self.open(folder.join(paths::HOME));
        }
        reported
    }

    /// Renders what is not in the folder yet and moves it into place, unless findings
    /// stop it.
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
        let progress = ProgressLine::new(self);
        let sink = Sink {
            take: &|path, bytes| target.stage(path, bytes),
            keep: &|path, key| target.keep(path, &key.to_string()),
            made: target.made(),
        };
        let step = |done, all| progress.step(done, all);
        let memos = for_one_look();
        let mut outcome = site::run(source, config, options, findings, sink, &step, &memos);
        progress.end();
        // Findings about the folder only matter if the content is fine.
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
            self.hint(&outcome.findings, format);
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
        // If a file was saved meanwhile, the pages may have its old or new content.
        let after = site::fingerprint(source, config, options).unwrap_or_default();
        let built = match after == inputs {
            true => built(inputs, &mut outcome),
            false => Built::default(),
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
}

/// Opens the folder of the site and locks it for a build.
fn begin(destination: &SiteFolder<'_>, force: bool, fresh: bool) -> Result<Output, Finding> {
    let to = destination.as_output();
    if fresh {
        to.refuse_links()?;
    }
    let mut target = Output::open(to, force)?;
    target.begin()?;
    if fresh {
        target.begin_fresh()?;
    }
    Ok(target)
}

/// The outcome without rendering, if the folder already contains the site of these
/// inputs.
fn unchanged(job: &Job<'_>, target: &Output, findings: &Findings) -> Option<Outcome> {
    let current = target.current(&job.inputs).filter(|built| built.quiet)?;
    let examined = match current.silent {
        true => Outcome::default(),
        false => site::examine(job.source, job.config, job.options, findings.clone()),
    };
    let outcome = Outcome {
        pages: current.pages,
        ..examined
    };
    (!outcome.failed).then_some(outcome)
}

/// What the manifest records of this build for the next one.
fn built(inputs: String, outcome: &mut Outcome) -> Built {
    Built {
        inputs,
        quiet: outcome.quiet,
        silent: outcome.silent,
        pages: outcome.pages,
        made: std::mem::take(&mut outcome.made),
    }
}
