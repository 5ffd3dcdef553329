"""Reads every .rst file of a folder with docutils and writes NAME.rst.html.

Anything docutils has to say about a file, even a hint, is a failure.
"""

import io
import sys
from pathlib import Path

from docutils.core import publish_string

failed = False
for path in sorted(Path(sys.argv[1]).glob("*.rst")):
    said = io.StringIO()
    settings = {"report_level": 1, "halt_level": 5, "warning_stream": said, "doctitle_xform": False}
    html = publish_string(
        path.read_text(encoding="utf-8"), writer_name="html5", settings_overrides=settings
    )
    Path(f"{path}.html").write_bytes(html)
    if said.getvalue():
        failed = True
        print(f"{path.name}: {said.getvalue()}")
sys.exit(failed)
