"""What every command about one building project takes, and how it runs and answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.construction.loading import Site
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor
    from backend.sdk.http import Out

F = TypeVar("F", bound=Callable[..., Any])
DAY = click.DateTime(["%Y-%m-%d"])


def project_options(function: F) -> F:
    """Add `--project`, and what every command about a person's things takes."""
    told = "Name of the project; the only one if left out."
    return click.option("--project", default="", help=told)(common_options(function))


def on_option(told: str) -> Callable[[F], F]:
    """Add `--on`, a day."""
    return click.option("--on", type=DAY, help=told)


def date_of(value: dt.datetime | None) -> dt.date | None:
    """Return the day of what click read."""
    return value.date() if value is not None else None


def within(user: str | None, as_json: bool, project: str, work: Callable[[Finances, Actor, Site], Any]) -> Any:
    """Run `work` with one project."""
    return with_ledger(user, as_json, lambda f, actor: work(f, actor, f.projects.named(actor, project)))


def told_made(told: Out, words: str, as_json: bool) -> None:
    """Print what was entered: its row for programs, a sentence for people."""
    print_json(told.model_dump(mode="json")) if as_json else click.echo(words)
