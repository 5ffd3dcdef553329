//! Themes: what a project may lay over the built-in one, and what a broken
//! theme is told.

use crate::harness::Built;
use crate::harness::projects::{Project, TWO_MODELS, project};
use crate::harness::reader::parse;

mod errors;
mod menu;
mod replace;
mod strings;

/// Two models and a page of prose.
fn site() -> Project {
    project(TWO_MODELS).page("about.md", "# About\n\nText.\n")
}

const API: &str = "//- themes/default/theme.toml\napi = 1\n";

fn themed(files: &str) -> Built {
    site().with_files(API).with_files(files).build()
}

#[track_caller]
fn main_of(built: &Built, path: &str) -> String {
    let page = parse(built.page(path));
    page.one("main", &|e| e.tag == "main").text()
}

/// Help of the first finding with this code.
#[track_caller]
fn help<'a>(built: &'a Built, code: &str) -> &'a [String] {
    let list = built.findings().list.iter();
    let found = list.clone().find(|f| f.code.id() == code);
    &found.unwrap_or_else(|| panic!("{:#?}", built.lines())).help
}
