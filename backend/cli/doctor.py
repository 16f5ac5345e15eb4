"""`homie doctor`: what is missing or wrong, in plain words, and how to mend it."""

from __future__ import annotations

import sys

import click

from backend.cli.output import json_option, print_json

_SIGNS = {"ok": ("ok", "green"), "warning": ("look", "yellow"), "error": ("wrong", "red")}


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Say what is missing or wrong, and how to mend it. Ends with 1 when something is wrong."""
    from backend.core.diagnosis import diagnose
    from backend.core.findings import Level
    from backend.core.settings import load_settings

    findings = diagnose(load_settings())
    wrong = sum(finding.level is Level.ERROR for finding in findings)
    if as_json:
        rows = [{"level": f.level, "subject": f.subject, "says": f.says, "remedy": f.remedy or None} for f in findings]
        print_json({"healthy": wrong == 0, "findings": rows})
        sys.exit(1 if wrong else 0)
    for finding in findings:
        sign, colour = _SIGNS[finding.level]
        click.echo(f"{click.style(sign.rjust(5), fg=colour)}  {finding.subject}: {finding.says}")
        if finding.remedy:
            click.echo(f"       To mend it: {finding.remedy}")
    click.echo()
    click.echo("Everything is in order." if not wrong else f"{wrong} thing(s) need mending.")
    sys.exit(1 if wrong else 0)
