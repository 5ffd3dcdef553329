//! One file to one record, with all mistakes and their places. What the records
//! mean together is for `model`.

pub mod config;
pub mod schema;
mod toml_tree;
pub mod tree;
pub mod yaml;
