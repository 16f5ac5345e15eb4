"""`homie rules ...`: rules that always decide, without a server. Nothing here changes a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.organize_roots import roots_for
from backend.cli.output import common_options, fail_with, print_json
from backend.cli.rules_options import body_options, folders_named, wanted_body
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput

if TYPE_CHECKING:
    from backend.file_organizer.organizer import Organizer
    from backend.file_organizer.rules.rule_models import Rule
    from backend.file_organizer.rules.rule_store import Rules
    from backend.sdk.actor import Actor
    from backend.sdk.files import OwnerRoots


class _Desk:
    """The rules of one person while a command runs."""

    def __init__(self, platform: Any, user: str | None) -> None:
        self._platform = platform
        self.actor: Actor = acting(platform, user)
        self.organizer: Organizer = platform.module("file_organizer").organizer
        self.roots: OwnerRoots = self.organizer.roots.for_actor(self.actor)
        self.rules: Rules = self.organizer.rules

    def opened(self, options: dict[str, Any]) -> OwnerRoots:
        """Open the folders that the options name and that are there, as `homie organize` does; return all."""
        named = folders_named(options)
        if named:
            self.roots = roots_for(self._platform, self.actor, named, claim=True).for_actor(self.actor)
        return self.roots

    def find(self, given: str) -> Rule:
        """Return the rule with this id, number in the order (from 1) or name."""
        rules = self.rules.all(self.actor)
        named = [rule for rule in rules if rule.id == given or rule.name.casefold() == given.casefold()]
        if not named and given.isdigit() and 1 <= int(given) <= len(rules):
            named = [rules[int(given) - 1]]
        if len(named) == 1:
            return named[0]
        if named:
            problem = FieldProblem("RULE", f"Several rules are called '{given}'.", "Give its number or its id.")
            raise InvalidInput(fields=[problem])
        return self.rules.get(self.actor, given)


def _at_desk(user: str | None, as_json: bool, work: Callable[[_Desk], None]) -> None:
    """Do `work` with the rules open; an error of ours is told the way the caller reads."""
    try:
        with open_platform() as platform:
            work(_Desk(platform, user))
    except HomieError as error:
        fail_with(error, as_json=as_json)


@click.group()
def rules() -> None:
    """Keep rules that always decide: the first rule that fits a file wins over everything that was learned."""


@rules.command("list")
@common_options
def list_rules(user: str | None, as_json: bool) -> None:
    """List the rules in their order."""

    def work(desk: _Desk) -> None:
        found = desk.rules.all(desk.actor)
        if as_json:
            print_json([_shown(rule) for rule in found])
            return
        if not found:
            click.echo("There are no rules. Make one: homie rules add Invoices --name-contains invoice --to ~/Bills")
        for number, rule in enumerate(found, start=1):
            off = "" if rule.enabled else " (switched off)"
            click.echo(f"{number:3}  {rule.name}{off}\n     {_shown(rule)['sentence']}")

    _at_desk(user, as_json, work)


@rules.command()
@click.argument("rule")
@common_options
def show(rule: str, user: str | None, as_json: bool) -> None:
    """Show RULE: its number in the list, its name or its id."""
    _at_desk(user, as_json, lambda desk: _tell(desk.find(rule), as_json))


@rules.command()
@click.argument("name")
@click.option("--off", is_flag=True, help="Keep it switched off for now.")
@body_options
@common_options
def add(name: str, off: bool, user: str | None, as_json: bool, **options: Any) -> None:
    """Make the rule NAME; it comes last. Say which files, and one thing to do with them."""
    from backend.file_organizer.rules.definition import RuleDefinition

    def work(desk: _Desk) -> None:
        body = wanted_body(options, desk.opened(options))
        if body is None:
            problem = FieldProblem("NAME", "Which files, and what to do with them?", "See homie rules add --help.")
            raise InvalidInput(fields=[problem])
        definition = _checked(RuleDefinition, {"name": name, "enabled": not off, "body": body.model_dump()})
        _tell(desk.rules.create(desk.actor, [definition])[0], as_json)

    _at_desk(user, as_json, work)


@rules.command()
@click.argument("rule")
@click.option("--rename-rule", "title", help="Another name for the rule.")
@click.option("--position", type=click.IntRange(1), help="Its number in the order; 1 comes first.")
@body_options
@common_options
def edit(rule: str, title: str | None, position: int | None, user: str | None, as_json: bool, **options: Any) -> None:
    """Change RULE: its name, its place in the order, or what it says (then say all of it anew)."""

    def work(desk: _Desk) -> None:
        found = desk.find(rule)
        body = wanted_body(options, desk.opened(options))
        if title is not None or body is not None:
            found = desk.rules.change(desk.actor, found.id, name=title, body=body)
        if position is not None:
            found = next(r for r in desk.rules.place(desk.actor, found.id, position - 1) if r.id == found.id)
        _tell(found, as_json)

    _at_desk(user, as_json, work)


def _switch(rule: str, on: bool, user: str | None, as_json: bool) -> None:
    def work(desk: _Desk) -> None:
        _tell(desk.rules.change(desk.actor, desk.find(rule).id, enabled=on), as_json)

    _at_desk(user, as_json, work)


@rules.command()
@click.argument("rule")
@common_options
def enable(rule: str, user: str | None, as_json: bool) -> None:
    """Switch RULE on."""
    _switch(rule, True, user, as_json)


@rules.command()
@click.argument("rule")
@common_options
def disable(rule: str, user: str | None, as_json: bool) -> None:
    """Switch RULE off; it is kept."""
    _switch(rule, False, user, as_json)


@rules.command()
@click.argument("rule")
@common_options
def delete(rule: str, user: str | None, as_json: bool) -> None:
    """Delete RULE; `homie rules restore` brings it back within 30 days."""

    def work(desk: _Desk) -> None:
        found = desk.find(rule)
        desk.rules.delete(desk.actor, found.id)
        if as_json:
            print_json({"deleted": found.id})
        else:
            click.echo(f"Deleted '{found.name}'. Bring it back: homie rules restore {found.id}")

    _at_desk(user, as_json, work)


@rules.command()
@click.argument("rule_id")
@common_options
def restore(rule_id: str, user: str | None, as_json: bool) -> None:
    """Bring a deleted rule back to its place."""
    _at_desk(user, as_json, lambda desk: _tell(desk.rules.restore(desk.actor, rule_id), as_json))


@rules.command()
@click.argument("rule")
@click.option("--folder", type=click.Path(path_type=str), help="Also try it on what lies in this folder now.")
@click.option("--days", type=click.IntRange(1, 36500), default=365, show_default=True, help="How far back to look.")
@common_options
def test(rule: str, folder: str | None, days: int, user: str | None, as_json: bool) -> None:
    """Say what RULE would have done with what was filed, and would do in a folder. Changes nothing."""
    from backend.cli.rules_view import show_trial

    def work(desk: _Desk) -> None:
        from backend.file_organizer.analysis.reader import DocumentReader
        from backend.file_organizer.rules.copies import KnownCopies
        from backend.file_organizer.rules.definition import RuleBody

        found, trials = desk.find(rule), desk.organizer.rule_trials
        body = RuleBody.model_validate(found.body)
        history = trials.history(desk.actor, body, found.id, days=days)
        here = None
        if folder is not None:
            path = os.path.realpath(os.path.expanduser(folder))
            root = desk.roots.resolve(path, must_exist=True, folder=True, field="--folder")
            is_copy = KnownCopies(desk.organizer.index, desk.organizer.roots, desk.actor).is_copy
            with DocumentReader() as reader:
                here = trials.folder(desk.actor, root, body, found.id, reader=reader, is_copy=is_copy, seconds=60.0)
        names = {one.id: one.name for one in desk.rules.all(desk.actor)}
        warnings = trials.warnings(desk.roots, body, look_inside=True)
        show_trial(_shown(found)["sentence"], history, here, names, warnings, desk.roots, as_json=as_json)

    _at_desk(user, as_json, work)


@rules.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--preview", is_flag=True, help="Only show what would come in.")
@common_options
def import_rules(file: Any, preview: bool, user: str | None, as_json: bool) -> None:
    """Bring rules in from FILE: Homie's own, or the YAML of `organize` (organize-tool)."""
    from backend.cli.rules_view import show_import

    def work(desk: _Desk) -> None:
        from backend.file_organizer.rules.places import resolver
        from backend.file_organizer.rules.rule_files import read_rule_file

        try:
            text = file.read()
        except UnicodeDecodeError:
            raise InvalidInput(fields=[FieldProblem("FILE", "It is no text.", "Choose a file of rules.")]) from None
        home = os.path.realpath(os.path.expanduser("~"))
        kind, found = read_rule_file(text, desk.roots, resolver(desk.roots, home), field="FILE")
        created = [] if preview or not found.rules else desk.rules.create(desk.actor, found.rules)
        show_import(kind, found, [_shown(rule) for rule in created], as_json=as_json)

    _at_desk(user, as_json, work)


@rules.command()
@click.argument("file", required=False, type=click.Path(path_type=str, dir_okay=False))
@common_options
def export(file: str | None, user: str | None, as_json: bool) -> None:
    """Write the rules to FILE, or to standard output, for keeping or for another Homie."""

    def work(desk: _Desk) -> None:
        import json

        from backend.file_organizer.rules.rule_files import exported

        kept = exported(desk.rules.all(desk.actor))
        document = {"homie_rules": 1, "rules": kept}
        if file is None:
            print_json(document)
            return
        try:
            with open(file, "w", encoding="utf-8") as out:
                out.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        except OSError as error:
            problem = FieldProblem("FILE", f"It cannot be written: {error.strerror}.", "Choose another file.")
            raise InvalidInput(fields=[problem]) from None
        if as_json:
            print_json({"rules": len(kept), "file": file})
        else:
            click.echo(f"Wrote {len(kept)} rules to {file}.")

    _at_desk(user, as_json, work)


def _shown(rule: Rule) -> dict[str, Any]:
    from backend.file_organizer.api_rules import rule_out

    return rule_out(rule).model_dump(mode="json")


def _tell(rule: Rule, as_json: bool) -> None:
    shown = _shown(rule)
    if as_json:
        print_json(shown)
        return
    click.secho(rule.name + ("" if rule.enabled else " (switched off)"), bold=True)
    click.echo(f"  {shown['sentence']}\n  id {rule.id}, number {rule.position + 1} in the order")


def _checked(model: Any, values: dict[str, Any]) -> Any:
    from backend.cli.rules_options import checked

    return checked(model, values)
