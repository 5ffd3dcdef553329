"""Reads every .md file of a folder with programs that neither npm nor pip installs, and
writes NAME.md.READER.html.

- `pandoc` and `pandoc-gfm`: Pandoc's own Markdown, and GitHub's;
- `kramdown` and `kramdown-gfm`: what Jekyll uses, with its own parser and with the one
  that Jekyll chooses;
- `hugo` and `hugo-html`: a site with the default settings, which drops HTML, and one that
  keeps it, with emoji.
"""

import shutil
import subprocess
import sys
from pathlib import Path

KRAMDOWN = """
require "kramdown"
require "kramdown-parser-gfm"
ARGV.each do |path|
  text = File.read(path, encoding: "utf-8")
  { "kramdown" => {}, "kramdown-gfm" => { input: "GFM" } }.each do |reader, options|
    File.write("#{path}.#{reader}.html", Kramdown::Document.new(text, options).to_html)
  end
end
"""
HUGO = {
    "hugo": "",
    "hugo-html": "enableEmoji = true\n[markup.goldmark]\nrenderer = {unsafe = true}\n"
    "parser.attribute = {block = true, title = true}\n",
}

folder = Path(sys.argv[1])
files = sorted(folder.glob("*.md"))
for reader, language in [("pandoc", "markdown"), ("pandoc-gfm", "gfm")]:
    for path in files:
        command = ["pandoc", "--from", language, "--to", "html", "--wrap", "none", path]
        html = subprocess.run(command, check=True, capture_output=True).stdout
        Path(f"{path}.{reader}.html").write_bytes(html)
subprocess.run(["ruby", "-e", KRAMDOWN, *files], check=True)
for reader, settings in HUGO.items():
    site = folder / reader
    (site / "content").mkdir(parents=True)
    (site / "layouts" / "_default").mkdir(parents=True)
    (site / "layouts" / "_default" / "single.html").write_text("{{ .Content }}")
    (site / "config.toml").write_text('baseURL = "/"\ndisableKinds = ["home", "section", "taxonomy", "term", "sitemap", "RSS", "404"]\n' + settings)
    for path in files:
        (site / "content" / path.name).write_text("---\ntitle: Test\n---\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    subprocess.run(["hugo", "--quiet"], cwd=site, check=True)
    for path in files:
        shutil.move(site / "public" / path.stem / "index.html", f"{path}.{reader}.html")
