//! All tests of the project that need more than one function: one binary, so
//! that there is one link step. Each module says what it proves.

mod browser;
mod cli;
mod diagnostics;
mod docs;
mod edge_cases;
mod embed;
mod formats;
mod glue;
mod harness;
mod hostile;
mod live;
mod mdbook;
mod output;
mod properties;
mod search;
mod serve;
mod served;
mod sites;
mod themes;
mod tidy;
mod watch;
