"""The packs that came with Homie: `packs/<country>_<year>.toml`. A year may stand on another one and say what changed.

A pack may be spread over files: `parts = ["capital"]` adds the purposes and rules of `at_2024_capital.toml`.

`same_as = 2024` takes that year's pack of the same country; `[[changed]]` replaces rules by their id, `[[added]]` puts
rules at the end, `removed` names rules that are gone. So a year's file shows what is new in it, and nothing else.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from backend.financial_manager.taxes.errors import TaxPackDamaged, TaxPackMissing
from backend.financial_manager.taxes.pack import TaxPack

_FOLDER = files("backend.financial_manager.taxes").joinpath("packs")
_NAME = re.compile(r"([a-z]{2})_([0-9]{4})\.toml")
_TABLES = ("changed", "added", "removed", "same_as")


@cache
def available_packs() -> tuple[tuple[str, int], ...]:
    """Return country and year of every pack, in order."""
    found = [match for entry in _FOLDER.iterdir() if (match := _NAME.fullmatch(entry.name))]
    return tuple(sorted((match[1].upper(), int(match[2])) for match in found))


def load_pack(country: str, year: int) -> TaxPack:
    """Return the pack of a country (ISO 3166) and year. Raises `TaxPackMissing`, which names those that there are."""
    code = country.upper()
    years = [found for of, found in available_packs() if of == code]
    if not years:
        names = ", ".join(sorted({of for of, _ in available_packs()}))
        raise TaxPackMissing(
            "country", f"There are no tax rules for the country {code[:10]}.", f"Choose one of these: {names}."
        )
    if year not in years:
        names = ", ".join(str(one) for one in years)
        raise TaxPackMissing(
            "year", f"There are no tax rules for {code} in {year}.", f"Choose one of these years: {names}."
        )
    return _loaded(code, year)


@cache
def _loaded(country: str, year: int) -> TaxPack:
    """Read and check a pack once."""
    try:
        return TaxPack.model_validate(merged(country, year))
    except (ValidationError, tomllib.TOMLDecodeError, KeyError) as error:
        raise TaxPackDamaged(f"The tax pack {country} {year} is damaged.") from error


def merged(country: str, year: int) -> dict[str, Any]:
    """Return a pack's data with what it takes from another year filled in."""
    own = _read(f"{country.lower()}_{year}")
    for part in own.pop("parts", []):
        more = _read(f"{country.lower()}_{year}_{part}")
        own["purposes"] = [*own.get("purposes", []), *more["purposes"]]
        own["rules"] = [*own.get("rules", []), *more["rules"]]
    if "same_as" not in own:
        return own
    base = merged(country, own["same_as"])
    changed = {rule["id"]: rule for rule in own.get("changed", [])}
    gone = set(own.get("removed", []))
    unknown = (set(changed) | gone) - {rule["id"] for rule in base["rules"]}
    if unknown:
        raise KeyError(f"{country} {year} changes rules that do not exist: {sorted(unknown)}")
    rules = [changed.get(rule["id"], rule) for rule in base["rules"] if rule["id"] not in gone]
    rest = {key: value for key, value in own.items() if key not in _TABLES}
    return base | rest | {"rules": [*rules, *own.get("added", [])]}


def _read(name: str) -> dict[str, Any]:
    """Read one file of the folder."""
    return tomllib.loads(_FOLDER.joinpath(f"{name}.toml").read_text("utf-8"))
