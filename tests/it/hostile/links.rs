//! Links and addresses that a browser must not be given.

use crate::harness::build;
use crate::harness::inert::{all_inert, assert_inert};
use crate::harness::projects::ONE_MODEL;

#[test]
fn unsafe_links_are_refused_whatever_they_look_like() {
    let links = [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "jAvAsCrIpT:alert(1)",
        " javascript:alert(1)",
        "java\\script:alert(1)",
        "javascript&colon;alert(1)",
        "javascript&#58;alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
        "java&#10;script:alert(1)",
        "&#1;javascript:alert(1)",
        "javascript://%0aalert(1)",
        "javascript:https://example.com",
        "data:text/html,<script>alert(1)</script>",
        "DATA:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox(1)",
        "VBScript:x",
        "file:///etc/passwd",
        "blob:https://a/b",
        "view-source:x",
        "livescript:x",
        "feed:javascript:alert(1)",
        "jar:javascript:x!/",
    ];
    for link in links {
        for form in [
            format!("[x](<{link}>)"),
            format!("![x](<{link}>)"),
            format!("[x]\n\n[x]: <{link}>"),
            format!("<{link}>"),
        ] {
            let site = build(&format!(
                "{ONE_MODEL}//- content/page.md\n# Page\n\n{form}\n//- content/categories/more.yaml\nlabel: M\nrows:\n  - id: r\n    label: R\n    models: {{saas: {{responsible: customer, tasks: {{customer: [{}]}}}}}}\n",
                serde_json::to_string(&form).unwrap()
            ));
            all_inert(&site);
            let spoken = ["SRM406", "SRM401", "SRM403", "SRM405"];
            let refused = spoken.iter().any(|c| !site.lines_of(c).is_empty());
            let text = form.starts_with('<') || form.starts_with("[x]\n");
            assert!(refused || text, "{form}: {:#?}", site.lines());
        }
    }
}

#[test]
fn schemes_are_seen_through_what_browsers_take_out() {
    use srm_site::text::links::{LinkTarget, Targets};
    let targets = Targets::default();
    for link in [
        "javascript:x",
        "JAVASCRIPT:x",
        "java\nscript:x",
        "java\tscript:x",
        "java\rscript:x",
        "\u{1}javascript:x",
        "\u{b}java\u{0}script:x",
        " \u{a0}javascript:x",
    ] {
        assert_eq!(
            targets.resolve(link, ""),
            LinkTarget::Unsafe("javascript".into()),
            "{link:?}"
        );
    }
    for link in [
        "https://a.b",
        "HTTP://a.b",
        "mailto:a@b",
        "tel:1",
        "//a.b/c",
    ] {
        assert_eq!(targets.resolve(link, ""), LinkTarget::External, "{link}");
    }
}

#[test]
fn addresses_in_settings_and_facts_are_checked_as_well() {
    for address in [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\\nscript:alert(1)",
        "javascript://%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
    ] {
        let site = build(&format!(
            "{ONE_MODEL}//- book.toml\n[book]\nsrc = \"content\"\n[output.html]\nsite-url = \"{address}\"\ngit-repository-url = \"{address}\"\nedit-url-template = \"{address}{{path}}\"\n[output.html.redirect]\n\"/old.html\" = \"{address}\"\n\
             //- content/srm.yaml\nschema: 1\ndocument:\n  contact: \"{address}\"\n  source: {{label: L, url: \"{address}\"}}\nparties:\n  - {{id: customer, kind: customer, label: C}}\n  - {{id: provider, kind: provider, label: P}}\n"
        ));
        all_inert(&site);
        // The repository, the editor, the redirect and the source.
        let refused = site.lines_of("SRM406");
        assert_eq!(refused.len(), 4, "{address}: {:#?}", site.lines());
        assert!(site.outcome.failed, "{address}");
    }
    // Honest ones still work.
    let site = build(&format!(
        "{ONE_MODEL}//- book.toml\n[book]\nsrc = \"content\"\n[output.html]\ngit-repository-url = \"https://example.com/r\"\nedit-url-template = \"https://example.com/e/{{path}}\"\n[output.html.redirect]\n\"/old.html\" = \"https://example.com/new\"\n\
         //- content/srm.yaml\nschema: 1\ndocument:\n  source: {{label: L, url: \"https://example.com/s\"}}\nparties:\n  - {{id: customer, kind: customer, label: C}}\n  - {{id: provider, kind: provider, label: P}}\n"
    ));
    let page = site.assert_clean().page("models/saas.html");
    for link in ["r", "e/content/models/saas.md", "s"] {
        assert!(
            page.contains(&format!("href=\"https://example.com/{link}\"")),
            "{link}"
        );
    }
    assert!(
        site.page("old.html")
            .contains("url=https://example.com/new")
    );
}

#[test]
fn images_and_links_inside_images_are_all_checked() {
    let site = build(&format!(
        "{ONE_MODEL}//- content/page.md\n# Page\n\n![outer ![inner](nowhere.png) text](also-nowhere.png)\n\n![a [link](javascript:x) b](none.png)\n"
    ));
    let page = site.page("page.html");
    assert_inert("page.html", page);
    // The whole text of the outer image is its text, none of it leaks out.
    assert!(page.contains("alt=\"outer inner text\""), "{page}");
    assert_eq!(site.lines_of("SRM403").len(), 3, "{:#?}", site.lines());
}
