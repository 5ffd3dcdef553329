//! What the tool says about a user's files: findings with a code, a place and
//! help. Digests live here too, since a finding is kept with what it is about.
//! Nothing here reads or prints.

pub mod diag;
pub mod memo;
