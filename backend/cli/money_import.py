"""Book bank statements from the command line: each file whole or not at all, with a preview by --dry-run."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.cli.context import acting, open_platform
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput, NotFound

if TYPE_CHECKING:
    from backend.financial_manager.finances import Finances
    from backend.financial_manager.importing.preview import Preview
    from backend.financial_manager.statements import TableChoice
    from backend.sdk.actor import Actor

_FATES = {
    "twin": "perhaps there already",
    "earlier": "before the account's opening",
    "locked": "in a reconciled time",
    "unread": "not read",
}


@dataclass(frozen=True, slots=True)
class TableWords:
    """How a person says that tables are to be read: columns as "role=heading", the order of dates, the signs."""

    columns: tuple[str, ...] = ()
    order: str = ""
    sign: str = ""

    def choice(self, data: bytes, name: str) -> TableChoice | None:
        """Return it for a file, None where nothing is said; raises `InvalidInput` for what names no column."""
        from backend.financial_manager.statements import TableChoice, read_statements
        from backend.financial_manager.statements.table_choice import ROLES

        if not (self.columns or self.order or self.sign):
            return None
        table = read_statements(data, name).table if self.columns else None
        heading = [cell.casefold() for cell in table.heading] if table is not None else []
        found = {}
        for said in self.columns:
            role, _, title = said.partition("=")
            if role not in ROLES or title.strip().casefold() not in heading:
                roles, titles = ", ".join(ROLES), ", ".join(table.heading if table is not None else ())
                remedy = f"Write role=heading; roles: {roles}; headings: {titles or 'none in this file'}."
                raise InvalidInput(fields=[FieldProblem("--column", f"{said} names no column.", remedy)])
            found[role] = heading.index(title.strip().casefold())
        return TableChoice(found, self.order, self.sign)


def content_of(path: Path) -> bytes:
    """Return a file's bytes, one more than a statement may have at most; raises `NotFound`."""
    from backend.financial_manager.statements.limits import MOST_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotFound(f"{path}: cannot be opened ({error.strerror}).") from error


def import_into(
    files: Sequence[Path],
    account: str | None,
    user: str | None,
    layout: TableWords,
    *,
    dry_run: bool,
    trust: bool,
    twins: bool,
    as_json: bool,
) -> None:
    """Look at or book each file; ends with exit code 1 if one of them could not be."""
    failed = False
    with open_platform() as platform:
        actor = acting(platform, user)
        finances = finances_of(platform)
        for path in files:
            for told in _file(finances, actor, path, account, _How(layout, dry_run, trust, twins)):
                failed = failed or "error" in told
                text = json.dumps(told, ensure_ascii=False, default=str) if as_json else _for_people(told)
                sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
    if failed:
        sys.exit(1)


def finances_of(platform: Any) -> Finances:
    """Return the Financial Manager's services, beside a running server or without one."""
    found: Finances | None = platform.module("financial_manager").finances
    assert found is not None
    return found


@dataclass(frozen=True, slots=True)
class _How:
    """How files are taken, as the options say."""

    layout: TableWords
    dry_run: bool
    trust: bool
    twins: bool


def _file(finances: Finances, actor: Actor, path: Path, account: str | None, how: _How) -> Iterator[dict[str, Any]]:
    """Give what became of a file in each account that it is of: an import, a preview, or an error."""
    try:
        data = content_of(path)
        if account is not None:
            ids = [account_named(finances, actor, account)]
        else:
            ids = _accounts_of(finances, actor, data, path)
    except HomieError as error:
        yield {"file": str(path)} | error.as_json("")
        return
    for account_id in ids:
        try:
            yield _one(finances, actor, path, data, account_id, how)
        except HomieError as error:
            yield {"file": str(path)} | error.as_json("")


def _one(finances: Finances, actor: Actor, path: Path, data: bytes, account_id: str, how: _How) -> dict[str, Any]:
    from backend.financial_manager.importing.booking import Chosen
    from backend.financial_manager.importing.models import RowFate
    from backend.financial_manager.views import import_out, preview_out

    choice = how.layout.choice(data, path.name)
    seen = finances.imports.look(actor, account_id, data, path.name, trust=how.trust, choice=choice)
    if how.dry_run:
        return {"file": str(path), "preview": preview_out(seen).model_dump(mode="json")}
    finances.categories.all(actor)
    chosen = Chosen(book_twins={row.position for row in seen.rows if row.fate is RowFate.TWIN} if how.twins else ())
    booked = finances.imports.book(
        actor, account_id, data, path.name, chosen, trust=how.trust, looked_at=seen.file_hash, choice=choice
    )
    shown = import_out(booked.batch, seen.account.name).model_dump(mode="json")
    left = [one for one in seen.rows if one.fate.value in _FATES and one.position not in chosen.book_twins]
    told = [{"line": row.line, "fate": row.fate.value, "reasons": list(row.reasons)} for row in left]
    return {"file": str(path), "import": shown, "left_out": told, "bank": _bank(seen, chosen.book_twins)}


def account_named(finances: Finances, actor: Actor, name: str, field: str = "--account") -> str:
    """Return the id of the account of that name, IBAN or id; raises `InvalidInput` that lists the names."""
    accounts = [one.account for one in finances.accounts.all(actor)]
    plain = "".join(name.split()).upper()
    for account in accounts:
        same_iban = bool(plain) and plain == account.iban
        if name.casefold() == account.name.casefold() or same_iban or name == account.id:
            return account.id
    names = ", ".join(account.name for account in accounts)
    remedy = f"You have: {names}." if names else "Open one with `homie money open NAME`."
    raise InvalidInput(fields=[FieldProblem(field, f"There is no account called {name}.", remedy)])


def _accounts_of(finances: Finances, actor: Actor, data: bytes, path: Path) -> list[str]:
    """Return the accounts that a file names; raises `InvalidInput` where it names none, or one name means several."""
    from backend.financial_manager.statements import read_statements

    named = finances.imports.accounts_in(actor, read_statements(data, str(path)))
    if not named.clear:
        problem = FieldProblem("--account", "The file does not tell to which account it belongs.", "Name the account.")
        raise InvalidInput(fields=[problem])
    return named.ids


def _bank(seen: Preview, book_twins: Collection[int]) -> dict[str, Any]:
    """Return the bank's balance against Homie's with the twins that were booked: the preview is one without them."""
    bank = seen.bank
    twins = sum(row.entry.amount_minor for row in seen.rows if row.entry is not None and row.position in book_twins)
    return {
        "closing_minor": bank.closing_minor,
        "ledger_minor": bank.ledger_minor + twins if bank.ledger_minor is not None else None,
        "difference_minor": bank.difference_minor - twins if bank.difference_minor is not None else None,
        "proof_holds": bank.proof_holds,
    }


def _for_people(told: dict[str, Any]) -> str:
    if "error" in told:
        problems = [f"{one['problem']} {one['remedy']}".strip() for one in told["error"]["fields"]]
        return "\n    ".join([f"{told['file']}: {told['error']['message']}", *problems])
    if "preview" in told:
        return _preview_text(told["file"], told["preview"])
    batch = told["import"]
    lines = [
        f"{told['file']}: {batch['added']} booked into {batch['account']}, {batch['duplicates']} were there already, "
        f"{batch['left_out']} left out"
    ]
    lines += [f"    line {one['line']}: {_FATES[one['fate']]}: {' '.join(one['reasons'])}" for one in told["left_out"]]
    return "\n".join([*lines, *_bank_text(told["bank"], batch["currency"])])


def _preview_text(name: str, seen: dict[str, Any]) -> str:
    from backend.financial_manager.currencies import minor_text

    counts = f"{seen['new']} new, {seen['known']} known, {seen['twins']} perhaps there, {seen['left_out']} left out"
    lines = [f"{name}: {counts}"]
    lines += [f"    ? {doubt}" for doubt in seen["doubts"]]
    for row in seen["rows"]:
        amount = minor_text(row["amount_minor"], seen["currency"]) if row["amount_minor"] is not None else ""
        words = " · ".join(text for text in (row["counterparty"], row["purpose"], row["text"]) if text)
        lines.append(f"    {row['fate']:8} {row['date'] or 'no date':10} {amount:>14}  {words[:90]}")
        lines += [f"        ? {reason}" for reason in row["reasons"]]
    return "\n".join([*lines, *_bank_text(seen["bank"], seen["currency"])])


def _bank_text(bank: dict[str, Any], currency: str) -> list[str]:
    """Return what the bank's balance says about the ledger's."""
    from backend.financial_manager.currencies import minor_text

    if bank["difference_minor"] is None:
        return []
    says, holds = minor_text(bank["closing_minor"], currency), minor_text(bank["ledger_minor"], currency)
    if bank["difference_minor"] == 0:
        return [f"    The bank and Homie agree: {says} {currency}"]
    missing = minor_text(bank["difference_minor"], currency)
    return [f"    The bank says {says} {currency}, Homie {holds}: {missing} is missing"]
