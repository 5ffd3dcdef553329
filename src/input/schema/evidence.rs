//! What shows that something is done, and who has reviewed it.

use crate::input::schema::dates::Date;
use crate::input::tree::{Text, choice, record};

record! {
    /// What shows that a party does its part.
    pub struct EvidenceRecord = "evidence" {
        /// What it is, for example the name of a report. Plain text.
        text: Text = "text",
        /// Where it is.
        url: Option<Text> = "url",
        /// How often it is renewed, for example `yearly`.
        cadence: Option<Text> = "cadence",
        /// Whether readers of the site see it; by default they do not.
        public: Option<bool> = "public",
    }
}

choice! {
    /// How far a review is.
    pub enum ReviewStatus {
        /// Not approved yet.
        Draft = "draft",
        /// Approved.
        Approved = "approved",
    }
}

record! {
    /// Who has reviewed a row, and when.
    pub struct ReviewRecord = "a review" {
        /// How far the review is.
        status: Option<ReviewStatus> = "status",
        /// Day of the review, as YYYY-MM-DD.
        date: Option<Date> = "date",
        /// Who has reviewed it.
        by: Option<Text> = "by",
    }
}
