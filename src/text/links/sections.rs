//! Pages that are sections of one other page, so that links between them stay on it.
//! Which pages there are is decided elsewhere.

use std::collections::BTreeMap;

use crate::text::address::encode;

/// The pages that one page shows as its sections, by their paths.
#[derive(Clone, Debug, Default)]
pub struct Sections(pub BTreeMap<String, PageSection>);

/// A page as a section of another page.
#[derive(Clone, Debug)]
pub struct PageSection {
    /// The anchor of the section.
    pub id: String,
    /// What the anchors of the page begin with there.
    pub prefix: String,
}

impl Sections {
    /// The address of a page, or of a place on it, if it is one of the sections.
    pub fn address(&self, path: &str, fragment: Option<&str>) -> Option<String> {
        let PageSection { id, prefix } = self.0.get(path)?;
        Some(match fragment.filter(|fragment| !fragment.is_empty()) {
            Some(fragment) => format!("#{}{}", encode(prefix), encode(fragment)),
            None => format!("#{}", encode(id)),
        })
    }

    /// What the anchors of a page begin with.
    pub fn prefix(&self, path: &str) -> String {
        let section = self.0.get(path);
        section.map_or_else(String::new, |section| section.prefix.clone())
    }
}
