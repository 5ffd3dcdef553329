//! An author's text: Markdown, links, addresses, images' sizes, escaping, and the
//! words of the interface. It knows nothing of responsibilities.

pub mod address;
pub mod code;
pub mod escape;
pub mod images;
pub mod links;
pub mod markdown;
pub mod plain_words;
pub mod strings;
