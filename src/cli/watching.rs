//! `serve` and `watch`: runs that follow the edits of an author.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::cli::args::{ProjectArgs, WatchArgs};
use crate::cli::embed::full_paths;
use crate::cli::progress::Teller;
use crate::cli::project::{SiteFolder, options, source};
use crate::cli::terminal::{Exit, Terminal, complain, elapsed};
use crate::cli::told::Told;
use crate::findings::{Code, Findings};
use crate::output::{Built, Made, Output, Stats};
use crate::report::ReportFormat;
use crate::serve::preview;
use crate::site;
use crate::site::engine::Snapshot;
use crate::source::Source;
use crate::text::base_of;

pub(super) fn preview_settings(
    args: &ProjectArgs,
    watching: &WatchArgs,
) -> preview::PreviewSettings {
    preview::PreviewSettings {
        folder: args.dir.clone(),
        options: options(args),
        editor: None,
        mode: watching.watcher,
        interval: Duration::from_millis(watching.poll_interval),
        more: full_paths(&watching.embed),
    }
}

/// The path of the site, as far as the settings can be read now.
pub(super) fn base(args: &ProjectArgs) -> String {
    let source = source(args);
    let config = site::config(&source, &options(args), &mut Findings::default());
    let url = config.html.site_url.as_ref();
    url.map_or("/".into(), |url| base_of(&url.value))
}

impl Terminal {
    pub(super) fn serve(
        self,
        asked: preview::PreviewSettings,
        server: preview::ServerSettings,
        embed: &[String],
        format: ReportFormat,
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
        let mut told = Told::default();
        let refresh = |site: &Snapshot| self.refresh(site, &project, embed, format, &mut told);
        match preview::serve(asked, server, tell, refresh) {
            Ok(()) => Exit::Fine,
            Err(why) => {
                complain(&format!("error: {why}"));
                Exit::Usage
            }
        }
    }

    pub(super) fn watch(
        self,
        args: &ProjectArgs,
        asked: preview::PreviewSettings,
        embed: &[String],
        force: bool,
    ) -> Exit {
        let teller = Teller::new(self, args.format);
        let tell = move |event: preview::Event<'_>| teller.tell(&event);
        let (mut told, mut told_of_documents) = (Told::default(), Told::default());
        let write = |site: &Snapshot| {
            let started = Instant::now();
            let result = self.write(args, site, force);
            let written = result.is_ok();
            let findings = match result {
                Ok((folder, stats, findings)) => {
                    self.say(&format!(
                        "wrote {} of {} files into {}, removed {} ({})",
                        stats.written,
                        stats.files,
                        folder.display(),
                        stats.removed,
                        elapsed(started.elapsed())
                    ));
                    findings
                }
                Err(findings) => findings,
            };
            self.report_again(findings, site.source(), args.format, &mut told);
            let told = &mut told_of_documents;
            self.refresh(site, &args.dir, embed, args.format, told) && written
        };
        match preview::watch(asked, tell, write) {
            Ok(()) => Exit::Fine,
            Err(why) => {
                complain(&format!("error: {why}"));
                Exit::Usage
            }
        }
    }

    /// Reports what went wrong in a step that is repeated, unless it was said before.
    pub(super) fn report_again(
        &self,
        mut findings: Findings,
        source: &Source,
        format: ReportFormat,
        told: &mut Told,
    ) {
        for finding in &mut findings.list {
            if finding.code == Code::WriteFailed {
                let help =
                    "fix the cause: it is tried again by itself; no existing file was damaged";
                finding.help = vec![help.into()];
            }
        }
        if let Some(news) = told.news(&findings, source, format) {
            self.report(&news, source, format, false);
        }
    }

    /// Writes a good site to its folder. Files that are already there are not made
    /// again.
    pub(super) fn write(
        &self,
        args: &ProjectArgs,
        site: &Snapshot,
        force: bool,
    ) -> Result<(PathBuf, Stats, Findings), Findings> {
        let mut findings = Findings::default();
        let config = site.config();
        let destination = SiteFolder::new(&args.dest, &args.dir, config);
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
            Ok(stats) => Ok((destination.folder, stats, findings)),
            Err(finding) => {
                findings.push(finding);
                Err(findings)
            }
        }
    }
}
