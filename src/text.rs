//! An author's text: Markdown, links, addresses, images' sizes, escaping, the words
//! of the interface, and the paths that links lead to. It knows nothing of
//! responsibilities.

pub mod address;
pub mod code;
pub mod escape;
pub mod images;
pub mod links;
pub mod markdown;
pub mod paths;
pub mod plain_words;
mod strings;

pub use crate::text::strings::Strings;
