"""`homie organize`, `homie undo`: the File Organizer from the command line, without a server.

A dry run writes nothing into the household's folders, not even Homie's marker, and nothing into the database.
"""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import fail_with, json_option, print_json, user_option
from backend.cli.progress import counted_progress
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.file_organizer.execution.runs import RunReport
    from backend.file_organizer.organizer import Organizer
    from backend.file_organizer.planner import BuildOptions
    from backend.sdk.actor import Actor
    from backend.sdk.files import OwnerRoots


@click.command()
@click.argument("path", type=click.Path(path_type=str))
@click.option("--into", type=click.Path(path_type=str), help="Where to file; PATH itself if left out.")
@click.option("--apply", "apply_now", is_flag=True, help="Carry the plan out. Without it nothing is changed.")
@click.option("--yes", is_flag=True, help="Do not ask before carrying out.")
@click.option("--min-confidence", type=click.FloatRange(0.0, 1.0), help="Only suggestions at least this sure.")
@click.option("--conflict", type=click.Choice(["skip", "keep-both", "replace"]), help="When a name is taken.")
@click.option("--deep", is_flag=True, help="Also take tidy subfolders apart.")
@click.option("--ai", is_flag=True, help="Ask the configured AI about unclear files (if switched on in settings).")
@click.option("--language", type=click.Choice(["en", "de"]), help="Language of new folders.")
@click.option("--all", "show_all", is_flag=True, help="Show every file, not only the first of each folder.")
@user_option
@json_option
def organize(path: str, into: str | None, apply_now: bool, yes: bool, user: str | None, **options: Any) -> None:
    """Show how the folder PATH would be organised; --apply does it.

    The plan is a tree of destination folders with the confidence and the reason of each suggestion. What Homie is not
    sure about is listed and left where it is. `homie undo` takes everything back.
    """
    as_json: bool = options["as_json"]
    try:
        with open_platform() as platform:
            actor = _actor(platform, user)
            _organize(platform, actor, _full_path(path), into and _full_path(into), apply_now, yes, options)
    except HomieError as error:
        fail_with(error, as_json=as_json)


def _organize(
    platform: Platform,
    actor: Actor,
    path: str,
    into: str | None,
    apply_now: bool,
    yes: bool,
    options: dict[str, Any],
) -> None:
    from backend.cli.organize_roots import roots_for
    from backend.cli.organize_view import PlanView
    from backend.file_organizer.organizer import Organizer

    app: Any = platform.module("file_organizer")
    source = roots_for(platform, actor, [into or path, path], claim=apply_now)
    organizer = Organizer(app.ctx, source)
    roots: OwnerRoots = source.for_actor(actor)
    root = roots.resolve(path, must_exist=True, field="PATH")
    target = roots.resolve(into, folder=True, field="--into") if into is not None else root
    build = _build_options(organizer, actor, options | {"inside": into is not None})
    view = PlanView(root, target, roots, as_json=options["as_json"], show_all=options["show_all"])
    with counted_progress(options["as_json"]) as tell:
        if apply_now:
            plan_id = organizer.planner.build(
                actor, root, target, build, progress=tell, on_rows=view.add, summary=view.summary
            )
        else:
            for rows in organizer.planner.preview(actor, root, target, build, view.summary, tell):
                view.add(rows)
    if not apply_now:
        view.show(applied=False)
        return
    if not options["as_json"]:
        view.show(applied=True)
        if not yes and sys.stdin.isatty() and not click.confirm(f"Move {view.summary.suggested} files now?"):
            organizer.plans.discard(actor, plan_id)
            click.echo("Nothing was changed.")
            return
    organizer.accept_above(actor, plan_id, build.threshold)
    with counted_progress(options["as_json"]) as tell:
        report = organizer.execute_plan(actor, plan_id, tell)
    view.show_outcome(report)
    if report.failed:
        sys.exit(2)


def _build_options(organizer: Organizer, actor: Actor, options: dict[str, Any]) -> BuildOptions:
    from backend.file_organizer.planner import BuildOptions

    settings = organizer.settings.get(actor)
    given = {key: options[key] for key in ("language", "conflict") if options[key] is not None}
    settings = settings.model_copy(update=given)
    threshold = settings.accept_threshold if options["min_confidence"] is None else options["min_confidence"]
    if options["ai"] and not settings.ai_enabled:
        raise InvalidInput(
            fields=[
                FieldProblem(
                    "--ai", "AI is switched off for the File Organizer.", "Switch it on in the module's settings first."
                )
            ]
        )
    return BuildOptions(settings, threshold, deep=options["deep"], use_ai=options["ai"], inside_only=options["inside"])


@click.command()
@click.argument("run", required=False)
@click.option("--last", is_flag=True, help="The last run (this is what happens without any choice).")
@click.option("--file", "file_path", type=click.Path(path_type=str), help="Only this file, named as it is now.")
@click.option("--day", help="Everything of one day: 2026-05-17, today or yesterday.")
@click.option("--keep-both", is_flag=True, help="Where a place is taken again or a file was changed, keep both.")
@user_option
@json_option
def undo(
    run: str | None,
    last: bool,
    file_path: str | None,
    day: str | None,
    keep_both: bool,
    user: str | None,
    as_json: bool,
) -> None:
    """Take back a run, a file or a day, byte for byte; RUN is an id from `homie history`."""
    try:
        if sum((run is not None, last, file_path is not None, day is not None)) > 1:
            raise InvalidInput(
                fields=[
                    FieldProblem("RUN", "More than one thing to undo was named.", "Name one: a run, a file or a day.")
                ]
            )
        with open_platform() as platform:
            actor = _actor(platform, user)
            app: Any = platform.module("file_organizer")
            organizer: Organizer = app.organizer
            with counted_progress(as_json) as tell:
                reports = _undo(organizer, actor, run, file_path, day, keep_both, tell)
            for report in reports:
                organizer.settle_undone(actor, report)
            _show_undo(reports, as_json)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if any(_real_problems(report) for report in reports):
        sys.exit(2)


def _undo(
    organizer: Organizer,
    actor: Actor,
    run: str | None,
    file_path: str | None,
    day: str | None,
    keep_both: bool,
    tell: Any,
) -> list[RunReport]:
    from backend.file_organizer.organizer import executor_progress

    told = executor_progress(tell)
    files = organizer.files
    if file_path is not None:
        roots = organizer.roots.for_actor(actor)
        place = roots.resolve(_full_path(file_path), must_exist=True, field="--file").volume_path
        return [files.undo_file(actor, place, keep_both=keep_both)]
    if day is not None:
        zone = datetime.now().astimezone().tzinfo
        assert zone is not None
        return files.undo_day(actor, _day(day), zone=zone, keep_both=keep_both, on_progress=told)
    if run is None:
        run = organizer.history.last_undoable_run(actor)
        if run is None:
            raise InvalidInput(
                "There is nothing to undo.",
                fields=[FieldProblem("--last", "No run is in effect.", "See `homie history`.")],
            )
    return [files.undo_run(actor, run, keep_both=keep_both, on_progress=told)]


def _day(text: str) -> date:
    from datetime import timedelta

    today = datetime.now().astimezone().date()
    if text in ("today", "yesterday"):
        return today - timedelta(days=text == "yesterday")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            fields=[FieldProblem("--day", f"'{text}' is no day.", "Write it like 2026-05-17, or today, or yesterday.")]
        ) from None


def _show_undo(reports: list[RunReport], as_json: bool) -> None:
    from backend.file_organizer.jobs_common import summary

    if as_json:
        print_json({"runs": [summary(report) for report in reports]})
        return
    for report in reports:
        problems = _real_problems(report)
        end = "." if problems else ": everything is where it was."
        steps = "1 step" if report.done == 1 else f"{report.done} steps"
        click.secho(f"Took back {steps}{end}", fg="green")
        for problem in problems[:20]:
            click.echo(f"  {problem.source.text if problem.source else ''}: {problem.explanation}")


def _real_problems(report: RunReport) -> list[Any]:
    """Return what was not put back; that a folder which is still used was kept is as it should be."""
    return [problem for problem in report.problems if problem.op != "rmdir"]


def _actor(platform: Platform, user: str | None) -> Actor:
    return acting(platform, user)


def _full_path(path: str) -> str:
    """Return the full path of what was typed; `~` is known, links in the way are followed."""
    return os.path.realpath(os.path.expanduser(path))
