//! Evidence and reviews, which only some readers may see.

use crate::findings::Place;
use crate::input::{Date, ReviewStatus, Text};

/// What shows that a party does its part.
#[derive(Clone, Debug, Hash)]
pub struct Evidence {
    /// What it is.
    pub text: String,
    /// Where it is.
    pub url: Option<Text>,
    /// How often it is renewed.
    pub cadence: Option<String>,
    /// What readers see of it, in Markdown; `None` if it is not public.
    pub published: Option<Text>,
    /// Its address as a link in Markdown, for tables that readers see.
    pub published_url: Option<Text>,
    /// Where it is written.
    pub place: Place,
}

/// Who has reviewed a cell, and when.
#[derive(Clone, Debug, Hash)]
pub struct Review {
    /// How far the review is.
    pub status: Option<ReviewStatus>,
    /// The day of the review.
    pub date: Option<Date>,
    /// Who has reviewed it.
    pub by: Option<String>,
    /// Whether readers see it.
    pub published: bool,
    /// Where it is written.
    pub place: Place,
}

impl Review {
    /// Whether it says the same as another.
    pub fn same(&self, other: &Review) -> bool {
        let day = |review: &Review| review.date.as_ref().map(|date| date.day);
        self.status == other.status && day(self) == day(other) && self.by == other.by
    }
}
