"""Words of building a house: schemes, kinds, percents, cost groups, and how a claim stands."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from frontend.api.generated.schemas import ClaimOut, FiguresOut, SettlementOut
from frontend.financial_manager.house_provider import HouseProvider
from frontend.i18n import calendar_day, current_language, money, today, tr

ROOT = "/financial_manager/houses"
SCHEMES = ("oenorm", "din276", "own")
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")


def place(house_id: str, *parts: str, **asked: str) -> str:
    """Return the address of something in a project."""
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items() if value)
    return "/".join((ROOT, house_id, *parts)) + (f"?{query}" if query else "")


def scheme_name(scheme: str) -> str:
    """Return what a numbering of cost groups is called."""
    return {
        "oenorm": tr("ÖNORM B 1801-1"),
        "din276": tr("DIN 276"),
    }.get(scheme, tr("Names of my own"))


def scheme_about(scheme: str) -> str:
    """Explain a numbering of cost groups."""
    return {
        "oenorm": tr("Austria: groups 0 to 9, such as 2 for the shell and 4 for finishing."),
        "din276": tr("Germany: groups 100 to 800, such as 300 for the building."),
    }.get(scheme, tr("You name the groups yourself, such as Garage or Kitchen."))


def group_name(house: HouseProvider, group: str) -> str:
    """Return a cost group with its number."""
    for one in house.groups:
        if one["code"] == group:
            return f"{group} {one['title_de'] if current_language() == 'de' else one['title_en']}"
    return group


def source_kind(kind: str) -> str:
    """Return what a kind of money is called."""
    return {"own": tr("Own money"), "loan": tr("Loan"), "subsidy": tr("Subsidy")}.get(kind, kind)


def invoice_kind(kind: str) -> str:
    """Say whether more invoices follow."""
    return tr("Final invoice") if kind == "final" else tr("Partial invoice")


def release_kind(kind: str) -> str:
    """Say which money held back comes free."""
    return tr("Kept from partial invoices") if kind == "cover" else tr("Kept from the final invoice")


def house_kind(kind: str) -> str:
    """Return what a kind of an invoice, a release or a source of money is called."""
    if kind in ("partial", "final"):
        return invoice_kind(kind)
    return release_kind(kind) if kind in ("cover", "liability") else source_kind(kind)


def parse_percent(text: str) -> int | None:
    """Read a typed percent as basis points: "2,5" is 250; None if it is none."""
    plain = text.strip().removesuffix("%").strip()
    if not _PERCENT.fullmatch(plain):
        return None
    whole, _, part = plain.replace(",", ".").partition(".")
    found = int(whole) * 100 + int((part + "00")[:2])
    return found if found <= 10_000 else None


def percent_text(bp: int) -> str:
    """Write basis points as a percent is typed: 250 is "2,5" in German."""
    whole, part = divmod(bp, 100)
    text = f"{whole}.{part:02}".rstrip("0").rstrip(".") if part else str(whole)
    return text.replace(".", ",") if current_language() == "de" else text


def claim_state(claim: ClaimOut, currency: str) -> tuple[str, str]:
    """Say in a word or two how a claim stands, with its tone."""
    left = claim["open_minor"]
    if left < 0:
        return tr("{amount} too much", amount=money(-left, currency)), "warn"
    if left == 0:
        return tr("Paid"), "good"
    if claim["due_on"] < today().isoformat():
        return tr("Overdue"), "bad"
    return tr("Unpaid"), "accent"


def claim_about(claim: ClaimOut, currency: str) -> str:
    """Say until when a claim is to be paid, and what paying early saves."""
    said = tr("Due {day}", day=calendar_day(claim["due_on"]))
    if claim["skonto_until"] and claim["open_minor"] > 0 and claim["skonto_until"] >= today().isoformat():
        saved = claim["skonto_minor"] - claim["taken_minor"]
        if saved > 0:
            early = tr(
                "{amount} less until {day}",
                amount=money(saved, currency),
                day=calendar_day(claim["skonto_until"]),
            )
            said = f"{said} · {early}"
    return said


def claim_name(house: HouseProvider, claim_id: str) -> str:
    """Return what an invoice or a release is called."""
    invoice = house.row("invoice", claim_id)
    if invoice is not None:
        return tr("Invoice {number}", number=invoice["number"])
    release = house.row("release", claim_id)
    return tr("Release of {day}", day=calendar_day(release["date"])) if release is not None else tr("Invoice")


def settlement_words(found: SettlementOut) -> str:
    """Say what a payment does."""
    unit, left, skonto = found["currency"], found["difference_minor"], found["skonto_minor"]
    claim = found["claim"]
    if left < 0:
        return tr("This is {amount} more than is due.", amount=money(-left, unit))
    if left == 0 and skonto:
        return tr("This pays all of it, less {amount} of Skonto.", amount=money(skonto, unit))
    if left == 0:
        return tr("This pays all of it.")
    until = claim["skonto_until"]
    if until and found["date"] > until and left == claim["skonto_minor"] - claim["taken_minor"]:
        return tr(
            "{amount} stay open: that is the Skonto, and its time ended on {day}.",
            amount=money(left, unit),
            day=calendar_day(until),
        )
    return tr("{amount} stay open.", amount=money(left, unit))


def against_plan(figures: FiguresOut, currency: str) -> tuple[str, str]:
    """Say how the forecast stands to the estimate, with a tone."""
    more = figures["variance_minor"]
    if more > 0:
        return tr("{amount} more than planned", amount=money(more, currency)), "warn"
    if more < 0:
        return tr("{amount} less than planned", amount=money(-more, currency)), "good"
    return tr("As planned"), "neutral"


def asked_for(route: Any, name: str) -> str:
    """Return one value of what an address asks for."""
    return parse_qs(urlsplit(str(route or "")).query).get(name, [""])[0]
