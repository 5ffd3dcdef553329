"""Reads every .md file of a folder with Python-Markdown, which MkDocs uses.

Writes NAME.md.html as its defaults and tables read it, and NAME.md.more.html
with what sites commonly add, attributes in braces above all.
"""

import sys
from pathlib import Path

import markdown

MORE = ["tables", "attr_list", "md_in_html", "admonition", "abbr", "def_list", "footnotes", "toc"]

for path in sorted(Path(sys.argv[1]).glob("*.md")):
    text = path.read_text(encoding="utf-8")
    for ending, extensions in [("html", ["tables"]), ("more.html", MORE)]:
        html = markdown.markdown(text, extensions=extensions)
        Path(f"{path}.{ending}").write_text(html, encoding="utf-8")
