//! Checks every link and id of the finished site.

mod links;
mod pages;

pub use crate::check::links::{Checker, refuse_unsafe_addresses, shown_page};
pub use crate::check::pages::{KnownReport, Report, Reports, is_fresh, links_digest};
