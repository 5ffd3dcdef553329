//! Reads one file into one record and reports all mistakes with their places. What
//! the records mean together is decided in `model`.

mod config;
mod data;
mod json;
mod schema;
mod toml_tree;
mod tree;
mod yaml;

pub use crate::input::config::{
    Book, Build, Config, Direction, Groups, HtmlTable, Outputs, PrintTable, Srm, toml_tree,
};
pub use crate::input::data::{for_reader, parse_data};
pub use crate::input::schema::{
    AreaRecord, AreaWords, BuiltInRole, CaptionsRecord, CatchAllRecord, CategoryFile, CellEntry,
    CellRecord, ColumnPart, ColumnRecord, ColumnWords, DataAsset, DataCategory, DataCell,
    DataControls, DataEvidence, DataField, DataFile, DataModel, DataPartyText, DataReview,
    DataRole, DataRoleOf, DataRow, DataTasks, Date, DocumentRecord, EmptyCell, EvidenceRecord,
    FieldKind, FieldRecord, FieldText, FieldWords, Find, FrameworkRecord, GroupRecord, HeadingPart,
    InnerGroupRecord, Keep, LettersRecord, MarkdownFile, Meaning, MeaningRecord, ModelRecord,
    ModelWords, NoteRecord, NoteRef, NoteWords, OnlyInDetail, OnlyInRecord, OwnRoleRecord, Parsed,
    PartyKind, PartyRecord, PartyWords, ProseRecord, ReviewRecord, ReviewStatus, RoleRecord,
    RowRecord, RowWords, SOURCE_VERSION, SectionPart, SectionSign, SectionWords, SiteFile,
    SitePath, SourceRecord, State, TableWords, TaskDetail, VersionRecord, VocabularyFile,
    date_help, json_schemas, parse_page, parse_record,
};
pub use crate::input::tree::{
    At, Clearable, Declared, Decode, Decoder, Entries, Node, OneOrMany, STAND_IN, Scalar, Text,
    Value, record_entries, record_field,
};
pub(crate) use crate::input::tree::{record, worded};
pub use crate::input::yaml::parse_yaml;
