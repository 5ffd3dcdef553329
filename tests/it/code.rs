//! Code in prose: which names of languages are known, and how a terminal is shown.

use crate::harness::projects::{ONE_MODEL, project};

/// The HTML of a block with this name.
fn block(name: &str, code: &str) -> String {
    let page = format!("# Code\n\n```{name}\n{code}\n```\n");
    let built = project(ONE_MODEL).page("code.md", &page).builds();
    let html = built.page("code.html");
    let start = html.find("<pre").unwrap();
    html[start..start + html[start..].find("</pre>").unwrap()].to_string()
}

#[test]
fn everyday_names_of_languages_are_known() {
    let names = "asm assembly awk bash bat batch c c# c++ clojure cmake console cpp cs csharp css \
         csv diff docker dockerfile elixir erlang f# fish fortran fsharp go golang graphql groovy \
         haskell hcl html http ini java javascript jinja js json json5 jsonc jsonl jsx julia \
         kotlin kt latex less lisp lua make makefile markdown matlab md mysql nginx nix objc \
         objective-c ocaml perl php postgresql proto protobuf py python python3 r rb regex rs rst \
         ruby rust scala scss sh shell shell-session sh-session shellsession sql sqlite svelte \
         swift terraform terminal tf toml ts tsx typescript vim vimscript viml vue xml yaml yml \
         zig zsh";
    let mut unknown = Vec::new();
    for name in names.split_whitespace() {
        let upper = name.to_uppercase();
        for name in [name, &upper] {
            // Each grammar marks at least its source.
            if !block(name, "$ x = 1").contains("hl-") {
                unknown.push(name.to_string());
            }
        }
    }
    assert_eq!(unknown, [""; 0]);
}

#[test]
fn names_of_no_language_leave_the_text_as_it_is() {
    for name in [
        "",
        "text",
        "txt",
        "plaintext",
        "none",
        "TEXT",
        "mermaid",
        "math",
    ] {
        let html = block(name, "if x; then");
        assert!(html.ends_with(">if x; then\n</code>"), "{name}: {html}");
    }
}

/// What a command prints is no code: an apostrophe there begins no text.
#[test]
fn only_the_commands_of_a_terminal_are_highlighted() {
    let shown = "$ export A='b' \\\n    && ./run\nit's done\n# rm -r \"$A\"\nif you like\n\n% ls\n";
    let html = block("console", shown);
    let plain = "it&#39;s done\n# rm -r &quot;$A&quot;\nif you like\n\n% <span";
    assert!(html.contains(plain), "{html}");
    assert!(html.contains("<span class=\"hl-string"), "{html}");
    let words = html
        .split('<')
        .skip(1)
        .map(|tag| tag.split_once('>').unwrap().1);
    let words: String = words.collect();
    let words = words
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    assert_eq!(words.trim_end(), shown.trim_end());
}
