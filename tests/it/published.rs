//! Files of the content folder that are copied: which, and by which setting.

use crate::harness::projects::{ONE_MODEL, project};

#[test]
fn yaml_that_is_no_data_is_copied_if_a_setting_says_so() {
    let with = |settings: &str| {
        project(ONE_MODEL)
            .settings(settings)
            .page("page.md", "# A page\n\n[values](ex/values.yaml)\n")
            .with("content/ex/values.yaml", "a: 1\n")
    };
    with("").fails_with(&["SRM011", "SRM401"]);
    for pattern in [
        "ex/*.yaml",
        "ex/values.yaml",
        "**/*.yaml",
        "ex/**",
        "{ex,other}/*.y*ml",
    ] {
        let built = with(&format!("[preprocessor.srm]\npublish = [\"{pattern}\"]\n")).builds();
        assert_eq!(built.files["ex/values.yaml"], b"a: 1\n", "{pattern}");
        // Data and pages are still read.
        assert!(!built.files.contains_key("srm.yaml"), "{pattern}");
        assert!(built.page("models/saas.html").contains("Keys"));
        assert!(built.files.contains_key("page.html"));
    }
    // `*` stays in its folder.
    with("[preprocessor.srm]\npublish = [\"*.yaml\"]\n").fails_with(&["SRM011", "SRM401"]);
}

#[test]
fn files_beside_a_model_are_copied() {
    let built = project(ONE_MODEL)
        .with(
            "content/models/saas.md",
            "---\nlabel: SaaS\n---\n![The parts](img/arch.png)\n",
        )
        .with("content/models/img/arch.png", "PNG")
        .with("content/models/terms.pdf", "PDF")
        .builds();
    assert_eq!(built.files["models/img/arch.png"], b"PNG");
    assert_eq!(built.files["models/terms.pdf"], b"PDF");
    let page = built.page("models/saas.html");
    assert!(
        page.contains("src=\"img/arch.png\"") || page.contains("src=\"../models/img/arch.png\""),
        "{page}"
    );
}
