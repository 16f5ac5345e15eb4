"""German banks by FinTS from the command line: the product id, log in, answer the bank's steps. Secrets are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_bank import tell_fetched
from backend.cli.money_ledger import with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend.financial_manager.banks.connections import Connected
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor

_ASKED = {
    "pin": "PIN",
    "mechanism": "Way of the TAN (number)",
    "medium": "Device for the TAN (its name)",
    "tan": "TAN",
    "approval": "Say yes in the bank's app, then press Enter",
}


@click.command("fints-product")
@click.argument("product_id")
@common_options
def put_product(product_id: str, user: str | None, as_json: bool) -> None:
    """Keep PRODUCT_ID, which your household registered at the German banks for FinTS."""
    from backend.financial_manager.schemas_banks import FintsProductIn

    def work(finances: Finances, actor: Actor) -> None:
        _checked(FintsProductIn, {"product": product_id})
        finances.fints.put_product(actor, product_id)

    with_ledger(user, as_json, work)
    print_json({"product": product_id}) if as_json else click.echo("The product id is kept.")


@click.command("fints")
@click.argument("bank_code")
@click.argument("address")
@click.argument("user_name")
@click.option("--customer", default="", help="Customer id, only if the bank gave one beside the user name.")
@click.option("--keep-pin", is_flag=True, help="Keep the PIN, sealed; else it is asked for each time.")
@common_options
def connect_fints(
    bank_code: str, address: str, user_name: str, customer: str, keep_pin: bool, user: str | None, as_json: bool
) -> None:
    """Connect the German bank BANK_CODE (BLZ) at its FinTS ADDRESS as USER_NAME; the PIN is asked for."""
    from backend.financial_manager.banks.fints.keeping import Login
    from backend.financial_manager.schemas_banks import FintsLoginIn

    pin = click.prompt("PIN", hide_input=True, err=True)

    def work(finances: Finances, actor: Actor) -> Connected:
        asked = {"bank_code": bank_code, "address": address, "user_name": user_name, "customer": customer}
        _checked(FintsLoginIn, {**asked, "pin": pin})
        return finances.fints.connect(actor, Login(bank_code, address, user_name, pin, customer, keep_pin))

    _logged_in(user, as_json, work)


@click.command("login")
@click.argument("connection")
@click.option("--keep-pin", is_flag=True, help="Keep the PIN, sealed; else it is asked for each time.")
@common_options
def log_in(connection: str, keep_pin: bool, user: str | None, as_json: bool) -> None:
    """Log in anew at CONNECTION, a bank of FinTS: the one way on after a refusal; the PIN is asked for."""
    pin = click.prompt("PIN", hide_input=True, err=True)
    _logged_in(user, as_json, lambda f, actor: f.fints.login(actor, connection, pin, keep_pin=keep_pin))


@click.command("answer")
@click.argument("connection")
@common_options
def answer(connection: str, user: str | None, as_json: bool) -> None:
    """Answer what CONNECTION waits for: a choice, a TAN, or a yes in the bank's app."""
    from backend.financial_manager.banks.provider import BankStepOver
    from backend.financial_manager.schemas_banks import AccountFetchedOut

    def asked(finances: Finances, actor: Actor) -> dict[str, Any]:
        found = waiting_step(finances, actor, connection)
        if found is None:
            raise BankStepOver()
        return found[1]

    step = with_ledger(user, as_json, asked)
    _show(step)
    kind = step["kind"]
    said = click.prompt(
        _ASKED[kind], hide_input=kind == "pin", err=True, default="" if kind == "approval" else None, show_default=False
    )

    def work(finances: Finances, actor: Actor) -> tuple[list[dict[str, Any]], Any]:
        done = finances.fetching.answer(actor, connection, step["id"], said)
        told = [AccountFetchedOut.model_validate(one).model_dump(mode="json") for one in done]
        return told, waiting_step(finances, actor, connection)

    told, next_step = with_ledger(user, as_json, work)
    if as_json:
        print_json({"items": told, "step": next_step[1] if next_step is not None else None})
    elif next_step is not None:
        tell_step(*next_step)
    else:
        tell_fetched(told)
        click.echo("Done. See `homie money bank list`.")


def waiting_step(finances: Finances, actor: Actor, connection_id: str) -> tuple[str, dict[str, Any]] | None:
    """Return the connection and the step that it waits for, or None."""
    from backend.financial_manager.api_banks import step_out

    found = step_out(finances.fints.step(actor, finances.connections.get(actor, connection_id).row))
    return (connection_id, found.model_dump(mode="json")) if found is not None else None


def tell_step(connection_id: str, step: dict[str, Any]) -> None:
    """Say what the bank waits for, and how it is answered."""
    _show(step)
    click.echo(f"Then: homie money bank answer {connection_id}")


def _show(step: dict[str, Any]) -> None:
    click.echo(f"The bank waits for: {_ASKED[step['kind']]} (until {step['until']})", err=True)
    if step["text"]:
        click.echo(f"    {step['text']}", err=True)
    for one in step["choices"]:
        click.echo(f"    {one['answer']}  {one['name']}", err=True)
    if step["picture"]:
        click.echo("    The bank sent a picture for the TAN: answer in the app, which shows it.", err=True)


def _logged_in(user: str | None, as_json: bool, work: Callable[[Finances, Actor], Connected]) -> None:
    from backend.financial_manager.api_banks import connection_out

    found = with_ledger(
        user, as_json, lambda f, actor: connection_out(f, actor, work(f, actor)).model_dump(mode="json")
    )
    if as_json:
        print_json(found)
    elif found["step"]:
        tell_step(found["id"], found["step"])
    else:
        click.echo(
            f"{found['title']} is connected, with {len(found['accounts'])} accounts. See `homie money bank list`."
        )


def _checked(kind: Any, values: dict[str, Any]) -> None:
    """Check what was given as the API does; raises `InvalidInput` that names the argument."""
    from pydantic import ValidationError

    from backend.sdk.errors import FieldProblem, InvalidInput

    try:
        kind(**values)
    except ValidationError as error:
        names = {str(one["loc"][0]).upper(): str(one["msg"]) for one in error.errors() if one["loc"]}
        remedy = "See `homie money bank fints --help`."
        raise InvalidInput(fields=[FieldProblem(name, told, remedy) for name, told in names.items()]) from None


FINTS_COMMANDS = (put_product, connect_fints, log_in, answer)
