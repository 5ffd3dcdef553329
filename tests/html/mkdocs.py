"""Reads every .md file of a folder with readers of Python and writes NAME.md.READER.html.

- `python`: Python-Markdown with its defaults and tables;
- `python-more`: the same with what sites commonly add, above all attributes in braces;
- `mkdocs`: a site with its default settings, built with ProperDocs, the maintained
  continuation of MkDocs;
- `cmark-gfm`: GitHub's own parser.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import cmarkgfm
import markdown
from cmarkgfm.cmark import Options

MORE = ["tables", "attr_list", "md_in_html", "admonition", "abbr", "def_list", "footnotes", "toc"]

folder = Path(sys.argv[1])
files = sorted(folder.glob("*.md"))
for path in files:
    text = path.read_text(encoding="utf-8")
    read = {
        "python": markdown.markdown(text, extensions=["tables"]),
        "python-more": markdown.markdown(text, extensions=MORE),
        "cmark-gfm": cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE),
    }
    for reader, html in read.items():
        Path(f"{path}.{reader}.html").write_text(html, encoding="utf-8")

site = folder / "mkdocs"
for part in ["docs", "theme"]:
    (site / part).mkdir(parents=True)
(site / "theme" / "main.html").write_text("{{ page.content }}")
(site / "mkdocs.yml").write_text("site_name: Test\ntheme: {name: null, custom_dir: theme}\n")
for path in files:
    shutil.copy(path, site / "docs")
build = [sys.executable, "-m", "properdocs", "build", "--quiet", "--config-file", "mkdocs.yml"]
subprocess.run(build, cwd=site, check=True)
for path in files:
    shutil.move(site / "site" / path.stem / "index.html", f"{path}.mkdocs.html")
