//! `data/responsibilities.json` of a built site, as far as tables need it. It is written
//! by `render::export`, also by earlier versions of the tool, which knew fewer keys. How
//! the file is read is in `input::data`.

use crate::input::data::in_categories;
use crate::input::schema::{
    AreaRecord, CaptionsRecord, Date, FieldKind, FieldText, FrameworkRecord, GroupRecord,
    PartyRecord, ReviewStatus,
};
use crate::input::tree::{At, Decode, Decoder, Entries, Node, OneOrMany, Text, Value, record};

record! {
    /// `data/responsibilities.json`.
    pub struct DataFile = "the data of a site" {
        /// Version of the format.
        schema: At<i64> = "schema",
        /// Title of the document.
        title: Option<Text> = "title",
        /// What applies to everything that is not listed.
        catch_all: Option<Text> = "catch-all",
        /// Id of the party that this names.
        catch_all_party: Option<Text> = "catch-all-party",
        /// The parties, in order.
        parties: Vec<PartyRecord> = "parties",
        /// The deployment models, in order.
        models: Vec<DataModel> = "models",
        /// Standards that rows and tasks are mapped to.
        frameworks: Vec<FrameworkRecord> = "frameworks",
        /// Areas that cells can be divided into.
        areas: Vec<AreaRecord> = "areas",
        /// All roles, if the document declares letters or roles.
        roles: Vec<DataRole> = "roles",
        /// Notes that are written once.
        notes: Vec<DataNote> = "notes",
        /// The author's own fields.
        fields: Vec<DataField> = "fields",
        /// The categories, in order.
        categories: DataCategories = "categories",
        /// What tables take from the settings and from other files of the project.
        site: Option<DataSite> = "site",
    }
}

record! {
    /// A deployment model.
    pub struct DataModel = "a deployment model" {
        /// Permanent id.
        id: Text = "id",
        /// Name of the model.
        label: Text = "label",
        /// What it calls the parties.
        parties: Entries<Text> = "parties",
        /// Party ids in the order of its columns.
        columns: Vec<Text> = "columns",
        /// Captions of its tables.
        captions: Option<CaptionsRecord> = "captions",
    }
}

record! {
    /// A role, built in or of the author's own.
    pub struct DataRole = "a role" {
        /// Permanent id.
        id: Text = "id",
        /// Name of a role of the author's own.
        label: Option<Text> = "label",
        /// The letters that stand for it.
        letters: Vec<Text> = "letters",
        /// Whether a row concerns a party that only has this role.
        takes_part: Option<bool> = "takes-part",
    }
}

record! {
    /// A note that is written once.
    pub struct DataNote = "a note" {
        /// Permanent id.
        id: Text = "id",
        /// Markdown.
        text: Text = "text",
    }
}

record! {
    /// A field of the author's own.
    pub struct DataField = "a field" {
        /// Permanent id.
        id: Text = "id",
        /// Name of the field.
        label: Text = "label",
        /// What its values are.
        kind: FieldKind = "kind",
        /// The values that a field of the kind `choice` can have.
        choices: Vec<Text> = "choices",
    }
}

record! {
    /// A category with its rows.
    pub struct DataCategory = "a category" {
        /// Permanent id.
        id: Text = "id",
        /// Name of the category.
        label: Text = "label",
        /// Other names that models give it.
        labels: Entries<Text> = "labels",
        /// What belongs here. Markdown.
        description: Option<Text> = "description",
        /// Conditions that hold for all its rows.
        conditional: Vec<DataPartyText> = "conditional",
        /// The groups that it declares.
        groups: Vec<GroupRecord> = "groups",
        /// The rows, in order.
        rows: Vec<DataRow> = "rows",
    }
}

record! {
    /// One responsibility.
    pub struct DataRow = "a row" {
        /// Permanent id.
        id: Text = "id",
        /// Name of the row.
        label: Text = "label",
        /// Other names that models give it.
        labels: Entries<Text> = "labels",
        /// Ids of its groups, from the outermost.
        group: Vec<Text> = "group",
        /// What is meant. Markdown.
        description: Option<Text> = "description",
        /// Notes for readers. Markdown.
        notes: Vec<Text> = "notes",
        /// Ids of those of its notes that are written once.
        note_refs: Vec<Text> = "note-refs",
        /// Controls that the row is mapped to.
        controls: Vec<DataControls> = "controls",
        /// Values of fields that hold in all models.
        fields: Entries<FieldText> = "fields",
        /// One cell for each model.
        cells: Vec<DataCell> = "cells",
        /// Why models do not list the row.
        unlisted: Vec<DataReason> = "unlisted",
    }
}

record! {
    /// What a cell or one of its areas says.
    pub struct DataCell = "a cell" {
        /// Id of the model; in an area there is none.
        model: Option<Text> = "model",
        /// Id of the area, if it is one.
        area: Option<Text> = "area",
        /// The kind of owner.
        owner: Text = "owner",
        /// Ids of the responsible parties. They decide the badge.
        responsible: Vec<Text> = "responsible",
        /// Why a state applies.
        reason: Option<Text> = "reason",
        /// How often it is done.
        cadence: Option<Text> = "cadence",
        /// Tasks by party.
        tasks: Vec<DataTasks> = "tasks",
        /// Words printed in the summary instead of a mark.
        summary: Vec<DataPartyText> = "summary",
        /// Which part a party is responsible for.
        scope: Vec<DataPartyText> = "scope",
        /// The condition under which a party takes part.
        conditional: Vec<DataPartyText> = "conditional",
        /// Roles with their parties.
        roles: Vec<DataRoleOf> = "roles",
        /// Notes for readers. Markdown.
        notes: Vec<Text> = "notes",
        /// Ids of those of its notes that are written once.
        note_refs: Vec<Text> = "note-refs",
        /// Controls in this model, beside those of the row.
        controls: Vec<DataControls> = "controls",
        /// Values of fields, with those of the row.
        fields: Entries<FieldText> = "fields",
        /// Evidence that is public.
        evidence: Vec<DataEvidence> = "evidence",
        /// Who has reviewed it, if that is public.
        review: Option<At<DataReview>> = "review",
        /// Why the author leaves a contradiction as it is.
        contradictions: Vec<Text> = "contradictions",
        /// The areas that the cell is divided into.
        areas: Vec<DataCell> = "areas",
    }
}

record! {
    /// A text about a party.
    pub struct DataPartyText = "a text of a party" {
        /// Id of the party.
        party: Text = "party",
        /// Markdown.
        text: Text = "text",
    }
}

record! {
    /// The tasks of a party.
    pub struct DataTasks = "the tasks of a party" {
        /// Id of the party.
        party: Text = "party",
        /// Its tasks.
        tasks: Vec<DataTask> = "tasks",
    }
}

record! {
    /// A task.
    pub struct DataTask = "a task" {
        /// Inline Markdown.
        text: Text = "text",
        /// Controls that it is mapped to.
        controls: Vec<DataControls> = "controls",
    }
}

record! {
    /// Controls of one framework.
    pub struct DataControls = "controls" {
        /// Id of the framework.
        framework: Text = "framework",
        /// Ids of the controls.
        ids: Vec<Text> = "ids",
    }
}

record! {
    /// The parties of a role.
    pub struct DataRoleOf = "a role of parties" {
        /// Id of the role.
        role: Text = "role",
        /// Ids of the parties.
        parties: OneOrMany<Text> = "parties",
    }
}

record! {
    /// Evidence that is public.
    pub struct DataEvidence = "evidence" {
        /// Id of the party.
        party: Text = "party",
        /// What it is.
        text: Text = "text",
        /// Where it is.
        url: Option<Text> = "url",
        /// How often it is renewed.
        cadence: Option<Text> = "cadence",
    }
}

record! {
    /// A review.
    pub struct DataReview = "a review" {
        /// How far it is.
        status: Option<ReviewStatus> = "status",
        /// Its day.
        date: Option<Date> = "date",
        /// Who has reviewed it.
        by: Option<Text> = "by",
    }
}

record! {
    /// Why a model does not list a row.
    pub struct DataReason = "a reason" {
        /// Id of the model.
        model: Text = "model",
        /// The reason.
        reason: Text = "reason",
    }
}

record! {
    /// What tables take from the settings and from other files of the project.
    pub struct DataSite = "`site`" {
        /// Language of the texts.
        language: Option<Text> = "language",
        /// Address of the site, as the settings name it.
        url: Option<Text> = "url",
        /// Words of the interface that the theme replaces: key to text.
        words: Entries<Word> = "words",
        /// How Markdown is read.
        markdown: Option<DataMarkdown> = "markdown",
        /// Whether parties have pages.
        party_pages: Option<bool> = "party-pages",
        /// The comparisons that have pages: `A..B`.
        comparisons: Option<Vec<Text>> = "comparisons",
        /// Sources of other pages, below the content folder.
        pages: Vec<At<SitePath>> = "pages",
        /// Files that are copied.
        files: Vec<DataAsset> = "files",
    }
}

record! {
    /// How Markdown is read.
    pub struct DataMarkdown = "`markdown`" {
        /// Whether HTML is kept.
        raw_html: Option<bool> = "raw-html",
        /// Curly quotes and dashes.
        smart_punctuation: Option<bool> = "smart-punctuation",
        /// Definition lists.
        definition_lists: Option<bool> = "definition-lists",
        /// Callouts.
        admonitions: Option<bool> = "admonitions",
    }
}

record! {
    /// A file that is copied.
    pub struct DataAsset = "a file" {
        /// Its path in the site.
        path: SitePath = "path",
        /// Width of an image.
        width: Option<i64> = "width",
        /// Height of an image.
        height: Option<i64> = "height",
    }
}

/// A word of the interface, which may be empty.
#[derive(Clone, Debug, schemars::JsonSchema)]
#[schemars(transparent)]
pub struct Word(pub String);

impl Decode for Word {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Scalar { text, .. } if text.trim().is_empty() => Some(Word(text.clone())),
            _ => String::decode(node, d).map(Word),
        }
    }
}

/// The path of a file below the content folder or in the site.
#[derive(Clone, Debug, schemars::JsonSchema)]
#[schemars(transparent)]
pub struct SitePath(pub String);

impl Decode for SitePath {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        let path = String::decode(node, d)?;
        let leads_away = |part: &str| ["", ".", ".."].contains(&part);
        if path.split('/').any(leads_away) {
            let finding = d.wrong(node, "the path of a file in the site");
            d.findings.push(finding);
            return None;
        }
        Some(SitePath(path))
    }
}

/// The categories. Links in their texts begin at the folder of the categories' files, so
/// the places of these texts are in a file of that folder.
#[derive(Clone, Debug, Default, schemars::JsonSchema)]
#[schemars(transparent)]
pub struct DataCategories(pub Vec<DataCategory>);

impl Decode for DataCategories {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        let below = in_categories(&d.file);
        let whole = std::mem::replace(&mut d.file, below);
        let categories = Vec::decode(node, d);
        d.file = whole;
        categories.map(DataCategories)
    }

    fn missing() -> Option<Self> {
        Some(DataCategories::default())
    }
}
