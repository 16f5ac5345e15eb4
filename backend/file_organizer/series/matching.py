"""Tell that two titles are the same series: "The Office (US)", "Office US" and "the.office.us"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

_ARTICLES = frozenset("the a an der die das ein eine le la les l el los las il lo i gli de het".split())  # noqa: SIM905
_COUNTRIES = {
    "us": "us", "usa": "us", "uk": "uk", "gb": "uk", "au": "au", "ca": "ca", "nz": "nz", "ie": "ie", "de": "de",
    "fr": "fr", "es": "es", "it": "it",
}  # fmt: skip
_YEAR = re.compile(r"(?<=\S)[\s(\[]+(?:19|20)\d\d[)\]]?$")
_ALIKE = 0.9


@lru_cache(maxsize=20_000)
def words_of(title: str) -> tuple[tuple[str, ...], str]:
    """Return (telling words, country tag or "") of a title: no case, accents, articles, punctuation or year."""
    text = unicodedata.normalize(
        "NFKD", _YEAR.sub("", title.strip()).casefold().replace("&", " and ").replace("ß", "ss")
    )
    text = "".join(char for char in text if not unicodedata.combining(char))
    words = re.sub(r"['’`´]", "", text)
    parts = [word for word in re.split(r"[\W_]+", words) if word]
    country = ""
    if (
        len(parts) > 1
        and parts[-1] in _COUNTRIES
        and re.search(r"(?:US|UK|[A-Z]{2})[)\]]?$|[)\]]$|[._ ][a-z]{2}$", title)
    ):
        country = _COUNTRIES[parts.pop()]
    telling = [word for word in parts if word not in _ARTICLES] or parts
    return tuple(telling), country


def same_series(one: str, other: str) -> float:
    """Return how alike two titles are, 0..1: 1 the same, 0.95 the same but for a country tag, 0 different."""
    (left, left_country), (right, right_country) = words_of(one), words_of(other)
    if left_country and right_country and left_country != right_country:
        return 0.0
    tagged = 1.0 if left_country == right_country else 0.95
    if left == right:
        return tagged
    a, b = "".join(left), "".join(right)
    if a == b:
        return tagged - 0.01
    if re.findall(r"\d+", a) != re.findall(r"\d+", b) or min(len(a), len(b)) < 6:
        return 0.0  # "Station 9" is not "Station 8", and short titles are alike by chance
    ratio = SequenceMatcher(None, a, b, autojunk=False).ratio()
    return tagged * ratio if ratio >= _ALIKE else 0.0


def best_match(title: str, known: Iterable[str]) -> str | None:
    """Return the known title that is this series; None if there is none, or if two would do equally well."""
    scored = sorted(((same_series(title, one), one) for one in known), reverse=True)
    if not scored or not scored[0][0]:
        return None
    if len(scored) > 1 and scored[1][0] == scored[0][0] and scored[0][0] < 1.0:
        return None
    return scored[0][1]
