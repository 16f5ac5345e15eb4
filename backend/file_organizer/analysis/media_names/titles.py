"""From the part of a name before its numbers to a title for people."""

from __future__ import annotations

import re

from backend.file_organizer.analysis.media_names import vocabulary as v

_SEPARATORS = re.compile(r"[._]+|\s{2,}")
_ACRONYM = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]\.){2,}(?:[A-Z](?=$|[._\s]))?")
_YEAR_END = re.compile(
    r"[\s\-,]*(?:[(\[{]\s*(?P<marked>(?:19|20)\d\d)\s*(?:-\s*(?:\d{4})?\s*)?[)\]}]|(?<=\s)(?P<bare>(?:19|20)\d\d))\s*$"
)
_YEAR_INSIDE = re.compile(r"\s*[(\[]\s*(?P<marked>(?:19|20)\d\d)\s*(?:-\s*(?:\d{4})?\s*)?[)\]]")
_ARTICLE = re.compile(r"^(?P<rest>.+?),\s*(?P<article>the|a|an|der|die|das|le|la|les|el|los)$", re.IGNORECASE)
_COUNTRY = re.compile(
    r"^(?P<rest>.+?)[\s(\[]+(?P<tag>US|USA|UK|GB|AU|CA|NZ|IE|DE|FR|IT|ES|NL|BE|SE|DK|NO|JP|IN)[)\]]?$"
)
_COMPLETE = re.compile(
    r"(?i)\s(?:the\s)?(?:complete|komplette?|intégrale|completa)(?:\sseries)?[\s-]*$|(?<=\w)\s(?:the|ep)$"
)
_BAD_END = " -–_.,:;[](){}~#+&"
_TAG_END = re.compile(
    r"\s*[\[{(](?:tv|ova|ona|bd|dvd|sub|dub|web|uncensored|[^\])}]*\x00[^\])}]*)[\])}]\s*$", re.IGNORECASE
)
_BRACKET_HEAD = re.compile(
    r"\s*(?:\[(?P<group>[^\[\]]{1,60})\]|\{[^{}]{1,40}\}|(?:www\.)?[\w-]+\.(?:com|net|org|to|tv|cc|info)\s+-)[\s._-]*",
    re.IGNORECASE,
)


def split_head(stem: str) -> tuple[str, int]:
    """Return (group, where the name begins) for "[Group] Title ...": the group is empty if there is none."""
    found = _BRACKET_HEAD.match(stem)
    if found is None or found.end() >= len(stem):
        return "", 0
    group, start = found["group"] or "", found.end()
    while (more := _BRACKET_HEAD.match(stem, start)) and _is_tag(more.group()):
        start = more.end()  # "[Group] [BD][1080p] Title"
    return (group, start) if start < len(stem) else ("", 0)


def _is_tag(text: str) -> bool:
    """Tell whether a bracket at the head is about quality and not a title."""
    return v.MARK in v.mask(v.flat(text)) or text.strip(" []._-").upper() in (
        "BD",
        "DVD",
        "TV",
        "WEB",
        "HD",
        "SD",
        "4K",
    )


def clean_title(raw: str) -> str:
    """Return a title for people: separators become blanks, loose dashes and brackets at the ends go."""
    if raw.count(" ") >= 2 and "_" not in raw:
        text = re.sub(r"\s{2,}", " ", raw)
    else:
        kept = {found.group(): found.group().replace(".", v.MARK) for found in _ACRONYM.finditer(raw)}
        for acronym, safe in kept.items():
            raw = raw.replace(acronym, safe + ("" if acronym.endswith(".") is False else " "))
        text = _SEPARATORS.sub(" ", raw).replace(v.MARK, ".")
        text = re.sub(r"\s{2,}", " ", text)
    dotted = bool(re.search(r"(?:\b\w\.){2,}\W*$", text))
    text = _COMPLETE.sub("", text.strip(" -_"))
    text = _balanced(text.strip(_BAD_END.replace(".", "") if dotted else _BAD_END))
    found = _ARTICLE.match(text)
    return f"{found['article']} {found['rest']}" if found else text


def _balanced(text: str) -> str:
    """Give back the bracket that belongs to the title ("The Office (US)")."""
    for left, right in ("()", "[]"):
        if text.count(left) == text.count(right) + 1:
            text += right
    return text


def title_and_year(raw: str) -> tuple[str, int | None]:
    """Split what stands before the numbers into (title, year); a year that is all there is stays the title."""
    text = _TAG_END.sub("", raw.replace(".", " ").replace("_", " ")) if v.MARK in raw else raw
    cut = text.find(v.MARK)
    text = text if cut < 0 else text[:cut]
    spaced = v.flat(text).rstrip(" -")
    found = _YEAR_END.search(spaced)
    if found and clean_title(text[: found.start()]):
        return clean_title(text[: found.start()]), int(found["marked"] or found["bare"])
    inside = _YEAR_INSIDE.search(spaced)
    if inside and clean_title(text[: inside.start()]):
        rest = text[inside.end() :].strip(" .-_")
        title = clean_title(text[: inside.start()])
        return (title if not rest or len(rest) > 4 else clean_title(f"{title} {rest}")), int(inside["marked"])
    return clean_title(text), None


def without_country(title: str) -> str:
    """Return a title without the country tag that tells two series of one name apart ("The Office (US)")."""
    found = _COUNTRY.match(title)
    return found["rest"].strip() if found else title
