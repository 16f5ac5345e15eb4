"""Words of tax reports: countries, what was left out and why, how a figure was made, what is behind it."""

from __future__ import annotations

from frontend.api.generated.schemas import (
    FinancialManagerFigureOut,
    FinancialManagerLeftOutOut,
    SaidOut,
    SourceOut,
    TaxReportOut,
    TrailOut,
)
from frontend.financial_manager.depot_words import trade_name
from frontend.i18n import calendar_day, current_language, decimal_text, money, rate_text, tr


def said(text: SaidOut) -> str:
    """Return a text of a pack in the person's language."""
    return text["de"] if current_language() == "de" else text["en"]


def country_name(country: str) -> str:
    """Return what a country of the packs is called."""
    return {"AT": tr("Austria"), "DE": tr("Germany")}.get(country, tr("Another country"))


def section_name(key: str) -> str:
    """Return what a section of a report is called."""
    return {
        "capital": tr("Capital"),
        "employee": tr("Employment"),
        "business": tr("Self-employed"),
        "special": tr("Special expenses"),
        "extraordinary": tr("Extraordinary expenses"),
        "household": tr("Household"),
    }.get(key, tr("Deductible"))


def status_words(report: TaxReportOut) -> str:
    """Say how far the rules were checked."""
    said = report["status_de"] if current_language() == "de" else report["status"]
    return said[:1].upper() + said[1:]


def law_words(figure: FinancialManagerFigureOut) -> str:
    """Return the law behind a figure."""
    return figure["law_de"] if current_language() == "de" else figure["law"]


def checked_words(figure: FinancialManagerFigureOut, report: TaxReportOut) -> str:
    """Say against which text of the law the rule of a figure was checked; nothing where no rule of the year was."""
    checked = figure["checked"]
    if checked is None:
        some = any(one["checked"] is not None for one in report["figures"])
        return tr("Rule checked against secondary sources only") if some else ""
    day = calendar_day(checked["version"])
    return tr("Rule checked against {law}, text of {day}", law=said(checked["text"]), day=day)


def field_words(figure: FinancialManagerFigureOut) -> str:
    """Say where a figure belongs on the form; nothing where it belongs on none."""
    if figure["form"] and figure["field"]:
        return tr("Form {form}, field {field}", form=figure["form"], field=figure["field"])
    return tr("Form {form}: look up the field", form=figure["form"]) if figure["form"] else ""


def amount_words(figure: FinancialManagerFigureOut, currency: str) -> str:
    """Write a figure, or say what it lacks."""
    if figure["amount_minor"] is None:
        return tr("Needs your income")
    return money(figure["amount_minor"], currency)


def trail_words(line: TrailOut, currency: str) -> tuple[str, str]:
    """Return name and value of one line of how a figure was made."""
    sign = {"+": "+", "-": "−", "x": "×", "=": "="}.get(line["sign"], "")
    value = rate_text(line["rate"]) if line["amount_minor"] is None else money(line["amount_minor"], currency)
    return said(line["label"]), f"{sign} {value}".strip()


def source_words(source: SourceOut) -> str:
    """Return what a trade or booking behind a figure is called."""
    if source["trade_kind"]:
        return f"{trade_name(source['trade_kind'])} {source['security']}".strip()
    return source["title"] or tr("Without a text")


def rate_words(source: SourceOut) -> list[str]:
    """Return the day of what is behind a figure, and by which rate it was counted where that was another currency."""
    words, rate = [calendar_day(source["date"])], source["rate"]
    if rate is not None:
        told = {"currency": rate["currency"], "rate": decimal_text(rate["rate"]), "day": calendar_day(rate["day"])}
        if rate["of"] == "booking":
            words.append(tr("1 {currency} at {rate}, its own rate", currency=told["currency"], rate=told["rate"]))
        elif rate["of"] == "ecb":
            words.append(tr("1 {currency} at {rate}, the ECB's rate of {day}", **told))
        else:
            words.append(tr("1 {currency} at {rate}, its own rate and the ECB's of {day}", **told))
        if rate["stale"]:
            words.append(tr("The rate is more than a week old."))
    return words


def left_out_words(one: FinancialManagerLeftOutOut) -> str:
    """Say why something counts for nothing, or should be looked at."""
    return {
        "purpose": tr("These rules do not know what its category is for."),
        "currency": tr("It is in another currency, and there is no rate of its day."),
        "rules": tr("There are no rules for this kind of security."),
        "same": tr("It is the money of a trade: same amount, within ten days. It counts once, with the trade."),
        "place": tr("It counts, but whether its bank kept tax is not known: say where the account is."),
        "net": tr("It counts as booked. What was kept abroad is not known: enter it as a trade of a depot."),
        "uncredited": tr("It counts. These rules do not credit a tax kept abroad; perhaps it can be claimed back."),
        "twice": tr("It counts, and may be the cash side of a trade: then it would count twice."),
    }.get(one["reason"], tr("It does not count."))
