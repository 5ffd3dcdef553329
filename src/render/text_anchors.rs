//! Keeps the anchors of the texts on a page apart: each text is written without
//! knowing the others, and several may have a heading `Scope`.

use std::collections::HashSet;

use crate::pages::{Part, Section};
use crate::render::Renderer;
use crate::text::links::ids_in;
use crate::text::paths;

impl Renderer<'_> {
    /// Gives texts from YAML files a prefix for their anchors if a text before them on
    /// the page has one of these.
    pub(super) fn separate_texts(&self, sections: &mut [Section<'_>]) {
        let parts = || sections.iter().flat_map(|section| &section.parts);
        let texts =
            parts().filter(|part| matches!(part, Part::Markdown { .. } | Part::Prose { .. }));
        let has_own = |part: &Part<'_>| !self.anchors_of(part).is_empty();
        let mut of_data = parts().filter(|part| matches!(part, Part::Markdown { .. }));
        if texts.take(2).count() < 2 || !of_data.any(has_own) {
            return;
        }
        let mut taken = HashSet::new();
        for Section { id, parts, .. } in sections {
            for part in parts {
                let mut anchors = self.anchors_of(part);
                if let Part::Markdown { prefix, .. } = part
                    && anchors.iter().any(|id| taken.contains(id))
                {
                    prefix.insert_str(0, &format!("{id}{}", paths::PREFIX_END));
                    anchors = self.anchors_of(part);
                }
                taken.extend(anchors);
            }
        }
    }

    /// The anchors in an author's text.
    fn anchors_of(&self, part: &Part<'_>) -> HashSet<String> {
        let rendered = match part {
            Part::Markdown { text, prefix } => self.markdown(text, self.scope("", prefix)),
            Part::Prose {
                prose,
                prefix,
                title,
            } => self.prose(prose, title, self.scope("", prefix)),
            _ => return HashSet::new(),
        };
        ids_in(&rendered.html)
    }
}
