"""Build a house from the command line: projects, budget, contracts, invoices, payments, releases, money, status."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_house_paying import open_claims, pay, release, suggest
from backend.cli.money_house_project import DAY, date_of, on_option, project_options, told_made, within
from backend.cli.money_house_words import financing_lines, line_there, percent, row_named, status_lines
from backend.cli.money_ledger import amount_of, with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.construction.loading import Site
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor


@click.group()
def house() -> None:
    """Keep what building a house costs: from the estimate to the release of what was held back."""


for _command in (pay, release, open_claims, suggest):
    house.add_command(_command)


@house.command("projects")
@common_options
def projects(user: str | None, as_json: bool) -> None:
    """List building projects with their sums."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.views_construction import summary_out

    found = with_ledger(user, as_json, lambda f, actor: [summary_out(one) for one in f.projects.all(actor)])
    if as_json:
        print_json({"items": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        spent, end = (minor_text(n, one.currency) for n in (one.total.paid_minor, one.total.forecast_minor))
        click.echo(f"{one.name}: {spent} of {end} {one.currency} paid  ({one.scheme.value})")
    if not found:
        click.echo("No building projects. `homie money house begin NAME` begins one.")


@house.command("begin")
@click.argument("name")
@click.option(
    "--scheme", type=click.Choice(["oenorm", "din276", "own"]), default="oenorm", show_default=True,
    help="Numbers of the cost groups: ÖNORM B 1801-1, DIN 276, or names of your own.",
)  # fmt: skip
@click.option("--currency", help="Its currency, as EUR; the household's own if left out.")
@click.option("--finish", type=DAY, help="The day when it shall be done.")
@common_options
def begin(
    name: str, scheme: str, currency: str | None, finish: dt.datetime | None, user: str | None, as_json: bool
) -> None:
    """Begin a building project called NAME."""
    from backend.financial_manager.schemas_construction import ProjectOut

    values = {"name": name, "scheme": scheme, "currency": currency, "finish_on": date_of(finish)}
    made = with_ledger(user, as_json, lambda f, actor: f.projects.create(actor, "project", values))
    told_made(ProjectOut.model_validate(made), f"{made.name} is begun.", as_json)


@house.command("line")
@click.argument("cost_group")
@click.argument("title")
@click.option("--estimate", help="What it may cost, with VAT, as 12000 or 12000.50.")
@click.option("--quote", help="What was offered, with VAT.")
@click.option("--awarded/--not-awarded", default=None, help="All of it is under contract: nothing else comes.")
@click.option("--reserve/--no-reserve", default=None, help="It is put aside for what nobody foresaw.")
@click.option("--was", help="The cost group in which the line of this title stands now, to move it to COST_GROUP.")
@click.option("--document", multiple=True, help="A photo, quote or plan: full path in an opened folder, or words.")
@project_options
def line(
    cost_group: str,
    title: str,
    estimate: str | None,
    quote: str | None,
    awarded: bool | None,
    reserve: bool | None,
    was: str | None,
    document: tuple[str, ...],
    project: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Put a line called TITLE into the budget, in COST_GROUP (as 2, 2.D or 334).

    The same title in the same cost group again changes what is named; the same title elsewhere is another line.
    """
    from backend.financial_manager.schemas_construction import BudgetLineOut

    def work(finances: Finances, actor: Actor, site: Site) -> Any:
        unit = site.project.currency
        given: dict[str, Any] = {
            "estimate_minor": amount_of(estimate, unit, "--estimate") if estimate is not None else None,
            "quote_minor": amount_of(quote, unit, "--quote") if quote is not None else None,
            "awarded": awarded,
            "contingency": reserve,
            "documents": list(document) or None,
        }
        values = {"cost_group": cost_group, **{name: value for name, value in given.items() if value is not None}}
        there = line_there(site.lines, title, was or cost_group, needed=was is not None)
        if there is not None:
            return finances.projects.change(actor, "line", there.id, values)
        return finances.projects.create(actor, "line", {**values, "project_id": site.project.id, "title": title})

    made = within(user, as_json, project, work)
    told_made(BudgetLineOut.model_validate(made), f"{made.cost_group} {made.title} is in the budget.", as_json)


@house.command("contract")
@click.argument("line_name", metavar="LINE")
@click.argument("vendor")
@click.argument("net")
@click.option("--title", default="", help="What it is about.")
@click.option("--vat", default="20", show_default=True, help="VAT in percent.")
@click.option("--skonto", default="0", help="Percent off for paying early.")
@click.option("--skonto-days", type=click.IntRange(0, 3650), default=0, help="Days from the invoice for that.")
@click.option("--due-days", type=click.IntRange(0, 3650), default=30, show_default=True, help="Days to pay at all.")
@click.option("--cover", default="0", help="Percent held back from partial invoices (Deckungsrücklass).")
@click.option("--liability", default="0", help="Percent held back from the final invoice (Haftungsrücklass).")
@click.option("--until", type=DAY, help="The day until which that is held back.")
@on_option("The day when it was signed.")
@project_options
def contract(
    line_name: str,
    vendor: str,
    net: str,
    title: str,
    vat: str,
    skonto: str,
    skonto_days: int,
    due_days: int,
    cover: str,
    liability: str,
    until: dt.datetime | None,
    on: dt.datetime | None,
    project: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Enter a contract with VENDOR over NET (without VAT) on a LINE of the budget; a purchase is one too."""
    from backend.financial_manager.schemas_construction import ContractOut

    def work(finances: Finances, actor: Actor, site: Site) -> Any:
        values = {
            "line_id": row_named(site.lines, line_name, "LINE", "title", "cost_group").id,
            "vendor": vendor,
            "title": title,
            "signed_on": date_of(on),
            "net_minor": amount_of(net, site.project.currency, "NET"),
            "vat_bp": percent(vat, "--vat"),
            "skonto_bp": percent(skonto, "--skonto"),
            "skonto_days": skonto_days,
            "due_days": due_days,
            "cover_bp": percent(cover, "--cover"),
            "liability_bp": percent(liability, "--liability"),
            "liability_until": date_of(until),
        }
        return finances.projects.create(actor, "contract", values)

    made = within(user, as_json, project, work)
    told_made(ContractOut.model_validate(made), f"The contract with {made.vendor} is entered.", as_json)


@house.command("change", context_settings={"ignore_unknown_options": True})
@click.argument("contract_name", metavar="CONTRACT")
@click.argument("title")
@click.argument("net")
@click.option("--approved", type=DAY, help="The day when it was approved; without it, it is only asked for.")
@project_options
def change(
    contract_name: str,
    title: str,
    net: str,
    approved: dt.datetime | None,
    project: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Enter a change of a CONTRACT (its vendor) called TITLE, over NET (as -500 for what falls away).

    The same title again approves or changes the one that is there.
    """
    from backend.financial_manager.schemas_construction import ChangeOrderOut

    def work(finances: Finances, actor: Actor, site: Site) -> Any:
        parent = row_named(site.contracts, contract_name, "CONTRACT", "vendor", "title")
        values: dict[str, Any] = {"net_minor": amount_of(net, site.project.currency, "NET")}
        values["approved_on"] = date_of(approved)
        for one in site.changes:
            if one.contract_id == parent.id and one.title.casefold() == title.casefold():
                return finances.projects.change(actor, "change_order", one.id, values)
        return finances.projects.create(actor, "change_order", {**values, "contract_id": parent.id, "title": title})

    made = within(user, as_json, project, work)
    state = "approved" if made.approved_on else "asked for"
    told_made(ChangeOrderOut.model_validate(made), f"{made.title} is {state}.", as_json)


@house.command("invoice")
@click.argument("contract_name", metavar="CONTRACT")
@click.argument("number")
@click.argument("net")
@click.option("--final", is_flag=True, help="It is the last one.")
@on_option("The day of the invoice; today if left out.")
@project_options
def invoice(
    contract_name: str,
    number: str,
    net: str,
    final: bool,
    on: dt.datetime | None,
    project: str,
    user: str | None,
    as_json: bool,
) -> None:
    """Enter an invoice with its NUMBER: NET is everything done so far, without VAT, also what was invoiced before."""
    from backend.financial_manager.schemas_construction import InvoiceOut

    def work(finances: Finances, actor: Actor, site: Site) -> Any:
        values = {
            "contract_id": row_named(site.contracts, contract_name, "CONTRACT", "vendor", "title").id,
            "number": number,
            "date": date_of(on) or finances.today(),
            "net_to_date_minor": amount_of(net, site.project.currency, "NET"),
            "kind": "final" if final else "partial",
        }
        return finances.projects.create(actor, "invoice", values)

    made = within(user, as_json, project, work)
    told_made(InvoiceOut.model_validate(made), f"Invoice {made.number} is entered.", as_json)


@house.command("source")
@click.argument("title")
@click.argument("amount")
@click.option(
    "--kind", type=click.Choice(["own", "loan", "subsidy"]), default="own", show_default=True, help="What it is."
)
@on_option("The day from which it is there; left out, it is there already.")
@project_options
def source(
    title: str, amount: str, kind: str, on: dt.datetime | None, project: str, user: str | None, as_json: bool
) -> None:
    """Add money for the project, called TITLE: own means, a loan's tranche, a subsidy."""
    from backend.financial_manager.schemas_construction import MoneySourceOut

    def work(finances: Finances, actor: Actor, site: Site) -> Any:
        values = {
            "project_id": site.project.id,
            "kind": kind,
            "title": title,
            "amount_minor": amount_of(amount, site.project.currency, "AMOUNT"),
            "available_on": date_of(on),
        }
        return finances.projects.create(actor, "source", values)

    made = within(user, as_json, project, work)
    told_made(MoneySourceOut.model_validate(made), f"{made.title} is entered.", as_json)


@house.command("status")
@click.option("--lines", is_flag=True, help="Show each line of the budget, not only the cost groups.")
@project_options
def status(lines: bool, project: str, user: str | None, as_json: bool) -> None:
    """Show where the project stands: estimate, committed, invoiced, paid, held back, open, forecast, with VAT."""
    from backend.financial_manager.views_construction import site_out, status_out

    def work(_: Finances, __: Actor, site: Site) -> Any:
        return site_out(site), status_out(site)

    site, told = within(user, as_json, project, work)
    if as_json:
        print_json({"project": site.model_dump(mode="json"), "status": told.model_dump(mode="json")})
        return
    click.echo("\n".join(status_lines(site, told, lines=lines)))


@house.command("financing")
@project_options
def financing(project: str, user: str | None, as_json: bool) -> None:
    """Show where the money comes from, what was drawn, and on which day it would not suffice."""
    from backend.financial_manager.views_construction import financing_out

    told = within(user, as_json, project, lambda finances, _, site: financing_out(site, finances.today()))
    print_json(told.model_dump(mode="json")) if as_json else click.echo("\n".join(financing_lines(told)))
