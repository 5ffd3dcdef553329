//! Writes controls that work with scripts: filters for tables, and the choice of two
//! models to compare. They are in the page from the start, so that nothing moves when
//! scripts load. The theme's scripts implement them.

use crate::pages::{Pick, Tools};
use crate::tables::html;
use crate::text::{Html, Strings, paths};

/// Keys of the words that scripts of tables need.
const WORDS_OF_TOOLS: &[&str] = &[
    "showing",
    "tasks-one",
    "tasks-many",
    "row-fold",
    "row-link",
    "copied",
    "sideways",
];

/// Writes the choice of two models to compare. Pairs without a page lead to the
/// matrix. `root` leads to the top of the site.
pub fn model_picker(pick: &Pick<'_>, root: &str, strings: &Strings, html: &mut Html) {
    if pick.models.len() <= 2 {
        return;
    }
    html.markup("<div class=\"srm-two\" data-page=\"")
        .text(root)
        .text(&pick.page)
        .markup("\" data-matrix=\"")
        .text(root)
        .markup(paths::COMPARISONS)
        .markup("\"");
    if let Some(pairs) = &pick.pairs {
        html.markup(" data-pairs=\"");
        for (first, second) in pairs {
            html.text(first).markup(" ").text(second).markup("\n");
        }
        html.markup("\"");
    }
    html.markup(">");
    for (name, label, chosen) in [
        ("first", "pick-from", pick.first),
        ("second", "pick-to", pick.second),
    ] {
        open_choice(name, strings.get(label), html);
        for (id, label) in &pick.models {
            option(id, label, *id == chosen, html);
        }
        html.markup("</select></label>\n");
    }
    html.markup("</div>\n");
}

/// Opens a choice.
fn open_choice(name: &str, label: &str, html: &mut Html) {
    html.markup("<label class=\"srm-tool\"><span>")
        .text(label)
        .markup("</span><select name=\"")
        .text(name)
        .markup("\">");
}

/// Writes one option of a choice.
fn option(value: &str, label: &str, selected: bool, html: &mut Html) {
    html.markup("<option value=\"")
        .text(value)
        .markup(if selected { "\" selected>" } else { "\">" })
        .text(label)
        .markup("</option>");
}

/// Writes the filters for the tables of a page. Words that scripts need are in
/// attributes.
pub fn tools(tools: &Tools<'_>, strings: &Strings, html: &mut Html) {
    html.markup("<div class=\"srm-tools\"")
        // With one row there is nothing to filter, but the table can be saved.
        .markup(if tools.rows > 1 { "" } else { " hidden" })
        .markup(" role=\"group\" aria-label=\"")
        .text(strings.get("tools"))
        .markup("\" data-words=\"")
        .text(&html::words(strings, WORDS_OF_TOOLS))
        .markup("\">\n<label class=\"srm-tool srm-tool-text\"><span>")
        .text(strings.get("tools-text"))
        .markup("</span><input type=\"search\" name=\"q\"></label>\n")
        .markup("<div class=\"srm-choices\">\n");
    choices(tools, strings, html);
    let rows = tools.rows.to_string();
    let showing = strings.fill("showing", &[("shown", &rows), ("all", &rows)]);
    html.markup("</div>\n<div class=\"srm-chosen\">\n")
        .markup("<button type=\"button\" name=\"more\" aria-expanded=\"false\">")
        .text(strings.get("tools-more"))
        .markup("</button>\n");
    if tools.tasks {
        html.markup("<button type=\"button\" name=\"fold\" aria-pressed=\"false\">")
            .text(strings.get("tools-fold"))
            .markup("</button>\n");
    }
    html.markup("<p class=\"srm-showing\" role=\"status\">")
        .text(&showing)
        .markup("</p>\n<button type=\"button\" name=\"reset\">")
        .text(strings.get("tools-reset"))
        .markup("</button>\n</div>\n</div>\n");
}

/// Writes the filters that are lists, and the order of rows.
fn choices(tools: &Tools<'_>, strings: &Strings, html: &mut Html) {
    let owners = tools.owners.iter().map(|b| (b.owner.word(), &*b.word));
    for (name, label, options) in [
        ("owner", "owner", owners.collect()),
        ("category", "category", tools.categories.clone()),
        ("model", "model", tools.models.clone()),
    ] {
        if options.len() > 1 {
            choice(
                name,
                strings.get(label),
                "tools-all",
                options,
                strings,
                html,
            );
        }
    }
    for (field, choices) in &tools.fields {
        let options = choices.iter().map(|choice| (*choice, *choice)).collect();
        choice(
            &field.column,
            &field.label,
            "tools-all",
            options,
            strings,
            html,
        );
    }
    if tools.pairs && tools.models.len() > 2 {
        let models = tools.models.clone();
        choice(
            "with",
            strings.get("tools-with"),
            "tools-none",
            models,
            strings,
            html,
        );
    }
    let only = differences(tools, strings);
    if !only.is_empty() {
        choice(
            "only",
            strings.get("tools-only"),
            "only-everything",
            only,
            strings,
            html,
        );
    }
    let orders = orders(tools, strings);
    choice(
        "sort",
        strings.get("tools-sort"),
        "sort-document",
        orders,
        strings,
        html,
    );
}

/// Writes a choice of `options`, as pairs of values and words. `first` is the key of
/// the option that changes nothing.
fn choice(
    name: &str,
    label: &str,
    first: &str,
    options: Vec<(&str, &str)>,
    strings: &Strings,
    html: &mut Html,
) {
    open_choice(name, label, html);
    option("", strings.get(first), false, html);
    for (value, label) in options {
        option(value, label, false, html);
    }
    html.markup("</select></label>\n");
}

/// The ways in which rows can differ between models.
fn differences<'s>(tools: &Tools<'_>, strings: &'s Strings) -> Vec<(&'s str, &'s str)> {
    let mut only = Vec::new();
    if tools.owners_differ {
        only.push(("owners", strings.get("only-owners")));
    }
    if tools.tasks_differ {
        only.push(("tasks", strings.get("only-tasks")));
    }
    if tools.terms_differ {
        only.push(("terms", strings.get("only-terms")));
    }
    only
}

/// The ways to sort rows.
fn orders<'s>(tools: &Tools<'_>, strings: &'s Strings) -> Vec<(&'s str, &'s str)> {
    let mut orders = vec![("name", "sort-name"), ("owner", "sort-owner")];
    if tools.tasks {
        orders.push(("tasks", "sort-tasks"));
    }
    let orders = orders.into_iter();
    orders
        .map(|(value, key)| (value, strings.get(key)))
        .collect()
}
