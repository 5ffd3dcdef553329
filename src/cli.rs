//! The command line: what each command does, what is printed, and exit codes. Only
//! this room uses arguments, environment and terminal.

mod age;
mod args;
mod build;
mod clean;
mod embed;
mod explain;
mod import;
mod init;
mod progress;
mod project;
mod schema;
mod tables;
mod terminal;
mod told;
mod watching;

use std::ffi::OsString;
use std::path::Path;

use clap::{CommandFactory, Parser};

use crate::cli::args::{Cli, Command};
use crate::cli::terminal::{Terminal, complain, on_github};
use crate::cli::watching::{base, preview_settings};
use crate::serve::{Port, preview};
use crate::{output, report};

pub use crate::cli::terminal::Exit;

/// Runs the program with the arguments of the process.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage_error(&error),
    };
    let terminal = Terminal::new(&cli);
    match &cli.command {
        Command::Init { dir, title } => terminal.init(dir, title),
        Command::Build {
            project,
            names,
            force,
            fresh,
            open,
        } => terminal.build(project, names, *force, *fresh, *open),
        Command::Serve {
            project,
            watching,
            port,
            hostname,
            open,
            allow_host,
            editor_url,
        } => {
            let asked = preview::PreviewSettings {
                editor: editor_url.clone(),
                ..preview_settings(project, watching)
            };
            let server = preview::ServerSettings {
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
        } => terminal.watch(
            project,
            preview_settings(project, watching),
            &watching.embed,
            *force,
        ),
        Command::Check {
            project,
            names,
            stale,
        } => terminal.check(project, names, stale.as_ref()),
        Command::Explain { code } => terminal.explain(code.as_deref()),
        Command::Table(args) => terminal.table(args),
        Command::Embed(args) => terminal.embed(args),
        Command::Import(args) => terminal.import(args),
        Command::Mdbook(args) => terminal.mdbook(args),
        Command::Clean { dir, dest } => terminal.clean(dir, dest),
        Command::Schema { kind, dest_dir } => terminal.schema(*kind, dest_dir.as_deref()),
        Command::Completions { shell } => terminal.completions(*shell),
        Command::Man => terminal.man(),
    }
}

/// Prints why the arguments are not a valid command.
fn usage_error(error: &clap::Error) -> Exit {
    // Help and version are answers, not mistakes.
    if !error.use_stderr() {
        let _ = error.print();
        return Exit::Fine;
    }
    // The text repeats arguments, which may be file names with any characters.
    let text = error.render().to_string();
    match report::plain_lines(&text) == text && !on_github() {
        true => drop(error.print()),
        false => text.lines().for_each(complain),
    }
    Exit::Usage
}

impl Terminal {
    fn init(&self, dir: &Path, title: &str) -> Exit {
        let mut failed = false;
        let reach = output::Reach::new(&[dir]);
        for (path, text) in init::files(title) {
            let full = dir.join(path);
            if let Err(finding) = reach.target(&full) {
                failed = true;
                complain(&format!("error: {}", finding.message));
                continue;
            }
            match output::create(&full, &text) {
                Ok(()) => self.say(&format!("created {}", full.display())),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                    self.say(&format!("kept    {} (it already exists)", full.display()));
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

    fn completions(&self, shell: clap_complete::Shell) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "srm-site", &mut script);
        self.data(&script)
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
}
