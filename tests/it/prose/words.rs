//! Each word that an author writes is on the page, in the twin, in print and in the
//! search, or there is a finding. What a comment says is in none of them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::harness::projects::{ONE_MODEL, project};
use crate::harness::reader::{Element, parse};
use crate::properties::holds;

/// Blocks of Markdown. Each `@` becomes a word that occurs once, and each `§` a word
/// that is hidden.
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
    "\\<@> @ \\\\<@>",
    "[@](row:keys) ![a]() [](@) [@](<row:keys> '@')",
    "> <!-- §\n> § -->\n> @",
    "- @\n- <!-- §\n  § -->\n  @",
    "@\n<!-- § -->\n===",
    "@ <!--\n§ --> @",
    "<!-- § -->     @",
    "    # @",
    "[^@]: @\n# @",
    "https://x.example/ @ www.@.example *@*",
    "@@x.example",
];

/// Blocks with their words filled in.
pub fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(select(BLOCKS), 1..8).prop_map(|blocks| {
        let (mut words, mut hidden) = (0, 0);
        let mut text = String::new();
        let blocks = blocks.iter().enumerate();
        let blocks = blocks.map(|(at, block)| block.replace("NOTE", &format!("n{at}")));
        let blocks: Vec<String> = blocks.collect();
        for c in blocks.join("\n\n").chars() {
            let (name, count) = match c {
                '@' => ("word", &mut words),
                '§' => ("hidden", &mut hidden),
                c => {
                    text.push(c);
                    continue;
                }
            };
            *count += 1;
            text.push_str(&format!("{name}{count:03}x"));
        }
        text + "\n"
    })
}

/// The words that CommonMark renders as text, and those of tags, which a page shows as
/// text. What is in a comment, a definition of a link or a footnote that nothing refers
/// to is none.
pub fn words(text: &str) -> BTreeSet<String> {
    let mut said = String::new();
    let mut unused = false;
    for event in Parser::new_ext(text, Options::ENABLE_FOOTNOTES) {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => {
                unused = text.matches(&format!("[^{label}]")).count() == 1;
            }
            Event::End(TagEnd::FootnoteDefinition) => unused = false,
            _ if unused => {}
            Event::Text(text) | Event::Code(text) => said.push_str(&text),
            Event::InlineHtml(tag) if !tag.starts_with("<!--") => said.push_str(&tag),
            _ => said.push(' '),
        }
    }
    words_in(&said)
}

fn words_in(said: &str) -> BTreeSet<String> {
    let words = said.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| word.starts_with("word") && word.ends_with('x'));
    words.map(str::to_string).collect()
}

/// The words in the headings of Markdown, and in its code.
fn marked(text: &str) -> [BTreeSet<String>; 2] {
    let [mut headings, mut code] = [String::new(), String::new()];
    let (mut in_heading, mut in_code) = (false, false);
    let options = Options::ENABLE_FOOTNOTES | Options::ENABLE_TABLES;
    for event in Parser::new_ext(text, options) {
        if matches!(event, Event::Start(_) | Event::End(_)) {
            headings.push(' ');
            code.push(' ');
        }
        match event {
            Event::Start(Tag::Heading { .. }) => in_heading = true,
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Code(text) => {
                code.push_str(&format!(" {text} "));
                if in_heading {
                    headings.push_str(&text);
                }
            }
            Event::Text(text) if in_heading => headings.push_str(&text),
            Event::Text(text) if in_code => code.push_str(&text),
            _ => {
                headings.push(' ');
                code.push(' ');
            }
        }
    }
    [words_in(&headings), words_in(&code)]
}

/// The same of a page.
fn marked_on_page(page: &Element) -> [BTreeSet<String>; 2] {
    let is_heading = |e: &Element| e.tag.len() == 2 && e.tag.starts_with('h') && e.tag != "hr";
    let text_of = |is_it: &dyn Fn(&Element) -> bool| {
        let all = page.all(is_it);
        let texts: Vec<String> = all.iter().map(|e| e.text()).collect();
        words_in(&texts.join(" "))
    };
    [text_of(&is_heading), text_of(&|e| e.tag == "code")]
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
        for said in [&*page, &*print, twin, search] {
            assert!(!said.contains("hidden"), "{front}{text}\n{said}");
        }
        // For any reader of Markdown, the twin says what the page says.
        let read = words(twin);
        let on_page = words_in(&page);
        let missing: Vec<&String> = on_page.difference(&read).collect();
        assert!(missing.is_empty(), "{missing:?}: {front}{text}\n{twin}");
        let marks = [marked(twin), marked_on_page(&parse(built.page("t.html")))];
        assert_eq!(marks[0], marks[1], "{front}{text}\n{twin}");
    });
}
