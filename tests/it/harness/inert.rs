//! Fails where a page holds live markup that the tool did not write. It reads tags
//! as a browser does.

use crate::harness::Built;

/// Tags and attributes of a page, read as a browser would. Independent of the
/// product's own reader.
pub mod tags {
    pub struct Tag {
        pub name: String,
        pub attributes: Vec<(String, String)>,
    }

    pub fn of(html: &str) -> Vec<Tag> {
        let chars: Vec<char> = html.chars().collect();
        let mut out = Vec::new();
        let mut at = 0;
        let starts = |at: usize, text: &str| {
            let wanted: Vec<char> = text.chars().collect();
            chars[at..].len() >= wanted.len()
                && chars[at..at + wanted.len()]
                    .iter()
                    .zip(&wanted)
                    .all(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        while at < chars.len() {
            if chars[at] != '<' {
                at += 1;
            } else if starts(at, "<!--") {
                at += 4;
                while at < chars.len() && !starts(at, "-->") {
                    at += 1;
                }
            } else if chars.get(at + 1).is_some_and(|c| c.is_ascii_alphabetic()) {
                at += 1;
                let (tag, end) = one(&chars, at);
                at = end;
                // The texts of these are not markup.
                if ["script", "style", "textarea", "title"].contains(&tag.name.as_str()) {
                    let close = format!("</{}", tag.name);
                    while at < chars.len() && !starts(at, &close) {
                        at += 1;
                    }
                }
                out.push(tag);
            } else {
                at += 1;
            }
        }
        out
    }

    fn one(chars: &[char], mut at: usize) -> (Tag, usize) {
        let blank = |c: char| c.is_ascii_whitespace() || c == '/';
        let mut name = String::new();
        while at < chars.len() && !blank(chars[at]) && chars[at] != '>' {
            name.push(chars[at].to_ascii_lowercase());
            at += 1;
        }
        let mut attributes = Vec::new();
        loop {
            while at < chars.len() && blank(chars[at]) {
                at += 1;
            }
            if at >= chars.len() || chars[at] == '>' {
                return (Tag { name, attributes }, at + 1);
            }
            let mut key = String::new();
            while at < chars.len()
                && !blank(chars[at])
                && chars[at] != '>'
                && (chars[at] != '=' || key.is_empty())
            {
                key.push(chars[at].to_ascii_lowercase());
                at += 1;
            }
            while at < chars.len() && chars[at].is_ascii_whitespace() {
                at += 1;
            }
            let mut value = String::new();
            if chars.get(at) == Some(&'=') {
                at += 1;
                while at < chars.len() && chars[at].is_ascii_whitespace() {
                    at += 1;
                }
                match chars.get(at) {
                    Some(quote @ ('"' | '\'')) => {
                        at += 1;
                        while at < chars.len() && chars[at] != *quote {
                            value.push(chars[at]);
                            at += 1;
                        }
                        at += 1;
                    }
                    _ => {
                        while at < chars.len()
                            && !chars[at].is_ascii_whitespace()
                            && chars[at] != '>'
                        {
                            value.push(chars[at]);
                            at += 1;
                        }
                    }
                }
            }
            attributes.push((key, unescape(&value)));
        }
    }

    fn unescape(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let end = rest.find(';').filter(|e| *e < 12);
            let known = end.and_then(|end| {
                let name = &rest[1..end];
                let c = match name {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    "apos" => '\'',
                    "colon" => ':',
                    "Tab" => '\t',
                    "NewLine" => '\n',
                    _ => {
                        let number = name.strip_prefix('#')?;
                        let code = match number.strip_prefix(['x', 'X']) {
                            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                            None => number.parse().ok()?,
                        };
                        char::from_u32(code)?
                    }
                };
                Some((c, end))
            });
            match known {
                Some((c, end)) => {
                    out.push(c);
                    rest = &rest[end + 1..];
                }
                None => {
                    out.push('&');
                    rest = &rest[1..];
                }
            }
        }
        out.push_str(rest);
        out
    }
}

/// Fails if a page holds anything that could run, load from elsewhere or
/// restyle: the texts here may bring none of it.
#[track_caller]
pub fn assert_inert(path: &str, html: &str) {
    for tag in tags::of(html) {
        let name = tag.name.as_str();
        let get = |key: &str| {
            let found = tag.attributes.iter().find(|(k, _)| k == key);
            found.map(|(_, v)| v.as_str())
        };
        let scripts = ["assets/", "srm-table.js"];
        let own = |src: &str| scripts.iter().any(|w| src.contains(w));
        // Data ends where the element does.
        let data = get("type") == Some("application/ld+json");
        let ours = name == "script" && (data || get("src").is_some_and(own))
            || name == "base" && get("href").is_none();
        let forbidden = [
            "script",
            "iframe",
            "object",
            "embed",
            "style",
            "form",
            "base",
            "math",
            "audio",
            "video",
            "template",
            "noscript",
            "marquee",
            "textarea",
            "xmp",
            "plaintext",
        ];
        assert!(
            ours || !forbidden.contains(&name),
            "{path}: a live <{name}>"
        );
        let known = [
            "html",
            "head",
            "meta",
            "title",
            "link",
            "body",
            "a",
            "header",
            "svg",
            "path",
            "div",
            "nav",
            "details",
            "summary",
            "ul",
            "ol",
            "li",
            "p",
            "main",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "span",
            "b",
            "i",
            "em",
            "strong",
            "del",
            "code",
            "pre",
            "br",
            "wbr",
            "hr",
            "img",
            "blockquote",
            "dl",
            "dt",
            "dd",
            "footer",
            "section",
            "article",
            "aside",
            "sup",
            "sub",
            "input",
            "button",
            "label",
            "base",
            "script",
            "srm-table",
            "small",
            "time",
            "s",
            "cite",
            "kbd",
            "details",
            "summary",
            "select",
            "option",
            "rect",
            "template",
            "dialog",
            "data",
            "abbr",
            "search",
        ];
        assert!(known.contains(&name), "{path}: an unknown <{name}>");
        for (key, value) in &tag.attributes {
            assert!(
                !key.starts_with("on") && key != "style" && key != "srcdoc",
                "{path}: <{name} {key}={value:?}>"
            );
            assert!(
                key.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_:".contains(c)),
                "{path}: an attribute `{key}` of <{name}> that the tool does not write"
            );
            let named = ["href", "src", "action", "formaction", "poster", "data"];
            let refresh = key == "content" && get("http-equiv").is_some();
            if named.contains(&key.as_str()) || refresh {
                // What a browser takes out of an address before it looks.
                let address: String = value
                    .trim_matches(|c: char| c <= ' ')
                    .chars()
                    .filter(|c| !"\t\n\r".contains(*c))
                    .collect::<String>()
                    .to_lowercase();
                let address = match get("http-equiv") {
                    Some(_) => address.split("url=").nth(1).unwrap_or("").to_string(),
                    None => address,
                };
                for scheme in ["javascript:", "data:", "vbscript:", "file:", "blob:"] {
                    assert!(
                        !address.starts_with(scheme),
                        "{path}: <{name} {key}={value:?}>"
                    );
                }
            }
        }
    }
}

#[track_caller]
pub fn all_inert(site: &Built) {
    let mut pages = 0;
    for (path, bytes) in &site.files {
        if path.ends_with(".html") {
            assert_inert(path, std::str::from_utf8(bytes).unwrap());
            pages += 1;
        }
    }
    assert!(pages > 0, "{:#?}", site.lines());
}

#[test]
fn the_reader_of_tags_sees_what_it_must() {
    for bad in [
        "<script>x</script>",
        "<SCRIPT SRC=//x>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"java\nscript:x\">",
        "<a href=' &#106;avascript:x'>",
        "<a href=\"JaVaScRiPt:x\">",
        "<a href=\"javascript&colon;x\">",
        "<p style=\"x\">",
        "<p title=\"a\"onclick=\"b\">",
        "<meta http-equiv=refresh content=\"0; url=javascript:x\">",
        "<p a\"=b>",
        "<x-y>",
    ] {
        let caught = std::panic::catch_unwind(|| assert_inert("test", bad));
        assert!(caught.is_err(), "{bad}");
    }
    assert_inert(
        "test",
        "<p title=\"<script>\">&lt;script&gt;</p><!-- <script> -->",
    );
}
