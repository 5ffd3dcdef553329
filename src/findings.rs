//! What the tool says about a user's files: findings with a code, a place and
//! help. Digests live here too, since a finding is kept with what it is about.
//! Nothing here reads or prints.

mod diag;
mod memo;

pub use crate::findings::diag::{
    Code, Finding, Findings, Guess, LineCol, Names, Place, Severity, Subject, code_list, line_col,
    nearest,
};
pub use crate::findings::memo::{Digest, ListMemo, Memo};
