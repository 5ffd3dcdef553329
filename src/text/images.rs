//! Reads the size of an image from its bytes, so that a page can reserve its space
//! while it loads. No image is decoded or changed.

use std::ops::ControlFlow;

use crate::text::links::{self, ImageSize, OpenElements};

/// The size that an image states, if it states one.
pub fn image_size(path: &str, bytes: &[u8]) -> Option<ImageSize> {
    let size = if has_ending(path, ".svg") {
        svg_size(std::str::from_utf8(bytes).ok()?)?
    } else {
        let size = imagesize::blob_size(bytes).ok()?;
        (size.width, size.height)
    };
    (size.0 > 0 && size.1 > 0).then_some(size)
}

/// Whether a file name has the extension of an image that browsers show.
pub fn is_image(path: &str) -> bool {
    const ENDINGS: [&str; 7] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"];
    ENDINGS.iter().any(|ending| has_ending(path, ending))
}

/// Compares without case: cameras and some systems write extensions in capitals.
fn has_ending(path: &str, ending: &str) -> bool {
    path.to_ascii_lowercase().ends_with(ending)
}

/// The size of an SVG file that gives both sides in pixels. Any other SVG fills the
/// space it is shown in (CSS Images 3, default sizing).
fn svg_size(text: &str) -> Option<ImageSize> {
    let (mut width, mut height) = (None, None);
    links::tags(text, &mut OpenElements::default(), |tag| {
        if tag.name == "svg" {
            for attribute in tag.attributes {
                match attribute.name {
                    "width" => width = pixels(attribute.value),
                    "height" => height = pixels(attribute.value),
                    _ => {}
                }
            }
        }
        ControlFlow::Break(())
    });
    Some((width?, height?))
}

fn pixels(length: &str) -> Option<usize> {
    let number = length.trim().trim_end_matches("px");
    let pixels: f64 = number.parse().ok()?;
    (0.5..1e6)
        .contains(&pixels)
        .then_some(pixels.round() as usize)
}
