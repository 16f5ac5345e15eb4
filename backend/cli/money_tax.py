"""`homie money tax`: the tax figures of a year, each with what is behind it. This is no tax advice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_ledger import amount_of, with_ledger
from backend.cli.output import common_options, print_json

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.sdk.actor import Actor


@click.command("tax")
@click.argument("words", nargs=-1, required=True, metavar="[COUNTRY] YEAR")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table (CSV with semicolons).")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to this file as a PDF.")
@click.option("--language", type=click.Choice(("en", "de")), default="en", show_default=True, help="Of the words.")
@click.option("--income", help="Income of the year, as 30000.00: some thresholds need it.")
@click.option("--joint", is_flag=True, help="Assessed together with your spouse.")
@common_options
def tax(
    words: tuple[str, ...],
    as_csv: bool,
    pdf: Path | None,
    language: Any,
    income: str | None,
    joint: bool,
    user: str | None,
    as_json: bool,
) -> None:
    """Show the tax figures of COUNTRY (AT, DE, ZZ) and YEAR, each with what is behind it. This is no tax advice.

    Without COUNTRY those of the household's own (`homie money settings`).
    """
    from backend.financial_manager.depots.tax_documents import document_of
    from backend.financial_manager.depots.tax_tables import table_of
    from backend.financial_manager.taxes import TaxOptions
    from backend.financial_manager.views_depots import report_out

    chosen, year = _country_and_year(words)

    def work(finances: Finances, actor: Actor) -> tuple[Any, str, dict[str, str]]:
        options = TaxOptions(joint, None if income is None else amount_of(income, "EUR", "--income"))
        country = finances.tax_country(actor, chosen)
        if pdf is not None:
            name, content = document_of(finances.tax_reports.report(actor, country, year, options), language)
            pdf.write_bytes(content)
            return {"file_name": str(pdf)}, f"{pdf}\n", {}
        if as_csv:
            name, text = table_of(finances.tax_reports.report(actor, country, year, options), language)
            return {"file_name": name, "text": text}, text, {}
        told = report_out(finances.tax_reports.report(actor, country, year, options))
        names = {one.tax_purpose: one.title for one in reversed(finances.categories.all(actor)) if one.tax_purpose}
        return told.model_dump(mode="json"), "", names

    told, text, names = with_ledger(user, as_json, work)
    if as_json:
        print_json(told)
    else:
        click.echo(text if text else "\n".join(_report_lines(told, language, names)), nl=not text)


def _country_and_year(words: tuple[str, ...]) -> tuple[str | None, int]:
    """Return what was typed: the country (None where it was left out) and the year; raises `BadParameter`."""
    if len(words) > 2 or not words[-1].isdigit() or not 2000 <= int(words[-1]) <= 2100:
        raise click.BadParameter("Write a country and a year, as AT 2025, or a year from 2000 to 2100 alone.")
    return (words[0] if len(words) == 2 else None), int(words[-1])


def _rate_words(told: dict[str, Any], language: Any) -> str:
    """Return by which rate something was counted."""
    from backend.financial_manager.depots.tax_rates import RateUsed
    from backend.financial_manager.depots.tax_tables import rate_text

    return rate_text(RateUsed(**{**told, "day": dt.date.fromisoformat(told["day"])}), language)


_LEFT_OUT = {
    "purpose": ("these rules do not count it", "diese Regeln zählen es nicht"),
    "currency": (
        "in another currency, and no rate of its day is known",
        "in einer anderen Währung, und kein Kurs ist bekannt",
    ),
    "rules": ("no rules for this kind of security", "keine Regeln für diese Art von Wertpapier"),
    "same": (
        "counted once, as a trade of this amount within ten days",
        "einmal gezählt, als Depotbuchung über diesen Betrag binnen zehn Tagen",
    ),
    "place": (
        "counted, but whether the bank kept tax is not known: say where the account is",
        "gezählt, doch ob die Bank Steuer einbehalten hat, ist nicht bekannt: sag, wo das Konto ist",
    ),
    "net": (
        "counted as booked; what was kept abroad is not known: book it as a trade to count and credit it",
        "gezählt wie gebucht; was im Ausland einbehalten wurde, ist nicht bekannt: als Depotbuchung wird es "
        "gezählt und angerechnet",
    ),
    "uncredited": (
        "counted; tax was kept abroad that these rules do not credit (perhaps to be claimed back there)",
        "gezählt; im Ausland einbehaltene Steuer rechnen diese Regeln nicht an (vielleicht dort zurückzuholen)",
    ),
    "twice": (
        "counted, perhaps twice: as a trade and as its cash",
        "gezählt, vielleicht doppelt: als Depotbuchung und als Geld",
    ),
}


def _left_out_lines(told: dict[str, Any], language: Any, names: dict[str, str]) -> list[str]:
    """Return what is to be looked at, one line for all of a kind; `names`: tax purpose -> a category's title."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in told["left_out"]:
        found.setdefault((one["reason"], one["purpose"]), []).append(one["source"]["date"])
    lines = []
    for (reason, purpose), days in found.items():
        english, german = _LEFT_OUT.get(reason, (reason, reason))
        span = min(days) if len(set(days)) == 1 else f"{min(days)} to {max(days)}"
        if language == "de":
            span = span.replace(" to ", " bis ")
        what = names.get(purpose, purpose.replace("_", " "))
        lines.append(f"? {len(days)} x {what}, {span}: {german if language == 'de' else english}")
    return lines


def _report_lines(told: dict[str, Any], language: Any, names: dict[str, str]) -> list[str]:
    """Return a report for people: figures that are not zero, what is behind them, and what to look at."""
    from backend.financial_manager.currencies import minor_text
    from backend.financial_manager.depots.tax_tables import NEEDS, checked_text, said_in, status_text
    from backend.financial_manager.taxes import Text

    status = status_text(Text(told["status"], told["status_de"]), language)
    lines = [told["title"][language], told["disclaimer"][language], status]
    for one in told["figures"]:
        if one["amount_minor"] == 0:
            continue
        place = " ".join(word for word in (one["form"], one["field"]) if word) or "-"
        if one["amount_minor"] is None:
            lacks = f"{said_in(NEEDS[one['needs']], language)} (--income)"
            lines.append(f"{place:10} {'?':>14}      {one['label'][language]}: {lacks}")
            continue
        amount = f"{minor_text(one['amount_minor'], told['currency']):>14} {told['currency']}"
        lines.append(f"{place:10} {amount}  {one['label'][language]}")
        if (checked := one["checked"]) is not None:
            day = dt.date.fromisoformat(checked["version"])
            lines.append(f"      {checked_text(Text(**checked['text']), day, language)}")
        for source in one["sources"]:
            rate = f", {_rate_words(source['rate'], language)}" if source["rate"] else ""
            lines.append(f"      {source['date']} {source['title']} ({source['id']}){rate}")
    return lines + _left_out_lines(told, language, names)
