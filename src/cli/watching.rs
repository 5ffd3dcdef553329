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
use crate::findings::Findings;
use crate::output::{Built, Made, Output, Stats};
use crate::report::ReportFormat;
use crate::serve::preview;
use crate::site;
use crate::site::engine::Snapshot;
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
        let refresh = |site: &Snapshot| self.refresh(site, &project, embed, format);
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

    /// Writes a good site to its folder. Files that are already there are not made
    /// again.
    pub(super) fn write(
        &self,
        args: &ProjectArgs,
        site: &Snapshot,
        force: bool,
    ) -> Result<(PathBuf, Stats), Findings> {
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
}
