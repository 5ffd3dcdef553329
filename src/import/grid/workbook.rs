//! Reads Excel workbooks. `calamine` gives values, styles and merged cells; the XML of
//! the sheets gives what must not be read, such as hidden rows and struck-out text.

mod archive;
mod facts;
mod numbers;
mod sheet;
mod values;
mod xml;

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{Reader, SheetType, SheetVisible, Xlsx};

use crate::import::grid::foreign::{
    CellPlace, Foreign, ForeignError, ForeignPiece, LeftOut, LeftOutKind,
};
use crate::import::grid::limits::{CellCount, shortened};
use archive::{Archive, broken};
use facts::{Position, Relation};
use xml::{Step, attribute, each};

/// A workbook, opened by `calamine`.
type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads the visible sheets of a workbook.
pub(crate) fn read(bytes: &[u8]) -> Result<Foreign, ForeignError> {
    let mut archive = Archive::open(bytes)?;
    let parts = Parts::of(&mut archive)?;
    let mut workbook: Workbook<'_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let strings = match archive.part(&parts.strings) {
        Some(xml) => facts::rich_strings(&xml)?,
        None => HashMap::new(),
    };
    let mut foreign = Foreign::default();
    let mut cells = CellCount::default();
    for sheet in workbook.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let name: Arc<str> = sheet.name.as_str().into();
        if sheet.visible != SheetVisible::Visible {
            foreign.left_out.push(LeftOut {
                what: LeftOutKind::HiddenSheet,
                text: sheet.name,
                place: place(&name, (0, 0)),
            });
            continue;
        }
        let path = parts.sheets.get(&sheet.name).cloned().unwrap_or_default();
        let sheet_xml = archive.part(&path).unwrap_or_default();
        let facts = facts::sheet_facts(&sheet_xml, &strings)?;
        drop(sheet_xml);
        let mut reader = sheet::SheetReader {
            name: &name,
            facts,
            left_out: &mut foreign.left_out,
        };
        if let Some(grid) = reader.read(&mut workbook, &mut cells)? {
            foreign.pieces.push(ForeignPiece::Table(grid));
        }
        report_around(&mut archive, &path, &name, &mut foreign.left_out)?;
    }
    Ok(foreign)
}

/// Where the parts of a workbook are.
#[derive(Default)]
struct Parts {
    sheets: HashMap<String, String>,
    strings: String,
}

impl Parts {
    fn of(archive: &mut Archive<'_>) -> Result<Parts, ForeignError> {
        let root = relations_of(archive, "")?;
        let main = root
            .iter()
            .find(|relation| relation.kind.ends_with("/officeDocument"))
            .map_or("xl/workbook.xml", |relation| relation.target.as_str());
        let relations = relations_of(archive, main)?;
        let mut parts = Parts::default();
        let mut targets = HashMap::new();
        for relation in relations {
            if relation.kind.ends_with("/sharedStrings") {
                parts.strings.clone_from(&relation.target);
            }
            targets.insert(relation.id, relation.target);
        }
        let Some(xml) = archive.part(main) else {
            return Err(broken(&"it has no list of sheets"));
        };
        each(&xml, |step| {
            if let Step::Start(element) = step
                && element.local_name().as_ref() == "sheet"
                && let Some(name) = attribute(element, "name")
                && let Some(target) = attribute(element, "id").and_then(|id| targets.get(&id))
            {
                parts.sheets.insert(name, target.clone());
            }
        })?;
        Ok(parts)
    }
}

fn relations_of(archive: &mut Archive<'_>, part: &str) -> Result<Vec<Relation>, ForeignError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let name = if folder.is_empty() {
        format!("_rels/{file}.rels")
    } else {
        format!("{folder}/_rels/{file}.rels")
    };
    match archive.part(&name) {
        Some(xml) => facts::relations(&xml, folder),
        None => Ok(Vec::new()),
    }
}

/// Reports comments and drawings, which are beside the cells.
fn report_around(
    archive: &mut Archive<'_>,
    path: &str,
    sheet: &Arc<str>,
    left_out: &mut Vec<LeftOut>,
) -> Result<(), ForeignError> {
    for relation in relations_of(archive, path)? {
        if relation.kind.ends_with("/drawing") {
            left_out.push(LeftOut {
                what: LeftOutKind::PictureWithoutText,
                text: "pictures or shapes".to_string(),
                place: place(sheet, (0, 0)),
            });
        }
        if !relation.kind.ends_with("/comments") {
            continue;
        }
        let Some(xml) = archive.part(&relation.target) else {
            continue;
        };
        for (position, text) in facts::comments(&xml)? {
            left_out.push(LeftOut {
                what: LeftOutKind::Comment,
                text: shortened(&text),
                place: place(sheet, position),
            });
        }
    }
    Ok(())
}

/// The place of a cell.
fn place(sheet: &Arc<str>, (row, column): Position) -> CellPlace {
    CellPlace::Sheet {
        sheet: Arc::clone(sheet),
        row: row.saturating_add(1),
        column: column.saturating_add(1),
    }
}
