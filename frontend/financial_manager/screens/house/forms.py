"""Which fields the rows of a house have."""

from __future__ import annotations

from frontend.financial_manager.house_provider import HouseProvider
from frontend.financial_manager.house_words import (
    SCHEMES,
    group_name,
    invoice_kind,
    scheme_name,
    source_kind,
)
from frontend.financial_manager.screens.house.fields import (
    AMOUNT,
    CHOICE,
    DAY,
    NOTE,
    NUMBER,
    PERCENT,
    SIGNED,
    SWITCH,
    Field,
)
from frontend.financial_manager.screens.parts.currency_choice import currency_choices
from frontend.i18n import today, tr, typed_day


def project_fields(*, fresh: bool, scheme: str = SCHEMES[0], own: str = "") -> tuple[Field, ...]:
    """Return the fields of a project; its currency stays once it is chosen. `own`: what it begins with."""
    fields = [
        Field("name", tr("Name"), needed=True, length=120),
        Field(
            "scheme",
            tr("Cost groups"),
            CHOICE,
            options=tuple((one, scheme_name(one)) for one in SCHEMES),
            begin=scheme,
            helper=tr("ÖNORM in Austria, DIN in Germany; it can be changed while nothing is planned"),
        ),
        Field("finish_on", tr("Done by"), DAY, helper=tr("By then everything that is planned has to be paid")),
        Field("note", tr("Note"), NOTE),
    ]
    if fresh:
        money = Field("currency", tr("Currency"), CHOICE, options=tuple(currency_choices(own)), begin=own)
        fields.insert(2, money)
    return tuple(fields)


def line_fields(house: HouseProvider, group: str = "") -> tuple[Field, ...]:
    """Return the fields of a line of the budget."""
    known = [one["code"] for one in house.groups]
    offered = ", ".join(group_name(house, one) for one in known)
    helper = tr("Such as {groups}", groups=offered) if offered else tr("A name of your own, such as Garage")
    return (
        Field("title", tr("What is it?"), needed=True),
        Field("cost_group", tr("Cost group"), needed=True, helper=helper, begin=group, length=40),
        Field("estimate_minor", tr("Planned, with VAT"), AMOUNT, helper=tr("What you think that it will cost")),
        Field(
            "quote_minor",
            tr("Offered, with VAT"),
            AMOUNT,
            helper=tr("What a company asks for it, if one did"),
            nullable=True,
        ),
        Field(
            "awarded",
            tr("Everything of it is ordered"),
            SWITCH,
            helper=tr("What is planned beyond the contracts will not be spent"),
        ),
        Field(
            "contingency",
            tr("This is a reserve"),
            SWITCH,
            helper=tr("Money for what nobody foresaw; it shrinks when something becomes dearer"),
        ),
        Field("note", tr("Note"), NOTE),
    )


def contract_fields() -> tuple[Field, ...]:
    """Return the fields of a contract."""
    return (
        Field("vendor", tr("Company"), needed=True),
        Field("title", tr("What about")),
        Field("net_minor", tr("Amount without VAT"), AMOUNT, needed=True),
        Field("vat_bp", tr("VAT"), PERCENT, begin="20"),
        Field("signed_on", tr("Signed on"), DAY),
        Field("due_days", tr("To be paid within"), NUMBER, begin="30", heading=tr("Paying")),
        Field("skonto_bp", tr("Skonto"), PERCENT, helper=tr("Less, if it is paid early")),
        Field("skonto_days", tr("Skonto within"), NUMBER),
        Field(
            "cover_bp",
            tr("Kept from partial invoices"),
            PERCENT,
            heading=tr("Held back"),
            helper=tr("Deckungsrücklass: it comes free with the final invoice"),
        ),
        Field(
            "liability_bp",
            tr("Kept from the final invoice"),
            PERCENT,
            helper=tr("Haftungsrücklass: kept for defects that show later"),
        ),
        Field("liability_until", tr("Kept until"), DAY),
        Field("note", tr("Note"), NOTE),
    )


def change_fields() -> tuple[Field, ...]:
    """Return the fields of a change of a contract."""
    return (
        Field("title", tr("What changes?"), needed=True),
        Field(
            "net_minor", tr("Amount without VAT"), SIGNED, needed=True, helper=tr("With a minus for what falls away")
        ),
        Field("approved_on", tr("Approved on"), DAY, helper=tr("Empty while the company only asks for it")),
    )


def invoice_fields() -> tuple[Field, ...]:
    """Return the fields of an invoice."""
    kinds = tuple((one, invoice_kind(one)) for one in ("partial", "final"))
    return (
        Field("number", tr("Number of the invoice"), needed=True, length=60),
        Field("kind", tr("Kind"), CHOICE, options=kinds, begin="partial"),
        Field("date", tr("Day of the invoice"), DAY, needed=True, begin=typed_day(today())),
        Field(
            "net_to_date_minor",
            tr("Everything done so far, without VAT"),
            AMOUNT,
            needed=True,
            helper=tr("Also what earlier invoices asked for already; Homie counts the difference"),
        ),
    )


def release_fields(*, ended: bool) -> tuple[Field, ...]:
    """Return the fields of a release of money held back."""
    kinds = (("cover", tr("Partial invoices")), ("liability", invoice_kind("final")))
    return (
        Field("amount_minor", tr("Amount"), AMOUNT, needed=True),
        Field("kind", tr("Kept from"), CHOICE, options=kinds, begin="liability" if ended else "cover"),
        Field("date", tr("Day"), DAY, needed=True, begin=typed_day(today())),
    )


def source_fields() -> tuple[Field, ...]:
    """Return the fields of money for a project."""
    kinds = tuple((one, source_kind(one)) for one in ("own", "loan", "subsidy"))
    return (
        Field("title", tr("Name"), needed=True),
        Field("kind", tr("Kind"), CHOICE, options=kinds, begin="own"),
        Field("amount_minor", tr("Amount"), AMOUNT, needed=True),
        Field("available_on", tr("There from"), DAY, helper=tr("Empty if it is there already")),
        Field("note", tr("Note"), NOTE),
    )
