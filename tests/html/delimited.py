"""Reads every .csv and .tsv file of a folder with Python and writes NAME.ENDING.json: a list
of lines, each a list of fields.
"""

import csv
import json
import sys
from pathlib import Path

for path in Path(sys.argv[1]).glob("*.[ct]sv"):
    dialect = "excel" if path.suffix == ".csv" else "excel-tab"
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, dialect))
    Path(f"{path}.json").write_text(json.dumps(lines), encoding="utf-8")
