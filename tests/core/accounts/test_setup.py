"""The first owner: checklist line 1 of platform.md, and its section 6 ("empty" instance after an update)."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.core.accounts import Visitor
from backend.core.accounts.errors import (
    LoginDelayed,
    PasswordWeak,
    RootRefused,
    SetupBlocked,
    SetupClosed,
    SetupCodeWrong,
)
from backend.core.accounts.setup import FirstOwner, SetupState
from backend.core.accounts.views import SignedIn
from tests.core.accounts.conftest import PASSWORD, House

OWNER = FirstOwner("eva", PASSWORD, household="Our home")


def test_there_are_no_default_credentials(house: House) -> None:
    """Before set-up nobody can log in, and the code is 20 random letters that stand nowhere on disk."""
    code = house.accounts.setup_code()
    assert code is not None
    assert len(code.replace("-", "")) == 20
    path = house.settings.secrets_dir / "setup.code"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert code not in path.read_text()
    assert code.replace("-", "") not in path.read_text()
    assert house.accounts.setup_code() != code


def test_the_first_owner_gets_a_private_and_a_household_space_and_closes_the_door(house: House) -> None:
    """One code, one owner; afterwards no code is made and none works."""
    code = house.accounts.setup_code()
    assert code is not None
    signed_in = house.accounts.setup.complete(code.lower().replace("-", " "), OWNER, Visitor())
    spaces = house.accounts.spaces.of_person(signed_in.person.id)
    assert [(s.kind, s.role) for s in spaces] == [("private", "owner"), ("household", "owner")]
    assert signed_in.person.is_admin
    actor = house.actor(signed_in)
    assert actor.owner_id == signed_in.person.private_space_id
    assert actor.owners == {s.id for s in spaces}
    assert house.accounts.setup_code() is None
    assert house.accounts.setup.state() is SetupState.CLOSED
    with pytest.raises(SetupClosed):
        house.accounts.setup.complete(code, OWNER, Visitor())
    assert not (house.settings.secrets_dir / "setup.code").exists()


def test_a_wrong_code_is_refused_and_guessing_is_slowed(house: House) -> None:
    """Three free tries, then a delay; the right code still works after it."""
    code = house.accounts.setup_code()
    assert code is not None
    for _ in range(3):
        with pytest.raises(SetupCodeWrong):
            house.accounts.setup.complete("AAAAA-AAAAA-AAAAA-AAAAA", OWNER, Visitor("10.0.0.9"))
    with pytest.raises(LoginDelayed):
        house.accounts.setup.complete(code, OWNER, Visitor("10.0.0.9"))
    house.clock.advance(31)
    house.accounts.setup.complete(code, OWNER, Visitor("10.0.0.9"))


def test_of_two_set_ups_at_once_one_wins(house: House) -> None:
    """The second one is told that Homie is set up; exactly one person exists."""
    code = house.accounts.setup_code()
    assert code is not None

    def attempt(name: str) -> object:
        try:
            return house.accounts.setup.complete(code, FirstOwner(name, PASSWORD), Visitor(f"10.0.0.{ord(name[0])}"))
        except (SetupClosed, SetupCodeWrong) as refusal:
            return refusal

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(attempt, ["eva", "mallory", "trudy", "oscar"]))
    assert sum(isinstance(result, SignedIn) for result in results) == 1
    assert len(house.accounts.people.everybody()) == 1
    assert house.audit.verify().ok


def test_bad_input_creates_nobody_and_leaves_the_code_valid(house: House, tmp_path: Path) -> None:
    """A weak password or a refused folder changes nothing."""
    code = house.accounts.setup_code()
    assert code is not None
    with pytest.raises(PasswordWeak):
        house.accounts.setup.complete(code, FirstOwner("eva", "short"), Visitor())
    with pytest.raises(RootRefused) as refusal:
        house.accounts.setup.complete(code, FirstOwner("eva", PASSWORD, folders=("/etc",)), Visitor())
    assert refusal.value.fields[0].name == "body.folders.0"
    assert house.accounts.people.everybody() == []
    folder = tmp_path / "Downloads"
    folder.mkdir()
    signed_in = house.accounts.setup.complete(code, FirstOwner("eva", PASSWORD, folders=(str(folder),)), Visitor())
    assert [root.path for root in house.accounts.roots.for_actor(house.actor(signed_in)).roots] == [str(folder)]


def test_setup_is_not_offered_over_lost_data(house: House) -> None:
    """Backups but no users: nobody is invited to start anew, unless the operator says so."""
    (house.settings.backups_dir / "core-2026.homie").write_bytes(b"x")
    assert house.accounts.setup.state() is SetupState.BLOCKED
    assert house.accounts.setup_code() is None
    with pytest.raises(SetupBlocked):
        house.accounts.setup.complete("whatever", OWNER, Visitor())
    code = house.accounts.setup.new_code(start_anew=True)
    assert code is not None
    house.accounts.setup.complete(code, OWNER, Visitor())


def test_backups_that_this_installation_made_itself_do_not_block_it(house: House) -> None:
    """A nightly backup between the first start and the set-up is no sign of loss."""
    house.accounts.setup_code()
    (house.settings.backups_dir / "core-2026.homie").write_bytes(b"x")
    code = house.accounts.setup_code()
    assert code is not None
    house.accounts.setup.complete(code, OWNER, Visitor())


def test_what_the_command_line_made_before_belongs_to_the_first_owner(house: House) -> None:
    """The private space of `homie organize` before set-up is adopted, whoever asked for it at once."""
    with ThreadPoolExecutor(4) as pool:
        locals_ = set(pool.map(lambda _: house.accounts.local_owner().owner_id, range(8)))
    assert len(locals_) == 1
    eva = house.set_up()
    assert eva.person.private_space_id in locals_
    assert house.accounts.local_owner().user_id == eva.person.id


def test_the_first_person_made_on_the_command_line_is_the_owner(house: House) -> None:
    """`homie users add` before set-up closes the set-up and keeps the local space."""
    space = house.accounts.local_owner().owner_id
    person = house.accounts.people.add("eva", PASSWORD)
    assert person.is_admin
    assert person.private_space_id == space
    assert house.accounts.setup_code() is None
