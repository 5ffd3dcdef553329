//! Commands with their flags and aliases.

use std::collections::BTreeSet;

use super::{Doc, ask, assert_listed, flags, set, subcommands};

#[test]
fn every_flag_is_listed() {
    let doc = Doc::read("docs/commands.md");
    let names = |codes: Vec<String>| -> BTreeSet<String> {
        set(codes.iter().map(|c| c.split(' ').next().unwrap()))
    };
    let global = names(doc.column("Every command"));
    let commands = subcommands();
    assert!(commands.len() >= 8, "{commands:?}");
    for command in &commands {
        assert!(doc.headings.contains(command), "no section `{command}`");
        if command == "help" {
            continue;
        }
        let mut listed = global.clone();
        if doc.tables.iter().any(|t| t.heading == *command) {
            listed.extend(names(doc.column(command)));
        }
        assert_listed(command, &listed, &flags(command));
    }
    for heading in doc.headings.iter().skip(2) {
        assert!(commands.contains(heading), "`{heading}` is no command");
    }
}

#[test]
fn aliases_that_are_named_exist() {
    let doc = Doc::read("docs/commands.md");
    let mut seen = 0;
    for table in &doc.tables {
        for row in table.rows.iter().filter(|r| r[1].text.contains("Alias")) {
            let alias = row[1].codes.last().unwrap();
            let (code, said) = ask(&[&table.heading, alias, "x", "--help"]);
            assert_eq!(code, Some(0), "{alias}: {said}");
            seen += 1;
        }
    }
    assert!(seen >= 2);
    let (code, _) = ask(&["build", "--no-such-flag", "x", "--help"]);
    assert_eq!(code, Some(2));
    assert_eq!(ask(&["completion", "bash"]), ask(&["completions", "bash"]));
}

#[test]
fn kinds_of_schemas_are_listed() {
    let (_, said) = ask(&["schema"]);
    let kinds = said
        .lines()
        .find_map(|l| l.strip_prefix("kinds: "))
        .unwrap();
    let doc = Doc::read("docs/commands.md");
    let table = doc.tables("schema")[1];
    let listed = set(table.rows.iter().map(|r| r[0].codes[0].as_str()));
    assert_listed("kinds of schemas", &listed, &set(kinds.split(", ")));
}
