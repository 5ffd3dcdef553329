//! The project that a command is about: its sources, its options and the folder of
//! its site.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use crate::cli::args::{DestArgs, NamesArgs, ProjectArgs};
use crate::cli::terminal::{Exit, Terminal, complain};
use crate::input::Config;
use crate::output;
use crate::report::ReportFormat;
use crate::site::{Memos, Options};
use crate::source::Source;

/// The memos for a single run. The process ends after it, so freeing them piece by
/// piece would only take time.
pub(super) fn for_one_look() -> ManuallyDrop<Memos> {
    ManuallyDrop::new(Memos::default())
}

pub(super) fn source(args: &ProjectArgs) -> Source {
    Source::disk(&args.dir).following_links(args.follow_links)
}

impl Terminal {
    /// A source whose files are named in findings as the user asks for. Annotations on
    /// GitHub name files from the top of the repository unless the user says otherwise.
    pub(super) fn naming(
        &self,
        source: Source,
        names: &NamesArgs,
        format: ReportFormat,
        project: &Path,
    ) -> Result<Source, Exit> {
        let of_github = || workspace(project).filter(|_| format.is_for_repositories());
        let Some(folder) = names.relative_to.clone().or_else(of_github) else {
            return Ok(source);
        };
        source.shown_from(&folder).map_err(|error| {
            complain(&format!(
                "error: cannot name files from `{}`: {error}",
                folder.display()
            ));
            Exit::Usage
        })
    }
}

/// The folder into which GitHub has checked out the repository, if the project is in it.
fn workspace(project: &Path) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("GITHUB_WORKSPACE")?);
    let inside = project.canonicalize().ok()?;
    let is_inside = inside.starts_with(folder.canonicalize().ok()?);
    (folder.is_absolute() && is_inside).then_some(folder)
}

pub(super) fn options(args: &ProjectArgs) -> Options {
    Options {
        follow_links: args.follow_links,
        site_url: args.site_url.clone(),
        drafts: args.drafts,
        today: Some(today()),
        stale: None,
        deny_warnings: args.strict || args.deny.is_some(),
    }
}

/// Today, or the day of `SOURCE_DATE_EPOCH` (reproducible-builds.org). It only
/// decides a finding, never a byte of the output.
pub(super) fn today() -> jiff::civil::Date {
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

/// The folder of the site, as the command line or else the settings name it.
pub(super) struct SiteFolder<'a> {
    pub(super) folder: PathBuf,
    pub(super) named: bool,
    pub(super) project: &'a Path,
    pub(super) sources: [PathBuf; 2],
}

impl<'a> SiteFolder<'a> {
    pub(super) fn new(args: &DestArgs, project: &'a Path, config: &Config) -> SiteFolder<'a> {
        let named = args.dest_dir.clone();
        let is_named = named.is_some();
        let folder = named.unwrap_or_else(|| project.join(&config.build_dir));
        SiteFolder {
            named: is_named,
            // Without parts such as `./` inside, since messages show it.
            folder: folder.components().collect(),
            project,
            sources: [project.join(config.src()), project.join("themes")],
        }
    }

    pub(super) fn as_output(&self) -> output::Destination<'_> {
        output::Destination {
            folder: &self.folder,
            named: self.named,
            project: self.project,
            sources: &self.sources,
        }
    }
}
