//! Publishes a shared responsibility model: who does what, the customer or the
//! provider, for each area, in each deployment model. YAML data and Markdown
//! prose go in, a cross-linked static site comes out.
//!
//! # The straight line
//!
//! ```text
//! book.toml, content/, themes/
//!   source ─▶ config, schema ─▶ assemble ─▶ lint, compare ─▶ pages, body ─▶ render, twin, export ─▶ output
//!   bytes     one file each     a document  doubts, changes  what is where   bytes a path            disk
//! ```
//!
//! Each stage takes data and returns data with all its findings; none of them
//! calls a stage before it. `site` is the order of the stages and nothing else.
//! `live` runs the line again and again under an author's hands, `serve` shows
//! what comes of it. A table is one value (`table`), made in one place (`tables`), that every
//! format writer takes.
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

// In the order of reading.
pub mod diag;
pub mod memo;

pub mod code;

pub mod source;

pub mod tree;
pub mod yaml;

pub mod address;

pub mod config;
pub mod schema;

pub mod limits;
pub mod model;

pub mod assemble;
pub mod content;

pub mod lint;

pub mod compare;
pub mod strings;

pub mod badge;

pub mod answers;

pub mod table;
pub mod tables;

pub mod escape;
pub mod links;

pub mod active;
pub mod images;

pub mod markdown;

pub mod html;
pub mod pages;

pub mod folders;
pub mod menu;

pub mod cells;

pub mod formats;

pub mod query;
pub mod web;
pub mod words;

pub mod keys;

pub mod body;
pub mod lean;
pub mod theme;

pub mod controls;

pub mod export;
pub mod render;
pub mod search;
pub mod twin;

pub mod files;
pub mod linkcheck;
pub mod pagecheck;

pub mod output;
pub mod site;

pub mod report;

pub mod documents;
pub mod mdbook;
pub mod regions;

pub mod embed;

pub mod live;

pub mod events;
pub mod places;
pub mod watch;

pub mod serve;

pub mod preview;

pub mod init;

pub mod cli;
