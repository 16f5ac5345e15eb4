"""A statement that cannot be taken as it is: why, and what can be done."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.import_provider import ImportProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import iban_text, kind_icon, kind_name
from frontend.financial_manager.places import ROOT
from frontend.i18n import tr, tr_server
from frontend.kit import (
    Tile,
    body,
    card,
    confirm,
    describe_error,
    navigate,
    notice,
    quiet_button,
    scroll_body,
    section,
    tile_group,
    tonal_button,
    use_action,
    use_provider,
)

OF_ANOTHER = "statement_of_another_account"


@ft.component
def ImportRefused(of: ImportProvider, ledger: LedgerProvider, account: AccountOut) -> ft.Control:
    """Say it in words; a statement of another account may be of one of the household's."""
    found = use_provider(of)
    problem = found.problem
    assert problem is not None

    async def all_the_same() -> None:
        text = tr(
            "Homie remembers that files with this name of an account belong to {account}.", account=account["name"]
        )
        if await confirm(tr("Does it belong to {account}?", account=account["name"]), text, tr("Use it all the same")):
            await found.look(trust=True)

    trust = use_action(all_the_same)
    again = use_action(found.look)
    what, remedy = describe_error(problem)
    said = [what, *(tr_server(text) for text in dict.fromkeys(problem.fields.values()) if tr_server(text) != what)]
    if remedy and not any(remedy in text for text in said):
        said.append(remedy)
    parts: list[ft.Control] = [
        notice(found.file_name, "neutral", ft.Icons.DESCRIPTION_OUTLINED),
        card(ft.Column([body(text) for text in said], spacing=8, tight=True), tone=""),
    ]
    if problem.code == OF_ANOTHER:
        parts.extend(_others(found, ledger, account, problem.fields.values()))
        parts.append(ft.Row([tonal_button(tr("Use it all the same"), trust)]))
        parts.append(ft.Row([quiet_button(tr("Another file"), found.give_up)]))
    else:
        parts.append(
            ft.Row([tonal_button(tr("Another file"), found.give_up), quiet_button(tr("Try again"), again)], wrap=True)
        )
    return scroll_body(*parts)


def _others(found: ImportProvider, ledger: LedgerProvider, account: AccountOut, said: object) -> list[ft.Control]:
    """Offer the other accounts, first the one whose IBAN the file names."""
    text = str(list(said)) if hasattr(said, "__iter__") else ""
    others = [one for one in ledger.open_accounts if one["id"] != account["id"]]
    others.sort(key=lambda one: not (one["iban"] and one["iban"] in text))
    if not others:
        return []
    return [
        section(
            tr("Is it of another account?"),
            tile_group([_tile(found, one) for one in others]),
        )
    ]


def _tile(found: ImportProvider, one: AccountOut) -> Tile:
    async def take() -> None:
        await found.look(account_id=one["id"])
        navigate(f"{ROOT}/import/{one['id']}")

    return Tile(one["name"], iban_text(one["iban"]) or kind_name(one["kind"]), kind_icon(one["kind"]), take)
