//! Each word that an author writes is on the page, in the twin, in print and in the
//! search, or there is a finding.

use proptest::prelude::*;
use proptest::sample::select;

use crate::harness::projects::{ONE_MODEL, project};
use crate::harness::reader::parse;
use crate::properties::holds;

/// Blocks of Markdown. Each `@` becomes a word that occurs once.
const BLOCKS: &[&str] = &[
    "# @",
    " # @ `@`",
    "@\n===",
    "@ @\n---",
    "## @ {#own}",
    "# @ {@}",
    "## @ {% @ %}",
    "@ {@ @}\n---",
    "<div>\n<!-- @\n\n@ -->\n@\n</div>",
    "see \\[^@] @",
    "### [@](https://x.example/) *@*",
    "@ @\n@",
    "@ <!-- c --> @",
    "<!-- c --> @",
    "<!-- c --> @ <!-- d --> @",
    "<!--\nc\n\nd --> @",
    "- <!-- c --> @\n- @",
    "<!-- c -->",
    "<div>\n@\n</div>",
    "@ <b>@</b>",
    "> @\n> @",
    "> [!NOTE]\n> @",
    "1. @\n2. @\n\n   @",
    "- [ ] @\n- [x] @",
    "| @ | @ |\n| --- | --- |\n| @ | `@` |",
    "```\n@\n```",
    "```rust\nlet @ = 1;\n```",
    "    @ @",
    "*@* **@** ~~@~~ `@` ***@***",
    "[@](https://x.example/a 'b') <https://x.example/@> <@@x.example>",
    "[@][r] [@]\n\n[r]: https://x.example/",
    "@[^@]",
    "@[^NOTE] @\n\n[^NOTE]: @ `@`\n\n    @",
    "- @[^NOTE]\n\n[^NOTE]: @[^NOTEb]\n\n[^NOTEb]: @",
    "\\# @ \\*@\\* &lt;@&gt; &#65;@",
    "@  \n@\\\n@",
    "***\n\n@",
    "\u{feff}@ “@” @--@ @...",
    "{{ @ }} {% @ %}",
    "<@> </@> <!@> <?@?>",
];

/// Blocks with their words filled in.
pub fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(select(BLOCKS), 1..8).prop_map(|blocks| {
        let mut count = 0;
        let mut text = String::new();
        let blocks = blocks.iter().enumerate();
        let blocks = blocks.map(|(at, block)| block.replace("NOTE", &format!("n{at}")));
        let blocks: Vec<String> = blocks.collect();
        for (at, part) in blocks.join("\n\n").split('@').enumerate() {
            if at > 0 {
                count += 1;
                text.push_str(&format!("word{count:03}x"));
            }
            text.push_str(part);
        }
        text + "\n"
    })
}

/// The words that CommonMark renders as text, and those of tags, which a page shows as
/// text. What is in a comment or a definition of a link is none.
pub fn words(text: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser};
    let mut said = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_FOOTNOTES) {
        match event {
            Event::Text(text) | Event::Code(text) => said.push_str(&text),
            Event::InlineHtml(tag) if !tag.starts_with("<!--") => said.push_str(&tag),
            _ => said.push(' '),
        }
    }
    let words = said.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| word.starts_with("word") && word.ends_with('x'));
    words.map(str::to_string).collect()
}

#[test]
fn every_word_of_a_page_is_in_every_output() {
    let front = select(&["", "---\ntitle: Other\n---\n"][..]);
    holds(250, (front, text()), |(front, text)| {
        let built = project(ONE_MODEL)
            .page("t.md", &format!("{front}{text}"))
            .build();
        let page = parse(built.page("t.html")).text();
        let print = parse(built.page("print.html")).text();
        let twin = built.page("t.md");
        let search = built.page("search/index.js");
        let reported: Vec<&str> = built
            .findings()
            .list
            .iter()
            .filter_map(|finding| {
                let place = finding.place.as_ref()?;
                let text = format!("{front}{text}");
                let whole = text.get(place.start..place.end).is_some();
                (&*place.file == "content/t.md" && whole).then_some(finding.code.id())
            })
            .collect();
        for word in words(&text) {
            for (output, said) in [
                ("page", &*page),
                ("print", &*print),
                ("twin", twin),
                ("search", search),
            ] {
                assert!(
                    said.contains(&word),
                    "{word} is not in the {output} of\n{front}{text}\n{reported:?}\n{said}"
                );
            }
        }
    });
}
