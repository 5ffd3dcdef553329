//! What the ending of a document's name decides: the format of its tables, and what is
//! code in it.

use super::{filled, project, run};

#[test]
fn tables_are_in_the_format_of_the_document() {
    for (endings, open, close, has) in [
        (
            &[
                "md",
                "markdown",
                "mdown",
                "mkd",
                "mkdn",
                "mdwn",
                "qmd",
                "Rmd",
                "rmarkdown",
            ][..],
            "<!-- ",
            " -->",
            "| --- |",
        ),
        (
            &["html", "htm", "xhtml", "xht", "shtml"],
            "<!-- ",
            " -->",
            "<table",
        ),
        (&["tex", "latex", "ltx"], "% ", "", "\\begin{longtable}"),
        (&["adoc", "asciidoc", "asc"], "// ", "", "|==="),
        (&["rst", "rest"], ".. ", "", ".. list-table::"),
        (&["org"], "# ", "", "#+begin_export html\n<div"),
        (&["txt", "", "cfg"], "# ", "", "| --- |"),
    ] {
        for ending in endings {
            for name in [
                format!("a.{ending}"),
                format!("A.{}", ending.to_uppercase()),
            ] {
                let text = format!(
                    "Text\n\n{open}srm:begin summary model=saas{close}\n{open}srm:end{close}\n\nMore\n"
                );
                let after = filled(&name, &text);
                assert!(after.contains(has), "{name}: {after}");
                assert!(after.starts_with("Text\n\n") && after.ends_with("\n\nMore\n"));
                // What was written is current.
                let folder = project();
                folder.write(&name, &after);
                run(&folder, &["embed", "--check", &name]).code(0);
            }
        }
    }
}

#[test]
fn documents_below_a_folder_are_found_by_all_these_endings() {
    let folder = project();
    let endings = [
        "md", "mkd", "Rmd", "qmd", "tex", "org", "rst", "adoc", "html", "txt",
    ];
    for ending in endings {
        let open = match ending {
            "tex" => "% ",
            "org" => "# ",
            "adoc" => "// ",
            "rst" => ".. ",
            _ => "<!-- ",
        };
        let close = if open == "<!-- " { " -->" } else { "" };
        let name = format!("docs/{ending}.{ending}");
        folder.write(
            &name,
            format!("{open}srm:begin totals{close}\n{open}srm:end{close}\n"),
        );
    }
    let said = run(&folder, &["embed", "docs"]);
    said.code(0);
    assert!(
        said.stderr
            .contains("10 regions in 10 files: 10 files written"),
        "{}",
        said.stderr
    );
}

#[test]
fn markers_in_code_are_text_in_every_kind_of_document() {
    for (name, before, after, open, close) in [
        ("a.Rmd", "```{r}\n", "```\n", "<!-- ", " -->"),
        ("a.mkd", "~~~\n", "~~~\n", "<!-- ", " -->"),
        ("a.rmarkdown", "    code\n\n    ", "", "<!-- ", " -->"),
        (
            "a.tex",
            "\\begin{verbatim}\n",
            "\\end{verbatim}\n",
            "% ",
            "",
        ),
        (
            "a.tex",
            "  \\begin{lstlisting}[x=y]\n",
            "  \\end{lstlisting}\n",
            "% ",
            "",
        ),
        ("a.ltx", "\\begin{comment}\n", "\\end{comment}\n", "% ", ""),
        ("a.org", "#+BEGIN_SRC sh\n", "#+END_SRC\n", "# ", ""),
        ("a.org", "#+begin_example\n", "#+end_example\n", "# ", ""),
        ("a.adoc", "----\n", "----\n", "// ", ""),
    ] {
        let markers = format!("{open}srm:begin totals{close}\n");
        let text = format!("{before}{markers}{after}\n");
        assert_eq!(filled(name, &text), text, "{name}");
        // After it there is a region.
        let text = format!("{before}{markers}{after}\n{markers}{open}srm:end{close}\n");
        assert_ne!(filled(name, &text), text, "{name}");
    }
}

#[test]
fn other_formats_are_shown_as_code() {
    let region = |open: &str, format: &str| {
        format!("{open}srm:begin summary model=saas format={format}\n{open}srm:end\n")
    };
    let after = filled("a.tex", &region("% ", "md"));
    assert!(
        after.contains("\\begin{verbatim}\n") && after.contains("| --- |"),
        "{after}"
    );
    let after = filled("a.org", &region("# ", "latex"));
    assert!(
        after.contains("#+begin_export latex\n% \\usepackage"),
        "{after}"
    );
    let after = filled("a.org", &region("# ", "md"));
    assert!(
        after.contains("#+begin_src md\n") && after.contains("\n#+end_src\n"),
        "{after}"
    );
    // A caption cannot end the block.
    let caption = "% srm:begin totals format=json caption=\"\\\\end{verbatim}\"\n% srm:end\n";
    let after = filled("a.tex", caption);
    let (_, written) = after.split_once('\n').unwrap();
    assert!(written.contains("\"caption\": "), "{after}");
    assert_eq!(written.matches("\\end{verbatim}").count(), 1, "{after}");
}
