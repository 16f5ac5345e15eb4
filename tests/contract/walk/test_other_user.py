"""Whoever names something of another person gets the answer for what does not exist, and changes nothing.

The walk is made from the OpenAPI document of a running hub: an operation or a field that takes an id and that nobody
has described here fails the test, so that nothing new escapes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.walk.bodies import CATEGORY_RULE, valid_body
from tests.contract.walk.household import (
    ABSENT,
    NOWHERE,
    STRANGERS,
    Household,
    Operation,
    fill,
    plain,
)
from tests.contract.walk.kinds import kind_of

ADMINISTRATION = {
    "/api/v1/accounts/users/": "administrators shut people out, let them in and reset them; content stays closed",
    "/api/v1/modules/": "modules belong to the installation",
    "/api/v1/backups/": "backups belong to the installation; they are read by restoring, never through the API",
    "/api/v1/ai/keys/": "keys belong to the installation and are never shown",
    "DELETE /api/v1/accounts/roots/": "administrators grant folders and take grants back; files stay as they are",
    "POST /api/v1/owners/{owner_id}/erase": "administrators may erase what a person who left has left behind",
}
"""What an administrator may do to things of others, and why (docs/security-model.md)."""

EVERYBODYS = {
    "/api/v1/modules/{module_id}": "which modules are installed is no secret in the household",
    "/api/v1/ai/modules/{module}": "the id names a module; what is shown is the caller's own agreement",
}
"""Paths whose id names nothing personal."""

ID_FIELD = re.compile(r"(^|_)(id|ids|space|owner)$|^group_key$")


def may_administrate(operation: Operation) -> bool:
    return any(operation.name.startswith(key) or operation.path.startswith(key) for key in ADMINISTRATION)


def with_id(house: Household) -> Iterator[Operation]:
    """Give every operation with an id in its path that may name something of a person."""
    for operation in house.operations():
        if operation.named("path") and operation.path not in EVERYBODYS:
            yield operation


def annas(house: Household, operation: Operation) -> str:
    return fill(operation.path, lambda name: house.ids[kind_of(operation.path, name)])


def nobodys(operation: Operation) -> str:
    return fill(operation.path, lambda name: ABSENT.get(kind_of(operation.path, name), NOWHERE))


def answers(house: Household, who: str, operation: Operation, paths: list[str]) -> list[tuple[int, str]]:
    hidden = sorted({NOWHERE, *ABSENT.values(), *house.ids.values()}, key=len, reverse=True)
    return [
        plain(house.call(who, operation.method, path, valid_body(house, operation, path)), *hidden) for path in paths
    ]


def test_every_id_of_the_document_is_described(household: Household) -> None:
    """A new operation with an id fails here until Anna has such a thing."""
    for operation in household.operations():
        for name in operation.named("path"):
            assert kind_of(operation.path, name) in household.ids, operation.name


@pytest.mark.parametrize("who", STRANGERS)
def test_the_id_of_another_person_is_as_unknown_as_no_id(household: Household, who: str) -> None:
    before, files, walked = household.settled(), household.files(), 0
    for operation in with_id(household):
        if who == "carl" and may_administrate(operation):
            continue
        theirs, absent = answers(household, who, operation, [annas(household, operation), nobodys(operation)])
        assert theirs == absent, (operation.name, theirs, absent)
        assert theirs[0] in (403, 404), (operation.name, theirs)
        if theirs[0] == 403:
            assert may_administrate(operation), f"{operation.name} should answer 404, not 403"
        walked += 1
    assert walked >= 25
    assert household.snapshot() == before
    assert household.files() == files


@pytest.mark.parametrize("who", STRANGERS)
def test_a_child_of_another_person_is_not_reached_through_ones_own_parent(household: Household, who: str) -> None:
    """Own plan and Anna's item, own space and Anna's export: as unknown as an item that does not exist."""
    before, walked = household.settled(), 0
    for operation in household.operations():
        names = operation.named("path")
        if len(names) < 2:
            continue
        parent, child = (kind_of(operation.path, name) for name in names)
        if child == "member":
            continue  # people of a shared household know each other
        own = household.own[who][parent]
        mixed, absent = (
            fill(operation.path, dict(zip(names, (own, last), strict=True)).__getitem__)
            for last in (household.ids[child], NOWHERE)
        )
        first, second = answers(household, who, operation, [mixed, absent])
        assert first == second, (operation.name, first, second)
        assert first[0] == 404, (operation.name, first)
        walked += 1
    assert walked >= 4
    assert household.snapshot() == before


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_acts_in_the_space_of_another(household: Household, who: str) -> None:
    """X-Homie-Space with Anna's private space or her band: the same answer as for a space that does not exist."""
    before, walked = household.settled(), 0
    for operation in household.operations():
        if "X-Homie-Space" not in operation.named("header"):
            assert operation.public, operation.name
            continue
        path = fill(operation.path, lambda name, op=operation: household.ids[kind_of(op.path, name)])
        body = valid_body(household, operation, path)
        seen = [
            plain(household.call(who, operation.method, path, body, headers={"X-Homie-Space": space}))
            for space in (household.ids["private"], household.ids["space"], NOWHERE)
        ]
        assert seen[0] == seen[1] == seen[2], (operation.name, seen)
        assert seen[0][0] in ((403, 404) if who == "ben" else (404,)), (operation.name, seen)
        walked += 1
    assert walked >= 90
    assert household.snapshot() == before


def id_fields(house: Household) -> Iterator[tuple[Operation, str, str]]:
    """Give (operation, query|body, field) of every field that takes an id."""
    for operation in house.operations():
        for name in operation.named("query"):
            if ID_FIELD.search(name):
                yield operation, "query", name
        for name, _ in house.body_fields(operation):
            if ID_FIELD.search(name.rsplit(".", 1)[-1]):
                yield operation, "body", name


FIELDS = {
    "space": "private",
    "space_id": "private",
    "run_id": "run",
    "volume_id": "volume",
    "user_id": "user",
    "person_id": "user",
    "rule_id": "rule",
    "body.action.folder.volume_id": "volume",
    "body.conditions.places.volume_id": "volume",
    "folder.volume_id": "volume",
    "item_ids": "item",
    "group_key": "group",
    "group_ids": "copies",
    "ids": "trashed",
    "account_id": "account",
    "category_id": "category",
    "parent_id": "category",
    "batch_id": "import",
    "payee_id": "payee",
    "action.category_id": "category",
    "rule.action.category_id": "category",
    "/api/v1/financial_manager/category-rules/try rule_id": "category_rule",
    "out_id": "transaction",
    "in_id": "transaction",
    "project_id": "building",
    "line_id": "budget_line",
    "contract_id": "contract",
    "financing_id": "money_source",
    "transaction_id": "transaction",
    "into_id": "payee",
    "items.category_id": "category",
    "parts.account_id": "account",
    "depot_id": "depot",
    "from_depot_id": "depot",
    "to_depot_id": "depot",
    "security_id": "security",
    "security_ids": "security",
    "parts.category_id": "category",
    "/api/v1/financial_manager/transactions/delete ids": "transaction",
    "/api/v1/financial_manager/transactions/categorise ids": "transaction",
}
"""What each field names, or that of one path."""

_HISTORY = "/api/v1/financial_manager/budgets/history"
NEEDED = {
    f"{_HISTORY} category_id": "&until=2026-12-31",
    f"{_HISTORY} person_id": f"&until=2026-12-31&category_id={NOWHERE}",
}
"""What a question about a field cannot be asked without."""

FOR_ADMINISTRATORS = {"POST /api/v1/accounts/roots": "administrators grant folders to any space"}


@pytest.mark.parametrize("who", STRANGERS)
def test_an_id_in_a_field_is_as_unknown_as_no_id(household: Household, who: str) -> None:
    before, walked = household.settled(), 0
    hidden = (household.ids["private"], household.ids["volume"], NOWHERE)
    for operation, place, name in id_fields(household):
        kind = FIELDS.get(f"{operation.path} {name}", FIELDS.get(name))
        assert kind is not None, f"{operation.name}: say in FIELDS what {name} names"
        if who == "carl" and operation.name in FOR_ADMINISTRATORS:
            continue
        own = household.own[who]
        path = fill(operation.path, lambda part, op=operation, own=own: own[kind_of(op.path, part)])
        body = valid_body(household, operation, path)
        seen = []
        for value in (household.ids[kind], NOWHERE):
            sent, address = body, path
            if place == "query":
                address = f"{path}?{name}={value}{NEEDED.get(f'{operation.path} {name}', '')}"
            else:
                sent = with_field(household, operation, name, value)
            seen.append(plain(household.call(who, operation.method, address, sent), *hidden))
        assert seen[0] == seen[1], (operation.name, name, seen)
        assert seen[0][0] != 422, (operation.name, name, seen)
        assert "Downloads" not in seen[0][1], (operation.name, name, seen)
        walked += 1
    assert walked >= 15
    assert household.snapshot() == before


def with_field(house: Household, operation: Operation, name: str, value: str) -> dict[str, Any]:
    """Return a body in which one field carries an id."""
    if name.startswith("folder."):
        return {"folder": {"volume_id": value, "path": "Downloads"}}
    if operation.path.endswith("/trash/empty") and name == "volume_id":
        return {name: value}
    if name in ("item_ids", "group_ids", "group_key", "ids", "security_ids"):
        return {name: value if name == "group_key" else [value]}
    if name.startswith("parts."):
        part = {"amount_minor": 0, name.removeprefix("parts."): value}
        return {**(valid_body(house, operation, operation.path) or {}), "parts": [part]}
    if name.startswith("items."):
        return {"month": "2026-01-01", "items": [{"amount_minor": 1, name.removeprefix("items."): value}]}
    if name.endswith("action.category_id") and "category-rules" in operation.path:
        rule = {**CATEGORY_RULE, "action": {"category_id": value}}
        return {"rule": rule} if name.startswith("rule.") else rule
    if name.startswith("body."):
        place = {"volume_id": value, "path": "Elsewhere"}
        where = {"what": "folder", "places": [place]} if ".places." in name else {"what": "size", "at_least": 1}
        action = {"do": "ask"} if ".places." in name else {"do": "move", "folder": place}
        body = {"body": {"conditions": [where], "action": action}}
        return {**(valid_body(house, operation, operation.path) or {}), **body}
    return {**(valid_body(house, operation, operation.path) or {}), name: value}


def test_lists_show_nothing_of_another_person(household: Household) -> None:
    """No answer to a stranger holds an id of Anna's things or a name of one of her files."""
    of_the_house = {"module", "provider", "set", "restore"}
    secret = {kind: value for kind, value in household.ids.items() if kind not in of_the_house}
    known = {"user", "member", "private"}
    for who in STRANGERS:
        seen = household.snapshot(who)
        for path, (_, body) in seen.items():
            text = str(body)
            assert "Downloads" not in text, (who, path)
            for kind, value in secret.items():
                # Members of the shared household know who the others are; administrators see grants and people.
                if kind not in known and not (who == "carl" and kind in ("root", "volume")):
                    assert value not in text, (who, path, kind)
