//! `srm.yaml`: facts about the document, and what everything else refers to by id.

use crate::input::schema::dates::Date;
use crate::input::schema::fields::FieldRecord;
use crate::input::tree::{At, Decode, Decoder, Entries, Node, Text, Value, choice, record};

choice! {
    /// Which side of the contract a party is on.
    pub enum PartyKind {
        /// Who uses the service.
        Customer = "customer",
        /// Who sells and runs the service.
        Provider = "provider",
        /// Anyone else: a cloud provider, a partner, an auditor.
        ThirdParty = "third-party",
    }
}

choice! {
    /// The roles that every document has.
    pub enum BuiltInRole {
        /// Does it. Decides the badge.
        Responsible = "responsible",
        /// Answers for the result.
        Accountable = "accountable",
        /// Is asked before it is done.
        Consulted = "consulted",
        /// Is told about it.
        Informed = "informed",
        /// Helps to do it.
        Supports = "supports",
    }
}

record! {
    /// `srm.yaml`: facts about the document, and the parties.
    pub struct SiteFile = "the document file" {
        /// Version of the source format. Always 1.
        schema: At<i64> = "schema",
        /// What the document says about itself.
        document: Option<DocumentRecord> = "document",
        /// Everyone who can be responsible, in the order of the table columns.
        parties: Vec<PartyRecord> = "parties",
        /// Standards that rows and tasks are mapped to.
        frameworks: Vec<FrameworkRecord> = "frameworks",
        /// Areas that cells can be divided into.
        areas: Vec<AreaRecord> = "areas",
        /// Letters of roles, and roles of your own: letter to role.
        roles: Entries<RoleRecord> = "roles",
        /// Notes that several rows or cells refer to: id to text. Markdown.
        notes: Entries<Text> = "notes",
        /// The author's own fields, in the order of their columns.
        fields: Vec<FieldRecord> = "fields",
        /// Findings that are accepted everywhere: code to reason.
        acknowledge: Entries<Text> = "acknowledge",
    }
}

record! {
    /// What the document says about itself.
    pub struct DocumentRecord = "`document`" {
        /// Title of the site; by default `book.title`.
        title: Option<Text> = "title",
        /// Version as the author counts, for example `2025-06` or `3.1`.
        version: Option<Text> = "version",
        /// First day the document is in force, as YYYY-MM-DD.
        effective: Option<Date> = "effective",
        /// Whom to ask.
        contact: Option<Text> = "contact",
        /// Where the contents come from.
        source: Option<SourceRecord> = "source",
        /// What applies to everything the tables do not list.
        catch_all: Option<CatchAllRecord> = "catch-all",
        /// Which document takes precedence where two disagree. Markdown.
        precedence: Option<Text> = "precedence",
        /// What changed from version to version, the newest first.
        history: Vec<VersionRecord> = "history",
    }
}

record! {
    /// A version of the document.
    pub struct VersionRecord = "a version" {
        /// Version as the author counts.
        version: Text = "version",
        /// Day it was published, as YYYY-MM-DD.
        date: Date = "date",
        /// What changed. Markdown.
        changes: Text = "changes",
    }
}

record! {
    /// Where the contents come from.
    pub struct SourceRecord = "`source`" {
        /// Name of the source.
        label: Text = "label",
        /// Address of the source.
        url: Option<Text> = "url",
    }
}

record! {
    /// What applies to everything the tables do not list.
    pub struct CatchAllRecord = "`catch-all`" {
        /// The sentence readers see. Markdown.
        text: Text = "text",
        /// Who is responsible for what is not listed.
        party: Option<Text> = "party",
    }
}

record! {
    /// An organization or team that can be responsible.
    pub struct PartyRecord = "a party" {
        /// Permanent id, used in cells, links and file names.
        id: Text = "id",
        /// Which side of the contract the party is on.
        kind: PartyKind = "kind",
        /// Name in tables and badges.
        label: Text = "label",
        /// How the party is addressed on its own page, for example `You`.
        second_person: Option<Text> = "second-person",
        /// Who that is. Markdown.
        description: Option<Text> = "description",
    }
}

record! {
    /// A part of a responsibility that can have owners of its own, such as `Network`.
    pub struct AreaRecord = "an area" {
        /// Permanent id, used in the `areas` of cells.
        id: Text = "id",
        /// Name of the area.
        label: Text = "label",
    }
}

record! {
    /// A standard that rows and tasks are mapped to.
    pub struct FrameworkRecord = "a framework" {
        /// Permanent id, used in `controls`.
        id: Text = "id",
        /// Name, for example `SOC 2`.
        label: Text = "label",
        /// Where the standard can be read.
        url: Option<Text> = "url",
    }
}

record! {
    /// A role of the author's own.
    pub struct OwnRoleRecord = "a role" {
        /// Permanent id; without it, the key is the id.
        id: Option<Text> = "id",
        /// Name in tables and on the pages of parties, for example `Approves`.
        label: Text = "label",
        /// Whether a row concerns a party that only has this role; by default it does.
        takes_part: Option<bool> = "takes-part",
    }
}

/// What a letter means: a built-in role, or one of the author's own.
#[derive(Clone, Debug)]
pub enum RoleRecord {
    /// A built-in role.
    BuiltIn(BuiltInRole),
    /// One of the author's own.
    Own(OwnRoleRecord),
}

impl Decode for RoleRecord {
    fn decode(node: &Node, d: &mut Decoder<'_>) -> Option<Self> {
        match node.value {
            Value::Map(_) => OwnRoleRecord::decode(node, d).map(RoleRecord::Own),
            _ => BuiltInRole::decode(node, d).map(RoleRecord::BuiltIn),
        }
    }

    fn keys() -> &'static [&'static str] {
        OwnRoleRecord::keys()
    }
}

impl schemars::JsonSchema for RoleRecord {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Role".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let built_in = g.subschema_for::<BuiltInRole>();
        let own = g.subschema_for::<OwnRoleRecord>();
        schemars::json_schema!({ "anyOf": [built_in, own] })
    }
}
