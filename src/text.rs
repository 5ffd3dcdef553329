//! An author's text: Markdown, links, addresses, images' sizes, escaping, the words
//! of the interface, and the paths that links lead to. It knows nothing of
//! responsibilities.

// The open ones are part of the door: what is in them reads better behind their name.
mod address;
mod code;
mod escape;
mod html;
mod images;
pub mod links;
pub mod markdown;
pub mod paths;
pub mod plain_words;
mod strings;
mod unfit;

pub use crate::text::address::{base_of, decode, encode, encode_ascii, full_address};
pub use crate::text::code::{Highlighter, code_size, code_size_in_cells};
pub use crate::text::escape::Special;
pub use crate::text::html::Html;
pub use crate::text::images::{image_size, is_image};
pub use crate::text::strings::Strings;
pub use crate::text::unfit::{has_unfit, is_unfit, unfit_words};
