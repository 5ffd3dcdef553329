//! Attacks on the people who build, embed, preview and read, each run through
//! the real program. Every test here fails on a version without its defence.

mod active;
mod bounded;
mod reading;
mod text;
mod trust;
mod writing;
