//! Collects everything that an author's link can lead to. `text::links` resolves
//! links.

use std::collections::{BTreeMap, HashMap};

use crate::pages::{Page, Project};
use crate::text::{base_of, paths};

use crate::text::links::{ImageSize, Targets};

impl<'a> Project<'a> {
    /// Everything that links can lead to. `files` are further outputs. `assets` are
    /// copied files: their source below the content folder and their path in the
    /// site. `images` are those assets whose size is known.
    pub fn targets(
        &self,
        pages: &[Page],
        files: impl IntoIterator<Item = String>,
        assets: HashMap<String, String>,
        images: BTreeMap<String, ImageSize>,
    ) -> Targets {
        let document = self.document;
        let mut targets = Targets {
            outputs: pages.iter().map(|p| p.path.clone()).collect(),
            images,
            base: self
                .config
                .html
                .site_url
                .as_ref()
                .map_or_else(String::new, |url| base_of(&url.value)),
            ..Targets::default()
        };
        targets.outputs.extend(files);
        for prose in document.prose.iter() {
            targets
                .sources
                .insert(prose.path.clone(), paths::prose(&prose.path));
        }
        for model in &document.models {
            let path = paths::model(&model.id);
            targets
                .sources
                .insert(paths::model_source(&model.id), path.clone());
            targets.ids.insert(format!("model:{}", model.id), path);
        }
        for category in &document.categories {
            let path = paths::category(&category.id);
            targets
                .sources
                .insert(paths::category_source(&category.id), path.clone());
            for row in &category.rows {
                targets.rows.insert(row.id.clone(), path.clone());
            }
            targets
                .ids
                .insert(format!("category:{}", category.id), path);
        }
        if self.groups.parties {
            for party in &document.parties {
                let path = paths::party(&party.id);
                targets.ids.insert(format!("party:{}", party.id), path);
            }
        }
        self.compare_targets(&mut targets);
        targets.outputs.extend(assets.values().cloned());
        targets.assets = assets.into_iter().collect();
        targets
    }

    /// Adds the ids of comparisons.
    fn compare_targets(&self, targets: &mut Targets) {
        let document = self.document;
        if document.models.len() > 1 {
            targets
                .ids
                .insert("compare:".into(), paths::COMPARISONS.into());
        }
        let tables = self.tables();
        for (a, b) in self.pairs {
            let path = tables.compare_path(*a, *b);
            let [first, second] = [*a, *b].map(|m| &document.models[m].id);
            targets
                .ids
                .insert(format!("compare:{first}..{second}"), path);
            targets.ids.insert(
                format!("compare:{second}..{first}"),
                tables.compare_path(*b, *a),
            );
        }
    }
}
