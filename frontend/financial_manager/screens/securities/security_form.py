"""The fields of a security: its name, its ISIN, and what it is, for the tax report."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import SecurityIn
from frontend.financial_manager.depot_words import SECURITY_KINDS, security_kind_name
from frontend.financial_manager.screens.parts.currency_choice import CURRENCIES
from frontend.i18n import tr
from frontend.kit import GAP, Form, TextInput, caption, choice


def security_body(form: Form) -> SecurityIn:
    """Return what is sent."""
    return {
        "name": form["name"].strip(),
        "isin": form["isin"].strip().upper(),
        "symbol": form["symbol"].strip(),
        "kind": form["kind"],  # type: ignore[typeddict-item]
        "currency": form["currency"],
    }


def security_fields(form: Form, errors: dict[str, str], choose: Any, *, country: bool = False) -> ft.Control:
    """Show the fields; what is chosen lies in the form. `country`: ask for that too, which the ISIN says at first."""
    kinds = [(one, security_kind_name(one)) for one in SECURITY_KINDS]
    currencies = dict.fromkeys((*CURRENCIES, form["currency"]))
    rows: list[ft.Control] = [
        ft.Container(height=0),  # room for the first field's name
        TextInput(form, "name", tr("Name"), error=errors.get("name"), max_length=200, counter="", autofocus=True),
        TextInput(form, "isin", tr("ISIN"), error=errors.get("isin"), max_length=12, counter="",
                  helper=tr("Twelve signs on the bank's paper, such as AT0000743059")),
        TextInput(form, "symbol", tr("Symbol, if it has no ISIN"), error=errors.get("symbol"), max_length=40,
                  counter=""),
        choice(tr("What it is"), form["kind"], kinds, lambda one: choose(kind=one)),
        caption(tr("Countries tax shares, bonds and funds differently; the bank's paper says what it is.")),
        choice(tr("Currency that it is quoted in"), form["currency"], [(one, one) for one in currencies],
               lambda one: choose(currency=one)),
    ]  # fmt: skip
    if country:
        rows.append(
            TextInput(form, "country", tr("Country"), error=errors.get("country"), max_length=2, counter="",
                      helper=tr("Of the issuer, two letters such as AT"))
        )  # fmt: skip
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
