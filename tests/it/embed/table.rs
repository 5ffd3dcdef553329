//! `srm-site table`: what can be asked for, and what is wrong with a request.

use super::{project, run, table};
use crate::harness::{Run, tree};

#[test]
fn every_kind_is_written() {
    assert_eq!(
        table(&["summary", "model=saas"]),
        "SaaS: who is responsible\n\n\
         | Category | Responsibility | Owner | Customer | Vendor | Cloud |\n\
         | --- | --- | --- | --- | --- | --- |\n\
         | Data | Keys &#124; locks | **Provider (Vendor)** | Not responsible | Responsible | Not responsible |\n\
         | Data | Backup | **Shared (Customer + Cloud)** | Responsible | Not responsible | Responsible |\n"
    );
    let detail = table(&["detail", "model=byoc", "row=keys"]);
    assert!(detail.contains("• Keep *them*."), "{detail}");
    let both = table(&["detail"]);
    assert!(both.contains("SaaS: who does what") && both.contains("BYOC: who does what"));
    assert!(
        both.contains("• Keep <code>a&#124;b</code> safe."),
        "{both}"
    );
    let compare = table(&["compare"]);
    assert!(
        compare.contains("| Owner changes | Keys &#124; locks |"),
        "{compare}"
    );
    assert!(compare.contains("| Only in BYOC | Wires |"), "{compare}");
    let tasks = table(&["tasks", "compare=byoc,saas", "row=keys"]);
    assert!(
        tasks.contains("| Responsibility | Party | BYOC | SaaS |"),
        "{tasks}"
    );
    let matrix = table(&["matrix", "model=byoc"]);
    assert!(
        matrix.contains("| Category | Responsibility | BYOC |"),
        "{matrix}"
    );
    let category = table(&["category", "category=network"]);
    assert!(
        category.starts_with("Network in each deployment model"),
        "{category}"
    );
    assert_eq!(
        table(&["totals"]),
        "Responsibilities by owner\n\n\
         | Deployment model | Customer | Shared | Provider | Not listed |\n\
         | --- | --- | --- | --- | --- |\n\
         | SaaS | 0 | 1 | 1 | 1 |\n\
         | BYOC | 1 | 2 | 0 | 0 |\n"
    );
    assert_eq!(
        table(&["checklist", "model=byoc", "category=data"]),
        "Tasks of Customer in BYOC\n\n\
         **Data**\n\n\
         - Keys &#124; locks\n    - **Shared (Customer + Vendor)**\n    - [ ] Keep *them*.\n\
         - Backup\n    - **Shared (Customer + Cloud)**\n    - [ ] Look.\n"
    );
    assert_eq!(
        table(&["badge", "row=keys", "model=saas"]),
        "**Provider (Vendor)**\n"
    );
}

#[test]
fn options_choose_rows_and_columns() {
    let lines = |request: &[&str]| {
        let text = table(request);
        let rows = text.lines().filter(|l| l.starts_with('|')).skip(2);
        rows.map(str::to_string).collect::<Vec<_>>()
    };
    assert_eq!(lines(&["matrix"]).len(), 3);
    assert_eq!(lines(&["matrix", "category=network"]).len(), 1);
    assert_eq!(lines(&["matrix", "row=keys,wires"]).len(), 2);
    assert_eq!(lines(&["matrix", "party=cloud"]).len(), 1);
    // A party that takes part in another model only is none here.
    assert_eq!(lines(&["summary", "model=saas", "party=customer"]).len(), 1);
    assert_eq!(lines(&["matrix", "owner=provider"]).len(), 1);
    assert_eq!(lines(&["matrix", "owner=provider", "model=byoc"]).len(), 0);
    assert_eq!(lines(&["compare", "change=moved,only-second"]).len(), 2);
    assert_eq!(
        lines(&["summary", "model=saas", "columns=cloud,owner", "row=backup"]),
        ["| Data | Backup | Responsible | **Shared (Customer + Cloud)** |"]
    );
    assert_eq!(
        lines(&[
            "summary",
            "model=saas",
            "columns=-category,-owner,-customer",
            "row=backup"
        ]),
        ["| Backup | Responsible |"]
    );
    let text = table(&["totals", "caption=none"]);
    assert!(text.starts_with("| Deployment model"), "{text}");
    let text = table(&["totals", "caption=Who \"has\" what"]);
    assert!(text.starts_with("Who \"has\" what\n"), "{text}");
}

#[test]
fn links_lead_where_they_are_told_to() {
    let text = table(&["matrix", "row=keys"]);
    assert!(!text.contains("]("), "{text}");
    let text = table(&["matrix", "row=keys", "links=https://x.example/srm"]);
    assert!(
        text.contains("[Keys &#124; locks](https://x.example/srm/categories/data.html#keys)"),
        "{text}"
    );
    let folder = project();
    let asked = ["table", "matrix", "row=keys", "-u", "https://y.example/"];
    let html = run(&folder, &[&asked[..], &["-f", "html"]].concat());
    assert!(
        html.stdout
            .contains("href=\"https://y.example/categories/data.html#keys\"")
    );
    let none = run(
        &folder,
        &[&asked[..], &["links=none", "-f", "html"]].concat(),
    );
    assert!(!none.stdout.contains("href"), "{}", none.stdout);
    for bad in ["links=javascript:alert(1)", "links=", "links=x y"] {
        run(&folder, &["table", "matrix", bad]).code(2);
    }
}

#[test]
fn anchors_in_html_begin_with_the_tables_own() {
    let html = table(&["summary", "model=saas", "-f", "html"]);
    assert!(html.contains("<tr id=\"srm-summary-saas-keys\""), "{html}");
    assert!(html.contains("<caption id=\"srm-summary-saas-caption\""));
    let html = table(&["summary", "model=saas", "ids=mine-", "-f", "html"]);
    assert!(html.contains("<tr id=\"mine-keys\""), "{html}");
    // Two tables of one request do not share any.
    let both = table(&["detail", "-f", "html"]);
    let mut ids: Vec<&str> = both.split(" id=\"").skip(1).collect();
    ids.iter_mut()
        .for_each(|id| *id = id.split('"').next().unwrap());
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    assert!(all >= 7, "{ids:?}");
}

#[test]
fn what_is_wrong_with_a_request_is_told_with_its_place() {
    let folder = project();
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["sumary"],
            &["`sumary` is not a table kind", "did you mean `summary`?"],
        ),
        (
            &["summary", "modle=saas", "category=dta"],
            &[
                "has no option `modle`",
                "did you mean `model`?",
                "no category `dta`",
                "did you mean `data`?",
            ],
        ),
        (
            &["summary", "model=saas,sass"],
            &["1:20", "there is no model `sass`"],
        ),
        (
            &["summary", "columns=ownr"],
            &["there is no column `ownr`", "did you mean `owner`?"],
        ),
        (
            &["summary", "columns=-owner,cloud"],
            &["columns to show and columns to leave out"],
        ),
        (
            &["summary", "columns=-responsibility"],
            &["headings of lines"],
        ),
        (&["compare", "compare=saas"], &["two different models"]),
        (
            &["compare", "compare=saas,nope"],
            &["there is no model `nope`"],
        ),
        (
            &["badge"],
            &[
                "a badge needs exactly one row",
                "a badge needs exactly one model",
            ],
        ),
        (
            &["summary", "format=mdd"],
            &["`mdd` is not a format", "did you mean `md`?"],
        ),
        (&["summary", "model"], &["`model` is not an option"]),
        (&["summary", "model=saas", "model=byoc"], &["given twice"]),
        (&["summary", "ids=a b"], &["cannot begin an anchor"]),
        (
            &["summary", "owner=nobody"],
            &["there is no owner `nobody`"],
        ),
        (&["summary", "row="], &["`row` names no row"]),
    ];
    for (request, parts) in cases {
        let said = run(&folder, &[&["table"], *request].concat());
        said.code(2);
        assert_eq!(said.stdout, "", "{request:?}");
        for part in *parts {
            assert!(
                said.stderr.contains(part),
                "{request:?}: no {part}:\n{}",
                said.stderr
            );
        }
        assert!(said.stderr.contains("(command line):1:"), "{}", said.stderr);
    }
}

#[test]
fn a_file_is_written_but_not_over_another() {
    let folder = project();
    run(&folder, &["table", "totals", "-o", "t.md"]).code(0);
    assert!(folder.read("t.md").contains("| SaaS |"));
    run(&folder, &["table", "totals", "-o", "t.md"]).code(0);
    folder.write("t.md", "mine");
    let said = run(&folder, &["table", "totals", "-o", "t.md"]);
    said.code(2);
    assert!(said.stderr.contains("--force"), "{}", said.stderr);
    assert_eq!(folder.read("t.md"), "mine");
    run(&folder, &["table", "totals", "-o", "t.md", "--force"]).code(0);
    assert!(folder.read("t.md").contains("| SaaS |"));
    // The format comes from the name.
    run(&folder, &["table", "totals", "-o", "t.html"]).code(0);
    assert!(folder.read("t.html").contains("<table"));
    run(&folder, &["table", "totals", "-o", "no/such/folder.md"]).code(2);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere.md", folder.join("link.md")).unwrap();
        run(&folder, &["table", "totals", "-o", "link.md"]).code(2);
        assert!(folder.join("link.md").is_symlink());
    }
}

#[test]
fn an_ending_that_no_format_has_is_refused() {
    let folder = project();
    let table = |more: &[&str]| run(&folder, &[&["table", "totals"], more].concat());
    for (name, nearest) in [
        ("x.docx", None),
        ("x.pdf", None),
        ("x.xls", Some("did you mean `.xlsx`?")),
        ("x.cvs", Some("did you mean `.csv`?")),
        ("x.HTLM", Some("did you mean `.html`?")),
        ("x.md.bak", None),
        ("x.", None),
    ] {
        let said = table(&["-o", name]);
        said.code(2);
        let ending = name.rsplit_once('.').unwrap().1;
        let wrong = format!("no format has the ending `.{ending}`");
        assert!(said.stderr.contains(&wrong), "{name}: {}", said.stderr);
        let known = "known endings: `.md`, `.markdown`, `.html`,";
        for part in [known, "`.xlsx`", "--format"] {
            assert!(said.stderr.contains(part), "{name}: {}", said.stderr);
        }
        match nearest {
            Some(help) => assert!(said.stderr.contains(help), "{}", said.stderr),
            None => assert!(!said.stderr.contains("did you mean"), "{}", said.stderr),
        }
        assert!(!folder.join(name).exists(), "{name}");
    }
    // What names a format is asked first.
    table(&["-o", "x.docx", "--format", "html"]).code(0);
    assert!(folder.read("x.docx").contains("<table"));
    table(&["format=csv", "-o", "x.data"]).code(0);
    assert!(folder.read("x.data").contains("SaaS,"));
    table(&["-o", "X.CSV"]).code(0);
    assert_eq!(folder.read("X.CSV"), folder.read("x.data"));
    // Without an ending it is Markdown, and the message says so.
    folder.write("notes.d/one.md", "");
    for name in ["totals", ".totals", "../totals"] {
        let mut command = folder.command(&["table", "totals", "--project", "../data"]);
        command
            .args(["-o", name])
            .current_dir(folder.join("notes.d"));
        let said = Run::of(command.output().unwrap());
        said.code(0);
        let wrote = format!("wrote   {name} (md: its name has no ending)");
        assert!(said.stderr.contains(&wrote), "{}", said.stderr);
    }
    assert!(folder.read("totals").contains("| SaaS |"));
    table(&["-f", "md", "-o", "other"]).code(0);
}

#[test]
fn broken_data_is_told_and_nothing_is_written() {
    let folder = project();
    folder.write("data/content/categories/data.yaml", "label: [\n");
    folder.write("a.md", "<!-- srm:begin totals -->\n<!-- srm:end -->\n");
    let before = tree(folder.path());
    for args in [
        &["table", "totals"][..],
        &["embed", "a.md"],
        &["embed", "--check", "a.md"],
    ] {
        let said = run(&folder, args);
        said.code(1);
        assert_eq!(said.stdout, "");
        assert!(
            said.stderr.contains("content/categories/data.yaml"),
            "{}",
            said.stderr
        );
    }
    assert_eq!(tree(folder.path()), before);
    let said = folder.run(&["table", "totals", "--project", "nowhere"]);
    said.code(2);
}
