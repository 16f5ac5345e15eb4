"""The free text of MT940 (`:86:`): "?20" fields of Germany and Austria, "/NAME/" words of the Netherlands, or plain."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from backend.financial_manager.statements.limits import clip

_FIELDS = re.compile(r"\s?(?P<code>[0-9]{3})?\s?(?P<sign>[?>~<@^])[0-9]{2}")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC)\+")
_SLASHED = re.compile(r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|BENM|ORDP|ISDT|MARF|CSID|PREF|RTRN|PURP|CNTP)/")
NO_REFERENCE = frozenset(("", "NONREF", "EREF", "KREF+", "NOTPROVIDED", "NOTAVAILABLE"))
"""What stands where a reference could, and is none."""
NATIONAL = ":NS:"
"""What begins a field of national use: lines with numbers: 01-14 purpose, 15-16 the other side, 34 its account."""
_LINE = re.compile(r"(?m)^([0-9]{2})(.*)$")
_UNSTRUCTURED = re.compile(r"^USTD/{1,2}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


@dataclass(frozen=True, slots=True)
class Details:
    """What the free text says."""

    purpose: str = ""
    name: str = ""
    iban: str = ""
    reference: str = ""
    code: str = ""


def read_details(texts: list[str]) -> Details:
    """Return what the `:86:` and `:NS:` fields of one line say."""
    told = [text for text in texts[:50] if not text.startswith(NATIONAL)]
    national = next((text for text in texts[:50] if text.startswith(NATIONAL)), "")
    return _with_national(_of_field_86(told), national) if national else _of_field_86(told)


def _with_national(details: Details, national: str) -> Details:
    """Return what `:86:` says, with what it leaves open filled from the numbered lines of `:NS:`."""
    lines = _LINE.findall(national.removeprefix(NATIONAL)[:20_000])
    purpose = " ".join(text for number, text in lines if "01" <= number <= "14")
    name = " ".join(text for number, text in lines if number in ("15", "16"))
    account = next((text.strip() for number, text in lines if number == "34"), "")
    return replace(
        details,
        purpose=clip(f"{details.purpose} {purpose}"),
        name=details.name or clip(name),
        iban=details.iban or clip(account)[:34],
    )


def _of_field_86(texts: list[str]) -> Details:
    """Return what the `:86:` fields of one line say."""
    numbered = [text for text in texts[:50] if _FIELDS.match(text[:20])]
    joined = "\n".join(text[:20_000] for text in numbered or texts[:50])
    match = _FIELDS.match(joined)
    if match is not None:
        return _numbered(joined, match["code"] or "", match["sign"])
    if _SLASHED.search(joined[:400]):
        return _slashed(joined.replace("\n", ""))
    return Details(purpose=clip(joined))


def _numbered(text: str, code: str, sign: str) -> Details:
    """Read "166?00GUTSCHRIFT?20SVWZ+...?31IBAN?32NAME"; a line break inside means nothing."""
    fields: dict[str, str] = {}
    for part in text.replace("\n", "").split(sign)[1:]:
        number, value = part[:2], part[2:]
        fields[number] = fields.get(number, "") + value
    told = "".join(fields.get(f"{n}", "") for n in (*range(20, 30), *range(60, 64)))
    words = _sepa(told)
    account = fields.get("31", "").strip()
    return Details(
        purpose=clip(words.get("SVWZ") or words.get("") or fields.get("00", "")),
        name=clip(" ".join(fields.get(n, "") for n in ("32", "33")) if "33" in fields else fields.get("32", "")),
        iban=account if _IBAN.fullmatch(account) else clip(words.get("IBAN") or account)[:34],
        reference=clip(
            next((one for key in ("EREF", "KREF") if (one := words.get(key, "").strip()) not in NO_REFERENCE), "")
        ),
        code=code,
    )


def _sepa(text: str) -> dict[str, str]:
    """Split "EREF+abc SVWZ+rent" into its words; what stands before the first one is under ""."""
    parts = _SEPA.split(text)
    found = {"": parts[0]}
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        found.setdefault(key, value)
    return found


def _slashed(text: str) -> Details:
    """Read "/IBAN/NL../NAME/A. Smith/REMI/rent"; "/CNTP/account/BIC/name/town" names the other side in one field."""
    parts = _SLASHED.split(text)
    found: dict[str, str] = {}
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        if value.strip("/ "):
            found.setdefault(key, value.strip("/ "))
    account, _, rest = found.get("CNTP", "").partition("/")
    name = rest.split("/")[1] if "/" in rest else ""
    return Details(
        purpose=clip(_UNSTRUCTURED.sub("", found.get("REMI") or parts[0])),
        name=clip(found.get("NAME") or name),
        iban=clip(found.get("IBAN") or account)[:34],
        reference=clip("" if found.get("EREF") in NO_REFERENCE else found.get("EREF", "")),
    )
