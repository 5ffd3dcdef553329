//! The vocabulary of an import: which tables of a foreign file are read, what their
//! columns are, and what the words and marks in their cells mean.

use crate::findings::Place;
use crate::input::schema::document::PartyKind;
use crate::input::schema::fields::FieldKind;
use crate::input::tree::{
    At, Decode, Decoder, Entries, Node, OneOrMany, Text, Value, choice, record,
};

record! {
    /// What a foreign table means, as its author would tell it.
    pub struct VocabularyFile = "a vocabulary" {
        /// Version of the vocabulary's format. Always 1.
        schema: At<i64> = "schema",
        /// Title of a site that is made new; by default the file's first heading.
        title: Option<Text> = "title",
        /// Everyone who can be responsible: id to names, in the order of the columns.
        parties: Entries<PartyWords> = "parties",
        /// Deployment models: id to names, in their order.
        models: Entries<ModelWords> = "models",
        /// Standards of the columns with controls: id to label.
        frameworks: Entries<Text> = "frameworks",
        /// Areas of the columns with areas: id to names.
        areas: Entries<AreaWords> = "areas",
        /// Fields of your own: id to label and kind.
        fields: Entries<FieldWords> = "fields",
        /// Tables to read, and how. Tables that fit none are reported, not read.
        tables: Vec<TableWords> = "tables",
        /// What the texts of cells mean, in all tables. The first that fits applies.
        cells: Entries<Meaning> = "cells",
        /// Letters that may stand together in a cell: letter to role.
        letters: Entries<Text> = "letters",
        /// What the marks of footnotes need beyond their texts: mark to that.
        notes: Entries<NoteWords> = "notes",
        /// Names of one row in different models or tables.
        same_row: Vec<Vec<Text>> = "same-row",
        /// Names of one category in different models or tables.
        same_category: Vec<Vec<Text>> = "same-category",
        /// What stands outside of the tables: row to what its cells say besides.
        rows: Entries<RowWords> = "rows",
    }
}

record! {
    /// A party and its names in the tables.
    pub struct PartyWords = "a party" {
        /// Which side of the contract the party is on.
        kind: PartyKind = "kind",
        /// Name in the project; by default the first name in the tables.
        label: Option<Text> = "label",
        /// Words in the tables.
        found_as: OneOrMany<Text> = "found-as",
    }
}

record! {
    /// A deployment model and its names in the tables.
    pub struct ModelWords = "a model" {
        /// Name in the project; by default the first name in the tables.
        label: Option<Text> = "label",
        /// Words in the tables.
        found_as: OneOrMany<Text> = "found-as",
    }
}

record! {
    /// A name in the project and the names in the tables.
    pub struct AreaWords = "an area" {
        /// Name in the project; by default the first name in the tables.
        label: Option<Text> = "label",
        /// Words in the tables.
        found_as: OneOrMany<Text> = "found-as",
    }
}

record! {
    /// A field of the author's own.
    pub struct FieldWords = "a field" {
        /// Name in the project.
        label: Option<Text> = "label",
        /// What its values are; by default texts.
        kind: Option<FieldKind> = "kind",
    }
}

record! {
    /// Which tables are meant. All that is given has to fit.
    pub struct Find = "`find`" {
        /// Name of the file, without its folder.
        file: Option<Text> = "file",
        /// Number of the table in its file, counted from 1.
        number: Option<At<i64>> = "number",
        /// Caption of the table.
        caption: Option<Text> = "caption",
        /// A heading above the table, of any level.
        heading: Option<Text> = "heading",
        /// Sheet of a workbook.
        sheet: Option<Text> = "sheet",
        /// Words that stand in the head of the table.
        head: OneOrMany<Text> = "head",
    }
}

record! {
    /// A kind of table: which tables are of it, and how they are read.
    pub struct TableWords = "a table" {
        /// Which tables are meant; without it, all.
        find: Option<Find> = "find",
        /// Models that the table is about.
        model: OneOrMany<Text> = "model",
        /// Category of all its rows.
        category: Option<Text> = "category",
        /// What stands above the table: the level of a heading, `caption`, `sheet` or
        /// `text` (a line with the name of a model), to what it names.
        headings: Entries<At<HeadingPart>> = "headings",
        /// Lines above the head that are no part of the table; by default all above the
        /// first line with the names of `find`'s `head`.
        skip: Option<At<i64>> = "skip",
        /// Lines of the head; by default as many as the file marks, or one.
        head: Option<At<i64>> = "head",
        /// How many columns too far to the left the head stands.
        head_shift: Option<At<i64>> = "head-shift",
        /// Whether lines and columns change places before the table is read.
        transposed: Option<At<bool>> = "transposed",
        /// A column whose cell is missing in lines that end with an empty cell or have
        /// too few.
        continued: Option<Text> = "continued",
        /// Which lines are headings of rows below.
        sections: Vec<SectionWords> = "sections",
        /// Texts of lines that are no rows, such as totals: the first text of the line.
        ignore: OneOrMany<Text> = "ignore",
        /// The columns: their head, or their number, to what they hold.
        columns: Entries<ColumnWords> = "columns",
        /// Where lists of tasks are divided, as for a column.
        split: OneOrMany<Text> = "split",
        /// What the texts of cells mean in this table. Goes before the general list.
        cells: Entries<Meaning> = "cells",
        /// Letters that may stand together in a cell of this table: letter to role.
        letters: Entries<Text> = "letters",
        /// Whether the table only adds tasks to rows of other tables.
        only_adds: Option<At<bool>> = "only-adds",
    }
}

choice! {
    /// What a heading above a table names.
    pub enum HeadingPart {
        /// The model that the table is about.
        Model = "model",
        /// The category of its rows.
        Category = "category",
        /// The group of its rows.
        Group = "group",
    }
}

choice! {
    /// What a line has to look like to be a heading.
    pub enum SectionSign {
        /// All its text is bold.
        Bold = "bold",
        /// Only one of its cells has a text.
        Alone = "alone",
        /// One cell goes over all columns.
        Spanning = "spanning",
    }
}

choice! {
    /// What a heading between the lines of a table names.
    pub enum SectionPart {
        /// The category of the rows below.
        Category = "category",
        /// The group of the rows below.
        Group = "group",
    }
}

record! {
    /// Lines that are headings of the rows below.
    pub struct SectionWords = "a section" {
        /// What they look like.
        look: Option<At<SectionSign>> = "look",
        /// What their cells hold: column to text.
        has: Entries<Text> = "has",
        /// What they name; by default the category.
        names: Option<SectionPart> = "names",
    }
}

/// What a column holds: a word, or a mapping with more.
#[derive(Clone, Debug)]
pub struct ColumnWords(pub ColumnRecord);

record! {
    /// What a column holds.
    pub struct ColumnRecord = "a column" {
        /// What the column holds.
        is: Option<At<ColumnPart>> = "is",
        /// The party that the column is about: its cells say how it takes part.
        party: Option<Text> = "party",
        /// The role that the column is about: its cells say which parties have it.
        role: Option<Text> = "role",
        /// The parties, or the state, that a mark in the column stands for.
        answer: OneOrMany<Text> = "answer",
        /// The party whose tasks the column lists.
        tasks: Option<Text> = "tasks",
        /// The standard whose controls the column lists.
        controls: Option<Text> = "controls",
        /// The field that the column fills.
        field: Option<Text> = "field",
        /// Models that the column is about; by default those of the table.
        model: OneOrMany<Text> = "model",
        /// The area that the column is about.
        area: Option<Text> = "area",
        /// What an empty cell means.
        empty: Option<At<EmptyCell>> = "empty",
        /// Where a list in a cell is divided: `lines`, `bullets`, `sentences` or a text. The
        /// first that divides it applies; by default `lines` and `bullets` for tasks.
        split: OneOrMany<Text> = "split",
        /// What the texts of this column's cells mean. Goes before all other lists.
        cells: Entries<Meaning> = "cells",
        /// Letters that may stand together in a cell: letter to role.
        letters: Entries<Text> = "letters",
    }
}

choice! {
    /// What a column holds, if it is about no party.
    pub enum ColumnPart {
        /// The name of the row.
        Row = "row",
        /// The name of the category.
        Category = "category",
        /// The name of the group.
        Group = "group",
        /// The name of the area.
        Area = "area",
        /// The models that the line is about.
        Models = "models",
        /// Who is responsible, in words.
        Owner = "owner",
        /// A note of the row.
        Note = "note",
        /// What the row is about.
        Description = "description",
        /// How often it is done.
        Cadence = "cadence",
        /// Why a state applies.
        Reason = "reason",
        /// Why a state applies, or else a note.
        ReasonOrNote = "reason-or-note",
        /// Nothing that is read.
        Skip = "skip",
    }
}

choice! {
    /// What an empty cell means.
    pub enum EmptyCell {
        /// The same as in the line above.
        Above = "above",
        /// Nothing.
        Nothing = "nothing",
    }
}

/// What a text means: words, or a mapping with more.
#[derive(Clone, Debug)]
pub struct Meaning(pub MeaningRecord);

record! {
    /// What the text of a cell means.
    pub struct MeaningRecord = "a meaning" {
        /// Roles, parties, or a state: what the text says, or `nothing`.
        is: OneOrMany<Text> = "is",
        /// A condition. May contain `{name}` for a part of the text.
        conditional: Option<Text> = "conditional",
        /// A part that the party is responsible for.
        scope: Option<Text> = "scope",
        /// Words to keep in the summary.
        summary: Option<Text> = "summary",
        /// Why the state applies.
        reason: Option<Text> = "reason",
        /// A note.
        note: Option<Text> = "note",
        /// Further parties: role to party ids.
        roles: Entries<OneOrMany<Text>> = "roles",
    }
}

record! {
    /// A footnote.
    pub struct NoteWords = "a note" {
        /// Its text, if it stands nowhere in the file.
        text: Option<Text> = "text",
        /// Words at the beginning of its text that are no part of it.
        after: Option<Text> = "after",
        /// Models that it is about; by default all of the row.
        model: OneOrMany<Text> = "model",
    }
}

record! {
    /// What a row's cells say besides what the tables say.
    pub struct RowWords = "a row" {
        /// Models in which they say it; by default all.
        model: OneOrMany<Text> = "model",
        /// Conditions: party id to text.
        conditional: Entries<Text> = "conditional",
        /// Parts: party id to text.
        scope: Entries<Text> = "scope",
        /// Further parties: role to party ids.
        roles: Entries<OneOrMany<Text>> = "roles",
        /// Notes for readers.
        notes: Vec<Text> = "notes",
        /// How often it is done.
        cadence: Option<Text> = "cadence",
        /// Why a state applies.
        reason: Option<Text> = "reason",
    }
}

impl Find {
    /// Where it is written: at its first entry. Nothing, if it asks for nothing.
    pub fn place(&self) -> Option<&Place> {
        let texts = [&self.file, &self.caption, &self.heading, &self.sheet];
        let text = texts.into_iter().flatten().chain(&self.head.0);
        let number = self.number.as_ref().map(|number| &number.place);
        text.map(|text| &text.place).chain(number).next()
    }
}

impl Decode for ColumnWords {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        if let Value::Map(_) = node.value {
            return ColumnRecord::decode(node, d).map(ColumnWords);
        }
        let is = At::<ColumnPart>::decode(node, d)?;
        Some(ColumnWords(ColumnRecord {
            is: Some(is),
            party: None,
            role: None,
            answer: OneOrMany::default(),
            tasks: None,
            controls: None,
            field: None,
            model: OneOrMany::default(),
            area: None,
            empty: None,
            split: OneOrMany::default(),
            cells: Entries::default(),
            letters: Entries::default(),
        }))
    }

    fn keys() -> &'static [&'static str] {
        ColumnRecord::keys()
    }
}

impl Decode for Meaning {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        if let Value::Map(_) = node.value {
            return MeaningRecord::decode(node, d).map(Meaning);
        }
        Some(Meaning(MeaningRecord {
            is: OneOrMany::decode(node, d)?,
            conditional: None,
            scope: None,
            summary: None,
            reason: None,
            note: None,
            roles: Entries::default(),
        }))
    }

    fn keys() -> &'static [&'static str] {
        MeaningRecord::keys()
    }
}

impl schemars::JsonSchema for ColumnWords {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Column".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let word = g.subschema_for::<ColumnPart>();
        let record = g.subschema_for::<ColumnRecord>();
        schemars::json_schema!({ "anyOf": [word, record] })
    }
}

impl schemars::JsonSchema for Meaning {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Meaning".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words = g.subschema_for::<OneOrMany<String>>();
        let record = g.subschema_for::<MeaningRecord>();
        schemars::json_schema!({ "anyOf": [words, record] })
    }
}
