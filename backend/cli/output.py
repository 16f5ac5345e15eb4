"""How commands speak: text for people on standard output, JSON for programs with `--json`, errors on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import click

from backend.sdk.errors import HomieError

F = TypeVar("F", bound=Callable[..., Any])


def json_option(function: F) -> F:
    """Add the `--json` flag that every command has; it arrives as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(function)


def user_option(function: F) -> F:
    """Add `--user`, by which a command acts for one person; it arrives as `user`, None for the hub's first owner."""
    return click.option("--user", help="Login name of the person; the hub's first owner if left out.")(function)


def common_options(function: F) -> F:
    """Add what a command about a person's things takes: `--user` and `--json`."""
    return user_option(json_option(function))


def print_json(value: Any) -> None:
    """Print one JSON document; undecodable file names are escaped, never lost."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def fail_with(error: HomieError, *, as_json: bool) -> NoReturn:
    """Print an error of ours the way the caller reads (text or JSON) and end with exit code 1."""
    if as_json:
        print_json(error.as_json(request_id=""))
    else:
        click.secho(f"Error: {error.message}", fg="red", err=True)
        for field in error.fields:
            remedy = f" {field.remedy}" if field.remedy else ""
            click.echo(f"  {field.name}: {field.problem}{remedy}", err=True)
    sys.exit(1)
