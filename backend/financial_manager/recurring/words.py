"""Say in words what comes again, and why Homie thinks so. English templates; the app translates them by their text."""

from __future__ import annotations

from collections.abc import Iterator

from backend.financial_manager.recurring.cadence import Cadence, DayRule
from backend.financial_manager.recurring.detector import PriceChange, Series
from backend.financial_manager.recurring.matching import Recurring
from backend.financial_manager.sentences import Amount, Month, Sentence

HOW_OFTEN = {
    Cadence.WEEKLY: "{count} bookings, one each week.",
    Cadence.FORTNIGHTLY: "{count} bookings, one every two weeks.",
    Cadence.MONTHLY: "{count} bookings, one each month.",
    Cadence.QUARTERLY: "{count} bookings, one every three months.",
    Cadence.HALF_YEARLY: "{count} bookings, one every six months.",
    Cadence.YEARLY: "{count} bookings, one each year.",
}


COMES = {
    Cadence.WEEKLY: "{name} comes again each week: {amount}.",
    Cadence.FORTNIGHTLY: "{name} comes again every two weeks: {amount}.",
    Cadence.MONTHLY: "{name} comes again each month: {amount}.",
    Cadence.QUARTERLY: "{name} comes again every three months: {amount}.",
    Cadence.HALF_YEARLY: "{name} comes again every six months: {amount}.",
    Cadence.YEARLY: "{name} comes again each year: {amount}.",
}


PRICE = "{name} went from {before} to {after} in {value}."


def reasons(found: Recurring) -> list[str]:
    """Say why this is taken for a recurring payment, in sentences."""
    said = [] if found.series is None else list(_of_series(found, found.series))
    if found.by_hand:
        said.insert(0, "You entered it.")
    elif found.row is not None and found.series is None:
        said.append("It is no longer found in the bookings; what you confirmed is shown.")
    if found.closed_on is not None and found.ended:
        said.append("Its account is closed.")
    elif found.ended and found.ends_on is None and found.series is not None:
        due = found.series.next_due.isoformat()
        said.append(f"It was due on {due} and did not come: it has probably ended.")
    return said


def _of_series(found: Recurring, series: Series) -> Iterator[str]:
    yield HOW_OFTEN[series.cadence].format(count=len(series.bookings))
    rule, day = series.fit.pattern.rule, series.fit.pattern.day
    if series.cadence.months and day >= 31 and rule is DayRule.WORKING_BEFORE:
        yield "They come on the last working day of the month."
    elif series.cadence.months and day >= 31:
        yield "They come on the last day of the month."
    elif series.cadence.months:
        yield f"They come on day {day} of the month or near it."
    if series.fit.spread:
        yield f"Between the earliest and the latest day of a period lie {series.fit.spread} days."
    if series.fit.missed:
        yield f"In {series.fit.missed} periods none came."
    amounts = [abs(one.amount_minor) for one in series.bookings]
    if min(amounts) == max(amounts):
        yield "The amount is always the same."
    elif not series.steady:
        low, high = (Amount(one, found.currency).said() for one in (min(amounts), max(amounts)))
        yield f"The amounts lie between {low} and {high}."
    for change in series.price_changes:
        yield price_words(found.name, change, found.currency).text


def comes_words(found: Recurring) -> Sentence:
    """Say that something comes again, how often and how much."""
    return Sentence.of(COMES[found.cadence], name=found.name, amount=Amount(found.amount_minor, found.currency))


def price_words(name: str, change: PriceChange, currency: str) -> Sentence:
    """Say that a price changed, with the month."""
    before, after = Amount(change.before_minor, currency), Amount(change.after_minor, currency)
    return Sentence.of(PRICE, name=name, before=before, after=after, value=Month(change.day))
