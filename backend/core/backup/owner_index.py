"""The page that makes an export readable without any program but a browser."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

MOST_ROWS = 200
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
table{border-collapse:collapse;font-size:14px}td,th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;
vertical-align:top;max-width:28rem;overflow-wrap:anywhere}.wide{overflow-x:auto}h2{margin-top:2.5rem}
"""


def index_page(owner_id: str, folder: Path) -> str:
    """Return the HTML page for an export that lies in `folder`. Every value is escaped: it is data, never markup."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Homie export</title>',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<style>{_STYLE}</style></head><body><h1>Your data in Homie</h1>",
        f"<p>Space <code>{escape(owner_id)}</code>. The .jsonl files beside this page hold every row, one JSON object "
        f"per line; this page shows the first {MOST_ROWS} of each.</p>",
    ]
    for place in sorted(p for p in folder.iterdir() if p.is_dir()):
        parts.append(f"<h2>{escape(place.name)}</h2>")
        for path in sorted(p for p in place.rglob("*") if p.is_file()):
            name = path.relative_to(folder).as_posix()
            if path.suffix == ".jsonl":
                parts.append(_table(name, path))
            else:
                size = f"{path.stat().st_size:,} bytes"
                parts.append(f'<p><a href="{escape(name, quote=True)}">{escape(name)}</a> ({size})</p>')
    parts.append("</body></html>\n")
    return "\n".join(parts)


def _table(name: str, path: Path) -> str:
    rows, count = [], 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            count += 1
            if count <= MOST_ROWS:
                rows.append(json.loads(line))
    columns = sorted({key for row in rows for key in row}, key=str)
    head = "".join(f"<th>{escape(str(c))}</th>" for c in columns)
    body = "".join("<tr>" + "".join(f"<td>{_cell(row.get(c))}</td>" for c in columns) + "</tr>" for row in rows)
    link = f'<a href="{escape(name, quote=True)}">{escape(name)}</a>'
    return f'<h3>{link}: {count} rows</h3><div class="wide"><table><tr>{head}</tr>{body}</table></div>'


def _cell(value: object) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return escape(text if len(text) <= 500 else text[:500] + " ...")
