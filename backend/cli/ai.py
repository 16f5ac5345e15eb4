"""`homie ai ...`: how AI stands, what it would be asked and what that would cost, what was sent, and closed folders.

Works without a server. Only `homie organize --ai` and `homie money ask` ask anything; all commands here only look.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import open_platform
from backend.cli.organize import _actor, _full_path
from backend.cli.output import fail_with, json_option, print_json, user_option
from backend.cli.progress import counted_progress
from backend.sdk.errors import HomieError
from backend.sdk.files import encode_path

if TYPE_CHECKING:
    from backend.core.platform import Platform
    from backend.sdk.actor import Actor

_MODULE = "file_organizer"
_MICRO = 1_000_000


@click.group()
def ai() -> None:
    """Show what AI is allowed, would be asked, would cost, and was sent; nothing here asks it."""


@ai.command()
@user_option
@json_option
def status(user: str | None, as_json: bool) -> None:
    """Say how AI stands for the File Organizer in your space, and what this month has cost."""
    try:
        with open_platform() as platform:
            actor = _actor(platform, user)
            app: Any = platform.module(_MODULE)
            settings = app.organizer.settings.get(actor)
            found = platform.ai.status(actor, _MODULE)
            months = platform.ai.ledger.usage(actor)
            rules = app.organizer.folder_rules.all(actor)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        own = {name: getattr(settings, name) for name in ("ai_enabled", "ai_send_content", "ai_send_folders")}
        print_json(asdict(found) | own | {"months": [asdict(month) for month in months], "rules": len(rules)})
        return
    click.echo(found.text)
    if found.ready and not settings.ai_enabled:
        click.echo("It is switched off for the File Organizer (in its settings).")
    click.echo(f"  Words from documents: {'may be sent' if settings.ai_send_content else 'stay here'}")
    click.echo(f"  Names of your folders: {'may be sent' if settings.ai_send_folders else 'stay here'}")
    click.echo(f"  Folders with a rule of their own: {len(rules)} (see `homie ai folders`)")
    for month in months[:3]:
        tokens = month.input_tokens + month.output_tokens
        click.echo(f"  {month.month}: {month.calls} questions, {tokens} tokens, {_money(month.cost_micro_usd)}")


@ai.command()
@click.argument("path", type=click.Path(path_type=str))
@click.option("--into", type=click.Path(path_type=str), help="Where to file; PATH itself if left out.")
@user_option
@json_option
def preview(path: str, into: str | None, user: str | None, as_json: bool) -> None:
    """Print exactly what a scan of PATH with AI would send first; sends nothing."""
    try:
        with open_platform() as platform:
            organizer, actor, places, build = _prepared(platform, user, path, into)
            found = organizer.planner.preview_ai(actor, *places, build)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json(asdict(found) | {"enabled_here": build.settings.ai_enabled})
        return
    click.echo(found.reason)
    if found.body is None:
        return
    hidden = ", ".join(f"{count} {kind}" for kind, count in sorted(found.hidden.items())) or "nothing"
    click.echo(f"To: {found.url} (about {found.estimated_input_tokens} tokens; hidden: {hidden})\n")
    click.echo(found.body)


@ai.command()
@click.argument("path", type=click.Path(path_type=str))
@click.option("--into", type=click.Path(path_type=str), help="Where to file; PATH itself if left out.")
@click.option("--deep", is_flag=True, help="Also take tidy subfolders apart.")
@user_option
@json_option
def estimate(path: str, into: str | None, deep: bool, user: str | None, as_json: bool) -> None:
    """Say what a scan of PATH with AI would ask and cost; sends nothing."""
    try:
        with open_platform() as platform:
            organizer, actor, places, build = _prepared(platform, user, path, into, deep=deep)
            with counted_progress(as_json) as tell:
                found = organizer.planner.estimate_ai(actor, *places, build, tell)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    said = found.estimate
    if as_json:
        print_json(found.as_json() | {"enabled_here": build.settings.ai_enabled})
        return
    click.echo(said.reason)
    click.echo(f"  Unclear files: {found.unsure} (answered before: {said.known_items})")
    if found.private or found.speaking:
        click.echo(f"  Not asked about: {found.private} in closed folders, {found.speaking} that speak to machines")
    click.echo(
        f"  Questions: {said.calls}, tokens: about {said.input_tokens} out of the house, {said.output_tokens} back"
    )
    if said.cost_micro_usd is None:
        click.echo("  Cost: unknown. No price is known for this model; an admin can enter one in the AI settings.")
    else:
        click.echo(f"  Cost: about {_money(said.cost_micro_usd)}, at most {_money(said.most_cost_micro_usd or 0)}")
    if not found.complete:
        click.echo("  Only the first part of this very large folder was looked at.")


@ai.command()
@click.argument("request", required=False)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many at most.")
@user_option
@json_option
def log(request: str | None, limit: int, user: str | None, as_json: bool) -> None:
    """List what was sent, newest first; with a REQUEST's id, print it exactly as it left the house."""
    from backend.core.ai.admin import AiAdmin, space_owner_or_admin

    try:
        with open_platform() as platform:
            actor = _actor(platform, user)
            book = AiAdmin(platform.ai, platform.core_db, platform.audit, space_owner_or_admin(platform.core_db))
            rows = [book.payload(actor, request)] if request is not None else book.payloads(actor, limit, None)
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json(rows[0] if request is not None else {"items": rows})
        return
    for row in rows:
        cost = _money(row["cost_micro_usd"]) if row["cost_micro_usd"] is not None else "cost unknown"
        tokens = row["input_tokens"] + row["output_tokens"]
        when = row["sent_at"].astimezone().strftime("%Y-%m-%d %H:%M:%S")
        click.echo(f"{row['id']}  {when}  {row['model']}  {row['item_count']} files, {tokens} tokens, {cost}")
        click.echo(f"    {row['module']} {row['task']} {row['subject'] or ''} -> {row['url']} ({row['outcome']})")
        if request is not None:
            click.echo(f"\n{row['body']}")
    if not rows:
        click.echo("Not one request has left the house.")


@ai.command()
@click.argument("path", type=click.Path(path_type=str), required=False)
@click.argument("rule", type=click.Choice(["nothing", "names", "content", "usual"]), required=False)
@user_option
@json_option
def folders(path: str | None, rule: str | None, user: str | None, as_json: bool) -> None:
    """List what AI may be told about single folders; with PATH and RULE, set it (`usual` drops the rule).

    nothing: neither files in it nor its name; names: never words from documents; content: names and words.
    """
    from backend.file_organizer.asking.folder_rules import Openness

    try:
        if path is not None and rule is None:
            raise click.UsageError("Say also what AI may be told: nothing, names, content or usual.")
        with open_platform() as platform:
            actor = _actor(platform, user)
            app: Any = platform.module(_MODULE)
            rules, roots = app.organizer.folder_rules, app.organizer.roots.for_actor(actor)
            if path is not None and rule is not None:
                place = roots.resolve(_full_path(path), folder=True, field="PATH")
                if rule == "usual":
                    wanted = (place.root.volume_id, encode_path(place.relpath))
                    for one in rules.all(actor):
                        if (one.volume_id, one.path) == wanted:
                            rules.remove(actor, one.id)
                else:
                    rules.put(actor, place, Openness(rule))
            shown = [_rule(one, roots) for one in rules.all(actor)]
    except HomieError as error:
        fail_with(error, as_json=as_json)
    if as_json:
        print_json({"items": shown})
        return
    for entry in shown:
        click.echo(f"{entry['rule']:8} {entry['path'] or '(a folder that is not open to you)'}")
    if not shown:
        click.echo("No folder has a rule of its own.")


def _rule(rule: Any, roots: Any) -> dict[str, str]:
    root = roots.root(rule.volume_id)
    path = f"{encode_path(root.path).rstrip('/')}/{rule.path}".rstrip("/") if root is not None else ""
    return {"id": rule.id, "path": path, "rule": rule.rule}


def _prepared(
    platform: Platform, user: str | None, path: str, into: str | None, *, deep: bool = False
) -> tuple[Any, Actor, tuple[Any, Any], Any]:
    """Return (organizer, actor, (root, destination), options) for looking at a folder; grants and writes nothing."""
    from backend.cli.organize_roots import roots_for
    from backend.file_organizer.organizer import Organizer
    from backend.file_organizer.planner import BuildOptions

    actor = _actor(platform, user)
    app: Any = platform.module(_MODULE)
    named = [_full_path(path), *([_full_path(into)] if into is not None else [])]
    source = roots_for(platform, actor, [*reversed(named)], claim=False)
    organizer = Organizer(app.ctx, source)
    roots = source.for_actor(actor)
    root = roots.resolve(named[0], must_exist=True, folder=True, field="PATH")
    target = roots.resolve(named[1], folder=True, field="--into") if into is not None else root
    settings = organizer.settings.get(actor)
    build = BuildOptions(settings, settings.accept_threshold, deep=deep, use_ai=True, inside_only=into is not None)
    return organizer, actor, (root, target), build


def _money(micro_usd: int) -> str:
    """Write millionths of a US dollar as an amount."""
    amount = micro_usd / _MICRO
    return f"{amount:.2f} USD" if amount >= 0.1 or not micro_usd else f"{amount:.6f}".rstrip("0") + " USD"
