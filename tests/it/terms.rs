//! Terms: what a cell says beside its owner. Conditions, scopes, roles, cadence, notes,
//! the words of the summary, fields, evidence and reviews.

mod areas;
mod badges;
mod categories;
mod controls;
mod csv;
mod evidence;
mod fields;
mod groups;
mod inherited;
mod keep;
mod names;
mod no_rows;
mod owners_only;
mod parties;
mod raci;
mod roles;
mod shared_notes;
mod short;
mod tables;
mod told;
mod unassigned;
mod versions;
