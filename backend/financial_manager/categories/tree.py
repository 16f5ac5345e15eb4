"""The category tree that Homie ships (`tree.toml`); a household renames, adds and hides on top of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

Direction = Literal["income", "expense", "transfer"]

_PACKAGE = "backend.financial_manager.categories"


@dataclass(frozen=True, slots=True)
class Category:
    """One category. `id`: "group.category", or "group" for a group itself; `parent`: None for a group.

    `direction`: which way its money goes; refunds of an expense stay in the expense's category. `tax`: the purpose that
    a tax pack may ask for, or None. Titles are for people.
    """

    id: str
    parent: str | None
    title: str
    title_de: str
    direction: Direction
    tax: str | None = None

    @property
    def is_group(self) -> bool:
        """Tell whether it only holds others."""
        return self.parent is None


@cache
def shipped() -> Mapping[str, Category]:
    """Return every shipped category by id, groups before their categories, in the order in which people see them."""
    data = tomllib.loads(files(_PACKAGE).joinpath("tree.toml").read_text("utf-8"))
    found: dict[str, Category] = {}
    for group, table in data.items():
        direction: Direction = table["direction"]
        found[group] = Category(group, None, table["en"], table["de"], direction)
        for name, one in table.items():
            if isinstance(one, dict):
                number = f"{group}.{name}"
                found[number] = Category(number, group, one["en"], one["de"], direction, one.get("tax"))
    return MappingProxyType(found)


@cache
def leaves() -> tuple[Category, ...]:
    """Return the categories that a line can get."""
    return tuple(one for one in shipped().values() if not one.is_group)
