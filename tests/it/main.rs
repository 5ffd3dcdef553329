//! All tests of the project that need more than one function: one binary, so
//! that there is one link step. Each module says what it proves.

// The name by which fuzz targets know what they are made with.
extern crate self as libfuzzer_sys;
pub(crate) use fuzzed::{Corpus, fuzz_target};

mod browser;
mod cli;
mod compat;
mod diagnostics;
mod docs;
mod edge_cases;
mod embed;
mod formats;
mod fuzzed;
mod glue;
mod harness;
mod hostile;
mod live;
mod mdbook;
mod output;
mod properties;
mod search;
mod security;
mod serve;
mod served;
mod sites;
mod themes;
mod tidy;
mod watch;
