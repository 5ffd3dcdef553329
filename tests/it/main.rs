//! All tests of the project that need more than one function: one binary, so
//! that there is one link step. Each module says what it proves.

// The name by which fuzz targets know what they are made with.
extern crate self as libfuzzer_sys;
pub(crate) use fuzzed::{Corpus, fuzz_target};

mod acknowledgements;
mod browser;
mod characters;
mod cli;
mod code;
mod commonmark;
mod comparison;
mod compat;
mod diagnostics;
mod directions;
mod docs;
mod embed;
mod escaping;
mod facts;
mod feed;
mod formats;
mod fuzzed;
mod glue;
mod harness;
mod hostile;
mod import;
mod labels;
mod links;
mod live;
mod mdbook;
mod models;
mod notes;
mod output;
mod owners;
mod pages;
mod parties;
mod print;
mod properties;
mod prose;
mod published;
mod raw_html;
mod search;
mod security;
mod serve;
mod served;
mod sites;
mod tasks;
mod terms;
mod themes;
mod tidy;
mod watch;
