//! Components of MDX in raw HTML, whose names begin with a capital letter.

use crate::import::grid::places::{Rendered, escape};

/// Adds raw HTML. The tags of components become tags that an HTML parser keeps apart
/// from what follows: `<Check />` has no content there.
pub(super) fn write(html: &str, at: usize, out: &mut Rendered) {
    let mut done = 0;
    while let Some(found) = html[done..].find('<') {
        let start = done + found;
        let Some(length) = html[start..].find('>') else {
            break;
        };
        let end = start + length + 1;
        out.verbatim(at + done, &html[done..start]);
        let tag = &html[start..end];
        match component(tag) {
            Some(markup) => out.markup(at + start, &markup),
            None => out.verbatim(at + start, tag),
        }
        done = end;
    }
    out.verbatim(at + done, &html[done..]);
}

/// Whether a tag begins or ends a component. A name all in capitals is HTML.
pub(super) fn is_tag(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| !is_part_of_name(c));
    let name = &name[..end.unwrap_or(name.len())];
    let has_small = name.contains(|c: char| c.is_lowercase());
    name.starts_with(|c: char| c.is_ascii_uppercase()) && (has_small || name.len() == 1)
}

fn is_part_of_name(character: char) -> bool {
    character.is_alphanumeric() || "._-".contains(character)
}

fn component(tag: &str) -> Option<String> {
    let inner = tag.strip_prefix('<')?.strip_suffix('>')?;
    if !is_tag(tag) {
        return None;
    }
    if inner.starts_with('/') {
        return Some("</x-component>".to_string());
    }
    let end = inner.find(|c: char| !is_part_of_name(c));
    let (name, rest) = inner.split_at(end.unwrap_or(inner.len()));
    let (attributes, closing) = match rest.trim_end().strip_suffix('/') {
        Some(attributes) => (attributes, "</x-component>"),
        None => (rest, ""),
    };
    let mut markup = String::from("<x-component data-component=\"");
    escape(name, &mut markup);
    markup.push('"');
    markup.push_str(attributes);
    markup.push('>');
    markup.push_str(closing);
    Some(markup)
}
