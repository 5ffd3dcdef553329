//! The commands, their options and help texts. What they do is in the other modules
//! of this room.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cli::age::Age;
use crate::cli::{embed, import, tables};
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
    /// Create a small working project without overwriting any file
    Init {
        /// Folder of the project; created if it does not exist
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
        #[command(flatten)]
        names: NamesArgs,
        /// Replace output files that were changed since the last build
        #[arg(long)]
        force: bool,
        /// Rebuild every file, and refuse an output folder with files that no build
        /// wrote
        #[arg(long, conflicts_with = "force")]
        fresh: bool,
        /// Open the site in a browser afterwards
        #[arg(short, long)]
        open: bool,
    },
    /// Preview a project in the browser while you edit it
    ///
    /// The page updates in place whenever you save a file. While there are errors,
    /// the last good site stays visible, with a list of what to fix.
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
        /// A further host name that requests may use; may be repeated
        #[arg(long, value_name = "NAME")]
        allow_host: Vec<String>,
        /// Address that opens a file in your editor, such as
        /// `vscode://file{path}:{line}:{column}`
        #[arg(long, value_name = "URL")]
        editor_url: Option<String>,
    },
    /// Rebuild a project whenever one of its files is saved
    Watch {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        watching: WatchArgs,
        /// Replace output files that were changed since the last build
        #[arg(long)]
        force: bool,
    },
    /// Report errors and warnings without writing anything
    Check {
        #[command(flatten)]
        project: ProjectArgs,
        #[command(flatten)]
        names: NamesArgs,
        /// Also report rows whose last review is longer ago, such as `12 months` or `365d`
        #[arg(long, value_name = "AGE")]
        stale: Option<Age>,
    },
    /// Explain a code of findings, such as `SRM104`, or list all codes
    Explain {
        /// The code, also in lower case
        code: Option<String>,
    },
    /// Write a table or a badge for another document
    ///
    /// It is written to standard output, or to a file.
    #[command(
        override_usage = "srm-site table [OPTIONS] KIND [KEY=VALUE]...",
        after_long_help = tables::kinds_and_keys()
    )]
    Table(tables::TableArgs),
    /// Fill the marked regions of documents with tables, or check that they
    /// are up to date
    ///
    /// A region is between a line `<!-- srm:begin KIND KEY=VALUE -->` and
    /// a line `<!-- srm:end -->`; other kinds of documents use their own comments.
    /// Nothing outside the regions is changed.
    Embed(embed::EmbedArgs),
    /// Turn the tables of other files into the sources of a project
    ///
    /// A vocabulary says what the tables, their columns and the texts in their cells
    /// mean. What it does not say is reported, never guessed.
    Import(import::ImportArgs),
    /// A preprocessor for mdBook: fills the regions and the commands
    /// `{{#srm KIND KEY=VALUE}}` of chapters
    ///
    /// mdBook runs this command itself if book.toml has `[preprocessor.srm]` with
    /// `command = "srm-site mdbook"`.
    Mdbook(embed::MdbookArgs),
    /// Remove the files that the last build wrote, and nothing else
    Clean {
        /// Folder of the project
        #[arg(default_value = ".")]
        dir: PathBuf,
        #[command(flatten)]
        dest: DestArgs,
    },
    /// Print the JSON Schema of a kind of source file
    Schema {
        /// Kind of source file; without it, all schemas are written to `--dest-dir`
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
    /// Folder of the project, which contains book.toml
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub dest: DestArgs,
    /// Address of the published site, in place of `site-url` in book.toml
    #[arg(short = 'u', long, alias = "base-url", value_name = "URL")]
    pub site_url: Option<String>,
    /// Include pages marked as drafts
    #[arg(long)]
    pub drafts: bool,
    /// Treat warnings as errors
    #[arg(short = 'D', long, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// The same as `--deny warnings`
    #[arg(long)]
    pub strict: bool,
    /// Format of findings
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
    /// Also read files outside the project or below hidden names that links lead to
    #[arg(long)]
    pub follow_links: bool,
}

/// How findings name files.
#[derive(Args, Debug, Default)]
pub(super) struct NamesArgs {
    /// Name files in findings as seen from this folder, such as the top of the repository
    #[arg(long, value_name = "FOLDER")]
    pub relative_to: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct WatchArgs {
    /// How changes are noticed
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub watcher: Mode,
    /// Milliseconds between two checks if files have to be polled
    #[arg(long, value_name = "MS", default_value = "500", value_parser = clap::value_parser!(u64).range(10..=60_000))]
    pub poll_interval: u64,
    /// A document whose regions are kept up to date: a file, folder or pattern; may
    /// be repeated
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
    /// The vocabulary of an import
    Vocabulary,
    /// [preprocessor.srm] of book.toml
    Settings,
    /// data/responsibilities.json of a built site
    Data,
}
