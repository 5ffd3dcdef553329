//! Publishes a shared responsibility model: who does what, the customer or the
//! provider, for each area, in each deployment model. YAML data and Markdown
//! prose go in, a cross-linked static site comes out.
//!
//! # The straight line
//!
//! ```text
//! book.toml, content/, themes/
//!   source ─▶ input ─▶ model ─▶ tables, pages ─▶ render ─▶ check ─▶ output
//!   bytes     records  document what is where    bytes     links    disk
//! ```
//!
//! Each stage takes data and returns data with what it found; none of them calls
//! a stage above it. `site` runs them in this order and decides what can be
//! reused. `docs/architecture.md` has the sixteen rooms in one picture, and the
//! words that the code uses.
//!
//! # Invariants
//!
//! 1. Only `source` reads and only `output` writes the user's files; only
//!    `cli` knows arguments, environment and terminal, only the watcher and the
//!    commands the clock, only `serve` the network.
//! 2. Same input, same bytes: no clock, locale, thread order, hash order or
//!    absolute path in the output.
//! 3. Nothing is lost: outputs appear whole or not at all, and only what the
//!    manifest says this tool wrote is ever replaced or removed.
//! 4. A panic is a bug, never a message.
//! 5. The badge is a view of the declared responsible set. Tasks, summaries
//!    and roles never decide it.
//! 6. Text from an author reaches a format only through that format's
//!    escaping.

#![warn(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unreachable,
    clippy::unwrap_used
)]

// In the order of floors, from the lowest.
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
    reason = "the only writer of files; a name nobody can foresee keeps one apart"
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
pub mod pages;

pub mod render;

pub mod check;

pub mod site;

#[expect(
    clippy::disallowed_methods,
    reason = "talks to the network, and tells how long a look took"
)]
pub mod serve;

#[expect(
    clippy::disallowed_methods,
    reason = "knows arguments, environment, clock and terminal, and starts a browser"
)]
pub mod cli;
