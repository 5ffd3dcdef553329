//! Everything that a link of an author can lead to. How a link is read is known by
//! `text::links`.

use std::collections::{BTreeMap, HashMap};

use crate::pages::{Page, Project, prose_path};
use crate::tables::{category_path, model_path, party_path};
use crate::text::links::{Size, Targets};

impl<'a> Project<'a> {
    /// Everything links can point to. `files` are further outputs, `assets`
    /// are copied files: their source below the content folder and their path;
    /// `images` are those of them whose size is known.
    pub fn targets(
        &self,
        pages: &[Page],
        files: impl IntoIterator<Item = String>,
        assets: HashMap<String, String>,
        images: BTreeMap<String, Size>,
    ) -> Targets {
        let document = self.document;
        let mut targets = Targets {
            outputs: pages.iter().map(|p| p.path.clone()).collect(),
            images,
            ..Targets::default()
        };
        targets.outputs.extend(files);
        for prose in document.prose.iter() {
            targets
                .sources
                .insert(prose.path.clone(), prose_path(&prose.path));
        }
        for (ix, model) in document.models.iter().enumerate() {
            let path = model_path(document, ix);
            targets
                .sources
                .insert(format!("models/{}.md", model.id), path.clone());
            targets.ids.insert(format!("model:{}", model.id), path);
        }
        for category in &document.categories {
            let path = category_path(category);
            targets
                .sources
                .insert(format!("categories/{}.yaml", category.id), path.clone());
            for row in &category.rows {
                targets.rows.insert(row.id.clone(), path.clone());
            }
            targets
                .ids
                .insert(format!("category:{}", category.id), path);
        }
        if self.groups.parties {
            for (ix, party) in document.parties.iter().enumerate() {
                let path = party_path(document, ix);
                targets.ids.insert(format!("party:{}", party.id), path);
            }
        }
        self.compare_targets(&mut targets);
        targets.outputs.extend(assets.values().cloned());
        targets.assets = assets.into_iter().collect();
        targets
    }

    /// The ids of comparisons.
    fn compare_targets(&self, targets: &mut Targets) {
        let document = self.document;
        if document.models.len() > 1 {
            targets
                .ids
                .insert("compare:".into(), "compare/index.html".into());
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
