//! Keys of the YAML files and of the settings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use srm_site::findings::{Code, Findings};
use srm_site::input::Config;
use srm_site::input::json_schemas;
use srm_site::render::theme;

use super::{Doc, assert_listed, set};

/// A record, the document and heading that list its keys.
fn records() -> Vec<(
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
)> {
    use srm_site::input;
    let (source, settings) = ("docs/source-format.md", "docs/settings.md");
    let import = "docs/import.md";
    vec![
        (source, "srm.yaml", input::SiteFile::KEYS, "SiteFile"),
        (
            source,
            "document",
            input::DocumentRecord::KEYS,
            "DocumentRecord",
        ),
        (source, "source", input::SourceRecord::KEYS, "SourceRecord"),
        (
            source,
            "catch-all",
            input::CatchAllRecord::KEYS,
            "CatchAllRecord",
        ),
        (source, "A party", input::PartyRecord::KEYS, "PartyRecord"),
        (
            source,
            "A framework",
            input::FrameworkRecord::KEYS,
            "FrameworkRecord",
        ),
        (source, "A field", input::FieldRecord::KEYS, "FieldRecord"),
        (
            source,
            "A role",
            input::OwnRoleRecord::KEYS,
            "OwnRoleRecord",
        ),
        (
            source,
            "models/ID.md",
            input::ModelRecord::KEYS,
            "ModelRecord",
        ),
        (
            source,
            "captions",
            input::CaptionsRecord::KEYS,
            "CaptionsRecord",
        ),
        (
            source,
            "categories/ID.yaml",
            input::CategoryFile::KEYS,
            "CategoryFile",
        ),
        (source, "A row", input::RowRecord::KEYS, "RowRecord"),
        (source, "Groups", input::GroupRecord::KEYS, "GroupRecord"),
        (source, "only-in", input::OnlyInDetail::KEYS, "OnlyInDetail"),
        (source, "A cell", input::CellRecord::KEYS, "CellRecord"),
        (source, "A task", input::TaskDetail::KEYS, "TaskDetail"),
        (source, "A note", input::NoteRef::KEYS, "NoteRef"),
        (
            source,
            "evidence",
            input::EvidenceRecord::KEYS,
            "EvidenceRecord",
        ),
        (source, "review", input::ReviewRecord::KEYS, ""),
        (source, "Pages", input::ProseRecord::KEYS, "ProseRecord"),
        (
            import,
            "The vocabulary",
            input::VocabularyFile::KEYS,
            "VocabularyFile",
        ),
        (import, "A party", input::PartyWords::KEYS, "PartyWords"),
        (import, "A model", input::ModelWords::KEYS, "ModelWords"),
        (import, "An area", input::AreaWords::KEYS, "AreaWords"),
        (import, "A field", input::FieldWords::KEYS, "FieldWords"),
        (import, "Tables", input::TableWords::KEYS, "TableWords"),
        (import, "Find", input::Find::KEYS, "Find"),
        (
            import,
            "A section",
            input::SectionWords::KEYS,
            "SectionWords",
        ),
        (import, "Columns", input::ColumnRecord::KEYS, "ColumnRecord"),
        (
            import,
            "A meaning",
            input::MeaningRecord::KEYS,
            "MeaningRecord",
        ),
        (import, "Footnotes", input::NoteWords::KEYS, "NoteWords"),
        (import, "Rows", input::RowWords::KEYS, "RowWords"),
        ("docs/themes.md", "theme.toml", theme::ThemeFile::KEYS, ""),
        (settings, "[book]", input::Book::KEYS, ""),
        (settings, "[build]", input::Build::KEYS, ""),
        (settings, "[output.html]", input::HtmlTable::KEYS, ""),
        (settings, "[output.html.print]", input::PrintTable::KEYS, ""),
        (settings, "[preprocessor.srm]", input::Srm::KEYS, ""),
        (
            settings,
            "[preprocessor.srm.outputs]",
            input::Outputs::KEYS,
            "",
        ),
    ]
}

#[test]
fn every_key_is_listed_where_it_belongs() {
    for (path, heading, keys, _) in records() {
        let listed = set(Doc::read(path).column(heading));
        assert_listed(&format!("{path}, {heading}"), &listed, &set(keys));
    }
    let listed: BTreeSet<&str> = records().iter().flat_map(|r| r.2.iter().copied()).collect();
    for key in Config::own_keys() {
        assert!(listed.contains(key), "{key}");
    }
}

#[test]
fn required_keys_are_named_as_required() {
    let mut required: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |name: &str, schema: &serde_json::Value| {
        let keys = schema["required"].as_array().cloned().unwrap_or_default();
        let keys = keys.iter().map(|k| k.as_str().unwrap().to_string());
        required.insert(name.to_string(), keys.collect());
    };
    for (_, schema) in json_schemas() {
        let value = schema.as_value();
        add(value["title"].as_str().unwrap(), value);
        for (name, inner) in value["$defs"].as_object().into_iter().flatten() {
            add(name, inner);
        }
    }
    for (path, heading, _, record) in records().iter().filter(|r| !r.3.is_empty()) {
        let doc = Doc::read(path);
        let table = doc.tables(heading)[0];
        let yes = table.rows.iter().filter(|r| r[1].text == "yes");
        let listed = set(yes.map(|r| r[0].codes[0].as_str()));
        let real = required.get(*record).unwrap_or_else(|| panic!("{record}"));
        assert_listed(&format!("{path}, {heading}, required"), &listed, real);
    }
}

#[test]
fn settings_without_effect_and_removed_ones_are_told_apart() {
    let doc = Doc::read("docs/settings.md");
    let file: Arc<str> = Arc::from("book.toml");
    for (table, heading) in [("output.html", "[output.html]"), ("build", "[build]")] {
        for row in &doc.tables(heading)[0].rows {
            let key = &row[0].codes[0];
            let mut findings = Findings::default();
            let text = format!("[{table}]\n{key} = \"\"\n");
            Config::parse(&file, &text, &mut findings);
            let noted = findings.list.iter().any(|f| f.code == Code::NoEffect);
            let said = row[2].text.starts_with("Accepted with a note; no effect");
            assert_eq!(noted, said, "{key}: {}", row[2].text);
        }
    }
    for row in &doc.tables("Removed settings")[0].rows {
        let key = &row[0].codes[0];
        let mut findings = Findings::default();
        Config::parse(
            &file,
            &format!("[output.html]\n{key} = true\n"),
            &mut findings,
        );
        let finding = &findings.list[0];
        assert_eq!(finding.code, Code::RemovedSetting, "{key}");
        assert_eq!(
            finding.help.join(" ").replace('`', ""),
            row[1].text,
            "{key}"
        );
    }
}
