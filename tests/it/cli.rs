//! The command line, by the real binary: exit codes, what goes to which
//! stream, colour, the meaning of every flag, and what `init` and `schema`
//! make. The library's own behaviour is tested elsewhere.

use crate::harness::projects::{Project, TWO_MODELS, project};

mod exit_codes;
mod explain;
mod flags;
mod help;
mod init;
mod places;
mod schema;
mod streams;

const DATA: &str = "content/categories/data.yaml";

/// Two models, with a task listed twice: one warning.
fn warned() -> Project {
    let twice = "[Bring the keys., Bring the keys.]";
    project(TWO_MODELS).replace(DATA, "[Bring the keys.]", twice)
}

/// Two models, with a party that is not declared: one error.
fn broken() -> Project {
    let set = "[customer, provider]\n";
    project(TWO_MODELS).replace(DATA, set, "[custmer, provider]\n")
}

/// A warning that is acknowledged, with its reason.
fn acknowledged() -> Project {
    let ack = "        acknowledge: {SRM304: Said twice on purpose}\n        tasks:\n";
    warned().replace(DATA, "        tasks:\n", ack)
}

fn assert_silent(stdout: &str) {
    assert_eq!(stdout, "", "messages belong on standard error");
}
