//! The preview server and Chromium: `tests/html/serve.mjs` says what there is to
//! see and looks at it; here is the server it steers, a JSON line a step.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::{Value, json};
use srm_site::report::Problem;
use srm_site::serve::{self, Mount, Port, RunningServer};
use srm_site::site::engine::{Board, Revision, Snapshot};

use crate::harness::{self, Folder, Running};

const SITE: &str = "\
//- content/models/saas.md
---
label: SaaS
order: 1
---
We run it.
//- content/categories/data.yaml
label: Data
order: 1
rows:
  - id: backup
    label: Backup
    models:
      all:
        responsible: [customer, provider]
        tasks:
          customer: [Decide how long backups are kept.]
          provider: [Make a backup every night.]
  - id: restore
    label: Restore
    models:
      all: {responsible: provider, tasks: {provider: [Bring a backup back.]}}
";

const MODEL: &str = "---\nlabel: SaaS\n---\nWe run it. ![A picture](../good.svg)\n";

/// What the script has put up so far.
struct Stage {
    base: String,
    port: u16,
    server: Option<RunningServer>,
    board: Board,
    /// Outlives the server, as the sources do.
    files: BTreeMap<String, Vec<u8>>,
}

impl Stage {
    /// Does one step and answers with where things are now.
    fn step(&mut self, step: &Value) -> Value {
        match step["do"].as_str().unwrap() {
            "start" => self.start(step["base"].as_str()),
            "stop" => self.server.take().unwrap().stop(),
            "publish" => self.publish(step),
            other => panic!("no step `{other}`"),
        }
        let base = &self.base;
        json!({ "base": format!("http://127.0.0.1:{}{base}", self.port) })
    }

    fn start(&mut self, base: Option<&str>) {
        self.base = base.map_or(std::mem::take(&mut self.base), String::from);
        let listener = serve::bind("127.0.0.1", Port::Named(self.port)).unwrap();
        let options = Mount {
            base: self.base.clone(),
            hosts: vec!["preview.example".into()],
        };
        self.board = Board::default();
        let server = serve::start(listener, self.board.clone(), options).unwrap();
        self.port = server.address().port();
        self.server = Some(server);
    }

    fn publish(&mut self, step: &Value) {
        if step["fresh"] == true {
            self.files = harness::build(SITE).assert_clean().files.clone();
        }
        for (path, text) in step["files"].as_object().into_iter().flatten() {
            match text.as_str() {
                Some(text) => self.files.insert(path.clone(), text.into()),
                None => self.files.remove(path),
            };
        }
        let shown = self.board.now();
        let failed = step["failed"] == true;
        let mut revision = match failed {
            true => Revision {
                site: shown.site.clone(),
                ..Revision::default()
            },
            false => Revision::showing(Arc::new(Snapshot::of(self.files.clone())), &shown),
        };
        let problems = step["problems"].as_array();
        revision.problems = problems.into_iter().flatten().map(problem).collect();
        revision.failed = failed;
        self.board.publish(None, revision);
    }
}

fn problem(given: &Value) -> Problem {
    let text = |key: &str| given[key].as_str().unwrap_or_default().to_string();
    let number = |key: &str| given[key].as_u64().map(|number| number as usize);
    let help = given["help"].as_array().into_iter().flatten();
    Problem {
        code: text("code"),
        severity: match given["severity"].as_str() {
            Some("warning") => "warning",
            Some("note") => "note",
            _ => "error",
        },
        message: text("message"),
        label: text("label"),
        file: given["file"].as_str().map(String::from),
        line: number("line"),
        column: number("column"),
        excerpt: text("excerpt"),
        help: help.map(|h| h.as_str().unwrap().to_string()).collect(),
        open: given["open"].as_str().map(String::from),
    }
}

#[test]
#[ignore = "needs Chromium and the packages of tests/html; scripts/test has them"]
fn pages_follow_the_site_in_a_browser() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html/serve.mjs");
    let mut browser = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stage = Stage {
        base: "/".into(),
        port: 0,
        server: None,
        board: Board::default(),
        files: BTreeMap::new(),
    };
    let mut answers = browser.stdin.take().unwrap();
    let lines = BufReader::new(browser.stdout.take().unwrap()).lines();
    for line in lines.map_while(Result::ok) {
        match serde_json::from_str::<Value>(&line) {
            Ok(step) if step["do"].is_string() => {
                let answer = stage.step(&step);
                writeln!(answers, "{answer}").unwrap();
            }
            _ => println!("{line}"),
        }
    }
    let status = browser.wait().unwrap();
    assert!(status.success(), "{status}");
}

#[test]
#[ignore = "needs Chromium and the packages of tests/html; scripts/test has them"]
fn active_files_run_nothing_in_a_browser() {
    let folder = Folder::of(SITE);
    let hit = "document.documentElement.setAttribute('ran', 'yes')";
    let namespace = "xmlns=\"http://www.w3.org/2000/svg\"";
    folder.write(
        "content/evil.html",
        format!("<script>{hit}</script><script src=\"evil.js\"></script>"),
    );
    folder.write("content/evil.js", hit);
    folder.write(
        "content/evil.svg",
        format!("<svg {namespace}><script>{hit}</script><script href=\"evil.js\"/></svg>"),
    );
    let picture = format!("<svg {namespace} width=\"9\" height=\"9\"/>");
    folder.write("content/models/saas.md", MODEL);
    folder.write("content/good.svg", picture);
    folder.run(&["build", "--dest-dir", "site"]).code(0);
    let mut running = Running::start(&folder, &["serve"]);
    let address = format!("http://{}/", running.address());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html/active.mjs");
    let mut browser = Command::new("node");
    let browser = browser.arg(script).arg(address).arg(folder.join("site"));
    let status = browser.status().unwrap();
    assert!(status.success(), "{status}");
    running.end();
}
