//! Terms: what a cell says beside its owner. Conditions, scopes, roles, cadence, notes,
//! the words of the summary, fields, evidence and reviews.

mod badges;
mod evidence;
mod fields;
mod inherited;
mod names;
mod owners_only;
mod parties;
mod short;
mod tables;
mod told;
