"""`homie money rules`: rules for categories from the command line: keep, order, try, apply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_ledger import amount_of, category_named, with_ledger
from backend.cli.output import common_options, print_json
from backend.sdk.errors import FieldProblem, InvalidInput

if TYPE_CHECKING:
    from backend.financial_manager.categories import RuleDefinition
    from backend.financial_manager.finances import Finances
    from backend.financial_manager.schemas_rules import CategoryRuleOut
    from backend.sdk.actor import Actor


@click.group("rules")
def money_rules() -> None:
    """Keep rules for categories: the first that fits a booking decides, what you say by hand stays."""


@money_rules.command("list")
@common_options
def list_rules(user: str | None, as_json: bool) -> None:
    """List rules in their order."""
    found = with_ledger(user, as_json, _shown)
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for number, one in enumerate(found, 1):
        click.echo(f"{number}. {one.name}{'' if one.enabled else ' (off)'}\n    {one.sentence}")
    if not found:
        click.echo("No rules. `homie money rules add NAME --text WORD --category CATEGORY` makes one.")


@money_rules.command("add")
@click.argument("name")
@click.option("--text", "texts", multiple=True, help="A text that payee or purpose contain; several: one of them.")
@click.option("--at-least", help="Amounts from this on, as 10.00.")
@click.option("--at-most", help="Amounts up to this, as 99.99.")
@click.option("--direction", type=click.Choice(["in", "out"]), help="Only money that came in, or that went out.")
@click.option("--category", help="What fits gets this category.")
@click.option("--tag", "tags", multiple=True, help="What fits gets this tag (repeatable).")
@click.option("--try", "only_try", is_flag=True, help="Say what it would do among your bookings, and save nothing.")
@common_options
def add_rule(
    name: str,
    texts: tuple[str, ...],
    at_least: str | None,
    at_most: str | None,
    direction: str | None,
    category: str | None,
    tags: tuple[str, ...],
    only_try: bool,
    user: str | None,
    as_json: bool,
) -> None:
    """Add a rule called NAME; it comes last in the order. All that is given must fit."""
    from backend.financial_manager.categories import read_rule

    conditions: list[dict[str, Any]] = []
    if texts:
        conditions.append({"what": "text", "values": list(texts)})
    if direction is not None:
        conditions.append({"what": "direction", "value": direction})

    def work(finances: Finances, actor: Actor) -> dict[str, Any]:
        limits = _limits(finances, actor, at_least=at_least, at_most=at_most)
        said = [*conditions, *([{"what": "amount", **limits}] if limits else [])]
        if not said:
            raise InvalidInput(fields=[FieldProblem("--text", "The rule fits nothing.", "Say what it is for.")])
        action: dict[str, Any] = {"tags": list(tags)}
        if category is not None:
            action["category_id"] = category_named(finances, actor, category)
        definition = read_rule({"name": name, "conditions": said, "action": action})
        return _trial(finances, actor, definition) if only_try else _created(finances, actor, definition)

    told = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
    elif only_try:
        click.echo(f"It fits {told['fits']} of {told['looked_at']} bookings and would decide {told['decides']}.")
        click.echo(f"{told['changes']} of them have another category now, or none.")
    else:
        click.echo(f"{told['name']}: {told['sentence']}")


@money_rules.command("delete")
@click.argument("name")
@common_options
def delete_rule(name: str, user: str | None, as_json: bool) -> None:
    """Delete the rule called NAME; `homie money undo` brings it back."""

    def work(finances: Finances, actor: Actor) -> str:
        found = [one for one in finances.category_rules.all(actor) if name in (one.id, one.name)]
        if len(found) != 1:
            problem = FieldProblem("NAME", f"There is no one rule called {name}.", "See `homie money rules list`.")
            raise InvalidInput(fields=[problem])
        finances.category_rules.delete(actor, found[0].id)
        return found[0].name

    told = with_ledger(user, as_json, work)
    print_json({"deleted": told}) if as_json else click.echo(f"{told} is deleted.")


@money_rules.command("apply")
@common_options
def apply_rules(user: str | None, as_json: bool) -> None:
    """Let the rules decide about what is booked; `homie money undo` takes it back."""
    count = with_ledger(user, as_json, lambda finances, actor: finances.category_rules.apply(actor).count)
    print_json({"count": count}) if as_json else click.echo(f"{count} bookings got a category.")


def _limits(finances: Finances, actor: Actor, **bounds: str | None) -> dict[str, Any]:
    """Return the amounts that a rule asks for, in the household's own currency."""
    unit = finances.settings.get(actor).currency
    fields = {name: f"--{name.replace('_', '-')}" for name in bounds}
    found = {name: amount_of(text, unit, fields[name]) for name, text in bounds.items() if text is not None}
    return {**found, "currency": unit} if found else {}


def _shown(finances: Finances, actor: Actor) -> list[CategoryRuleOut]:
    from backend.financial_manager.api_rules import rule_out

    titles = {one.id: one.title for one in finances.categories.all(actor)}
    names = {one.account.id: one.account.name for one in finances.accounts.all(actor)}
    unit = finances.settings.get(actor).currency
    return [rule_out(row, titles, names, unit) for row in finances.category_rules.all(actor)]


def _created(finances: Finances, actor: Actor, definition: RuleDefinition) -> dict[str, Any]:
    made = finances.category_rules.create(actor, definition)
    return next(one for one in _shown(finances, actor) if one.id == made.id).model_dump(mode="json")


def _trial(finances: Finances, actor: Actor, definition: RuleDefinition) -> dict[str, Any]:
    found = finances.category_rules.try_out(actor, definition)
    names = ("looked_at", "fits", "decides", "changes", "by_hand", "earlier")
    return {name: getattr(found, name) for name in names}
