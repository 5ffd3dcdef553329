//! What the tool says about a user's files: findings with a code, a place and
//! help. Digests are here too, because findings are kept for the next run under a
//! digest. Nothing here reads or prints.

mod diag;
mod memo;

pub use crate::findings::diag::{
    Code, Finding, Findings, Guess, LineCol, MADE, Names, Place, Severity, Subject, code_list,
    line_col, nearest,
};
pub use crate::findings::memo::{Digest, ListMemo, Memo};
