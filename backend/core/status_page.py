"""What a browser sees at `/`: what this is, and the next steps. Nothing is loaded from elsewhere."""

from __future__ import annotations

STATUS_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Homie</title>
<style>
:root {{ color-scheme: dark light; }}
body {{ font: 1.05rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 0 auto; padding: 2rem 1.2rem;
       color: #e8e6e3; background: #16181c; }}
h1 {{ font-size: 1.7rem; }} h2 {{ font-size: 1.25rem; margin-top: 2rem; }} ul {{ padding-left: 1.2rem; }}
code {{ background: #262a31; padding: .1rem .35rem; border-radius: .25rem; overflow-wrap: anywhere; }}
a {{ color: #8ab4f8; }}
@media (prefers-color-scheme: light) {{
  body {{ color: #1c1e22; background: #fbfbfc; }} code {{ background: #e9ebef; }} a {{ color: #1a56b8; }}
}}
</style>
</head>
<body>
<main>
<h1>Homie is running</h1>
<p>This is the hub of your household: files, documents, money and media, on your own machine. Version {version}.</p>
{steps}
<h2>What you can do from here</h2>
<ul>
<li>Organise a messy folder: <code>homie organize ~/Downloads</code>. It shows a plan first and changes nothing;
    <code>--apply</code> carries it out, <code>homie undo</code> takes it back.</li>
<li>See whether all is well: <code>homie doctor</code></li>
<li>Call the API: its description is at <a href="/openapi.json">/openapi.json</a></li>
<li>Watch several people side by side: <code>python -m backend.test_client.server</code></li>
</ul>
</main>
</body>
</html>
"""

_SET_UP = """<h2>First: make the owner's account</h2>
<p>Nobody has an account yet. The one-time set-up code was printed when the hub started. Give it to
<code>homie users setup</code>, or send it to <code>POST /api/v1/accounts/setup</code>.</p>
"""
_LOG_IN = "<p>An account exists. Log in at <code>POST /api/v1/accounts/login</code>.</p>\n"


def status_page(version: str, *, needs_setup: bool) -> bytes:
    """Return the page."""
    return _PAGE.format(version=version, steps=_SET_UP if needs_setup else _LOG_IN).encode()
