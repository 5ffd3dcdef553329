//! Results of the stages that are kept for the next run over the same project.

use std::sync::Mutex;

use crate::check::Reports;
use crate::findings::{Digest, Findings, ListMemo, Memo};
use crate::model::{ContentMemos, active_files, lint};
use crate::pages::page_keys;
use crate::render::Looked;
use crate::render::theme::Theme;
use crate::site::plan::Plan;
use crate::text::links::ImageSize;

/// Results of the stages, kept for the next run over the same project. A stage finds
/// its earlier result here if it was made from the same things.
#[derive(Default)]
pub struct Memos {
    pub(super) content: ContentMemos,
    pub(super) active: active_files::ActiveFileMemos,
    pub(super) lint: lint::LintMemos,
    pub(super) theme: Memo<(Theme, Findings)>,
    pub(super) parts: ListMemo<page_keys::Parts, (Digest, usize)>,
    pub(super) keys: ListMemo<Digest, page_keys::PageMadeFrom>,
    pub(super) images: Memo<Option<ImageSize>>,
    pub(super) plan: Memo<Plan>,
    pub(super) texts: ListMemo<Looked, (Digest, Digest)>,
    pub(super) reports: Mutex<Reports>,
    pub(super) dead: ListMemo<Findings, (Digest, Digest)>,
}

impl Memos {
    /// Drops everything that the last run did not ask for.
    pub fn sweep(&self) {
        self.content.sweep();
        self.active.sweep();
        self.theme.sweep();
        self.images.sweep();
        self.plan.sweep();
    }
}
