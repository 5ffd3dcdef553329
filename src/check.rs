//! The check of every link and id over the finished site.

pub mod links;
pub mod pages;
