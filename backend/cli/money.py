"""`homie money`: read bank statements, book them, and look at the ledger; each step can be undone.

`read`, and `import --dry-run` without an account, need no data directory, no server and no account.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.money_asking import ask_ai
from backend.cli.money_attachments import attach, detach, show_attachments
from backend.cli.money_bank import bank
from backend.cli.money_budgets import copy_budgets, propose_budgets, set_budget, show_budgets
from backend.cli.money_depot import depot
from backend.cli.money_depot_figures import DEPOT_FIGURES
from backend.cli.money_depot_prices import DEPOT_PRICES
from backend.cli.money_depot_securities import DEPOT_SECURITIES, prices
from backend.cli.money_fints import FINTS_COMMANDS
from backend.cli.money_forecast import forecast
from backend.cli.money_goals import goals
from backend.cli.money_house import house
from backend.cli.money_import import TableWords, content_of, import_into
from backend.cli.money_inbox import inbox
from backend.cli.money_insight import news, report
from backend.cli.money_ledger import LEDGER_COMMANDS
from backend.cli.money_names import payees, tags
from backend.cli.money_rates import RATE_COMMANDS
from backend.cli.money_recurring import recurring
from backend.cli.money_rules import money_rules
from backend.cli.money_tax import tax
from backend.cli.output import user_option
from backend.sdk.errors import HomieError

if TYPE_CHECKING:
    from backend.financial_manager.statements import Balance, Doubt, Entry, Statement, StatementFile

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file, a line each.")
_files = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.group()
def money() -> None:
    """Read and book bank statements of any bank, and keep the household's ledger."""


for _command in (
    *LEDGER_COMMANDS, *RATE_COMMANDS, money_rules, set_budget, show_budgets, copy_budgets, propose_budgets, payees,
    tags, attach, show_attachments, detach, depot, tax, recurring, forecast, goals, news, report, bank, inbox, ask_ai,
):  # fmt: skip
    money.add_command(_command)
for _command in (*DEPOT_FIGURES, *DEPOT_SECURITIES):
    depot.add_command(_command)
for _command in FINTS_COMMANDS:
    bank.add_command(_command)
for _command in DEPOT_PRICES:
    prices.add_command(_command)
money.add_command(house)


@money.command("read")
@_files
@_json
def read_files(files: tuple[Path, ...], as_json: bool) -> None:
    """Show what statement FILES say: accounts, balances and their proof, bookings, and every row in doubt.

    With --json each line is an object with file, format, dialect, statements and doubts, or file and error. Amounts are
    text ("-12.34") and, as amount_minor, integers in the currency's smallest coin.
    """
    _show(files, as_json=as_json)


@money.command("import")
@_files
@click.option("--dry-run", is_flag=True, help="Print what would be booked, and book nothing.")
@click.option("--account", help="Name of the account that the files belong to; found by its IBAN if left out.")
@click.option("--trust", is_flag=True, help="Take the files for this account's although they name another.")
@click.option("--column", "columns", multiple=True, help="Which column is what, as amount=Betrag; may be repeated.")
@click.option("--dates", type=click.Choice(("dmy", "mdy", "ymd")), help="The order of the dates, if it was misread.")
@click.option("--turn-signs", is_flag=True, help="What was spent is written without a minus.")
@click.option("--twins", is_flag=True, help="Book also lines of which something alike is there already.")
@user_option
@_json
def import_files(
    files: tuple[Path, ...],
    dry_run: bool,
    account: str | None,
    trust: bool,
    columns: tuple[str, ...],
    dates: str | None,
    turn_signs: bool,
    twins: bool,
    user: str | None,
    as_json: bool,
) -> None:
    """Book statement FILES: what is there already is not booked again, and each file is booked whole or not at all.

    With --dry-run nothing is booked; without --account it shows what the files say, with it what would become of each
    line. How a table was said to be read (--column, --dates, --turn-signs) is remembered for the account's next files
    with the same heading.
    """
    if dry_run and account is None:
        _show(files, as_json=as_json)
        return
    layout = TableWords(columns, dates or "", "turned" if turn_signs else "")
    import_into(files, account, user, layout, dry_run=dry_run, trust=trust, twins=twins, as_json=as_json)


def _show(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Read and print each file; end with exit code 1 if one of them could not be read."""
    failed = False
    for path in files:
        try:
            told = describe(_read(path))
        except HomieError as error:
            failed = True
            told = {"file": str(path)} | error.as_json("")
        text = json.dumps(told, ensure_ascii=False) if as_json else _for_people(told)
        sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
    if failed:
        sys.exit(1)


def _read(path: Path) -> StatementFile:
    """Read one file, within the bound of a statement."""
    from backend.financial_manager.statements import read_statements

    return read_statements(content_of(path), str(path))


def describe(file: StatementFile) -> dict[str, Any]:
    """Return what a file says, in the shape that `--json` prints."""
    return {
        "file": file.name,
        "format": file.format,
        "dialect": file.dialect,
        "doubts": _doubts(file.doubts),
        "statements": [_statement(one) for one in file.statements],
    }


def _statement(one: Statement) -> dict[str, Any]:
    """Return one statement for programs."""
    from backend.financial_manager.currencies import minor_text

    proof = one.proof
    return {
        "account": one.account,
        "currency": one.currency,
        "opening": _balance(one.opening),
        "closing": _balance(one.closing),
        "proof": proof
        and {
            "holds": proof.holds,
            "sum": minor_text(proof.sum_minor, proof.currency),
            "difference": minor_text(proof.difference_minor, proof.currency),
        },
        "entries": [_entry(entry, one.currency) for entry in one.entries],
        "skipped": [{"line": row.line, "text": row.text, "reason": row.reason} for row in one.skipped],
        "doubts": _doubts(one.doubts),
    }


def _balance(one: Balance | None) -> dict[str, Any] | None:
    """Return one balance for programs."""
    from backend.financial_manager.currencies import minor_text

    if one is None:
        return None
    amount = {"amount": minor_text(one.amount_minor, one.currency), "amount_minor": one.amount_minor}
    return amount | {"currency": one.currency, "date": one.date.isoformat() if one.date else None}


def _entry(one: Entry, currency: str | None) -> dict[str, Any]:
    """Return one booking for programs."""
    from backend.financial_manager.currencies import minor_text

    unit = one.currency or currency
    days = {"date": one.date, "booking_date": one.booking_date, "value_date": one.value_date}
    return {
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "amount": minor_text(one.amount_minor, unit),
        "amount_minor": one.amount_minor,
        "currency": unit,
        "counterparty": one.counterparty,
        "iban": one.iban,
        "purpose": one.purpose,
        "bank_id": one.bank_id,
        "reference": one.reference,
        "type_code": one.type_code,
        "account": one.account,
        "line": one.line,
        "booked": one.booked,
        "doubts": _doubts(one.doubts),
    }


def _doubts(doubts: tuple[Doubt, ...]) -> list[dict[str, str]]:
    """Return doubts for programs."""
    return [{"code": doubt.code, "reason": doubt.reason} for doubt in doubts]


def _for_people(told: dict[str, Any]) -> str:
    """Return what one file says as text."""
    if "error" in told:
        remedies = [field["remedy"] for field in told["error"]["fields"] if field["remedy"]]
        return f"{told['file']}\n    cannot be read: {' '.join([told['error']['message'], *remedies])}"
    lines = [f"{told['file']}: {told['format']}"]
    lines += [f"    ? {doubt['reason']}" for doubt in told["doubts"]]
    for one in told["statements"]:
        lines += _statement_lines(one)
    return "\n".join(lines)


def _statement_lines(one: dict[str, Any]) -> list[str]:
    """Return one statement as lines."""
    lines = [f"  Account {one['account'] or 'not named'}, {one['currency'] or 'currency not named'}"]
    lines += [f"    ? {doubt['reason']}" for doubt in one["doubts"]]
    for entry in one["entries"]:
        words = " · ".join(text for text in (entry["counterparty"], entry["purpose"]) if text)
        lines.append(f"    {entry['date'] or 'no date':10} {entry['amount']:>14}  {words[:100]}")
        lines += [f"        ? {doubt['reason']}" for doubt in entry["doubts"]]
    lines += [f"    left out, line {row['line']}: {row['reason']} {row['text'][:80]}" for row in one["skipped"]]
    return [*lines, f"    {_proof_line(one)}"]


def _proof_line(one: dict[str, Any]) -> str:
    """Return what the balances prove."""
    count = sum(entry["booked"] for entry in one["entries"])
    told = f"{count} booking" + ("" if count == 1 else "s")
    proof = one["proof"]
    if proof is None:
        return f"{told}; without both balances there is no proof"
    start, end = one["opening"]["amount"], one["closing"]["amount"]
    if proof["holds"]:
        return f"{told}; proven: {start} + {proof['sum']} = {end}"
    return f"{told}; not proven: {start} + {proof['sum']} is not {end}, {proof['difference']} is missing"
