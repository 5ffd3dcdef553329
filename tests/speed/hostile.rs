//! Projects of about a megabyte that ask for as much work as they can, each
//! beside a plain one of that size. A pull request can hold any of them.

use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::measure_any;

/// Bytes of a project.
const SIZE: usize = 1_000_000;

/// Seconds of processor time after which a build is ended.
const LIMIT: u64 = 30;

/// What a kind of project is made of.
#[derive(Default)]
struct Project {
    files: Vec<(String, String)>,
    /// Links: where they are, and where they lead.
    links: Vec<(String, String)>,
    bytes: usize,
}

impl Project {
    fn file(&mut self, path: impl Into<String>, text: impl Into<String>) {
        let (path, text) = (path.into(), text.into());
        self.bytes += text.len();
        self.files.push((path, text));
    }

    /// A page of prose, or more of them, of one line after the other.
    fn page(&mut self, path: &str, bytes: usize, line: impl Fn(usize) -> String) {
        self.file(path, filled("# Page\n\n", bytes, line));
    }

    /// The same text in so many pages.
    fn pages(&mut self, n: usize, bytes: usize, line: impl Fn(usize) -> String) {
        let per = bytes / n;
        for page in 0..n {
            let line = |at: usize| line(page * per + at);
            self.page(&format!("content/p{page:05}.md"), per, line);
        }
    }

    /// A category of such rows.
    fn category(&mut self, id: &str, bytes: usize, row: impl Fn(usize) -> String) {
        let head = format!("label: Category {id}\nrows:\n");
        self.file(
            format!("content/categories/{id}.yaml"),
            filled(&head, bytes, row),
        );
    }

    fn categories(&mut self, n: usize, bytes: usize, row: impl Fn(usize) -> String) {
        let per = bytes / n;
        for at in 0..n {
            let row = |line: usize| row(at * per + line);
            self.category(&format!("c{at:05}"), per, row);
        }
    }

    fn site(&mut self, parties: impl Iterator<Item = String>, rest: &str) {
        let parties: String = parties.collect();
        let text = format!("schema: 1\nparties:\n{parties}{rest}");
        self.file("content/srm.yaml", text);
    }

    fn write(&self, to: &Path) {
        let base = [
            ("book.toml", "[book]\ntitle = \"T\"\nsrc = \"content\"\n"),
            ("content/srm.yaml", SITE),
            ("content/index.md", "# Home\n\nHello.\n"),
            (
                "content/models/saas.md",
                "---\nlabel: SaaS\n---\nWe run it.\n",
            ),
        ];
        let base = base.map(|(path, text)| (path.to_string(), text.to_string()));
        for (path, text) in base.iter().chain(&self.files) {
            let full = to.join(path);
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            std::fs::write(full, text).unwrap();
        }
        for (path, target) in &self.links {
            let full = to.join(path);
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            symlink(target, full).unwrap();
        }
    }
}

const SITE: &str = "schema: 1\nparties:\n\
    \x20 - {id: customer, kind: customer, label: Customer}\n\
    \x20 - {id: provider, kind: provider, label: Vendor}\n";

fn filled(head: &str, bytes: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = head.to_string();
    let mut at = 0;
    while text.len() < bytes {
        text.push_str(&line(at));
        at += 1;
    }
    text
}

/// A row whose tasks are ordinary sentences.
fn row(n: usize) -> String {
    format!(
        "  - id: row-{n}\n    label: Responsibility {n}\n    models:\n      saas:\n        \
         responsible: [customer, provider]\n        tasks:\n          \
         customer: [\"Keep area {n} in order and check it.\"]\n          \
         provider: [\"Keep the other area {n} in order.\"]\n"
    )
}

fn short_row(n: usize, more: &str) -> String {
    format!(
        "  - id: row-{n}\n    label: R {n}\n    models: {{saas: {{responsible: customer{more}}}}}\n"
    )
}

fn words(n: usize) -> String {
    format!("Prose with *emphasis*, `code`, a [page](index.md) and so on, for line {n}.\n\n")
}

/// A text with many letters that differs from others in their order only.
fn shuffled(n: usize, len: usize) -> String {
    let mut letters: Vec<u8> = (0..len).map(|at| b'a' + (at % 26) as u8).collect();
    let mut state = n as u64 * 2 + 1;
    for at in (1..len).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        letters.swap(at, (state >> 33) as usize % (at + 1));
    }
    String::from_utf8(letters).unwrap()
}

fn fenced(language: &str, bytes: usize) -> String {
    let line = "let x = \"a\"; /* b */ f(x, [1, 2], {y: 'z'}); // c\n";
    format!("```{language}\n{}```\n\n", line.repeat(bytes / line.len()))
}

type Make = fn(&mut Project);

/// All kinds. The first is the measure of the others.
const KINDS: &[(&str, Make)] = &[
    ("plain: rows and prose", |p| {
        p.categories(10, SIZE / 2, row);
        p.pages(10, SIZE / 2, words);
    }),
    ("plain: rows", |p| p.categories(20, SIZE, row)),
    ("plain: prose", |p| p.pages(20, SIZE, words)),
    // Names that nothing has.
    ("dead links to rows, in rows", |p| {
        p.category("c", SIZE, |n| {
            format!("  - id: row-{n}\n    label: R {n}\n    description: See [it](row:rwo-{n}).\n    models: {{saas: {{responsible: customer}}}}\n")
        });
    }),
    ("dead links to rows, in prose", |p| {
        p.category("c", SIZE / 2, |n| short_row(n, ""));
        p.page("content/p.md", SIZE / 2, |n| format!("[a](row:rwo-{n}) "));
    }),
    ("... in many pages", |p| {
        p.category("c", SIZE / 2, |n| short_row(n, ""));
        p.pages(200, SIZE / 2, |n| format!("[a](row:rwo-{n}) "));
    }),
    ("... of the same letters", |p| {
        p.category("c", SIZE / 2, |n| {
            format!(
                "  - {{id: {}, label: R {n}, models: {{saas: {{responsible: customer}}}}}}\n",
                shuffled(n, 64)
            )
        });
        p.pages(200, SIZE / 2, |n| {
            format!("[a](row:{}) ", shuffled(n + 1_000_000, 64))
        });
    }),
    ("dead links to files", |p| {
        for n in 0..5_000 {
            p.file(format!("content/page-{n}.md"), format!("# P {n}\n\n[a](paeg-{n}.md) [b](other/page-{n}.md) [c](page-{n}x.md) [d](x/page-{n}y.md)\n"));
        }
        p.page("content/p.md", SIZE / 2, |n| format!("[a](paeg-{n}z.md) "));
    }),
    ("dead links to one name in many folders", |p| {
        for n in 0..5_000 {
            p.file(
                format!("content/folder-{n}/index.md"),
                format!("# P {n}\n\n[a](../fodler-{n}/index.md)\n"),
            );
        }
        p.page("content/p.md", SIZE / 2, |n| {
            format!("[a](folder{n}/index.md) ")
        });
    }),
    ("dead links to models", |p| {
        p.page("content/p.md", SIZE, |n| {
            format!("[a](model:ssas{n}) [b](party:x{n}) [c](category:y{n}) [d](compare:a{n}..b) ")
        })
    }),
    ("missing images", |p| {
        p.pages(50, SIZE, |n| format!("![a](image-{n}.png) "))
    }),
    ("dead anchors", |p| {
        p.page("content/p.md", SIZE, |n| format!("[a](#nowhere-{n}) "))
    }),
    ("dead anchors of other pages", |p| {
        p.pages(50, SIZE, |n| format!("[a](p00001.md#nowhere-{n}) "))
    }),
    ("dead anchors in data", |p| {
        p.categories(10, SIZE, |n| {
            short_row(n, &format!(", notes: [\"[a](#no-{n}) [b](row:row-1#x)\"]"))
        })
    }),
    ("unknown parties", |p| {
        p.site(
            (0..10_000).map(|n| format!("  - {{id: party-{n}, kind: third-party, label: P}}\n")),
            "",
        );
        p.categories(10, SIZE / 2, |n| format!("  - id: row-{n}\n    label: R {n}\n    models: {{saas: {{responsible: [prty-{n}, paryt-{n}]}}}}\n"));
    }),
    ("unknown parties of the same letters", |p| {
        p.site(
            (0..100).map(|n| {
                format!(
                    "  - {{id: {}, kind: third-party, label: P}}\n",
                    shuffled(n, 64)
                )
            }),
            "",
        );
        p.categories(10, SIZE, |n| {
            format!(
                "  - id: row-{n}\n    label: R {n}\n    models: {{saas: {{responsible: [{}]}}}}\n",
                shuffled(n + 1_000_000, 64)
            )
        });
    }),
    ("parties named together", |p| {
        p.site(
            (0..10_000).map(|n| format!("  - {{id: party-{n}, kind: third-party, label: P}}\n")),
            "",
        );
        let many = "party-9999,".repeat(5_000);
        p.categories(10, SIZE / 2, |n| {
            short_row(n, &format!(", accountable: \"{many}\""))
        });
    }),
    ("unknown models", |p| {
        for n in 0..2_000 {
            p.file(
                format!("content/models/model-{n}.md"),
                format!("---\nlabel: M {n}\n---\n"),
            );
        }
        p.categories(10, SIZE / 2, |n| format!("  - id: row-{n}\n    label: R {n}\n    models: {{modle-{n}: {{responsible: customer}}}}\n"));
    }),
    ("unknown frameworks", |p| {
        let frameworks: String = (0..8_000)
            .map(|n| format!("  - {{id: fw-{n}, label: F}}\n"))
            .collect();
        p.site(
            [SITE.split_once("parties:\n").unwrap().1.to_string()].into_iter(),
            &format!("frameworks:\n{frameworks}"),
        );
        p.categories(10, SIZE / 2, |n| format!("  - id: row-{n}\n    label: R {n}\n    controls: {{fww-{n}: a}}\n    models: {{saas: {{responsible: customer}}}}\n"));
    }),
    ("unknown keys", |p| {
        p.categories(10, SIZE, |n| format!("  - {{id: r{n}, label: R, modles: 1, descripiton: x, ntoes: y, labesl: z, onyl-in: w}}\n"))
    }),
    ("unknown words", |p| {
        p.categories(10, SIZE, |n| {
            short_row(n, &format!(", state: not-aplicable{n}, cadence: x"))
        })
    }),
    ("unknown codes", |p| {
        p.categories(10, SIZE, |n| format!("  - id: row-{n}\n    label: R {n}\n    acknowledge: {{SRM2{n}: x}}\n    models: {{saas: {{responsible: customer}}}}\n"))
    }),
    ("keys given twice", |p| {
        p.categories(10, SIZE, |n| {
            format!("  - {{id: r{n}, label: R, label: S, label: T, models: {{}}, models: {{}}}}\n")
        })
    }),
    // Aliases.
    ("alias bombs in many files", |p| {
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for n in 1..9 {
            let inner = vec![format!("*a{}", n - 1); 9].join(",");
            let _ = writeln!(bomb, "a{n}: &a{n} [{inner}]");
        }
        for n in 0..SIZE / bomb.len() {
            p.file(format!("content/categories/c{n}.yaml"), bomb.clone());
        }
    }),
    ("aliases of a text in many files", |p| {
        for n in 0..SIZE / 1_000 {
            let notes = format!("&a \"{}\", {}", "x".repeat(350), "*a,".repeat(80));
            p.file(
                format!("content/categories/c{n}.yaml"),
                format!(
                    "label: C {n}\nrows:\n{}",
                    short_row(n, &format!(", notes: [{notes}]"))
                ),
            );
        }
    }),
    ("a list of tasks shared by all rows", |p| {
        for c in 0..80 {
            let list: Vec<String> = (0..30)
                .map(|n| format!("\"Keep the area number {n} in order.\""))
                .collect();
            p.category(&format!("c{c}"), SIZE / 80, |n| {
                let tasks = if n == 0 {
                    format!("&t [{}]", list.join(", "))
                } else {
                    "*t".into()
                };
                short_row(c * 1_000 + n, &format!(", tasks: {{customer: {tasks}}}"))
            });
        }
    }),
    ("short tasks shared by all rows", |p| {
        for c in 0..80 {
            let list: Vec<String> = (0..45).map(|n| format!("t{n}")).collect();
            p.category(&format!("c{c}"), SIZE / 80, |n| {
                let tasks = if n == 0 {
                    format!("&t [{}]", list.join(", "))
                } else {
                    "*t".into()
                };
                short_row(
                    c * 1_000 + n,
                    &format!(
                        ", tasks: {{customer: {tasks}}}, cadence: {}",
                        "y".repeat(60)
                    ),
                )
            });
        }
    }),
    // Code.
    ("code in one block", |p| {
        p.file("content/p.md", fenced("js", SIZE))
    }),
    ("code in blocks of one page", |p| {
        p.page("content/p.md", SIZE, |_| fenced("js", 10_000))
    }),
    ("code in many pages", |p| {
        p.pages(50, SIZE, |_| fenced("ts", 10_000))
    }),
    ("code in tiny blocks", |p| {
        p.pages(10, SIZE, |_| "```js\nx\n```\n".into())
    }),
    ("code in languages nobody knows", |p| {
        p.pages(10, SIZE, |n| format!("```x{n}\nx\n```\n"))
    }),
    ("code in long lines", |p| {
        p.pages(50, SIZE, |_| {
            format!(
                "```matlab\n{}\n```\n",
                "let x = \"a\"; ((([[[{{{ ".repeat(75)
            )
        })
    }),
    ("code in tasks", |p| {
        p.categories(10, SIZE, |n| {
        let code = "        let x = f(\"a\");\n".repeat(20);
        format!("  - id: row-{n}\n    label: R {n}\n    description: |\n        ```ts\n{code}        ```\n    models: {{saas: {{responsible: customer}}}}\n")
    })
    }),
    // Markdown.
    ("references to one footnote", |p| {
        p.page("content/p.md", SIZE, |n| {
            if n == 0 {
                "[^a]: Note.\n\n".into()
            } else {
                "x[^a] ".into()
            }
        })
    }),
    ("footnotes", |p| {
        p.page("content/p.md", SIZE, |n| {
            format!("x[^{n}]\n\n[^{n}]: Note.\n\n")
        })
    }),
    ("footnotes that are not there", |p| {
        p.pages(50, SIZE, |n| format!("x[^{n}] "))
    }),
    ("definitions of links", |p| {
        p.page("content/p.md", SIZE, |n| {
            format!("[r{n}]: https://a.b/{n}\n")
        })
    }),
    ("uses of a definition", |p| {
        let long = "x".repeat(1_000);
        p.page("content/p.md", SIZE, |n| {
            if n == 0 {
                format!("[r]: https://a.b/{long}\n\n")
            } else {
                "[r] ".into()
            }
        });
    }),
    ("headings", |p| {
        p.page("content/p.md", SIZE, |n| format!("## H {n}\n\n"))
    }),
    ("headings of one text", |p| {
        p.page("content/p.md", SIZE, |_| "## H\n\n".into())
    }),
    ("quotes in quotes", |p| {
        p.page("content/p.md", SIZE, |n| {
            format!("{} x\n", ">".repeat(n % 200))
        })
    }),
    ("lists in lists", |p| {
        p.page("content/p.md", SIZE, |n| {
            format!("{}- x\n", "  ".repeat(n % 60))
        })
    }),
    ("open brackets", |p| {
        p.page("content/p.md", SIZE, |_| "[[[[[![![![".into())
    }),
    ("open emphasis", |p| {
        p.page("content/p.md", SIZE, |_| "*a **b _c __d ~~e ".into())
    }),
    ("open code", |p| {
        p.page("content/p.md", SIZE, |n| {
            format!("{}x", "`".repeat(n % 500 + 1))
        })
    }),
    ("raw HTML", |p| p.pages(50, SIZE, |_| "<b>x</b> ".into())),
    ("a wide table", |p| {
        p.file(
            "content/p.md",
            format!(
                "{}|\n{}|\n{}",
                "|a".repeat(3_000),
                "|-".repeat(3_000),
                "|x\n".repeat(300_000)
            ),
        )
    }),
    ("a table of many rows", |p| {
        p.page("content/p.md", SIZE, |n| {
            if n == 0 {
                "|a|b|\n|-|-|\n".into()
            } else {
                "|x|y|\n".into()
            }
        })
    }),
    ("definition lists", |p| {
        p.page("content/p.md", SIZE, |n| format!("t{n}\n: d\n\n"))
    }),
    ("short lines of tasks", |p| {
        p.page("content/p.md", SIZE, |_| "- [x] a\n".into())
    }),
    ("images", |p| {
        p.page("content/p.md", SIZE, |_| "![a](https://a.b/c) ".into())
    }),
    ("entities", |p| {
        p.page("content/p.md", SIZE, |_| "&amp;&#x41;&nbsp;".into())
    }),
    // Data.
    ("rows of one label", |p| {
        p.category("c", SIZE, |n| {
            format!("  - {{id: r{n}, label: R, models: {{saas: {{responsible: customer}}}}}}\n")
        })
    }),
    ("rows of one id", |p| {
        p.category("c", SIZE, |_| {
            "  - {id: r, label: R, models: {saas: {responsible: customer}}}\n".into()
        })
    }),
    ("one task many times", |p| {
        p.category("c", SIZE, |n| if n == 0 { "  - id: r\n    label: R\n    models:\n      saas:\n        responsible: customer\n        tasks:\n          customer:\n".into() } else { "            - Do it.\n".into() })
    }),
    ("tasks of one letter", |p| {
        p.category("c", SIZE, |n| {
            short_row(n, &format!(", tasks: {{customer: [{}]}}", "a,".repeat(500)))
        })
    }),
    ("notes of one letter", |p| {
        p.category("c", SIZE, |n| {
            short_row(n, &format!(", notes: [{}]", "a,".repeat(500)))
        })
    }),
    ("notes with a link", |p| {
        p.category("c", SIZE, |n| {
            short_row(n, &format!(", notes: [{}]", "'[](#)',".repeat(100)))
        })
    }),
    ("tasks in one row", |p| {
        p.category("c", SIZE, |n| if n == 0 { "  - id: r\n    label: R\n    models:\n      saas:\n        responsible: customer\n        tasks:\n          customer:\n".into() } else { format!("            - T{n}\n") })
    }),
    ("acknowledgements", |p| {
        p.categories(10, SIZE, |n| format!("  - id: row-{n}\n    label: R {n}\n    acknowledge: {{SRM204: x, SRM202: y}}\n    models: {{saas: {{responsible: customer}}}}\n"))
    }),
    ("controls", |p| {
        p.site(
            [SITE.split_once("parties:\n").unwrap().1.to_string()].into_iter(),
            "frameworks:\n  - {id: f, label: F}\n",
        );
        p.categories(10, SIZE, |n| format!("  - id: row-{n}\n    label: R {n}\n    controls: {{f: [A{n}, B{n}, C{n}, D{n}]}}\n    models: {{saas: {{responsible: customer}}}}\n"));
    }),
    ("empty rows", |p| {
        p.categories(10, SIZE, |_| "  - {}\n".into())
    }),
    ("versions", |p| {
        let versions: String = (0..12_000)
            .map(|n| {
                format!(
                    "    - {{version: \"{n}\", date: 2024-01-01, changes: \"Change {n} of it.\"}}\n"
                )
            })
            .collect();
        p.site(
            [SITE.split_once("parties:\n").unwrap().1.to_string()].into_iter(),
            &format!("document:\n  history:\n{versions}"),
        );
    }),
    // What multiplies.
    ("many models for rows of all", |p| {
        for n in 0..300 {
            p.file(
                format!("content/models/m{n}.md"),
                format!("---\nlabel: M {n}\n---\n"),
            );
        }
        p.categories(10, SIZE, |n| {
            format!("  - {{id: r{n}, label: R {n}, models: {{all: {{responsible: customer}}}}}}\n")
        });
    }),
    ("many parties", |p| {
        p.site(
            (0..2_000).map(|n| format!("  - {{id: party-{n}, kind: third-party, label: P {n}}}\n")),
            "",
        );
        p.categories(10, SIZE, |n| {
            format!(
                "  - {{id: r{n}, label: R {n}, models: {{saas: {{responsible: party-{}}}}}}}\n",
                n % 2_000
            )
        });
    }),
    ("as many models and parties as may be", |p| {
        for n in 0..127 {
            p.file(
                format!("content/models/m{n}.md"),
                format!("---\nlabel: M {n}\n---\n"),
            );
        }
        p.site(
            (0..50).map(|n| format!("  - {{id: party-{n}, kind: third-party, label: P {n}}}\n")),
            "",
        );
        p.category("c", 1_000_000, |n| if n == 0 { format!("  - {{id: r, label: R, description: \"{}\", models: {{saas: {{responsible: party-0}}}}}}\n", "x ".repeat(20_000)) } else { format!("# {}\n", "x".repeat(2_000)) });
        p.categories(10, 4_500, |n| {
            format!(
                "  - {{id: r{n}, label: R {n}, models: {{all: {{responsible: party-{}}}}}}}\n",
                n % 50
            )
        });
    }),
    ("as many models and parties, and few rows", |p| {
        for n in 0..127 {
            p.file(
                format!("content/models/m{n}.md"),
                format!("---\nlabel: M {n}\n---\n"),
            );
        }
        p.site(
            (0..50).map(|n| format!("  - {{id: party-{n}, kind: third-party, label: P {n}}}\n")),
            "",
        );
        p.category("c", 3_000, |n| {
            format!(
                "  - {{id: r{n}, label: R {n}, models: {{all: {{responsible: party-{}}}}}}}\n",
                n % 50
            )
        });
    }),
    ("as many cells as may be", |p| {
        for n in 0..4 {
            p.file(
                format!("content/models/m{n}.md"),
                format!("---\nlabel: M {n}\n---\n"),
            );
        }
        p.categories(10, SIZE, |n| {
            format!(
                "  - {{id: r{n}, label: {:x<30}, models: {{all: {{responsible: customer}}}}}}\n",
                format!("R {n} ")
            )
        });
    }),
    ("long texts for many models", |p| {
        for n in 0..127 {
            p.file(
                format!("content/models/m{n}.md"),
                format!("---\nlabel: M {n}\n---\n"),
            );
        }
        p.category("c", SIZE, |n| {
            let text = "Keep it in order. ".repeat(3_000);
            format!("  - {{id: r{n}, label: R {n}, models: {{all: {{responsible: customer, tasks: {{customer: ['{text}']}}}}}}}}\n")
        });
    }),
    ("tasks for many models", |p| {
        for n in 0..127 {
            p.file(
                format!("content/models/m{n}.md"),
                format!("---\nlabel: M {n}\n---\n"),
            );
        }
        p.category("c", SIZE, |n| {
            let text = "Do it now., ".repeat(3_000);
            format!("  - {{id: r{n}, label: R {n}, models: {{all: {{responsible: customer, tasks: {{customer: [{text}]}}}}}}}}\n")
        });
    }),
    ("tasks for ten models", |p| {
        for n in 0..9 {
            p.file(
                format!("content/models/m{n}.md"),
                format!("---\nlabel: M {n}\n---\n"),
            );
        }
        p.categories(20, SIZE, |n| {
            let text = "Keep the area in order and check it., ".repeat(10);
            format!("  - {{id: r{n}, label: R {n}, models: {{all: {{responsible: customer, tasks: {{customer: [{text}]}}}}}}}}\n")
        });
    }),
    ("tasks shared by rows of three models", |p| {
        for n in 0..2 {
            p.file(
                format!("content/models/m{n}.md"),
                format!("---\nlabel: M {n}\n---\n"),
            );
        }
        for c in 0..80 {
            let list: Vec<String> = (0..50)
                .map(|n| format!("\"Keep the area number {n} in order.\""))
                .collect();
            p.category(&format!("c{c}"), SIZE / 80, |n| {
                let tasks = if n == 0 { format!("&t [{}]", list.join(", ")) } else { "*t".into() };
                format!("  - id: r{}\n    label: R {}\n    models: {{all: {{responsible: customer, tasks: {{customer: {tasks}}}}}}}\n", c * 1_000 + n, c * 1_000 + n)
            });
        }
    }),
    ("a row of many models in many files", |p| {
        for n in 0..127 {
            p.file(
                format!("content/models/m{n}.md"),
                format!("---\nlabel: M {n}\n---\n"),
            );
        }
        for n in 0..10_000 {
            p.category(&format!("c{n}"), 80, |_| {
                format!("  - {{id: r{n}, label: R, models: {{all: {{responsible: customer}}}}}}\n")
            });
        }
    }),
    ("links to folders that fan out", |p| {
        for n in 0..17 {
            p.file(format!("content/l{n}/page.md"), "# P\n\nText.\n");
            if n > 0 {
                for side in ["a", "b"] {
                    p.links
                        .push((format!("content/l{n}/{side}"), format!("../l{}", n - 1)));
                }
            }
        }
    }),
    ("links to one large page", |p| {
        p.page("content/p.md", SIZE / 2, words);
        for n in 0..1_000 {
            p.links.push((format!("content/q{n}.md"), "p.md".into()));
        }
    }),
    ("links to one large category", |p| {
        p.category("c", SIZE / 2, row);
        for n in 0..1_000 {
            p.links
                .push((format!("content/categories/d{n}.yaml"), "c.yaml".into()));
        }
    }),
    // Many files.
    ("tiny pages", |p| {
        (0..10_000).for_each(|n| p.file(format!("content/p{n}.md"), format!("# P {n}\n")))
    }),
    ("tiny pages in folders", |p| {
        (0..5_000).for_each(|n| p.file(format!("content/f{n}/p.md"), format!("# P {n}\n")))
    }),
    ("pages in deep folders", |p| {
        let deep = "d/".repeat(28);
        (0..3_000).for_each(|n| p.file(format!("content/{deep}p{n}.md"), format!("# P {n}\n")));
    }),
    ("tiny categories", |p| {
        (0..5_000).for_each(|n| {
            p.file(
                format!("content/categories/c{n}.yaml"),
                format!("label: C {n}\nrows: []\n"),
            )
        })
    }),
    ("tiny assets", |p| {
        (0..10_000).for_each(|n| p.file(format!("content/a{n}.txt"), "x"))
    }),
    ("broken files", |p| {
        (0..10_000).for_each(|n| p.file(format!("content/categories/c{n}.yaml"), "["))
    }),
];

/// Measures all kinds, or those with these words in their names, with this
/// program and another one.
pub fn run(only: &[&str], other: Option<&str>) {
    let own = env!("CARGO_BIN_EXE_srm-site");
    let programs: Vec<&str> = [own].into_iter().chain(other).collect();
    println!("CPU seconds of builds of about 1 MB, and times that of the first line;");
    println!("`>`: ended for want of time, `!`: by a lack of memory\n");
    println!(
        "| {:<40} | {:>5} | {:>6} |{}",
        "project",
        "MB",
        "files",
        " CPU s | ratio | peak MB |".repeat(programs.len())
    );
    println!(
        "| --- | ---: | ---: |{}",
        " ---: | ---: | ---: |".repeat(programs.len())
    );
    let mut plain: Vec<f64> = Vec::new();
    for (at, (name, make)) in KINDS.iter().enumerate() {
        if at > 0 && !only.is_empty() && !only.iter().any(|word| name.contains(word)) {
            continue;
        }
        let dir = tempfile::tempdir().unwrap();
        let mut project = Project::default();
        make(&mut project);
        project.write(dir.path());
        let mut line = format!(
            "| {name:<40} | {:>5.2} | {:>6} |",
            project.bytes as f64 / 1e6,
            project.files.len() + project.links.len()
        );
        for (n, program) in programs.iter().enumerate() {
            let folder = dir.path().to_str().unwrap();
            let _ = std::fs::remove_dir_all(dir.path().join("book"));
            let command = [program, "build", folder].map(String::from);
            let seen = measure_any(&command, LIMIT);
            if at == 0 {
                plain.push(seen.cpu);
            }
            let over = match seen.cpu >= LIMIT as f64 {
                true => ">",
                false if seen.peak > 2_500.0 => "!",
                false => "",
            };
            let _ = write!(
                line,
                " {over}{:.2} | {over}{:.1} | {:.0} |",
                seen.cpu,
                seen.cpu / plain[n],
                seen.peak
            );
        }
        println!("{line}");
    }
}
