"""Every table of core, the jobs and every installed module belongs to owners, or is on this list with its reason."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from importlib.metadata import entry_points

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from backend.core.jobs.models import JobsBase
from backend.core.schema import CoreBase
from backend.sdk.db.base import owned_tables, shared_tables, unowned_tables
from backend.sdk.ids import new_id
from backend.sdk.module import ModuleSpec

WITHOUT_OWNER = {
    "core": {
        "users": "decides who may enter, before there is an actor",
        "spaces": "the owners themselves",
        "memberships": "who is in which space",
        "sessions": "devices; read to find out who asks",
        "tokens": "hashes only; read to find out who asks",
        "invitations": "hashes of one-time codes for people who have no account yet",
        "second_factors": "sealed secrets; read while somebody logs in",
        "recovery_codes": "hashes; read while somebody logs in",
        "login_throttle": "keyed hashes of names and addresses; counts tries before it is known who tries",
        "installation": "facts about the installation",
        "security_audit": "one hash chain over the entries of everybody",
        "security_audit_head": "the end of that chain",
        "ai_settings": "one row of settings for the installation",
        "ai_keys": "sealed keys of providers, never shown",
        "ai_provider_states": "facts about providers",
        "modules": "which modules run",
        "backup_runs": "when backups ran and how it went",
    },
    "jobs": {"job_clock": "one number"},
}
"""Tables whose rows belong to nobody in particular. Modules have none."""


FOR_EVERYBODY = {
    "core": {
        "ai_settings": "every AI call needs the installation's settings; they hold no key",
        "ai_provider_states": "every AI call needs to know what a provider can do",
    },
    "jobs": {"job_clock": "whoever queues a job takes the next turn"},
}
"""Tables without owner that an owned session may read (and never write)."""

LOOSE = {
    ("file_organizer", "runs", "plan_id"): "names what asked for the run, also an undo; runs outlive their plan",
    (
        "file_organizer",
        "content_baselines",
        "action_id",
    ): "orders what was moved last; read through owned sessions only",
    ("financial_manager", "security_trades", "transaction_id"): "a trade stays when its cash booking is deleted",
    ("financial_manager", "raw_rows", "transaction_id"): "a line stays known when its transaction is deleted",
    (
        "financial_manager",
        "con_payments",
        "transaction_id",
    ): "the ledger knows no houses; a payment goes with its booking",
    ("financial_manager", "changed_rows", "row_id"): "the record outlives the row that it names",
    ("file_organizer", "duplicate_groups", "run_id"): "says which run put copies away; only shown as a link",
    ("file_organizer", "junk_items", "run_id"): "says which run cleaned it up; only shown as a link",
    ("file_organizer", "watched_folders", "plan_id"): "a plan may be discarded; then the next new file begins another",
    ("file_organizer", "plans", "run_id"): "is filled once the run exists; both are read through owned sessions only",
}
"""Columns that name a row of another table without a foreign key."""


def installed() -> dict[str, type[DeclarativeBase]]:
    """Return every declarative base of this installation, by module."""
    bases: dict[str, type[DeclarativeBase]] = {"core": CoreBase, "jobs": JobsBase}
    for point in entry_points(group="homie.modules"):
        spec = point.load()
        assert isinstance(spec, ModuleSpec)
        bases[spec.id] = base_of(spec.models)
    return bases


def base_of(address: str) -> type[DeclarativeBase]:
    """Load the base that a module's `models` names."""
    place, _, name = address.partition(":")
    found: type[DeclarativeBase] = getattr(importlib.import_module(place), name or "Base")
    return found


@pytest.fixture(scope="module")
def bases() -> dict[str, type[DeclarativeBase]]:
    return installed()


def owned(bases: dict[str, type[DeclarativeBase]]) -> Iterator[tuple[str, sa.Table, set[str]]]:
    for module, base in bases.items():
        names = owned_tables(base)
        for table in names.values():
            yield module, table, set(names)


def test_every_table_without_owner_is_known(bases: dict[str, type[DeclarativeBase]]) -> None:
    assert "file_organizer" in bases
    for module, base in bases.items():
        assert set(unowned_tables(base)) == set(WITHOUT_OWNER.get(module, {})), module
        assert set(shared_tables(base)) == set(FOR_EVERYBODY.get(module, {})), module


def test_the_key_of_every_owned_table_begins_with_its_owner(bases: dict[str, type[DeclarativeBase]]) -> None:
    walked = 0
    for module, table, _ in owned(bases):
        key = [column.name for column in table.primary_key.columns]
        assert key == ["owner_id", "id"], (module, table.name)
        assert not table.c.owner_id.nullable
        walked += 1
    assert walked >= 12


def test_every_reference_between_owned_tables_carries_the_owner(bases: dict[str, type[DeclarativeBase]]) -> None:
    """A row cannot point at another owner's row, whatever code writes it."""
    walked = 0
    for module, table, names in owned(bases):
        for key in table.foreign_key_constraints:
            if key.referred_table.name not in names:
                assert key.referred_table.name == "spaces", (module, table.name, key.referred_table.name)
                continue
            assert key.column_keys[0] == "owner_id", (module, table.name)
            assert [element.column.name for element in key.elements] == ["owner_id", "id"], (module, table.name)
            walked += 1
    assert walked >= 3


def test_no_column_names_a_row_without_a_reference_that_carries_the_owner(
    bases: dict[str, type[DeclarativeBase]],
) -> None:
    """A column `<thing>_id` beside a table of things is a composite reference, or on this list with its reason."""
    loose = {
        (module, table.name, column.name)
        for module, table, names in owned(bases)
        for column in table.columns
        if column.name.endswith("_id")
        and column.name != "owner_id"
        and any(name.rstrip("s").endswith(column.name.removesuffix("_id")) for name in names)
        and not any(column.name in key.column_keys for key in table.foreign_key_constraints)
    }
    assert loose == set(LOOSE)


def test_every_id_has_36_characters(bases: dict[str, type[DeclarativeBase]]) -> None:
    assert len(new_id()) == 36
    for module, table, _ in owned(bases):
        for column in table.columns:
            refers = any(column.name in key.column_keys for key in table.foreign_key_constraints)
            if column.name in ("id", "owner_id") or (refers and column.name.endswith("_id")):
                assert isinstance(column.type, sa.String), (module, table.name, column.name)
                assert column.type.length == 36, (module, table.name, column.name)
