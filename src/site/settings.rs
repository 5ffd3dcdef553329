//! The settings of a run: those of the project, with what the command line replaces. What
//! the keys mean is in `input`.

use crate::findings::{Code, Findings, Place};
use crate::input::{At, Config};
use crate::site::Options;
use crate::source::Source;

/// Reads the project's settings.
pub fn config(source: &Source, options: &Options, findings: &mut Findings) -> Config {
    let mut config = match source.text("book.toml") {
        Ok(text) => Config::parse(&text.path, &text.text, findings),
        Err(finding) if finding.code == Code::LeadsOutside => {
            findings.push(finding);
            Config::defaults()
        }
        Err(mut finding) => {
            let inside = source.folders_with("book.toml");
            if let [first, ..] = inside.as_slice() {
                finding = finding.help(format!(
                    "there is one in the folder `{first}`: run the command for that folder"
                ));
            } else if let Some(around) = source.folder_around_with("book.toml") {
                finding = finding.help(format!(
                    "there is one in `{}`: run the command for that folder",
                    around.display()
                ));
            }
            findings.push(finding.help("`srm-site init` creates a working project"));
            Config::defaults()
        }
    };
    replace_site_url(&mut config, options.site_url.as_deref());
    config
}

/// Uses another address of the site than that of the settings, if one is given.
pub(super) fn replace_site_url(config: &mut Config, url: Option<&str>) {
    if let Some(url) = url {
        config.html.site_url = Some(At {
            value: url.to_string(),
            place: Place::file("book.toml"),
        });
    }
}
