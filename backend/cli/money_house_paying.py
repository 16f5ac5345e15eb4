"""Pay from the command line what building a house asks for: open invoices, payments, releases of what was held back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_house_project import date_of, on_option, project_options, told_made, within
from backend.cli.money_house_words import row_named
from backend.cli.money_ledger import amount_of, with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.construction.loading import Site
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor


@click.command("release")
@click.argument("contract_name", metavar="CONTRACT")
@click.argument("amount")
@click.option(
    "--kind", type=click.Choice(["cover", "liability"]), default="liability", show_default=True,
    help="Held back from partial invoices (cover) or from the final one (liability).",
)  # fmt: skip
@on_option("The day; today if left out.")
@project_options
def release(
    contract_name: str,
    amount: str,
    kind: str,
    on: dt.datetime | None,
    project: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Let AMOUNT of what is held back of a CONTRACT be paid out; `pay` with its id pays it."""
    from backend.financial_manager.schemas_construction import ReleaseOut

    def work(finances: Finances, actor: Actor, site: Site) -> Any:
        values = {
            "contract_id": row_named(site.contracts, contract_name, "CONTRACT", "vendor", "title").id,
            "date": date_of(on) or finances.today(),
            "amount_minor": amount_of(amount, site.project.currency, "AMOUNT"),
            "kind": kind,
        }
        return finances.projects.create(actor, "release", values)

    made = within(user, as_json, project, work)
    told_made(ReleaseOut.model_validate(made), f"{amount} is released: {made.id}", as_json)


@click.command("pay", context_settings={"ignore_unknown_options": True})
@click.argument("number", metavar="INVOICE")
@click.argument("amount", required=False)
@click.option("--booking", help="Id of the booking of the ledger that pays it, as of `homie money list --json`.")
@on_option("The day; that of the booking, or today, if left out.")
@click.option("--skonto", help="What was kept for paying early; what the contract allows if left out.")
@click.option("--from", "origin", help="Title of the money that it draws, as a loan's tranche.")
@click.option("--dry-run", is_flag=True, help="Say what it would do, and do nothing.")
@project_options
def pay(
    number: str,
    amount: str | None,
    booking: str | None,
    on: dt.datetime | None,
    skonto: str | None,
    origin: str | None,
    dry_run: bool,
    project: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Pay an INVOICE (its number or id) or a release (its id): AMOUNT (as -500 for what came back), or a booking."""
    from backend.financial_manager.construction.settling import Money
    from backend.financial_manager.schemas_construction_status import PaidOut
    from backend.financial_manager.views_construction import settlement_out

    def work(finances: Finances, actor: Actor, site: Site) -> dict[str, Any]:
        unit = site.project.currency
        freed = [one for one in site.releases if one.id == number]
        kind = "release" if freed else "invoice"
        row = freed[0] if freed else row_named(site.invoices, number, "INVOICE", "number")
        drawn = row_named(site.sources, origin, "--from", "title").id if origin is not None else None
        money = Money(
            transaction_id=booking,
            amount_minor=amount_of(amount, unit, "AMOUNT") if amount is not None else None,
            date=date_of(on) or (finances.today() if booking is None else None),
            skonto_minor=amount_of(skonto, unit, "--skonto") if skonto is not None else None,
            source_id=drawn,
        )
        if dry_run:
            found = finances.settling.preview(actor, kind, row.id, money)
            return {"settlement": settlement_out(found).model_dump(mode="json")}
        paid = finances.settling.settle(actor, kind, row.id, money)
        return PaidOut.model_validate(paid).model_dump(mode="json")

    told = within(user, as_json, project, work)
    begun = "Nothing was entered." if dry_run else "Paid."
    print_json(told) if as_json else click.echo(f"{begun} {told['settlement']['words']}")


@click.command("open")
@project_options
def open_claims(project: str, user: str | None, as_json: bool) -> None:
    """List invoices and releases that are not paid yet, with the day and the Skonto."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.views_construction import site_out, status_out

    def work(_: Finances, __: Actor, site: Site) -> Any:
        names = {one.id: one.number for one in site_out(site).invoices}
        vendors = {one.id: one.vendor for one in site.contracts}
        found = []
        for order in status_out(site).contracts:
            for claim in order.claims:
                if claim.open_minor:
                    more = {"vendor": vendors[order.contract_id], "number": names.get(claim.id, "")}
                    found.append({**more, **claim.model_dump(mode="json"), "currency": site.project.currency})
        return sorted(found, key=lambda one: (one["due_on"], one["id"]))

    found = within(user, as_json, project, work)
    if as_json:
        print_json({"items": found})
        return
    for one in found:
        amount = f"{minor_text(one['open_minor'], one['currency']):>14} {one['currency']}"
        early = ""
        if one["skonto_until"] and not one["taken_minor"]:
            early = f", {minor_text(one['skonto_minor'], one['currency'])} less up to {one['skonto_until']}"
        click.echo(f"{one['due_on']}  {amount}  {one['vendor']} {one['number'] or one['id']}{early}")
    if not found:
        click.echo("Nothing is open.")


@click.command("suggest")
@click.argument("booking")
@common_options
def suggest(booking: str, user: str | None, as_json: bool) -> None:
    """List the open invoices that a BOOKING of the ledger (its id) may pay, the best first; and what it paid."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.views_construction import standing_out

    found = with_ledger(user, as_json, lambda f, actor: standing_out(f.settling.standing(actor, booking)))
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    for paid in found.paid:
        less = f", less {minor_text(paid.skonto_minor, found.currency)} of Skonto" if paid.skonto_minor else ""
        amount = f"{minor_text(paid.amount_minor, found.currency)} {found.currency}"
        click.echo(f"Paid  {paid.vendor} {paid.title} ({paid.project}): {amount}{less}")
    for one in found.items:
        click.echo(f"{one.score:4.0%}  {one.vendor} {one.title}: {one.settlement.words}")
    if not found.items:
        click.echo("Nothing that is open fits.")
