"""`homie openapi`: the whole API as one document, without a running server."""

from __future__ import annotations

from pathlib import Path

import click

from backend.cli.context import open_platform
from backend.cli.output import json_option, print_json


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, writable=True), help="Write to this file instead.")
@json_option
def openapi(out: str | None, as_json: bool) -> None:
    """Print the API's OpenAPI 3.1 document (always JSON). Looks at no household's data."""
    import json
    import tempfile

    from backend.core.core_api import core_api
    from backend.core.event_log import MemoryEventLog
    from backend.sdk.http import merge_documents

    with tempfile.TemporaryDirectory() as place, open_platform(Path(place)) as platform:
        core = core_api(platform, MemoryEventLog(platform.clock))
        documents = [("core", core.openapi()), *platform.apps.documents()]
        document = merge_documents("Homie", platform.version, documents)
    if out is None:
        print_json(document)
        return
    Path(out).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if as_json:
        print_json({"file": out, "operations": sum(len(methods) for methods in document["paths"].values())})
    else:
        click.echo(f"Written to {out}.")
