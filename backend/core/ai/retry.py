"""How long a provider asks us to wait (Retry-After of RFC 9110 section 10.2.3, google.rpc.RetryInfo)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s?")


def seconds_to_wait(hints: Iterable[object], now: datetime | None = None) -> float | None:
    """Return the longest wait among hints such as "2", "2s", "0.5s" or an HTTP date; None if none can be read."""
    waits = [wait for hint in hints if (wait := _seconds(hint, now or datetime.now(UTC))) is not None]
    return max(waits, default=None)


def _seconds(hint: object, now: datetime) -> float | None:
    if not isinstance(hint, str):
        return None
    if found := _SECONDS.fullmatch(hint.strip()):
        return float(found.group(1))
    try:
        moment = parsedate_to_datetime(hint)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
