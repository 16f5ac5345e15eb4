"""From drafts to entries: what only whole columns tell (order of dates, decimal sign, signs) is decided here."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache

from backend.financial_manager.currencies import currency_of_iban, exponent
from backend.financial_manager.statements.amounts import to_minor
from backend.financial_manager.statements.dates import WrittenDate, as_date, order_doubt, settle_order
from backend.financial_manager.statements.errors import AGAIN, at_line
from backend.financial_manager.statements.limits import clip
from backend.financial_manager.statements.numerals import decimal_doubt, decimal_sign, value
from backend.financial_manager.statements.statement import Balance, Doubt, Entry, Statement
from backend.financial_manager.statements.table_balance import (
    Booked,
    Proven,
    newest_first,
    prove,
    settle_credits,
    settle_fees,
    settle_signs,
)
from backend.financial_manager.statements.table_layout import Layout
from backend.financial_manager.statements.table_preamble import Around
from backend.financial_manager.statements.table_rows import Draft, Reading
from backend.financial_manager.statements.vocabulary import cell_words, plain

_LONGEST_WHOLE = 12
_CARD = Doubt("sign_assumed", "A statement of a card, mostly without a minus: those were read as spent.")
_MONTH_FIRST = {"USD", "PHP", "CAD"}


def make_statement(
    reading: Reading, layout: Layout, around: Around, decimal: str, assumed_currency: str | None = None
) -> tuple[Statement, dict[str, str]]:
    """Decide date order and decimal signs over the columns, and make entries of the drafts, which are used up.

    `assumed_currency`: the account's, where the table tells none: it says how many decimals an amount has.
    """
    drafts = reading.drafts
    told = _currency(drafts, layout, around)
    currency = told or assumed_currency
    signs = _decimal_signs(drafts, currency, decimal)
    comma = signs["amount"] == "," and "assumed" not in signs
    order, order_doubt = (layout.order, None) if layout.order else _date_order(drafts, layout, around, told, comma)
    doubts = [decimal_doubt(signs["amount"])] if signs.pop("assumed", "") else []
    days = [_day(draft, draft.date, order) for draft in drafts]
    booked, assumed = _settled(drafts, layout, signs, currency, newest_first(days))
    proven = prove(booked) if layout.balance >= 0 and not _mixed(drafts) else Proven()
    doubts += [*proven.doubts, *_table_doubts(reading, layout, proven)]
    if told is None and drafts:
        doubts.append(Doubt("no_currency", "The file does not say its currency."))
    common = tuple(one for one in (order_doubt, assumed) if one is not None)
    opening, closing = _balances(proven, booked, days, around, currency, signs)
    account = around.account or _account(drafts)
    entries = []
    drafts.reverse()
    booked.reverse()
    for n, day in enumerate(days):
        draft, one = drafts.pop(), booked.pop()  # so that no draft lies beside its entry
        valued = as_date(draft.value, order) if draft.value else None
        own = (*one.doubts, *proven.rows.get(n, ()), *common) if one.doubts or proven.rows else common
        entries.append(_entry(draft, one, day, valued, own, currency))
    decided = {"dates": order, "decimal": signs["amount"]}
    return Statement(
        account, currency, opening, closing, tuple(entries), tuple(doubts), tuple(reading.skipped)
    ), decided


def _settled(
    drafts: list[Draft], layout: Layout, signs: dict[str, str], currency: str | None, falling: bool | None
) -> tuple[list[Booked], Doubt | None]:
    """Return what the rows moved, with signs and fees as the table tells, and the doubt for all of them if it does not.

    `falling`: whether the newest row is first, None if that is not known.
    """
    if layout.amount < 0 and _debits_negative(drafts):
        signs["debits"] = "negative"
    told_twice = _settle_letters(drafts, layout)
    booked = [_booked(draft, layout, signs, currency) for draft in drafts]
    for n in told_twice:
        words = "A minus and a word for debit or credit stand beside this amount: the word counts."
        booked[n].doubts += (Doubt("sign_assumed", words),)
    if layout.signs == "turned" or (layout.preset is not None and layout.preset.purchases_positive):
        _turned(booked)
    plus = _plus_only(drafts, booked, layout)
    layout.bill_paid = layout.balance < 0 and _bill_paid(drafts)
    if layout.bill_paid and layout.guessed and signs.get("debits") == "negative":
        layout.guessed = False
        return _turned(booked), _CARD
    layout.spending = layout.spending or layout.bill_paid
    settle_fees(booked)
    if layout.signs:  # a person said it
        return booked, None
    assumed = settle_credits(booked) if min(layout.debit, layout.credit) >= 0 else None
    return booked, assumed or settle_signs(booked, layout, _unsigned(drafts, layout), plus, falling)


def _turned(booked: list[Booked]) -> list[Booked]:
    """Turn all amounts around."""
    for one in booked:
        one.minor = -one.minor
    return booked


def _table_doubts(reading: Reading, layout: Layout, proven: Proven) -> list[Doubt]:
    """Return the doubts about columns that were guessed and no balance proved, and about rows that were left out."""
    doubts = []
    if layout.unproven and proven.opening is None:
        doubts.append(
            Doubt("amount_column_assumed", "Several columns could be the amount, and no balance tells which.")
        )
    if layout.guessed and layout.amount < 0 and not proven.both_ways:
        doubts.append(Doubt("sign_assumed", "No heading names the two columns: the first is read as money that left."))
    if reading.undated > max(2, len(reading.drafts) // 10):
        doubts.append(Doubt("rows_without_date", f"{reading.undated} rows with an amount have no date: left out."))
    if reading.lost:
        words = f"{len(reading.lost)} rows with a date and an amount are left out: they do not fit the columns."
        doubts.append(Doubt("rows_left_out", words))
    return doubts


def _currency(drafts: list[Draft], layout: Layout, around: Around) -> str | None:
    """Return the currency of the account: of the rows, the heading, the lines around, or the country of its IBAN."""
    told = Counter(one for draft in drafts if (one := draft.currency or draft.unit))
    if told:
        return told.most_common(1)[0][0]
    return layout.named_currency or around.currency or currency_of_iban(around.account or _account(drafts))


def _account(drafts: list[Draft]) -> str | None:
    """Return the account that all rows name, or None."""
    named = {draft.account for draft in drafts}
    return (named.pop() or None) if len(named) == 1 else None


def _mixed(drafts: list[Draft]) -> bool:
    """Tell whether the rows belong to several accounts or currencies: then no running balance runs through them."""
    return len({draft.account for draft in drafts}) > 1 or len({draft.currency for draft in drafts}) > 1


def _date_order(
    drafts: list[Draft], layout: Layout, around: Around, currency: str | None, comma: bool
) -> tuple[str, Doubt | None]:
    """Return the order of day and month for the whole file, with a doubt where it is a guess.

    `comma`: amounts are written with a decimal comma, as nobody does who writes the month first.
    """
    dates = [draft.date for draft in drafts]
    _refuse_mixed_years(drafts, {one.era for one in dates})
    pairs = [(draft.date, draft.value) for draft in drafts if draft.value is not None]
    american = layout.english and not comma and all(one.separator == "/" for one in dates)
    american = american and (currency or "USD") in _MONTH_FIRST
    order, guessed = settle_order(dates, pairs, "mdy" if american else "dmy", around.days)
    return order, order_doubt(order) if guessed else None


def _refuse_mixed_years(drafts: list[Draft], eras: set[str]) -> None:
    """Refuse a year five hundred years ahead of those of other rows: it is damaged, and not counted as in Thailand."""
    if "buddhist" in eras and len(eras) > 1:
        line = next(draft.line for draft in drafts if draft.date.era == "buddhist")
        raise at_line(line, "The file has a date in a year far from those of its other rows.", AGAIN)


def _decimal_signs(drafts: list[Draft], currency: str | None, known: str) -> dict[str, str]:
    """Return the decimal sign of amounts and of balances; "assumed" where nothing in the file tells it."""
    if known:
        return {"amount": known, "balance": known}
    amounts = [w.numeral for d in drafts for w in (*d.amounts, *d.others) if w is not None]
    balances = [d.balance.numeral for d in drafts if d.balance is not None]
    amount, matters = decimal_sign(amounts)
    balance, _ = decimal_sign(balances)
    if amount is None and matters and currency is not None and exponent(currency) == 0:
        amount = next((sign for sign in ".," if _whole(amounts, sign)), None)  # no coin is smaller than one
    dots = any(one.date.separator == "." for one in drafts)
    fallback = balance or _of_groups(amounts, currency) or ("," if dots else ".")
    found = {"amount": amount or fallback, "balance": balance or amount or fallback}
    if amount is None and matters and balance is None:
        found["assumed"] = "yes"
    return found


def _of_groups(numerals: list[str], currency: str | None) -> str | None:
    """Return the decimal sign that goes with thousands: three digits behind the only sign are no cents, in any row.

    None where both signs are written, or where the currency has thousandths.
    """
    used = {sign for numeral in numerals for sign in ".," if sign in numeral}
    if len(used) != 1 or exponent(currency) > 2:
        return None
    return "." if used == {","} else ","


def _whole(numerals: list[str], decimal: str) -> bool:
    """Tell whether all numerals are whole numbers under a decimal sign."""
    numbers = [value(one, decimal) for one in numerals]
    return all(number is not None and number == number.to_integral_value() for number in numbers)


def _booked(draft: Draft, layout: Layout, signs: dict[str, str], currency: str | None) -> Booked:
    """Return the amount and the balance of one row in minor units."""
    unit = draft.currency or draft.unit or currency
    alone = draft.amounts[0] if len(draft.amounts) == 1 else None
    if alone is not None and draft.bare and not layout.in_coins:
        minor, rounded = _minor(alone.numeral, signs["amount"], unit, draft.line)
        if not rounded:
            minor = -minor if alone.negative else minor
            return Booked(minor, None)  # as nearly all rows are
    where = f"line {draft.line}"
    doubts: list[Doubt] = []
    numbers: list[int] = []
    for amount in (*draft.amounts, *draft.others):
        if amount is None:
            numbers.append(0)
            continue
        if layout.in_coins and amount.numeral.isdigit():
            minor, rounded = to_minor(Decimal(amount.numeral).scaleb(-exponent(unit)), unit, where=where)
        else:
            minor, rounded = _minor(amount.numeral, signs["amount"], unit, draft.line)
        if rounded:
            doubts.append(Doubt("rounded", f"The file says {amount.numeral}: rounded to the currency's smallest coin."))
        numbers.append(-minor if amount.negative else minor)
    main = numbers[: len(draft.amounts)]
    total = (main[0] if len(main) == 1 else 0) if layout.amount >= 0 else 0
    if layout.amount < 0:
        total = main[1] + (main[0] if signs.get("debits") == "negative" else -main[0])
    elif draft.outgoing is not None:
        total = -abs(total) if draft.outgoing else abs(total)
    balance = _balance(draft, signs, unit)
    if balance is not None and layout.balance_before:
        balance += total
    fee = value(draft.fee.numeral, signs["amount"]) if draft.fee is not None else None
    charged = to_minor(fee, unit, where=where)[0] if fee is not None else 0
    if charged and not any(draft.amounts):  # a fee alone, beside two empty sides, is what the row moved
        total, charged = -charged, 0
    return Booked(
        total,
        balance,
        tuple(doubts),
        parts=tuple(main),
        others=tuple(numbers[len(draft.amounts) :]),
        fee=-charged if draft.fee is not None and draft.fee.negative else charged,
    )


def _minor(numeral: str, decimal: str, currency: str | None, line: int) -> tuple[int, bool]:
    """Return a numeral in minor units, and whether it had to be rounded; refuses one that cannot be meant so."""
    whole, _, part = numeral.partition(decimal)
    digits = exponent(currency)
    if len(part) == digits and len(whole) < _LONGEST_WHOLE and numeral.isascii() and f"{whole}{part}".isdigit():
        return int(f"{whole}{part}"), False  # nearly all are written so: no need of the long way
    number = value(numeral, decimal)
    if number is None:
        raise at_line(line, f"The file has an amount that is not written like the others ({numeral!r}).")
    return to_minor(number, currency, where=f"line {line}")


def _balance(draft: Draft, signs: dict[str, str], unit: str | None) -> int | None:
    """Return the balance that a row tells, in minor units; None where it tells none."""
    number = value(draft.balance.numeral, signs["balance"]) if draft.balance is not None else None
    if draft.balance is None or number is None:
        return None
    minor, _ = to_minor(number, unit, where=f"line {draft.line}")
    return -minor if draft.balance.negative else minor


def _settle_letters(drafts: list[Draft], layout: Layout) -> list[int]:
    """Forget a column of signs where amounts carry their own; else return the rows with a minus beside such a sign.

    "Withdrawal" or "credit" may be kinds of bookings: where most of what should have left has a minus already, a minus
    is what counts. Where few have one, it may take a booking back, or be written for good measure: a doubt.
    """
    if layout.amount < 0 or layout.sign < 0:
        return []
    told = [(one.negative, d.outgoing) for d in drafts if (one := d.amounts[0]) is not None and d.outgoing is not None]
    minus = sum(bool(negative and out) for negative, out in told)
    if all(negative == out for negative, out in told) or all(negative != out for negative, out in told):
        return []
    if 2 * minus > sum(bool(out) for _, out in told):
        for draft in drafts:
            draft.outgoing = None
        return []
    amounts = ((n, draft.amounts[0]) for n, draft in enumerate(drafts) if draft.outgoing is not None)
    return [n for n, one in amounts if one is not None and one.negative]


def _plus_only(drafts: list[Draft], booked: list[Booked], layout: Layout) -> bool:
    """Tell whether some amounts carry a plus, others nothing, and none a minus; marks those with a plus."""
    if layout.amount < 0 or layout.sign >= 0:
        return False
    amounts = [draft.amounts[0] for draft in drafts]
    if any(one is None or one.negative for one in amounts):
        return False
    for one, amount in zip(booked, amounts, strict=True):
        one.plus = amount is not None and amount.signed
    return 0 < sum(one.plus for one in booked) < len(booked)


def _bill_paid(drafts: list[Draft]) -> bool:
    """Tell whether payments of a card's bill carry a minus here, and none of them is without one."""
    told = [
        one.negative
        for draft in drafts
        if (one := draft.amounts[0] or draft.amounts[-1]) is not None
        and (len(draft.amounts) == 1 or None in draft.amounts)
        and _names_a_bill(draft)
    ]
    return bool(told) and all(told)


@cache
def _of_bills() -> tuple[str, ...]:
    """Return words of which one stands in each phrase for the payment of a bill: the longest of each."""
    return tuple({max(phrase.split(), key=lambda word: (len(word), word)) for phrase in cell_words("bill_paid")})


def _names_no_bill(text: str) -> bool:
    """Tell of most texts, at once and surely, that they name no payment of a bill: they have none of its words.

    What is not ASCII may become such a word without its accents: that is for `plain` to read.
    """
    if not text.isascii():
        return False
    return not any(map(text.lower().__contains__, _of_bills()))


def _names_a_bill(draft: Draft) -> bool:
    """Tell whether a row is a payment of a card's bill."""
    purpose, other = draft.purpose[:100], draft.texts.counterparty[:100]
    text = f"{purpose} {other}"
    if _names_no_bill(text):
        return False
    words = f" {plain(text)} "
    return any(f" {one} " in words for one in cell_words("bill_paid"))


def _unsigned(drafts: list[Draft], layout: Layout) -> bool:
    """Tell whether nothing in the rows says which way the money went."""
    if layout.amount < 0 or (layout.sign >= 0 and any(d.outgoing is not None for d in drafts)):
        return False
    return not any(one is not None and (one.signed or one.negative) for d in drafts for one in d.amounts)


def _debits_negative(drafts: list[Draft]) -> bool:
    """Tell whether the column of what went out is written with a minus (then one without is money that came back)."""
    minus = [one.negative for draft in drafts if (one := draft.amounts[0]) is not None and one.numeral.strip("0.,")]
    return sum(minus) * 2 > len(minus)


def _day(draft: Draft, one: WrittenDate, order: str) -> date:
    """Return the day of a row, or refuse a day that does not exist."""
    day = as_date(one, order)
    if day is None:
        numbers = "-".join(str(n) for n in one.numbers)
        raise at_line(draft.line, f"The file has a date that does not exist: {numbers} (read as {order}).", AGAIN)
    return day


def _entry(
    draft: Draft, one: Booked, day: date, valued: date | None, doubts: tuple[Doubt, ...], currency: str | None
) -> Entry:
    """Return one entry. Where a table names both sides, the other one is the payee of what left."""
    counterparty, payer, payee, iban, reference, bank_id, type_code = draft.texts
    other = (payee if one.minor < 0 else payer) or counterparty
    return Entry(
        day,
        valued,
        one.minor,
        draft.currency or draft.unit or currency,
        counterparty=clip(other),
        iban="".join(iban.split())[:34] if iban else "",
        purpose=clip(draft.purpose),
        bank_id=clip(bank_id),
        reference=clip(reference),
        type_code=clip(type_code),
        doubts=doubts,
        line=draft.line,
        account=draft.account or None,
    )


def _balances(
    proven: Proven,
    booked: list[Booked],
    days: list[date],
    around: Around,
    currency: str | None,
    signs: dict[str, str],
) -> tuple[Balance | None, Balance | None]:
    """Return opening and closing balance: of the running balance where it is proven, else of the lines around."""
    if proven.opening is not None and proven.closing is not None:
        return Balance(proven.opening, currency, min(days)), Balance(proven.closing, currency, max(days))
    found: list[Balance | None] = []
    for told in (around.opening, around.closing):
        number = value(told.numeral, signs["amount"]) if told is not None else None
        if told is None or number is None:
            found.append(None)
            continue
        minor, _ = to_minor(number, currency)
        found.append(Balance(-minor if told.negative else minor, told.currency or currency))
    if proven.closing is not None:
        found[1] = Balance(proven.closing, currency, max(days))
    return found[0], found[1]
