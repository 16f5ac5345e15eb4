"""What would become of a statement: counts, the bank's balance against Homie's, doubts, and every line."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import BankSaysOut, PreviewOut, PreviewRowOut
from frontend.financial_manager.import_provider import ImportProvider
from frontend.financial_manager.money_words import fate_tone, fate_words, said_by_hub, span_words
from frontend.financial_manager.screens.imports.layout import ReadDifferently
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.i18n import calendar_day, money, short_day, tr
from frontend.kit import (
    PagedList,
    caption,
    card,
    chip,
    filter_chips,
    heading,
    key_figure,
    notice,
    title,
    use_provider,
)

STEP = 100
"""Lines that are drawn at once; more come when the end is near."""
_ORDER = ("twin", "unread", "locked", "earlier", "new", "known")


@ft.component
def ImportPreview(of: ImportProvider, preview: PreviewOut) -> ft.Control:
    """Show the preview; lines of one kind can be looked at alone."""
    found = use_provider(of)
    kind, set_kind = ft.use_state("")
    drawn, set_drawn = ft.use_state(STEP)
    rows = [row for row in preview["rows"] if not kind or row["fate"] == kind]
    rows.sort(key=lambda row: (_ORDER.index(row["fate"]) if row["fate"] in _ORDER else 0, row["position"]))

    def choose(chosen: str) -> None:
        set_kind(chosen)
        set_drawn(STEP)

    async def more() -> None:
        set_drawn(drawn + STEP)

    fates = [one for one in _ORDER if any(row["fate"] == one for row in preview["rows"])]
    head = [*_summary(preview), *_doubts(preview)]
    if preview["table"] is not None:
        head.append(ReadDifferently(found, preview["table"]))
    head.append(heading(tr("The lines")))
    if len(fates) > 1:
        head.append(filter_chips(kind, [("", tr("Everything")), *((one, fate_words(one)) for one in fates)], choose))
    return PagedList(
        tuple((row, _state(found, row)) for row in rows[:drawn]),
        PreviewLine,
        key_of=lambda one: str(one[0]["position"]),
        more=more,
        has_more=len(rows) > drawn,
        before=head,
        arguments=(found, preview["currency"]),
    )


def _state(found: ImportProvider, row: PreviewRowOut) -> bool | None:
    """Tell whether a line is booked; None where that is not the person's to say."""
    if row["fate"] == "new":
        return row["position"] not in found.left_out
    return row["position"] in found.booked_twins if row["fate"] == "twin" else None


def _summary(preview: PreviewOut) -> list[ft.Control]:
    """Say how many lines there are of each kind, of which days, and whether the balances meet."""
    figures = [(preview["new"], tr("New")), (preview["known"], tr("There already"))]
    if preview["twins"]:
        figures.append((preview["twins"], tr("Perhaps there")))
    if preview["left_out"]:
        figures.append((preview["left_out"], tr("Left out")))
    days = span_words(preview["first"], preview["last"])
    shown: list[ft.Control] = [
        title(preview["file_name"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        ft.Row([key_figure(str(number), name) for number, name in figures], spacing=24, wrap=True),
    ]
    if days:
        shown.insert(1, caption(days))
    found: list[ft.Control] = [card(*shown)]
    if preview["booked_before"]:
        found.append(notice(tr("This very file was imported before. Only what is new would be booked."), "neutral"))
    found.extend(_balance(preview["bank"], preview["currency"]))
    if preview["opening_date"] is not None and preview["opening_minor"] is not None:
        held = money(preview["opening_minor"], preview["currency"])
        day = calendar_day(preview["opening_date"])
        said = tr("The account begins with {amount} at the end of {day}, as the file says.", amount=held, day=day)
        found.append(notice(said, "neutral", ft.Icons.FLAG_OUTLINED))
    return found


def _balance(bank: BankSaysOut, currency: str) -> list[ft.Control]:
    """Say whether the bank and Homie would agree, and whether the file agrees with itself."""
    found: list[ft.Control] = []
    if bank["closing_minor"] is not None:
        says = money(bank["closing_minor"], currency)
        day = calendar_day(bank["closing_date"]) if bank["closing_date"] else ""
        bank_text = tr("The bank says {amount} on {day}.", amount=says, day=day) if day else tr(
            "The bank says {amount}.", amount=says
        )  # fmt: skip
        if bank["difference_minor"] is None or bank["ledger_minor"] is None:
            found.append(notice(bank_text, "neutral", ft.Icons.ACCOUNT_BALANCE_OUTLINED))
        elif bank["difference_minor"] == 0:
            said = tr("{bank} Homie will say the same.", bank=bank_text)
            found.append(notice(said, "good", ft.Icons.CHECK_CIRCLE_OUTLINE))
        else:
            said = tr(
                "{bank} Homie will say {amount}: {difference} apart. Perhaps a statement is missing.",
                bank=bank_text,
                amount=money(bank["ledger_minor"], currency),
                difference=money(abs(bank["difference_minor"]), currency),
            )
            found.append(notice(said, "warn", ft.Icons.WARNING_AMBER))
    if bank["proof_holds"] is False:
        apart = money(abs(bank["proof_difference_minor"] or 0), currency)
        said = tr("The lines of the file do not lead from its first balance to its last: {difference} apart.",
                  difference=apart)  # fmt: skip
        found.append(notice(said, "warn", ft.Icons.WARNING_AMBER))
    return found


def _doubts(preview: PreviewOut) -> list[ft.Control]:
    return [notice(said_by_hub(text), "warn", ft.Icons.HELP_OUTLINE) for text in preview["doubts"]]


@ft.component
def PreviewLine(of: tuple[PreviewRowOut, bool | None], found: ImportProvider, currency: str) -> ft.Control:
    """Show one line with its fate and why, and a box where the person decides."""
    row, booked = of
    name = row["counterparty"] or row["purpose"] or row["text"] or tr("Without a text")

    def tick(event: Any) -> None:
        on = bool(event.control.value)
        if row["fate"] == "new":
            found.leave_out(row["position"], not on)
        else:
            found.book_twin(row["position"], on)

    told = [short_day(row["date"])] if row["date"] else []
    if row["counterparty"] and row["purpose"]:
        told.append(row["purpose"])
    texts: list[ft.Control] = [title(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)]
    if told:
        texts.append(caption(" · ".join(told), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS))
    texts.extend(caption(said_by_hub(text), max_lines=4, color=ft.Colors.TERTIARY) for text in row["reasons"])
    if row["fate"] != "new":
        texts.append(ft.Row([chip(fate_words(row["fate"]), fate_tone(row["fate"]))], tight=True))
    line: list[ft.Control] = [ft.Column(texts, spacing=4, tight=True, expand=True)]
    if row["amount_minor"] is not None:
        line.append(amount(row["amount_minor"], currency))
    if booked is None:
        line.insert(0, ft.Container(width=48))
    else:
        box = ft.Checkbox(value=booked, on_change=tick, semantics_label=tr("Book {name}", name=name))
        line.insert(0, ft.Container(box, width=48, height=48, alignment=ft.Alignment.CENTER))
    return ft.Container(
        ft.Row(line, spacing=8, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border_radius=12,
        padding=ft.Padding.only(left=4, right=12, top=8, bottom=8),
        opacity=1.0 if booked or row["fate"] == "twin" else 0.75,
    )
