//! Tables in other people's documents: what is asked for on the command line
//! and in regions, what is written, what is left alone, and what is refused.

use crate::harness::{Folder, Run, tree};

mod data;
mod edits;
mod endings;
mod files;
mod formatters;
mod lost;
mod properties;
mod regions;
mod table;
mod web;

/// Two models, three parties, two categories.
const SITE: &str = "\
//- data/book.toml
[book]
title = \"Test\"
src = \"content\"
//- data/content/srm.yaml
schema: 1
parties:
  - {id: customer, kind: customer, label: Customer}
  - {id: provider, kind: provider, label: Vendor}
  - {id: cloud, kind: third-party, label: Cloud}
//- data/content/models/saas.md
---
label: SaaS
order: 1
---
//- data/content/models/byoc.md
---
label: BYOC
order: 2
---
//- data/content/categories/data.yaml
label: Data
rows:
  - id: keys
    label: Keys | locks
    models:
      saas: {responsible: [provider], tasks: {provider: [Keep `a|b` safe.]}}
      byoc: {responsible: [customer, provider], tasks: {customer: [Keep *them*.], provider: [Help.]}}
  - id: backup
    label: Backup
    models:
      all: {responsible: [customer, cloud], tasks: {customer: [Look.], cloud: [Store.]}}
//- data/content/categories/network.yaml
label: Network
rows:
  - id: wires
    label: Wires
    only-in: {models: [byoc], reason: There are none in SaaS.}
    models:
      byoc: {responsible: [customer], tasks: {customer: [Pull.]}}
";

fn project() -> Folder {
    Folder::of(SITE)
}

fn run(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&[args, &["--project", "data"]].concat())
}

fn table(request: &[&str]) -> String {
    let run = run(&project(), &[&["table"], request].concat());
    run.code(0);
    run.stdout
}

/// What a document becomes.
fn filled(name: &str, text: &str) -> String {
    let folder = project();
    folder.write(name, text);
    run(&folder, &["embed", name]).code(0);
    folder.read(name)
}

/// What is said about a document that is refused, which stays as it was.
fn refused(name: &str, text: &str) -> String {
    let folder = project();
    folder.write(name, text);
    folder.write("good.md", "<!-- srm:begin totals -->\n<!-- srm:end -->\n");
    let before = tree(folder.path());
    let said = run(&folder, &["embed", "good.md", name]);
    said.code(2);
    assert_eq!(tree(folder.path()), before, "something was written");
    said.stderr
}
