"""What a running hub leaves behind: no secret in logs, files or addresses; private files; no door but loopback."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psutil
import pytest

from backend.core.settings import HomieSettings
from tests.contract.walk.household import PASSWORD, Household, move_in
from tests.file_organizer.messy_folder import make_messy_folder

SECRET_NAME = re.compile(r"token|password|passphrase|secret|(^|_)key$|^code$|totp|csrf|session", re.IGNORECASE)


def holders(folder: Path, needle: bytes) -> list[str]:
    """Return the files below `folder` that hold `needle`, in name or content."""
    found = []
    for path in sorted(folder.rglob("*")):
        if needle in str(path.relative_to(folder)).encode():
            found.append(f"{path.relative_to(folder)} (name)")
        if path.is_file() and not path.is_symlink() and needle in path.read_bytes():
            found.append(str(path.relative_to(folder)))
    return found


def test_no_operation_takes_a_secret_in_its_address(household: Household) -> None:
    """Addresses end up in logs, histories and Referer headers."""
    for operation in household.operations():
        for place in ("path", "query"):
            for name in operation.named(place):
                assert not SECRET_NAME.search(name), (operation.name, name)


def test_no_token_password_or_code_is_in_the_log_or_the_data(household: Household) -> None:
    """After a whole day of a household at the most talkative log level; databases hold hashes only."""
    wrong = "wrong and yet secret"
    household.hub.post("/api/v1/accounts/login", {"name": "anna", "password": wrong})
    household.hub.get("/api/v1/accounts/me", token=household.tokens["anna"] + "x")
    fresh = household.hub.post("/api/v1/accounts/login", {"name": "dora", "password": PASSWORD}).json["tokens"]
    rotated = household.hub.post("/api/v1/accounts/refresh", {"refresh_token": fresh["refresh_token"]}).json
    secrets = [PASSWORD, wrong, *household.tokens.values(), *household.secrets]
    secrets += [
        fresh["access_token"],
        fresh["refresh_token"],
        str(rotated["access_token"]),
        str(rotated["refresh_token"]),
    ]
    printed = "\n".join(line for line in household.hub.log.splitlines() if "et-up code" not in line)
    assert len(printed) > 10_000
    for secret in secrets:
        assert len(secret) > 12
        assert secret not in printed
        for form in {secret, secret.replace("-", "")}:
            assert holders(household.hub.data_dir, form.encode()) == [], form


def test_the_log_names_no_file_of_a_person(household: Household) -> None:
    """Scanning, moving, exporting and backing up are logged by ids and numbers."""
    names = {Path(name).name for name in household.files()}
    assert len(names) > 10
    for name in names | {"new invoice.txt", "Dear ben"}:
        assert name not in household.hub.log, name


def test_files_of_the_hub_are_for_its_user_only(household: Household) -> None:
    """Databases, secrets, exports, backups and sockets: nobody else on the machine reads them."""
    for top in (household.hub.data_dir, household.folder / "backups"):
        for path in [top, *top.rglob("*")]:
            mode = path.lstat().st_mode
            if path.is_dir() and path.parent != top and path != top:
                continue  # inside a private folder
            private = any(parent.lstat().st_mode & 0o077 == 0 for parent in path.parents if parent.is_relative_to(top))
            assert mode & 0o077 == 0 or private, (str(path), oct(mode))
    secrets = household.hub.data_dir / "secrets"
    assert secrets.stat().st_mode & 0o777 == 0o700
    for path in secrets.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path.name


def test_the_hub_listens_on_loopback_only(household: Household) -> None:
    """One port on 127.0.0.1 for the whole of Homie; workers and the server talk over sockets in a private folder."""
    assert HomieSettings.model_fields["host"].default == "127.0.0.1"
    assert household.hub.process is not None
    server = psutil.Process(household.hub.process.pid)
    listening = [
        connection.laddr
        for process in (server, *server.children(recursive=True))
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN or connection.type != 1
    ]
    assert [(address.ip, address.port) for address in listening] == [("127.0.0.1", household.hub.port)]
    assert (household.hub.data_dir / "run").stat().st_mode & 0o777 == 0o700


CHANGED_FOR_OTHERS = {
    "/api/v1/accounts/audit",
    "/api/v1/accounts/spaces/{id}/members",
    "/api/v1/events",
}
"""What the others may notice when a person leaves: the household has one member less."""


@pytest.fixture
def doomed(tmp_path: Path) -> Household:
    """A household of its own, because Anna will leave it."""
    return move_in(tmp_path / "house")


@pytest.mark.slow
def test_after_erase_me_nothing_of_a_person_is_left(doomed: Household, tmp_path: Path) -> None:
    """No row, blob, index, job, cache, export or backup, and no word of hers in the log; her files stay hers.

    Ids of the security log lead nowhere, and the others keep what is theirs.
    """
    make_messy_folder(doomed.folder / "expected")
    data, space = doomed.hub.data_dir, doomed.spaces["anna"]
    with doomed.hub:
        before = doomed.settled("ben")
        assert holders(data, b"Downloads")
        assert holders(doomed.folder / "backups", b"Downloads")
        erased = doomed.want("anna", "POST", f"/api/v1/owners/{space}/erase", {"confirm": space})
        for job in erased["backup_jobs"]:
            doomed.until(lambda job=job: _ended(doomed, job["job_id"]))
        doomed.until(lambda: not holders(doomed.folder / "backups", b"Downloads"))
        assert doomed.call("anna", "GET", "/api/v1/accounts/me").status == 401
        assert _noticed(doomed, before) <= CHANGED_FOR_OTHERS
    for place in (data, doomed.folder / "backups"):
        for word in (b"Downloads", b"anna", doomed.ids["plan"].encode(), doomed.ids["item"].encode()):
            assert holders(place, word) == [], (place.name, word)
    assert "Downloads" not in doomed.hub.log
    assert (doomed.folder / "anna").is_dir()


def _noticed(house: Household, before: dict[str, Any]) -> set[str]:
    """Return what Ben sees changed for good; an answer of the moment ("busy, ask again") is asked for again."""
    for _ in range(5):
        after = house.snapshot("ben")
        changed = {path: (before[path], after[path]) for path in before if before[path] != after[path]}
        if set(changed) <= CHANGED_FOR_OTHERS:
            break
        print("Ben sees changed:", {path: changed[path] for path in set(changed) - CHANGED_FOR_OTHERS})
    return set(changed)


def _ended(house: Household, job_id: str) -> bool:
    """Tell whether a job of the system is over, by looking at the backups that it makes."""
    status = house.want("carl", "GET", "/api/v1/backups/status")
    return all(part["last_verified"] for part in status["parts"])
