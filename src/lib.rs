//! Publishes a shared responsibility model: who does what, the customer or the
//! provider, for each area, in each deployment model. YAML data and Markdown
//! prose go in, a cross-linked static site comes out.
//!
//! # The stages
//!
//! ```text
//! book.toml, content/, themes/
//!   source ─▶ input ─▶ model ─▶ tables, pages ─▶ render ─▶ check ─▶ output
//!   bytes     records  document which and where  bytes     links    disk
//! ```
//!
//! Each stage takes data and returns data. Most stages are also given a list, to
//! which they add their findings; some return a list of their own. No stage calls a
//! stage above it. `site` runs them in this order and
//! decides what can be reused. `docs/architecture.md` has the seventeen rooms in one
//! picture, and the terms that the code uses.
//!
//! # Invariants
//!
//! 1. Only `source` reads a project's files, and only `output` writes files. `output`
//!    and `cli` also read a file before they replace it, `watch` uses names and
//!    times, and `cli` reads standard input. Only `cli` knows arguments, environment
//!    and terminal; only `cli`, `serve` and `watch` know the clock; only `serve`
//!    knows the network.
//! 2. Same input, same bytes: no clock, locale, thread order, hash order or
//!    absolute path in the output.
//! 3. Nothing is lost: an output file appears complete or not at all, and a build
//!    replaces or removes only files that the manifest says this tool wrote.
//! 4. A panic is a bug, never a message.
//! 5. The badge is a view of the declared responsible set. Tasks, summaries
//!    and roles never decide it.
//! 6. Text from an author gets into a format only through that format's
//!    escaping. HTML, SVG and XML are written with the type `Html`, which takes
//!    such text only escaped.

#![warn(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::too_many_lines,
    clippy::unreachable,
    clippy::unwrap_used
)]

// From the lowest room to the highest.
pub mod findings;

#[expect(
    clippy::disallowed_methods,
    reason = "the only reader of the user's files"
)]
pub mod source;
pub mod text;

pub mod input;
#[expect(
    clippy::disallowed_methods,
    reason = "the only writer of files; stages them under an unpredictable name"
)]
pub mod output;
pub mod report;
#[expect(
    clippy::disallowed_methods,
    reason = "looks at names and times of files, and at the clock"
)]
pub mod watch;

pub mod model;

pub mod tables;

pub mod embed;
pub mod import;
pub mod pages;

pub mod render;

pub mod check;

pub mod site;

#[expect(
    clippy::disallowed_methods,
    reason = "talks to the network, and measures how long a rebuild took"
)]
pub mod serve;

#[expect(
    clippy::disallowed_methods,
    reason = "knows arguments, environment, clock and terminal, and starts a browser"
)]
pub mod cli;
