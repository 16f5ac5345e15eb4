"""What a booking pays in a building project: what it paid, with a way there, and what it may pay by one press."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import PaidClaimOut, SuggestedListOut, SuggestedOut, TransactionOut
from frontend.financial_manager.house_provider import RELEASE
from frontend.financial_manager.house_words import place, settlement_words
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.screens.parts.use_undo import use_undo_offer
from frontend.financial_manager.standing_provider import StandingProvider
from frontend.i18n import calendar_day, money, tr
from frontend.kit import (
    GAP,
    Tile,
    body,
    caption,
    card,
    keyed,
    navigate,
    quiet_button,
    section,
    tile_group,
    title,
    tonal_button,
    use_action,
)


@ft.component
def HousePayments(shown: TransactionOut) -> ft.Control:
    """Show both where there is any; nothing at all for a booking that has to do with no house."""
    standing = use_money(StandingProvider, lambda one: one.open(shown["id"]), [shown["id"], shown["version"]])
    told = standing.told if standing.transaction_id == shown["id"] else None
    if told is None or not (told["paid"] or told["items"]):
        return ft.Container(height=0)
    parts: list[ft.Control] = []
    if told["paid"]:
        parts.append(section(tr("Paid for your house"), tile_group([_paid(one, told) for one in told["paid"]])))
    if told["items"]:
        offers: list[ft.Control] = [keyed(Offer, one["claim_id"], standing, one) for one in told["items"]]
        stretch = ft.CrossAxisAlignment.STRETCH
        listed = ft.Column(offers, spacing=GAP, tight=True, horizontal_alignment=stretch)
        parts.append(section(tr("Does this pay an invoice?"), listed))
    return ft.Column(parts, spacing=GAP * 1.25, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _paid(one: PaidClaimOut, told: SuggestedListOut) -> Tile:
    """Lead to what was paid."""
    said = [one["project"]]
    if one["skonto_minor"]:
        said.append(tr("{amount} of Skonto kept", amount=money(one["skonto_minor"], told["currency"])))
    if one["source"]:
        said.append(tr("From {source}", source=one["source"]))
    return Tile(
        claim_title(one["kind"], one["vendor"], one["title"]),
        " · ".join(said),
        ft.Icons.HOME_WORK_OUTLINED,
        lambda: navigate(place(one["project_id"], f"{one['kind']}s", one["claim_id"])),
        title(money(one["amount_minor"], told["currency"]), max_lines=1),
    )


def claim_title(kind: str, vendor: str, number: str) -> str:
    """Return what is paid: a company, and its invoice or the day of a release."""
    if kind == RELEASE:
        return f"{vendor}, {tr('Release of {day}', day=calendar_day(number))}"
    return f"{vendor}, {tr('Invoice {number}', number=number)}"


@ft.component
def Offer(standing: StandingProvider, one: SuggestedOut) -> ft.Control:
    """Say what one press would do, Skonto and what is held back included; and do it."""
    offer = use_undo_offer()
    name = claim_title(one["kind"], one["vendor"], one["title"])

    async def settle() -> None:
        paid = await standing.pay(one)
        offer(tr("{invoice} is paid by this.", invoice=name), paid["change_id"])

    pay = use_action(settle)
    text = tr("Pays this release") if one["kind"] == RELEASE else tr("Pays this invoice")
    more = place(one["project_id"], f"{one['kind']}s", one["claim_id"], "pay")
    return card(
        title(name),
        body(_outcome(one)),
        *[caption(line, max_lines=2) for line in _held_back(one)],
        ft.Row(
            [
                tonal_button(text, pay, icon=ft.Icons.CHECK),
                quiet_button(tr("More choices"), lambda: navigate(more)),
            ],
            wrap=True,
            spacing=8,
        ),
        padding=GAP,
    )


def _outcome(one: SuggestedOut) -> str:
    """Say what it does; of a booking that has more than is due, only what is due is taken."""
    found = one["settlement"]
    left = -found["difference_minor"]
    if left <= 0:
        return settlement_words(found)
    due, rest = money(found["claim"]["open_minor"], found["currency"]), money(left, found["currency"])
    return tr("This pays all of it: {due} of this booking; {rest} of it stay free.", due=due, rest=rest)


def _held_back(one: SuggestedOut) -> list[str]:
    """Say what the invoice comes to, and what of it is held back."""
    claim, unit = one["settlement"]["claim"], one["settlement"]["currency"]
    if claim["retain_minor"] <= 0:
        return []
    gross, kept = money(claim["gross_minor"], unit), money(claim["retain_minor"], unit)
    return [tr("Of {gross}, {kept} are held back and not paid yet.", gross=gross, kept=kept)]
