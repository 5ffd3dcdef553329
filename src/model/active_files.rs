//! Files of the content folder that browsers run: web pages, scripts, and SVG
//! and XML files with scripts in them. They are copied unchanged, so a script in
//! one of them runs with the rights of the site. This module only finds them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::findings::{Code, Finding, Findings, Memo, Place};
use crate::input::Config;
use crate::model::content::Content;
use crate::source::Source;
use crate::text::links;

/// Why each SVG or XML file is active, or `None`; kept for the next run.
pub type ActiveFileMemos = Memo<Option<Why>>;

/// Why a file is active.
#[derive(Clone, Debug)]
pub enum Why {
    /// It is a web page.
    Page,
    /// It is a script.
    Script,
    /// It contains a script; the text says where.
    Holds(String),
    /// It cannot be checked for scripts; the text says why.
    Unclear(&'static str),
}

const PAGES: &[&str] = &["html", "htm", "xhtml", "xht", "shtml"];
const SCRIPTS: &[&str] = &["js", "mjs", "cjs"];
/// Browsers treat all of these as XML.
const MARKUP: &[&str] = &[
    "svg", "xml", "xsl", "xslt", "xsd", "rdf", "rss", "atom", "mml", "mathml", "kml", "gpx", "rng",
    "xul", "wsdl", "xpdl", "opml",
];
const PACKED: &[&str] = &["svgz"];

/// The active files of the content folder, by their paths in the site, and a
/// finding for each. None are reported if authors may write HTML. Scripts that
/// `additional-js` names are expected.
pub fn find(
    content: &Content,
    source: &Source,
    config: &Config,
    memos: &ActiveFileMemos,
    findings: &mut Findings,
) -> BTreeSet<String> {
    if config.srm.raw_html.unwrap_or(false) {
        return BTreeSet::new();
    }
    let named = config.html.additional_js.iter();
    let named: BTreeSet<String> = named.filter_map(|t| links::join("", &t.value)).collect();
    let look = |(below, path): (&String, &String)| {
        let file = format!("{}/{below}", content.src);
        let why = active_reason(&file, source, memos)?;
        let expected = links::join("", &file).is_some_and(|file| named.contains(&file));
        (!expected).then(|| (path.clone(), finding(&file, &why)))
    };
    let found: Vec<(String, Finding)> = content.assets.par_iter().filter_map(look).collect();
    let (paths, told): (BTreeSet<String>, Vec<Finding>) = found.into_iter().unzip();
    told.into_iter().for_each(|finding| findings.push(finding));
    paths
}

/// Why a file is active, if it is. Browsers go by the name; only SVG and XML files
/// are read.
fn active_reason(file: &str, source: &Source, memos: &ActiveFileMemos) -> Option<Why> {
    let (_, ending) = file.rsplit_once('.')?;
    let is_of = |known: &[&str]| known.iter().any(|one| one.eq_ignore_ascii_case(ending));
    if is_of(PAGES) {
        return Some(Why::Page);
    }
    if is_of(SCRIPTS) {
        return Some(Why::Script);
    }
    if is_of(PACKED) {
        return Some(Why::Unclear("it is compressed"));
    }
    if !is_of(MARKUP) {
        return None;
    }
    // A file that cannot be read is not copied, and adds a finding then.
    let why = memos.get(file, source.hash(file).ok()?, || {
        script_in(&source.bytes(file).ok()?)
    });
    (*why).clone()
}

fn finding(file: &str, why: &Why) -> Finding {
    let (message, help) = match why {
        Why::Page => (
            format!("`{file}` is a web page: browsers run its scripts with the rights of the site"),
            "remove it, or write the page in Markdown",
        ),
        Why::Script => (
            format!("`{file}` is a script: browsers run it with the rights of the site"),
            "remove it, or name it in `additional-js` if your pages need it",
        ),
        Why::Holds(what) => (
            format!("`{file}` can run scripts with the rights of the site: it has {what}"),
            "remove it, or save it without scripts",
        ),
        Why::Unclear(reason) => (
            format!("`{file}` cannot be checked for scripts: {reason}"),
            "remove it, or save it as plain SVG or XML",
        ),
    };
    Finding::new(Code::ActiveFile, Place::file(file), message)
        .help(help)
        .help("set `raw-html = true` under `[preprocessor.srm]` if everyone who writes content may write scripts too")
}

// --------------------------------------------------------------------- markup

/// Namespaces whose elements browsers run scripts for.
const NAMESPACES: &[&str] = &[
    "www.w3.org/2000/svg",
    "www.w3.org/1999/xhtml",
    "www.w3.org/1998/math/mathml",
];

/// Elements that are scripts or that embed documents with scripts.
const ELEMENTS: &[&str] = &[
    "script", "handler", "listener", "iframe", "frame", "object", "embed", "applet",
];

/// Elements that show an image; scripts in a shown image do not run.
const IMAGES: &[&str] = &["image", "feimage", "img"];

/// Encodings in which markup is written with the bytes of ASCII.
const ENCODINGS: &[&str] = &["utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"];

const BROKEN: Why = Why::Unclear("it is not well-formed XML");
const ENCODED: Why = Why::Unclear("it is not UTF-8 text");
const REFERS: Why = Why::Unclear("its document type can change its meaning");

/// Why a browser might run a script in an XML file; `None` if it runs none. What
/// cannot be decided counts as a script.
fn script_in(bytes: &[u8]) -> Option<Why> {
    if bytes.contains(&0) {
        return Some(ENCODED);
    }
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut reader = Reader {
        rest: text,
        script: None,
        is_active: false,
    };
    match reader.read() {
        // Browsers have built-in named references for some document types.
        Ok(()) if text.contains("<!DOCTYPE") && has_named_references(text) => Some(REFERS),
        // Elements of other namespaces are data, whatever their names.
        Ok(()) => reader.script.filter(|_| reader.is_active).map(Why::Holds),
        Err(why) => Some(why),
    }
}

/// Reads XML far enough to distinguish its tags from everything else.
struct Reader<'a> {
    rest: &'a str,
    /// A description of the first script.
    script: Option<String>,
    /// Whether the file uses one of the [`NAMESPACES`].
    is_active: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), Why> {
        if !self.rest.is_empty() && !self.rest.starts_with('<') {
            return Err(BROKEN);
        }
        while let Some(at) = self.rest.find('<') {
            self.rest = &self.rest[at + 1..];
            if self.skip("!--") {
                self.until("-->")?;
            } else if self.skip("![CDATA[") {
                self.until("]]>")?;
            } else if self.skip("?") {
                instruction(self.until("?>")?)?;
            } else if self.skip("!") {
                self.declaration()?;
            } else if self.skip("/") {
                self.until(">")?;
            } else {
                self.tag()?;
            }
        }
        Ok(())
    }

    /// Skips a word if it comes next, and returns whether it did.
    fn skip(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Continues after the next occurrence of a word and returns the text before it.
    fn until(&mut self, word: &str) -> Result<&'a str, Why> {
        let (before, rest) = self.rest.split_once(word).ok_or(BROKEN)?;
        self.rest = rest;
        Ok(before)
    }

    /// Continues at the next byte for which `is` returns true and returns the text
    /// before it.
    fn word(&mut self, is: impl Fn(u8) -> bool) -> &'a str {
        let end = self.rest.bytes().position(is).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// A document type. Browsers do not load the external part it names, but entities
    /// it declares itself could expand to any markup.
    fn declaration(&mut self) -> Result<(), Why> {
        loop {
            self.word(|b| b"\"'[>".contains(&b));
            match self.rest.bytes().next() {
                Some(b'>') => return Ok(()),
                Some(b'[') => return Err(Why::Unclear("it declares entities")),
                Some(b'"') if self.skip("\"") => self.until("\"")?,
                Some(b'\'') if self.skip("'") => self.until("'")?,
                _ => return Err(BROKEN),
            };
        }
    }

    fn tag(&mut self) -> Result<(), Why> {
        let ends_name = |b: u8| b.is_ascii_whitespace() || b"/>=\"'<".contains(&b);
        let element = local_name(self.word(ends_name));
        if ELEMENTS.contains(&&*element) {
            self.is_script(format!("a `{element}` element"));
        }
        loop {
            self.word(|b| !b.is_ascii_whitespace() && b != b'/');
            if self.skip(">") {
                return Ok(());
            }
            let name = self.word(ends_name);
            self.word(|b| !b.is_ascii_whitespace());
            if name.is_empty() || !self.skip("=") {
                return Err(BROKEN);
            }
            self.word(|b| !b.is_ascii_whitespace());
            let value = match () {
                () if self.skip("\"") => self.until("\"")?,
                () if self.skip("'") => self.until("'")?,
                () => return Err(BROKEN),
            };
            self.attribute(&element, name, value);
        }
    }

    fn attribute(&mut self, element: &str, name: &str, value: &str) {
        let local = local_name(name);
        let event = local.strip_prefix("on");
        if event.is_some_and(|event| event.starts_with(|c: char| c.is_ascii_alphabetic())) {
            self.is_script(format!("an attribute `{local}`"));
        }
        // Addresses and namespaces have a colon, which may be written as a reference.
        if !value.contains([':', '&']) {
            return;
        }
        let value = normalized_address(value);
        if name == "xmlns" || name.starts_with("xmlns:") {
            self.is_active |= NAMESPACES.iter().any(|known| value.contains(known));
        }
        if value.contains("javascript:") {
            self.is_script(format!(
                "a `javascript:` address in the attribute `{local}`"
            ));
        }
        let data = value
            .strip_prefix("data:")
            .filter(|_| !IMAGES.contains(&element));
        let kind = data.map_or("", |data| data.split(',').next().unwrap_or(data));
        if ["svg", "xml", "html", "script"]
            .iter()
            .any(|word| kind.contains(word))
        {
            self.is_script(format!("a document in the attribute `{local}`"));
        }
    }

    fn is_script(&mut self, why: String) {
        self.script.get_or_insert(why);
    }
}

/// What is between `<?` and `?>`. A style sheet may be a program (XSLT).
fn instruction(text: &str) -> Result<(), Why> {
    let (name, rest) = text
        .split_once(|c: char| c.is_ascii_whitespace())
        .unwrap_or((text, ""));
    if name.eq_ignore_ascii_case("xml-stylesheet") {
        let what = "a style sheet, which may be a program (XSLT)";
        return Err(Why::Holds(what.into()));
    }
    let Some((_, encoding)) = rest.split_once("encoding").filter(|_| name == "xml") else {
        return Ok(());
    };
    let encoding = encoding.split(['"', '\'']).nth(1).unwrap_or_default();
    match ENCODINGS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(encoding))
    {
        true => Ok(()),
        false => Err(ENCODED),
    }
}

/// A name without the prefix of its namespace, in lower case.
fn local_name(name: &str) -> String {
    let local = name.rsplit(':').next().unwrap_or(name);
    local.to_ascii_lowercase()
}

/// A value as a browser reads an address: references resolved, without spaces and
/// control characters, in lower case.
fn normalized_address(value: &str) -> String {
    let mut value = Cow::Borrowed(value);
    if value.contains('&') {
        value = Cow::Owned(resolved(&value));
    }
    let shown = value.chars().filter(|c| *c > ' ');
    shown.map(|c| c.to_ascii_lowercase()).collect()
}

/// A text with its references to characters resolved (XML 1.0, 4.1 and 4.6).
fn resolved(text: &str) -> String {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let known = part
            .split_once(';')
            .and_then(|(name, rest)| Some((character(name)?, rest)));
        match known {
            Some((c, rest)) => {
                out.push(c);
                out.push_str(rest);
            }
            None => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
    out
}

/// Whether a text refers to characters by names that XML itself does not have.
fn has_named_references(text: &str) -> bool {
    text.split('&').skip(1).any(|part| {
        let name = part.split_once(';').map_or("", |(name, _)| name);
        let named = name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':');
        named && !name.contains(char::is_whitespace) && character(name).is_none()
    })
}

fn character(name: &str) -> Option<char> {
    let number = match (name, name.strip_prefix("#x"), name.strip_prefix('#')) {
        ("lt", ..) => return Some('<'),
        ("gt", ..) => return Some('>'),
        ("amp", ..) => return Some('&'),
        ("quot", ..) => return Some('"'),
        ("apos", ..) => return Some('\''),
        (_, Some(digits), _) => u32::from_str_radix(digits, 16),
        (_, None, Some(digits)) => digits.parse(),
        _ => return None,
    };
    char::from_u32(number.ok()?)
}
