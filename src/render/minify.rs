//! Styles and scripts as browsers get them: without comments, indentation and
//! blank lines. It knows the shapes of the files that come with the tool and no
//! others; those of a project stay as they are.

/// A file that comes with the tool, by its name, with what only its authors need
/// left out.
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

/// No text in our styles has the marks of a comment in it.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}
