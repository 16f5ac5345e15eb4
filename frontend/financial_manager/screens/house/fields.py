"""Forms of a house's rows from a list of fields: what they begin with, what is wrong, what is sent, how they look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from frontend.financial_manager.house_words import parse_percent, percent_text
from frontend.financial_manager.screens.parts.amounts import amount_error, amount_input
from frontend.financial_manager.screens.parts.day_field import day_error, day_field
from frontend.i18n import parse_amount, parse_day, plain_amount, tr, typed_day
from frontend.kit import GAP, Form, TextInput, caption, filter_chips, heading, label, toggle

TEXT, NOTE, AMOUNT, SIGNED, PERCENT, NUMBER, DAY, CHOICE, SWITCH = (
    "text", "note", "amount", "signed", "percent", "number", "day", "choice", "switch",
)  # fmt: skip
MOST_DAYS = 3650


@dataclass(frozen=True)
class Field:
    """One field of a form. `name`: that of the hub; `kind`: how it is typed; `needed`: it may not stay empty.

    `heading`: stands above it, where a new part of the form begins. `begin`: what a new row has. `nullable`: an amount
    that is empty is none, not zero.
    """

    name: str
    label: str
    kind: str = TEXT
    needed: bool = False
    helper: str = ""
    options: tuple[tuple[str, str], ...] = ()
    heading: str = ""
    begin: str = ""
    length: int = 200
    nullable: bool = False


def begin_values(fields: Sequence[Field], row: Any, currency: str) -> dict[str, str]:
    """Return what the fields begin with: the row's values, or those of a new one."""
    return {one.name: one.begin if row is None else _text(one, row.get(one.name), currency) for one in fields}


def _text(field: Field, value: Any, currency: str) -> str:
    if value is None:
        return ""
    if field.kind in (AMOUNT, SIGNED):
        return plain_amount(int(value), currency)
    if field.kind == PERCENT:
        return percent_text(int(value))
    if field.kind == DAY:
        return typed_day(str(value))
    if field.kind == SWITCH:
        return "yes" if value else ""
    return str(value)


def form_errors(fields: Sequence[Field], form: Form, currency: str) -> dict[str, str]:
    """Return what is wrong with what was typed, by field; the hub checks the rest."""
    found = {one.name: _error(one, form[one.name], currency) for one in fields}
    return {name: text for name, text in found.items() if text}


def _error(field: Field, text: str, currency: str) -> str:
    if not text.strip():
        return tr("This is needed.") if field.needed else ""
    if field.kind in (AMOUNT, SIGNED):
        said = amount_error(text, currency)
        if not said and field.kind == AMOUNT and (parse_amount(text, currency) or 0) < 0:
            return tr("Type it without a minus.")
        return said
    if field.kind == PERCENT and parse_percent(text) is None:
        return tr("This is no percent. Write it as 20 or 2.5, from 0 to 100.")
    if field.kind == NUMBER and not (text.strip().isdecimal() and int(text) <= MOST_DAYS):
        return tr("Type a number of days, up to {most}.", most=MOST_DAYS)
    if field.kind == DAY:
        return day_error(text)
    return ""


def form_body(fields: Sequence[Field], form: Form, currency: str) -> dict[str, Any]:
    """Return what is sent; what was typed was found right."""
    return {one.name: _value(one, form[one.name].strip(), currency) for one in fields}


def _value(field: Field, text: str, currency: str) -> Any:
    if field.kind == SWITCH:
        return bool(text)
    if field.kind == DAY:
        day = parse_day(text)
        return day.isoformat() if day is not None else None
    if field.kind in (AMOUNT, SIGNED):
        return parse_amount(text, currency) if text else None if field.nullable else 0
    if field.kind == PERCENT:
        return parse_percent(text) or 0
    if field.kind == NUMBER:
        return int(text) if text else 0
    return text


@ft.component
def RowFields(
    form: Form, fields: tuple[Field, ...], errors: dict[str, str], currency: str, fresh: bool = False
) -> ft.Control:
    """Show the fields; the first one has the keyboard where the row is new."""
    drawn, draw = ft.use_state(0)

    def choose(name: str, value: str) -> None:
        form.values[name] = value
        draw(drawn + 1)

    rows: list[ft.Control] = [ft.Container(height=0)]  # room for the first field's name
    for number, one in enumerate(fields):
        if one.heading:
            rows.append(heading(one.heading))
        rows.extend(_control(one, form, errors.get(one.name), currency, choose, first=fresh and number == 0))
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _control(
    field: Field, form: Form, error: str | None, currency: str, choose: Any, *, first: bool
) -> list[ft.Control]:
    name, text = field.name, field.label
    helper: dict[str, Any] = {"helper": field.helper, "helper_max_lines": 3} if field.helper else {}
    if field.kind == CHOICE:
        named = label(f"{text}: {error}" if error else text, color=ft.Colors.ERROR if error else None)
        said = [caption(field.helper, max_lines=3)] if field.helper else []
        return [named, filter_chips(form[name], field.options, lambda key: choose(name, key)), *said]
    if field.kind == SWITCH:
        on = toggle(text, bool(form[name]), lambda value: choose(name, "yes" if value else ""), about=field.helper)
        return [on, label(error, color=ft.Colors.ERROR)] if error else [on]
    if field.kind in (AMOUNT, SIGNED):
        signed = field.kind == SIGNED
        return [amount_input(form, name, text, currency, error=error, signed=signed, autofocus=first, **helper)]
    if field.kind == DAY:
        return [day_field(form, name, text, error=error, **helper)]
    options: dict[str, Any] = {"max_length": field.length, "counter": "", "autofocus": first, **helper}
    if field.kind == PERCENT:
        options |= {"suffix": ft.Text("%"), "max_length": 6, "keyboard_type": ft.KeyboardType.NUMBER}
    elif field.kind == NUMBER:
        options |= {"suffix": ft.Text(tr("days")), "max_length": 4, "keyboard_type": ft.KeyboardType.NUMBER}
    elif field.kind == NOTE:
        options |= {"multiline": True, "max_lines": 4, "max_length": 2000}
    return [TextInput(form, name, text, error=error, **options)]
