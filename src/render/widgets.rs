//! Writes controls that work with scripts: filters for tables, and the choice of two
//! models to compare. They are in the page from the start, so that nothing moves when
//! scripts load. The theme's scripts implement them.

use crate::pages::{Pick, Tools};
use crate::tables::html;
use crate::text::{Strings, escape, escape_into, paths};

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
pub fn model_picker(pick: &Pick<'_>, root: &str, strings: &Strings, html: &mut String) {
    let word = |key: &str| escape(strings.get(key));
    let root = escape(root);
    if pick.models.len() > 2 {
        let (page, matrix) = (escape(&pick.page), paths::COMPARISONS);
        html.push_str(&format!(
            "<div class=\"srm-two\" data-page=\"{root}{page}\" data-matrix=\"{root}{matrix}\""
        ));
        if let Some(pairs) = &pick.pairs {
            html.push_str(" data-pairs=\"");
            for (first, second) in pairs {
                escape_into(&format!("{first} {second}\n"), html);
            }
            html.push('"');
        }
        html.push('>');
        for (name, label, chosen) in [
            ("first", "pick-from", pick.first),
            ("second", "pick-to", pick.second),
        ] {
            html.push_str(&format!(
                "<label class=\"srm-tool\"><span>{}</span><select name=\"{name}\">",
                word(label)
            ));
            for (id, label) in &pick.models {
                option(id, label, *id == chosen, html);
            }
            html.push_str("</select></label>\n");
        }
        html.push_str("</div>\n");
    }
}

/// Writes one option of a choice.
fn option(value: &str, label: &str, selected: bool, html: &mut String) {
    html.push_str("<option value=\"");
    escape_into(value, html);
    html.push_str(if selected { "\" selected>" } else { "\">" });
    escape_into(label, html);
    html.push_str("</option>");
}

/// Writes the filters for the tables of a page. Words that scripts need are in
/// attributes.
pub fn tools(tools: &Tools<'_>, strings: &Strings, html: &mut String) {
    let word = |key: &str| escape(strings.get(key));
    let words = html::words(strings, WORDS_OF_TOOLS);
    // With one row there is nothing to filter, but the table can be saved.
    let hidden = if tools.rows > 1 { "" } else { " hidden" };
    html.push_str(&format!(
        "<div class=\"srm-tools\"{hidden} role=\"group\" aria-label=\"{}\" data-words=\"{words}\">\n\
         <label class=\"srm-tool srm-tool-text\"><span>{}</span><input type=\"search\" name=\"q\"></label>\n\
         <div class=\"srm-choices\">\n",
        word("tools"),
        word("tools-text"),
    ));
    let owners = tools.owners.iter().map(|b| (b.owner.word(), &*b.word));
    for (name, label, options) in [
        ("owner", "owner", owners.collect()),
        ("category", "category", tools.categories.clone()),
        ("model", "model", tools.models.clone()),
    ] {
        if options.len() > 1 {
            choice(name, label, "tools-all", options, strings, html);
        }
    }
    if tools.pairs && tools.models.len() > 2 {
        let models = tools.models.clone();
        choice("with", "tools-with", "tools-none", models, strings, html);
    }
    let only = differences(tools, strings);
    if !only.is_empty() {
        choice("only", "tools-only", "only-everything", only, strings, html);
    }
    let orders = orders(tools, strings);
    choice("sort", "tools-sort", "sort-document", orders, strings, html);
    let rows = tools.rows.to_string();
    let showing = strings.fill("showing", &[("shown", &rows), ("all", &rows)]);
    html.push_str(&format!(
        "</div>\n<div class=\"srm-chosen\">\n\
         <button type=\"button\" name=\"more\" aria-expanded=\"false\">{}</button>\n",
        word("tools-more")
    ));
    if tools.tasks {
        html.push_str(&format!(
            "<button type=\"button\" name=\"fold\" aria-pressed=\"false\">{}</button>\n",
            word("tools-fold")
        ));
    }
    html.push_str(&format!(
        "<p class=\"srm-showing\" role=\"status\">{}</p>\n\
         <button type=\"button\" name=\"reset\">{}</button>\n</div>\n</div>\n",
        escape(&showing),
        word("tools-reset"),
    ));
}

/// Writes a choice of `options`, as pairs of values and words. `first` is the key of
/// the option that changes nothing.
fn choice(
    name: &str,
    label: &str,
    first: &str,
    options: Vec<(&str, &str)>,
    strings: &Strings,
    html: &mut String,
) {
    html.push_str(&format!(
        "<label class=\"srm-tool\"><span>{}</span><select name=\"{name}\">",
        escape(strings.get(label)),
    ));
    option("", strings.get(first), false, html);
    for (value, label) in options {
        option(value, label, false, html);
    }
    html.push_str("</select></label>\n");
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
