//! `clean`: removes what a build wrote.

use std::path::Path;

use crate::cli::args::DestArgs;
use crate::cli::project::SiteFolder;
use crate::cli::terminal::{Exit, Terminal};
use crate::findings::Findings;
use crate::output;
use crate::report::ReportFormat;
use crate::site::{self, Options};
use crate::source::Source;

impl Terminal {
    pub(super) fn clean(&self, dir: &Path, dest_args: &DestArgs) -> Exit {
        let source = Source::disk(dir);
        let mut findings = Findings::default();
        let options = Options::default();
        // A broken book.toml must not prevent cleaning up, but a missing one may mean
        // that this is the wrong folder.
        let config = site::config(&source, &options, &mut findings);
        if dest_args.dest_dir.is_none() && findings.has_errors() {
            self.report(&findings, &source, ReportFormat::Human, false);
            return Exit::Usage;
        }
        let destination = SiteFolder::new(dest_args, dir, &config);
        let folder = &destination.folder;
        let mut findings = Findings::default();
        match output::clean(destination.as_output(), &mut findings) {
            Ok(removed) => {
                self.report(&findings, &source, ReportFormat::Human, false);
                self.say(&format!(
                    "removed {removed} files from {}",
                    folder.display()
                ));
                Exit::Fine
            }
            Err(finding) => {
                findings.push(finding);
                self.report(&findings, &source, ReportFormat::Human, false);
                Exit::Usage
            }
        }
    }
}
