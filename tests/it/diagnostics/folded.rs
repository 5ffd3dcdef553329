//! Equal findings, which are shown once to people, and questions that are asked once.

use srm_site::report::{self, ReportFormat as Format};
use srm_site::site::{self, Options};
use srm_site::source::Source;

use crate::harness::projects::{Project, TWO_MODELS, project};

/// A project of rows that each name a party that does not exist.
fn misspelt(rows: usize) -> Project {
    let row = |n| format!("  - {{id: r{n}, label: R{n}, models: {{all: custmer}}}}\n");
    project(TWO_MODELS).rows(&(0..rows).map(row).collect::<String>())
}

fn said(project: Project, format: Format) -> String {
    let source = Source::memory(project.files());
    let (_, outcome) = site::in_memory(&source, &Options::default());
    report::write(&outcome.findings, &source, format, false, false)
}

#[test]
fn equal_findings_are_folded_for_people() {
    for (rows, line) in [
        (1, None),
        (
            2,
            Some("and 1 more place: content/categories/data.yaml:4:39\n"),
        ),
        (
            3,
            Some(
                "and 2 more places: content/categories/data.yaml:4:39, content/categories/data.yaml:5:39\n",
            ),
        ),
        (64, Some("and 63 more places: ")),
    ] {
        let human = said(misspelt(rows), Format::Human);
        assert_eq!(human.matches("error[SRM104]").count(), 1, "{human}");
        match line {
            None => assert!(!human.contains("more place"), "{human}"),
            Some(line) => assert!(human.contains(line), "{human}"),
        }
        let is_cut = human.contains(", ... (`--format short` lists all)");
        assert_eq!(is_cut, rows > 9, "{human}");
        let github = said(misspelt(rows), Format::Github);
        assert_eq!(github.matches("::error ").count(), 1, "{github}");
        assert_eq!(github.contains("%0Aand "), rows > 1, "{github}");
        // Programs get each of them.
        for format in [Format::Short, Format::Json, Format::Sarif] {
            let all = said(misspelt(rows), format);
            assert_eq!(all.matches("there is no party `custmer`").count(), rows);
        }
    }
}

#[test]
fn annotations_are_folded_within_each_file() {
    let rows = "  - {id: a, label: A, models: {all: custmer}}
  - {id: b, label: B, models: {all: custmer}}\n";
    let other = "label: Other\nrows:\n  - {id: c, label: C, models: {all: custmer}}\n";
    let files = || {
        project(TWO_MODELS)
            .rows(rows)
            .with("content/categories/other.yaml", other)
    };
    let human = said(files(), Format::Human);
    assert_eq!(human.matches("error[SRM104]").count(), 1, "{human}");
    let github = said(files(), Format::Github);
    assert_eq!(github.matches("::error ").count(), 2, "{github}");
    assert!(
        github.contains("::error file=content/categories/other.yaml,line=3"),
        "{github}"
    );
}

#[test]
fn findings_that_differ_in_a_word_are_not_folded() {
    let rows = "  - {id: a, label: A, models: {all: custmer}}
  - {id: b, label: B, models: {all: provder}}\n";
    let human = said(project(TWO_MODELS).rows(rows), Format::Human);
    assert_eq!(human.matches("error[SRM104]").count(), 2, "{human}");
    assert!(!human.contains("more place"), "{human}");
}

#[test]
fn names_that_differ_by_model_are_asked_about_once() {
    let row = |n: usize, more: &str| {
        let models = "models: {all: [customer, provider]}";
        format!("  - {{id: r{n}, label: R{n}, labels: {{saas: S{n}}}, {more}{models}}}\n")
    };
    let reason = "acknowledge: {SRM302: On purpose.}, ";
    let rows = [row(1, reason), row(2, ""), row(3, ""), row(4, "")].concat();
    let built = project(TWO_MODELS).rows(&rows).build();
    let lines = built.lines_of("SRM302");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].contains(" acknowledged[SRM302] the row `r1`"),
        "{lines:?}"
    );
    assert!(
        lines[1].contains(" warning[SRM302] the row `r2`"),
        "{lines:?}"
    );
    let asked = built
        .findings()
        .list
        .iter()
        .find(|f| f.message.contains("`r2`"));
    assert!(asked.unwrap().help[1].starts_with("2 more rows have different labels"));
    assert_eq!(built.lines_of("SRM212"), [""; 0]);
    // One reason in `srm.yaml` answers all of them.
    let reason = format!(
        "{}acknowledge: {{SRM302: On purpose.}}\n",
        crate::harness::PARTIES
    );
    let answered = project(TWO_MODELS)
        .rows(&rows)
        .with("content/srm.yaml", reason);
    let answered = answered.build();
    assert_eq!(answered.lines_of("SRM302").len(), 4);
    assert_eq!(answered.findings().acknowledged(), 4);
    assert_eq!(answered.lines_of("SRM212"), [""; 0]);
}
