//! What can be typed: commands, options and what is said of them. What they do
//! is for the modules beside it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cli::{embed, tables};
use crate::report::ReportFormat;
use crate::watch::Mode;

/// Publishes a shared responsibility model: YAML data and Markdown prose
/// become a cross-linked static site.
#[derive(Parser, Debug)]
#[command(
    name = "srm-site",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Print less: only findings and failures
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print more: acknowledged findings as well
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Make a small project that works, never overwriting anything
    Init {
        /// Folder of the project; made if it does not exist
        #[arg(default_value = ".")]
        dir: PathBuf,
        /// Title of the site
        #[arg(long, default_value = "Shared responsibility model")]
        title: String,
    },
    /// Check a project and build its site
    Build {
        #[command(flatten)]
        project: ProjectArgs,
        /// Replace output files that somebody changed since the last build
        #[arg(long)]
        force: bool,
        /// Take nothing in the output folder for current, and refuse a folder with
        /// files that no build wrote
        #[arg(long, conflicts_with = "force")]
        fresh: bool,
        /// Open the site in a browser afterwards
        #[arg(short, long)]
        open: bool,
    },
    /// Show a project in the browser while it is being written
    ///
    /// Looks again whenever a file is saved, and shows what is new in place.
    /// While something is wrong the last good site stays up, with a list of
    /// what to mend.
    Serve {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        watching: WatchArgs,
        /// Port to listen on (default: 3000, or the next one that is free)
        #[arg(short, long)]
        port: Option<u16>,
        /// Address or name of this machine to listen on
        #[arg(short = 'n', long, default_value = "127.0.0.1", value_name = "HOST")]
        hostname: String,
        /// Open the site in a browser
        #[arg(short, long)]
        open: bool,
        /// A further name this server may be called by; may be repeated
        #[arg(long, value_name = "NAME")]
        allow_host: Vec<String>,
        /// Address that opens a file in an editor: `vscode://file{path}:{line}:{column}`
        #[arg(long, value_name = "URL")]
        editor_url: Option<String>,
    },
    /// Build a project again whenever a file of it is saved
    Watch {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        watching: WatchArgs,
        /// Replace output files that somebody changed since the last build
        #[arg(long)]
        force: bool,
    },
    /// Report everything that is wrong or doubtful; write nothing
    Check {
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Write a table or a badge for another document
    ///
    /// To standard output, or into a file.
    #[command(
        override_usage = "srm-site table [OPTIONS] KIND [KEY=VALUE]...",
        after_long_help = tables::kinds_and_keys()
    )]
    Table(tables::TableArgs),
    /// Fill the marked regions of documents with tables, or check that they
    /// are up to date
    ///
    /// A region stands between a line `<!-- srm:begin KIND KEY=VALUE -->` and
    /// a line `<!-- srm:end -->`; other kinds of documents have their own
    /// comments. Nothing outside the regions is changed.
    Embed(embed::EmbedArgs),
    /// A preprocessor for mdBook: fills the regions and the commands
    /// `{{#srm KIND KEY=VALUE}}` of chapters
    ///
    /// mdBook calls it by itself where book.toml has
    /// `[preprocessor.srm]` with `command = "srm-site mdbook"`.
    Mdbook(embed::MdbookArgs),
    /// Remove what the last build wrote, and nothing else
    Clean {
        /// Folder of the project
        #[arg(default_value = ".")]
        dir: PathBuf,
        #[command(flatten)]
        dest: DestArgs,
    },
    /// Print the JSON Schema of a kind of source file
    Schema {
        /// Which file; without it the schemas are written to `--dest-dir`
        kind: Option<SchemaKind>,
        /// Folder to write all schemas to
        #[arg(short, long, value_name = "FOLDER")]
        dest_dir: Option<PathBuf>,
    },
    /// Print a completion script for a shell
    #[command(alias = "completion")]
    Completions { shell: clap_complete::Shell },
    /// Print the manual page (roff)
    Man,
}

#[derive(Args, Debug)]
pub(super) struct DestArgs {
    /// Output folder, relative to the current folder (default: `build-dir` of book.toml, `book`)
    #[arg(short, long, alias = "output-dir", value_name = "FOLDER")]
    pub dest_dir: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct ProjectArgs {
    /// Folder of the project, the one with book.toml
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub dest: DestArgs,
    /// Address the site will have, instead of `site-url` of book.toml
    #[arg(short = 'u', long, alias = "base-url", value_name = "URL")]
    pub site_url: Option<String>,
    /// Include pages marked as drafts
    #[arg(long)]
    pub drafts: bool,
    /// Let warnings stop the job as errors do
    #[arg(short = 'D', long, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// The same as `--deny warnings`
    #[arg(long)]
    pub strict: bool,
    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
    /// Read what links lead to outside the project and below hidden names, too
    #[arg(long)]
    pub follow_links: bool,
}

#[derive(Args, Debug)]
pub(super) struct WatchArgs {
    /// How changes are noticed
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub watcher: Mode,
    /// Milliseconds between two looks where files have to be polled
    #[arg(long, value_name = "MS", default_value = "500", value_parser = clap::value_parser!(u64).range(10..=60_000))]
    pub poll_interval: u64,
    /// A document whose regions are kept current: a file, folder or pattern;
    /// may be repeated
    #[arg(long, value_name = "FILES")]
    pub embed: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Deny {
    Warnings,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SchemaKind {
    /// content/srm.yaml
    Srm,
    /// content/categories/ID.yaml
    Category,
    /// Front matter of content/models/ID.md
    Model,
    /// Front matter of other pages
    Page,
    /// [preprocessor.srm] of book.toml
    Settings,
    /// data/responsibilities.json of a built site
    Data,
}
