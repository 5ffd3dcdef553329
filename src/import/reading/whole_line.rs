//! What concerns a whole line: texts that were not understood, and what only all of its
//! cells together say.

use crate::findings::{code_list, nearest};
use crate::import::draft::Draft;
use crate::import::grid::GridCell;
use crate::import::reading::Reader;
use crate::import::report::{Point, PointKind};
use crate::input::State;

impl<'v> Reader<'_, '_, '_, 'v> {
    /// Reports a text that no list has. What the line says must not be written.
    pub(super) fn unknown(
        &mut self,
        at: usize,
        cell: &GridCell,
        text: &str,
        draft: &mut Draft<'v>,
    ) {
        let column = &self.bound.columns[at];
        draft.blank.is_broken = true;
        let mut models: Vec<&str> = draft.models.clone();
        for reading in draft.of(column) {
            reading.is_broken = true;
        }
        models.retain(|model| column.models.is_empty() || column.models.contains(model));
        let key = (self.bound.table.file, self.bound.table.number, cell.origin);
        let once = if text.is_empty() {
            (at, None)
        } else {
            (0, Some(key))
        };
        if !self.told.insert(once) {
            return;
        }
        let origin = self.bound.table.origin(cell);
        let name = &column.name;
        let (message, help) = match text.is_empty() {
            true => (
                format!("the vocabulary does not say what an empty cell of column `{name}` means"),
                "add `empty: nothing` or `empty: above` to the column".to_string(),
            ),
            false => {
                let known = self.lexicons[at].texts();
                let help = match nearest(text, known.iter().copied()) {
                    Some(best) => format!("did you mean `{best}`? If not, add it to `cells`"),
                    None => "add it to `cells`".to_string(),
                };
                (
                    format!("`{text}` in column `{name}` is not in the vocabulary"),
                    help,
                )
            }
        };
        let model = if let [model] = models[..] {
            Some(model)
        } else {
            None
        };
        let point = Point::at(PointKind::Unknown, &origin, message)
            .text(text)
            .help(help);
        self.report.push(point.row(&draft.blank.row, model));
    }

    /// What only the whole line says.
    pub(super) fn conclude(&mut self, draft: &mut Draft<'v>) {
        if let [(at, answer)] = draft.marked[..] {
            let file = self.words.file;
            for reading in draft.of(&self.bound.columns[at]) {
                for word in answer {
                    match State::from_word(&word.value) {
                        Some(state) if file.parties.get(&word.value).is_none() => {
                            reading.facts.state = Some(state);
                        }
                        _ => reading.facts.own(&word.value),
                    }
                }
            }
        } else if draft.marked.len() > 1 {
            let names: Vec<&str> = draft
                .marked
                .iter()
                .map(|(at, _)| &*self.bound.columns[*at].name)
                .collect();
            let message = format!(
                "`{}` is marked in several columns: {}",
                draft.blank.row,
                code_list(&names)
            );
            let point = Point::at(PointKind::Conflict, &draft.blank.origin, message);
            let model = if let [model] = draft.models[..] {
                Some(model)
            } else {
                None
            };
            self.report.push(point.row(&draft.blank.row, model));
            draft
                .readings
                .iter_mut()
                .for_each(|reading| reading.is_broken = true);
        }
        for (at, plain, markdown) in std::mem::take(&mut draft.reasons) {
            for reading in draft.of(&self.bound.columns[at]) {
                match reading.facts.state {
                    Some(_) => reading.facts.reason = Some(plain.clone()),
                    None => reading.facts.notes.push(markdown.clone()),
                }
            }
        }
        for reading in &mut draft.readings {
            if reading.facts.state.is_some() && !reading.facts.responsible.is_empty() {
                let message = format!("`{}` has an owner and a state", reading.row);
                let point = Point::at(PointKind::Conflict, &reading.origin, message);
                self.report
                    .push(point.row(&reading.row, Some(reading.model)));
                reading.is_broken = true;
            }
        }
    }
}
