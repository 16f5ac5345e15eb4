"""With PostgreSQL by setting alone the whole server works the same: accounts, jobs, modules, events, restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.runtime.conftest import PASSWORD, Ear, eventually, make_hub, person, second_person
from tests.postgres_server import PostgresServer, postgres_server

__all__ = ["postgres_server"]

pytestmark = pytest.mark.postgres


def test_a_household_lives_on_postgresql(tmp_path: Path, postgres_server: PostgresServer) -> None:
    urls = {f"HOMIE_DB__{part}": postgres_server.new_database() for part in ("CORE", "JOBS", "GOOD")}
    hub = make_hub(tmp_path, **urls, HOMIE_WORKERS="1")
    with hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        bert = second_person(hub, anna, "bert")
        ears = [Ear(hub, anna.token).connect(), Ear(hub, bert.token).connect()]
        for n in range(20):
            anna.add_note(f"anna {n}")
            bert.add_note(f"bert {n}")
        assert anna.notes() == [f"anna {n}" for n in range(20)]
        assert bert.notes() == [f"bert {n}" for n in range(20)]
        for listener, name in zip(ears, ("anna", "bert"), strict=True):
            eventually(lambda listener=listener: len(listener.texts()) == 20)
            assert listener.texts() == [f"{name} {n}" for n in range(20)]
            listener.close()
        assert hub.get("/api/v1/jobs", token=anna.token).status == 200
        assert hub.stop() == 0
    assert not list(hub.data_dir.rglob("*.db"))
    with hub:
        assert person(hub, hub.log_in("anna", PASSWORD)).notes()[-1] == "anna 19"
