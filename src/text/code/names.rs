//! The names of languages that authors write on a block of code, and which syntax each
//! means. Highlighting is not done here.

use std::collections::HashMap;
use std::sync::LazyLock;

use syntect::parsing::{SyntaxReference, SyntaxSet};

pub(super) static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// How a block with some name is highlighted.
#[derive(Clone, Copy)]
pub(super) struct Language {
    pub(super) syntax: &'static SyntaxReference,
    /// Whether the code is what a terminal shows: commands after a prompt, and what
    /// they print, which is not code.
    pub(super) is_session: bool,
}

/// Names of what a terminal shows.
const SESSIONS: &[&str] = &[
    "console",
    "sh-session",
    "shell-session",
    "shellsession",
    "bash-session",
    "terminal",
];

/// Everyday names besides the syntaxes' own names and extensions: on the left one of
/// these.
const ALIASES: &[(&str, &[&str])] = &[
    ("apache conf", &["apache", "apacheconf", "httpd"]),
    ("asm", &["assembly", "x86asm", "x86_64"]),
    ("awk", &["gawk", "mawk", "nawk"]),
    ("bat", &["batch", "cmd", "dos", "batchfile"]),
    ("c++", &["cplusplus", "arduino", "ino", "cuda", "cu"]),
    ("clj", &["clojurescript"]),
    ("crontab", &["cron"]),
    ("cs", &["csharp", "c-sharp", "dotnet"]),
    ("css", &["postcss", "pcss"]),
    ("diff", &["udiff"]),
    ("dockerfile", &["docker", "containerfile"]),
    ("dot", &["graphviz"]),
    ("f#", &["fs", "fsharp", "fsx"]),
    ("f90", &["fortran"]),
    ("glsl", &["hlsl", "shader"]),
    ("go", &["golang"]),
    ("go.mod", &["go-mod"]),
    ("html", &["html5"]),
    (
        "ini",
        &["dosini", "systemd", "service", "editorconfig", "conf-ini"],
    ),
    ("jinja2", &["django", "nunjucks", "njk", "tera"]),
    ("js", &["mjs", "cjs", "node", "nodejs", "ecmascript", "es6"]),
    (
        "json",
        &[
            "jsonc",
            "json5",
            "jsonl",
            "jsonlines",
            "ndjson",
            "geojson",
            "jsonld",
            "json-ld",
            "webmanifest",
        ],
    ),
    ("lisp", &["elisp", "emacs-lisp", "common-lisp", "scheme"]),
    ("make", &["gnumake", "bsdmake"]),
    ("matlab", &["octave"]),
    ("md", &["mdx", "gfm", "commonmark"]),
    ("nginx", &["nginxconf"]),
    ("objective-c", &["objc", "obj-c", "objectivec"]),
    ("objective-c++", &["objcpp", "obj-c++", "objective-cpp"]),
    ("pas", &["delphi", "objectpascal"]),
    ("proto", &["proto2", "proto3", "protocol-buffers"]),
    (
        "py",
        &["python3", "python2", "py2", "ipython", "pycon", "starlark"],
    ),
    ("rb", &["irb", "jruby"]),
    ("rego", &["opa"]),
    ("regular expression", &["regex", "regexp"]),
    (
        "sh",
        &[
            "shell",
            "shellscript",
            "shell-script",
            "ksh",
            "dash",
            "posix",
            "env-sh",
        ],
    ),
    (
        "sql",
        &[
            "mysql",
            "mariadb",
            "postgres",
            "postgresql",
            "pgsql",
            "plpgsql",
            "psql",
            "plsql",
            "pl/sql",
            "tsql",
            "t-sql",
            "mssql",
            "sqlite",
            "sqlite3",
            "oracle",
            "hql",
            "cql",
        ],
    ),
    ("ssh_config", &["sshconfig", "ssh-config"]),
    ("tf", &["opentofu", "tofu"]),
    ("ts", &["mts", "deno"]),
    ("tsx", &["jsx", "javascriptreact"]),
    ("vim", &["vimscript", "vim-script", "nvim"]),
    ("yaml", &["kubernetes", "k8s", "ansible", "openapi"]),
];

/// Indices into the syntaxes by alias, then by file extension and, where no extension
/// is equal, by their names, all in lower case.
static PLACES: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let mut places = HashMap::new();
    let all = || SYNTAXES.syntaxes().iter().enumerate().rev();
    for (at, syntax) in all() {
        for end in &syntax.file_extensions {
            places.entry(end.to_ascii_lowercase()).or_insert(at);
        }
    }
    for (at, syntax) in all() {
        let name = syntax.name.to_ascii_lowercase();
        places.entry(name).or_insert(at);
    }
    for (name, aliases) in ALIASES {
        if let Some(at) = places.get(*name).copied() {
            places.extend(aliases.iter().map(|alias| (alias.to_string(), at)));
        }
    }
    places
});

/// How a block with this name is highlighted. `None` if it is shown as it is.
pub(super) fn language(name: &str) -> Option<Language> {
    let name = name.to_ascii_lowercase();
    let is_session = SESSIONS.contains(&name.as_str());
    let name = if is_session { "sh" } else { &name };
    if matches!(name, "" | "text" | "txt") {
        return None;
    }
    let syntax = SYNTAXES.syntaxes().get(*PLACES.get(name)?)?;
    Some(Language { syntax, is_session })
}
