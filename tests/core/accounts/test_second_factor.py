"""The second factor: checklist line 6."""

from __future__ import annotations

from urllib.parse import parse_qs, urlparse

import pyotp
import pytest

from backend.core.accounts.errors import (
    LoginRefused,
    PasswordWrong,
    SecondFactorRequired,
    SecondFactorState,
    SecondFactorWrong,
)
from backend.core.accounts.totp import matching_counter
from backend.core.accounts.views import SignedIn
from tests.core.accounts.conftest import HOME, PASSWORD, House


def code_of(house: House, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(house.clock.now().timestamp()) + 30 * steps)


@pytest.fixture
def secret(house: House, eva: SignedIn) -> str:
    """Eva's second factor, on; the clock stands a step after the code that confirmed it."""
    start = house.accounts.second_factors.begin(eva.person.id)
    house.accounts.second_factors.confirm(eva.person.id, code_of(house, start.secret))
    house.clock.advance(30)
    return start.secret


def test_it_counts_only_once_confirmed(house: House, eva: SignedIn) -> None:
    """Beginning changes nothing; a wrong code confirms nothing; the address is what apps read."""
    start = house.accounts.second_factors.begin(eva.person.id)
    assert parse_qs(urlparse(start.uri).query)["secret"] == [start.secret]
    assert start.secret not in repr(start)
    house.login("eva")
    with pytest.raises(SecondFactorWrong):
        house.accounts.second_factors.confirm(eva.person.id, "000000")
    house.login("eva")
    assert len(house.accounts.second_factors.confirm(eva.person.id, code_of(house, start.secret))) == 10
    with pytest.raises(SecondFactorState):
        house.accounts.second_factors.begin(eva.person.id)
    assert house.accounts.second_factors.show(eva.person.id).on


def test_login_asks_for_the_code_only_after_the_password(house: House, secret: str) -> None:
    """A guesser without the password does not learn that there is a second factor."""
    with pytest.raises(SecondFactorRequired):
        house.login("eva")
    with pytest.raises(LoginRefused):
        house.login("eva", "wrong password")
    assert house.login("eva", code=code_of(house, secret))


def test_a_code_counts_once(house: House, secret: str) -> None:
    """Replay is refused, also of the neighbouring steps that were accepted for a slow clock."""
    code = code_of(house, secret)
    house.login("eva", code=code)
    with pytest.raises(LoginRefused):
        house.login("eva", code=code)
    with pytest.raises(LoginRefused):
        house.login("eva", code=code_of(house, secret, -1))
    house.login("eva", code=code_of(house, secret, 1))


def test_a_clock_may_be_one_step_off(house: House, secret: str) -> None:
    """One step early or late is accepted, two are not, and neither are other shapes."""
    now = house.clock.now()
    assert matching_counter(secret, code_of(house, secret, -1), now, 0)
    assert matching_counter(secret, code_of(house, secret, 1)[:3] + " " + code_of(house, secret, 1)[3:], now, 0)
    for wrong in (code_of(house, secret, -2), code_of(house, secret, 2), "", "12345", "１２３４５６", "1234567"):
        assert matching_counter(secret, wrong, now, 0) is None


def test_asking_for_the_code_is_no_wrong_try_but_a_wrong_code_is(house: House, secret: str) -> None:
    """The two-step form costs nothing; guessing codes is slowed like guessing passwords."""
    for _ in range(10):
        with pytest.raises(SecondFactorRequired):
            house.login("eva", ip="192.0.2.3")
    codes = []
    for _ in range(5):
        with pytest.raises(Exception) as refusal:
            house.login("eva", code="000000", ip="192.0.2.3")
        codes.append(refusal.value.code)  # type: ignore[attr-defined]
    assert codes == ["login_refused"] * 3 + ["login_delayed"] * 2


def test_a_recovery_code_opens_once(house: House, eva: SignedIn, secret: str) -> None:
    """However it is typed; a used one and the codes of an earlier set do not."""
    codes = house.accounts.second_factors.renew_codes(eva.person.id)
    house.login("eva", code=codes[0].lower().replace("-", " "))
    with pytest.raises(LoginRefused):
        house.login("eva", code=codes[0])
    assert house.accounts.second_factors.show(eva.person.id).recovery_codes_left == 9
    house.accounts.second_factors.renew_codes(eva.person.id)
    with pytest.raises(LoginRefused):
        house.login("eva", code=codes[1])
    assert "accounts.recovery_code_used" in house.actions()


def test_sensitive_operations_ask_for_the_code_too(house: House, eva: SignedIn, secret: str) -> None:
    """A stolen password alone does not open sudo mode."""
    again = house.accounts.sign_in.reauthenticate
    with pytest.raises(PasswordWrong) as refusal:
        again(eva.person.id, eva.tokens.session_id, PASSWORD, None, HOME)
    assert refusal.value.fields[0].name == "body.code"
    again(eva.person.id, eva.tokens.session_id, PASSWORD, code_of(house, secret), HOME)


def test_secret_and_codes_are_not_readable_in_the_database(house: House, eva: SignedIn, secret: str) -> None:
    """The secret is sealed under the master key, recovery codes are keyed hashes."""
    import sqlalchemy as sa

    codes = house.accounts.second_factors.renew_codes(eva.person.id)
    with house.db.store.admin() as connection:
        rows = str(
            [connection.execute(sa.text(f"SELECT * FROM {t}")).all() for t in ("second_factors", "recovery_codes")]
        )
    assert secret not in rows
    assert not any(code in rows or code.replace("-", "") in rows for code in codes)


def test_a_sealed_secret_does_not_open_for_another_person(house: House, eva: SignedIn, secret: str) -> None:
    """Copied into Ben's row it is useless: recovery codes still work, codes of the app do not."""
    ben = house.add("ben")
    start = house.accounts.second_factors.begin(ben.person.id)
    codes = house.accounts.second_factors.confirm(ben.person.id, code_of(house, start.secret))
    house.clock.advance(60)
    house.sql(
        "UPDATE second_factors SET secret = (SELECT s.secret FROM second_factors s WHERE s.user_id = :eva) "
        "WHERE user_id = :ben",
        eva=eva.person.id,
        ben=ben.person.id,
    )
    with pytest.raises(LoginRefused):
        house.login("ben", code=code_of(house, secret))
    house.login("ben", code=codes[0])


def test_turning_it_off_forgets_everything(house: House, eva: SignedIn, secret: str) -> None:
    """Afterwards the password suffices, and it can be begun anew."""
    house.accounts.second_factors.turn_off(eva.person.id, by=eva.person.id)
    house.login("eva")
    assert house.accounts.second_factors.show(eva.person.id).recovery_codes_left == 0
    assert house.accounts.second_factors.begin(eva.person.id).secret != secret
    assert "accounts.second_factor_off" in house.actions()
