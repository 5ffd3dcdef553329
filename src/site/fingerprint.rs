//! A hash of everything that the result of a run depends on. The keys of single files
//! are elsewhere.

use rayon::prelude::*;

use crate::findings::{Digest, Findings};
use crate::input::Config;
use crate::render::theme;
use crate::site::Options;
use crate::source::Source;
use crate::text::links;

/// A hash of everything that the result of a run depends on: the sources, the
/// settings, the options, and the tool itself. `None` if a file cannot be read.
pub fn fingerprint(source: &Source, config: &Config, options: &Options) -> Option<String> {
    let mut unreadable = Findings::default();
    let mut paths = source.walk(config.src(), &mut unreadable).files.clone();
    paths.push("book.toml".into());
    let theme = theme::folder(config);
    let own_theme = source.is_folder(&theme);
    if own_theme {
        let listing = source.walk(&theme, &mut unreadable);
        paths.extend(listing.files.iter().cloned());
    }
    if !unreadable.list.is_empty() {
        return None;
    }
    let added = config
        .html
        .additional_css
        .iter()
        .chain(&config.html.additional_js);
    paths.extend(added.filter_map(|text| links::join("", &text.value)));
    let is_template = |path: &str| path.ends_with(".html") && path.starts_with(&theme);
    let is_text = |path: &str| is_source(path) || is_template(path);
    let texts: Vec<&String> = paths.iter().filter(|path| is_text(path)).collect();
    // A text is read only once, so the run uses exactly what is hashed here.
    let known = source.read_ahead(&texts);
    let hash = |path: &String| {
        let known = known.get(path.as_str()).copied();
        known.or_else(|| source.hash(path).ok())
    };
    let hashes: Option<Vec<Digest>> = paths.par_iter().map(hash).collect();
    let asked = (
        &options.site_url,
        options.drafts,
        options.deny_warnings,
        own_theme,
    );
    let all = Digest::of(&(paths, hashes?, asked, env!("SRM_SITE_BUILD")));
    Some(all.to_string())
}

/// Whether a run reads a file as text, judging by its name.
fn is_source(path: &str) -> bool {
    let extensions = ["md", "yaml", "yml", "toml"];
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| extensions.contains(&extension))
}
