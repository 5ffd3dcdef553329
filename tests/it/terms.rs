//! Terms: what a cell says beside its owner. Conditions, scopes, roles, cadence, notes
//! and the words of the summary.

mod areas;
mod badges;
mod categories;
mod controls;
mod groups;
mod inherited;
mod keep;
mod names;
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
