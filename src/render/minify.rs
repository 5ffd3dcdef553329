//! Removes comments, indentation and empty lines from the built-in style sheets and
//! scripts. It relies on how these files are written. Files of a project are left
//! unchanged.

/// A built-in file, by its name, without what only its authors need.
pub fn minify(name: &str, bytes: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return bytes.to_vec();
    };
    match name.rsplit_once('.') {
        Some((_, "css")) => lines(&without_comments(text), |_| true),
        Some((_, "js")) => lines(text, |line| !line.starts_with("//")),
        _ => text.to_string(),
    }
    .into_bytes()
}

fn lines(text: &str, wanted: impl Fn(&str) -> bool) -> String {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && wanted(line));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// No string in our style sheets contains the marks of a comment.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}
