"""Logging in: checklist lines 2 to 4 and 8."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import bcrypt
import pytest

from backend.core.accounts import Visitor
from backend.core.accounts.errors import LoginDelayed, LoginRefused, PasswordWeak, PasswordWrong, TokenRefused
from backend.core.accounts.passwords import PasswordHasher
from backend.core.accounts.views import SignedIn
from backend.sdk.errors import HomieError
from tests.core.accounts.conftest import HOME, PASSWORD, House


def refusal_of(house: House, name: str, password: str, ip: str = "10.0.0.7") -> dict[str, Any]:
    with pytest.raises(HomieError) as refusal:
        house.login(name, password, ip=ip)
    return refusal.value.as_json("r")


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every bcrypt check, by the hash that it was made against."""
    made: list[bytes] = []
    real = bcrypt.checkpw

    def count(password: bytes, hashed: bytes) -> bool:
        made.append(hashed)
        return real(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", count)
    return made


def test_unknown_person_and_wrong_password_cost_and_answer_the_same(
    house: House, eva: SignedIn, checks: list[bytes]
) -> None:
    """Same body, one bcrypt check of the same cost, the same database steps; also for a disabled person."""
    house.add("ben")
    house.accounts.people.set_disabled(house.accounts.people.by_name("ben").id, True, by=None)
    answers = []
    for number, (name, password) in enumerate(
        [("eva", "wrong password"), ("nobody", PASSWORD), ("ben", PASSWORD), ("eva", "x" * 199), ("eva", "\ud800\0")]
    ):
        checks.clear()
        before = dict(house.db.unscoped_counts)
        answers.append(refusal_of(house, name, password, ip=f"10.0.1.{number}"))
        steps = {k: v - before.get(k, 0) for k, v in house.db.unscoped_counts.items() if v != before.get(k, 0)}
        answers[-1]["steps"] = steps
        assert [h.split(b"$")[2] for h in checks] == [b"04"]
    assert all(answer == answers[0] for answer in answers)


def test_the_shipped_cost_is_at_least_twelve() -> None:
    """bcrypt cost >= 12 unless a test says otherwise."""
    assert PasswordHasher.__init__.__defaults__ is not None
    assert PasswordHasher.__init__.__defaults__[0] >= 12


def test_a_hash_of_less_work_is_renewed_at_the_next_login(house: House, eva: SignedIn) -> None:
    """Raising the cost needs no reset of passwords."""
    stronger = PasswordHasher(5)
    house.accounts.sign_in._context.hasher.cost = 5
    house.login("eva")

    def stored(session: Any) -> str:
        from backend.core.accounts.models import User

        return str(session.get(User, eva.person.id).password)

    assert not stronger.is_outdated(house.db.unscoped("test", stored))
    house.login("eva")


def test_names_are_compared_without_case_and_look_alikes(house: House, eva: SignedIn) -> None:
    """One person has one name, however it is typed."""
    assert house.login("  EVA ").person.id == eva.person.id
    assert house.login("ｅｖａ").person.id == eva.person.id
    with pytest.raises(HomieError, match="taken"):
        house.accounts.people.add("EVA", PASSWORD)


def test_passwords_are_the_same_in_every_unicode_form(house: House, eva: SignedIn) -> None:
    """A Mac sends decomposed letters, a phone composed ones."""
    house.accounts.people.add("ben", "früh auf dem Berg")
    assert house.login("ben", "fru\u0308h auf dem Berg")


def test_after_three_wrong_tries_the_delay_doubles_and_success_resets(house: House, eva: SignedIn) -> None:
    """0, 0, 0, then 1, 2, 4, ... 30 seconds; a refused try is not counted; the right password opens after it."""
    waits = []
    for _ in range(10):
        with pytest.raises((LoginDelayed, LoginRefused)) as first:
            house.login("eva", "wrong password", ip="10.9.9.9")
        waits.append(first.value.retry_after or 0)
        if waits[-1]:
            with pytest.raises(LoginDelayed) as again:
                house.login("eva", PASSWORD, ip="10.9.9.9")
            assert again.value.retry_after == waits[-1]
            house.clock.advance(waits[-1])
            with pytest.raises(LoginRefused):
                house.login("eva", "wrong password", ip="10.9.9.9")
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]
    house.clock.advance(30)
    house.login("eva", ip="10.9.9.9")
    with pytest.raises(LoginRefused):
        house.login("eva", "wrong password", ip="10.9.9.9")


def test_guessing_from_elsewhere_never_locks_the_owner_out(house: House, eva: SignedIn) -> None:
    """An account under attack from many addresses stays open for the addresses that its owner already used."""
    for number in range(40):
        refusal_of(house, "eva", "wrong password", ip=f"192.0.2.{number}")
    with pytest.raises(LoginDelayed):
        house.login("eva", ip="198.51.100.1")
    assert house.login("eva", ip=HOME).person.id == eva.person.id


def test_one_address_cannot_guess_at_many_accounts(house: House, eva: SignedIn) -> None:
    """The address is slowed although each account was tried once, and an own login in between clears nothing."""
    house.add("mallory")
    for number in range(3):
        assert refusal_of(house, f"victim{number}", "wrong", ip="192.0.2.1")["error"]["code"] == "login_refused"
    assert refusal_of(house, "victim9", "wrong", ip="192.0.2.1")["error"]["code"] == "login_delayed"
    house.clock.advance(1)
    house.login("mallory", ip="192.0.2.1")
    house.clock.advance(1)
    assert refusal_of(house, "victim4", "wrong", ip="192.0.2.1")["error"]["code"] == "login_refused"
    assert refusal_of(house, "victim5", "wrong", ip="192.0.2.1")["error"]["code"] == "login_delayed"


def test_an_ipv6_line_counts_as_one(house: House, eva: SignedIn) -> None:
    """Every address of a /64 is the same guesser; the neighbouring line is another."""
    for number in range(3):
        refusal_of(house, f"someone{number}", "wrong", ip=f"2001:db8:1:1::{number}")
    code = refusal_of(house, "other", "wrong", ip="2001:db8:1:1:ffff::1")["error"]["code"]
    assert code == "login_delayed"
    assert refusal_of(house, "other", "wrong", ip="2001:db8:1:2::1")["error"]["code"] == "login_refused"


def test_tries_in_parallel_get_no_further_than_tries_in_a_row(house: House, eva: SignedIn, checks: list[bytes]) -> None:
    """Counted before the check: of 24 at once, exactly the free three reach bcrypt."""
    checks.clear()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: refusal_of(house, "eva", "wrong", ip="192.0.2.5")["error"]["code"], range(24)))
    assert codes.count("login_refused") == 3
    assert len(checks) == 3


def test_changing_the_password_needs_the_old_one_and_ends_every_other_device(house: House, eva: SignedIn) -> None:
    """The other devices' tokens and sockets end, this one's stay; the new password must meet the rules."""
    other = house.login("eva")
    change = house.accounts.sign_in.change_password
    with pytest.raises(PasswordWrong):
        change(eva.person.id, eva.tokens.session_id, "not mine", "four green walruses", HOME)
    with pytest.raises(PasswordWeak):
        change(eva.person.id, eva.tokens.session_id, PASSWORD, "password12", HOME)
    assert house.actor(other)
    assert change(eva.person.id, eva.tokens.session_id, PASSWORD, "four green walruses", HOME) == 1
    assert house.revoked == [other.tokens.session_id]
    with pytest.raises(TokenRefused):
        house.actor(other)
    with pytest.raises(TokenRefused):
        house.accounts.sign_in.refresh(other.tokens.refresh, Visitor())
    assert house.actor(eva)
    with pytest.raises(LoginRefused):
        house.login("eva", PASSWORD)
    house.login("eva", "four green walruses")


def test_guessing_the_password_with_a_stolen_session_is_slowed_too(house: House, eva: SignedIn) -> None:
    """Re-authentication has the same delays, on counters of its own: login is not slowed by it."""
    for _ in range(3):
        with pytest.raises(PasswordWrong):
            house.accounts.sign_in.reauthenticate(eva.person.id, eva.tokens.session_id, "wrong", None, "192.0.2.8")
    with pytest.raises(LoginDelayed):
        house.accounts.sign_in.reauthenticate(eva.person.id, eva.tokens.session_id, PASSWORD, None, "192.0.2.8")
    house.login("eva")


def test_proof_of_identity_lasts_ten_minutes(house: House, eva: SignedIn) -> None:
    """A login counts as proof; after ten minutes the password is asked again, and counts for this device only."""
    other = house.login("eva")
    assert house.accounts.has_sudo(eva.tokens.session_id)
    house.clock.advance(601)
    assert not house.accounts.has_sudo(eva.tokens.session_id)
    house.accounts.sign_in.reauthenticate(eva.person.id, eva.tokens.session_id, PASSWORD, None, HOME)
    assert house.accounts.has_sudo(eva.tokens.session_id)
    assert not house.accounts.has_sudo(other.tokens.session_id)


def test_unlock_ends_the_delay(house: House, eva: SignedIn) -> None:
    """`homie users unlock` clears one account, or everything."""
    for number in range(6):
        refusal_of(house, "eva", "wrong", ip=f"192.0.2.{number}")
    assert refusal_of(house, "eva", PASSWORD, ip="198.51.100.2")["error"]["code"] == "login_delayed"
    house.accounts.people.unlock("eva")
    house.login("eva", ip="198.51.100.2")


def test_a_login_is_told_to_the_persons_own_devices_only(house: House, eva: SignedIn, ben: SignedIn) -> None:
    """The event belongs to the private space."""
    assert [event.owner_id for event in house.events("accounts.logged_in")] == [
        eva.person.private_space_id,
        ben.person.private_space_id,
    ]
