//! `srm.yaml`: facts about the document, and what everything else refers to by id.

use crate::input::schema::dates::Date;
use crate::input::schema::fields::FieldRecord;
use crate::input::tree::{At, Entries, Text, choice, record};

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
