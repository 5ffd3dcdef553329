//! Makes tables and badges for other web pages and documents, in any format.

use std::sync::Arc;

use crate::findings::{Code, Finding, Findings};
use crate::pages::web::{self, Fragment};
use crate::render::Renderer;
use crate::tables::Request;
use crate::tables::formats::{Host, TableFormat, TableWriter};
use crate::text::Html;

impl Renderer<'_> {
    /// Makes what a request asks for, in a format. Links into the site lead to `base`
    /// unless the request says otherwise. Returns `None` and adds findings if the
    /// request is wrong.
    pub fn show(
        &self,
        request: &Request,
        format: TableFormat,
        base: Option<&str>,
        host: Host,
        findings: &mut Findings,
    ) -> Option<Vec<u8>> {
        let before = findings.list.len();
        let asked = request.links(findings);
        let breaks = request.breaks(findings);
        let base = asked.unwrap_or_else(|| base.map(str::to_string));
        let selection = request.select(self.project.document, findings)?;
        let shown = selection.make(self.project.strings, findings)?;
        if findings.list.len() > before {
            return None;
        }
        let writer = TableWriter {
            targets: self.targets,
            strings: self.project.strings,
            settings: self.settings,
            base: base.as_deref(),
            src: self.project.config.src(),
            host,
            breaks,
        };
        match writer.write(format, shown) {
            Ok(bytes) => Some(bytes),
            Err(reason) => {
                let message = format!("this is too large for `{}`: {reason}", format.word());
                findings.push(Finding::new(Code::Limit, None, message));
                None
            }
        }
    }

    /// A table of the site for other pages, on a small separate page or as data.
    pub fn fragment(&self, fragment: &Fragment, format: TableFormat) -> Vec<u8> {
        let (text, mut findings) = (&fragment.request, Findings::default());
        let file = Arc::from(fragment.name.as_str());
        let made = Request::parse(text, 0..text.len(), &file, &mut findings).and_then(|request| {
            self.show(&request, format, Some("../"), Host::Page, &mut findings)
        });
        // The tool's own requests only name what exists.
        let bytes = made.unwrap_or_default();
        if format != TableFormat::Html {
            return bytes;
        }
        let config = self.project.config;
        // `show` has just written it as HTML.
        let table = Html::trusted(String::from_utf8_lossy(&bytes).into_owned());
        let (language, direction) = (config.language(), config.direction());
        web::page(&fragment.title, language, direction, &table).into_bytes()
    }
}
