"""Say everything in the person's language: English texts are the keys, catalogs in `frontend/locale` translate them.

`tr` and `trn` belong to views: providers hold data, never sentences. Texts that come from the hub (errors, reasons,
notifications) go through `tr_server`, which knows their templates.
"""

from frontend.i18n.calendar_days import calendar_day, month_name, parse_day, short_day, today, typed_day
from frontend.i18n.decimals import decimal_text, parse_decimal, plain_decimal, rate_text
from frontend.i18n.formats import (
    ago,
    basis_points,
    clock_time,
    count,
    date_and_time,
    day,
    duration,
    exact,
    percent,
    size,
    weekday_and_day,
)
from frontend.i18n.language import LANGUAGES, current_language, set_language, set_time_zone, supported
from frontend.i18n.money import minor_digits, money, parse_amount, plain_amount
from frontend.i18n.translation import tr, tr_server, trn

__all__ = [
    "LANGUAGES",
    "ago",
    "basis_points",
    "calendar_day",
    "clock_time",
    "count",
    "current_language",
    "date_and_time",
    "day",
    "decimal_text",
    "duration",
    "exact",
    "minor_digits",
    "money",
    "month_name",
    "parse_amount",
    "parse_day",
    "parse_decimal",
    "percent",
    "plain_amount",
    "plain_decimal",
    "rate_text",
    "set_language",
    "set_time_zone",
    "short_day",
    "size",
    "supported",
    "today",
    "tr",
    "tr_server",
    "trn",
    "typed_day",
    "weekday_and_day",
]
