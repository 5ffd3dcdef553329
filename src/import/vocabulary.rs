//! Checks what a vocabulary names: parties, models, roles and the like.

use crate::findings::{Code, Finding, Findings};
use crate::import::meaning::NOTHING;
use crate::import::report::{ImportReport, Point, PointKind};
use crate::import::words::Words;
use crate::input::{BuiltInRole, ColumnRecord, Entries, Meaning, State, Text, VocabularyFile};
use crate::model::id_problem;

/// What a name in the vocabulary has to be.
struct Known<'v> {
    file: &'v VocabularyFile,
    findings: Findings,
}

/// All mistakes of a vocabulary that its record does not show.
pub fn mistakes(file: &VocabularyFile) -> Findings {
    let mut known = Known {
        file,
        findings: Findings::default(),
    };
    let parties = file.parties.0.iter().map(|(id, _)| id);
    let models = file.models.0.iter().map(|(id, _)| id);
    let others = file.frameworks.0.iter().map(|(id, _)| id);
    let fields = file.fields.0.iter().map(|(id, _)| id);
    let areas = file.areas.0.iter().map(|(id, _)| id);
    for id in parties
        .chain(models)
        .chain(others)
        .chain(fields)
        .chain(areas)
    {
        if let Some(problem) = id_problem(&id.value) {
            let message = format!("`{}` cannot be an id: {problem}", id.value);
            known
                .findings
                .push(Finding::new(Code::InvalidId, id.place.clone(), message));
        }
    }
    for table in &file.tables {
        known.models(&table.model.0);
        known.lists(&table.cells, &table.letters);
        for (_, column) in &table.columns.0 {
            known.column(&column.0);
        }
    }
    known.lists(&file.cells, &file.letters);
    for (_, note) in &file.notes.0 {
        known.models(&note.model.0);
    }
    for (_, row) in &file.rows.0 {
        known.models(&row.model.0);
        known.parties(
            row.conditional
                .0
                .iter()
                .chain(&row.scope.0)
                .map(|(id, _)| id),
        );
        for (role, parties) in &row.roles.0 {
            known.role(role);
            known.parties(parties.0.iter());
        }
    }
    known.findings.sort();
    known.findings
}

impl<'v> Known<'v> {
    fn column(&mut self, column: &'v ColumnRecord) {
        self.parties(column.party.iter().chain(&column.tasks));
        self.models(&column.model.0);
        column.role.iter().for_each(|role| self.role(role));
        let frameworks = self
            .file
            .frameworks
            .0
            .iter()
            .map(|(id, _)| id.value.as_str());
        self.one_of("framework", column.controls.iter(), frameworks.collect());
        let fields = self.file.fields.0.iter().map(|(id, _)| id.value.as_str());
        self.one_of("field", column.field.iter(), fields.collect());
        let areas = self.file.areas.0.iter().map(|(id, _)| id.value.as_str());
        self.one_of("area", column.area.iter(), areas.collect());
        let mut answers = self.party_ids();
        answers.extend(State::WORDS);
        self.one_of("party or state", column.answer.0.iter(), answers);
        self.lists(&column.cells, &column.letters);
    }

    fn lists(&mut self, cells: &'v Entries<Meaning>, letters: &'v Entries<Text>) {
        for (_, meaning) in &cells.0 {
            let meaning = &meaning.0;
            let mut words = self.party_ids();
            words.extend(self.file.models.0.iter().map(|(id, _)| id.value.as_str()));
            words.extend(State::WORDS);
            words.extend(BuiltInRole::WORDS);
            words.push(NOTHING);
            self.one_of("role, party, model or state", meaning.is.0.iter(), words);
            for (role, parties) in &meaning.roles.0 {
                self.role(role);
                self.parties(parties.0.iter());
            }
        }
        letters.0.iter().for_each(|(_, role)| self.role(role));
    }

    fn party_ids(&self) -> Vec<&'v str> {
        self.file
            .parties
            .0
            .iter()
            .map(|(id, _)| id.value.as_str())
            .collect()
    }

    fn parties(&mut self, given: impl Iterator<Item = &'v Text>) {
        let known = self.party_ids();
        self.one_of("party", given, known);
    }

    fn models(&mut self, given: &'v [Text]) {
        let known = self.file.models.0.iter().map(|(id, _)| id.value.as_str());
        self.one_of("model", given.iter(), known.collect());
    }

    fn role(&mut self, role: &'v Text) {
        self.one_of("role", [role].into_iter(), BuiltInRole::WORDS.to_vec());
    }

    fn one_of(&mut self, what: &str, given: impl Iterator<Item = &'v Text>, known: Vec<&'v str>) {
        for text in given.filter(|text| !known.contains(&text.value.as_str())) {
            let message = format!("`{}` is no {what}", text.value);
            let finding = Finding::new(Code::UnknownId, text.place.clone(), message);
            self.findings
                .push(finding.suggest(&text.value, known.iter().copied()));
        }
    }
}

/// Reports the texts of the vocabulary that no cell has.
pub fn report_unused(words: &Words<'_>, report: &mut ImportReport) {
    let used = words.used.borrow();
    let file = words.file;
    let tables = file.tables.iter();
    let lists = tables.clone().flat_map(|table| {
        let columns = table.columns.0.iter().map(|(_, column)| &column.0.cells);
        columns.chain([&table.cells])
    });
    for (text, _) in lists.chain([&file.cells]).flat_map(|list| &list.0) {
        if !used.contains(&&text.place) && !text.value.is_empty() {
            let message = format!("no cell has the text `{}`", text.value);
            report.push(Point::of_entry(PointKind::Unused, &text.place, message));
        }
    }
}
