"""Tokens: checklist lines 7, 9, 10, 11 and 45."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from backend.core.accounts import Visitor
from backend.core.accounts.errors import TokenRefused, TokenReused
from backend.core.accounts.tokens import TokenPair, new_code
from backend.core.accounts.views import SignedIn
from backend.core.schema import CoreBase
from backend.sdk.db import Database
from backend.sdk.errors import NotFound
from tests.core.accounts.conftest import House, build
from tests.engines import database_of

V = Visitor()


def test_tokens_are_256_random_bits_and_only_their_hash_is_stored(house: House, eva: SignedIn) -> None:
    """No token of a person stands in any table."""
    pair = eva.tokens
    assert len(pair.access) >= 43
    assert len({new_code() for _ in range(200)}) == 200
    for table in ("tokens", "sessions", "security_audit", "users"):
        with house.db.store.admin() as connection:
            import sqlalchemy as sa

            rows = str(connection.execute(sa.text(f"SELECT * FROM {table}")).all())
        assert pair.access not in rows
        assert pair.refresh not in rows
    assert pair.access not in repr(pair)
    assert pair.access not in repr(eva)


def test_an_access_token_ends_after_fifteen_minutes(house: House, eva: SignedIn) -> None:
    """Also when the answer was cached a moment before."""
    house.clock.advance(15 * 60 - 1)
    assert house.actor(eva)
    house.clock.advance(1)
    with pytest.raises(TokenRefused):
        house.actor(eva)


def test_a_refresh_token_ends_after_thirty_days(house: House, eva: SignedIn) -> None:
    """Used within, it lives on; unused, the device is logged out."""
    house.clock.advance(29 * 24 * 3600)
    pair = house.accounts.sign_in.refresh(eva.tokens.refresh, V)
    house.clock.advance(30 * 24 * 3600 + 1)
    with pytest.raises(TokenRefused):
        house.accounts.sign_in.refresh(pair.refresh, V)
    assert house.accounts.devices.of_person(eva.person.id) == []


def test_reuse_of_a_spent_refresh_token_ends_the_whole_family(house: House, eva: SignedIn) -> None:
    """Thief and owner both hold a chain: the second one's use ends both, is logged, and is told to the person."""
    stolen = eva.tokens.refresh
    mine = house.accounts.sign_in.refresh(stolen, V)
    house.clock.advance(60)
    with pytest.raises(TokenReused):
        house.accounts.sign_in.refresh(stolen, V)
    for token in (mine.access, eva.tokens.access):
        with pytest.raises(TokenRefused):
            house.accounts.authenticate(token)
    with pytest.raises(TokenRefused):
        house.accounts.sign_in.refresh(mine.refresh, V)
    assert house.revoked == [eva.tokens.session_id]
    assert "accounts.token_reused" in house.actions()
    assert [e.owner_id for e in house.events("accounts.token_reuse_detected")] == [eva.person.private_space_id]


def test_a_lost_answer_can_be_asked_for_again(house: House, eva: SignedIn) -> None:
    """Within ten seconds, and only while the successor is unused, the same token gives the same successor."""
    first = house.accounts.sign_in.refresh(eva.tokens.refresh, V)
    house.clock.advance(9)
    again = house.accounts.sign_in.refresh(eva.tokens.refresh, V)
    assert again.refresh == first.refresh
    assert again.access != first.access
    house.accounts.sign_in.refresh(first.refresh, V)
    with pytest.raises(TokenReused):
        house.accounts.sign_in.refresh(eva.tokens.refresh, V)


def test_simultaneous_refreshes_of_one_token_agree(house: House, eva: SignedIn) -> None:
    """Two tabs at once: nobody is logged out, all get one successor, no fork."""
    with ThreadPoolExecutor(6) as pool:
        pairs = list(pool.map(lambda _: house.accounts.sign_in.refresh(eva.tokens.refresh, V), range(6)))
    assert len({pair.refresh for pair in pairs}) == 1
    assert all(house.accounts.authenticate(pair.access) for pair in pairs)
    house.accounts.sign_in.refresh(pairs[0].refresh, V)


@pytest.mark.parametrize(
    "token", ["", "hma_", "hmr_x", "hma_" + "a" * 43, "Bearer x", "\ud800" * 50, "hmr_" + "é" * 43]
)
def test_what_is_no_token_of_ours_is_refused_alike(house: House, eva: SignedIn, token: str) -> None:
    """Unknown, malformed, of the other kind: one answer, no error of ours."""
    with pytest.raises(TokenRefused):
        house.accounts.authenticate(token)
    with pytest.raises(TokenRefused):
        house.accounts.sign_in.refresh(token, V)
    with pytest.raises(TokenRefused):
        house.accounts.authenticate(eva.tokens.refresh)
    with pytest.raises(TokenRefused):
        house.accounts.sign_in.refresh(eva.tokens.access, V)


def test_devices_are_listed_and_revoked_by_their_person_only(house: House, eva: SignedIn, ben: SignedIn) -> None:
    """Ben's device does not exist for Eva; a revoked one is gone at once, with its sockets."""
    second = house.login("eva")
    assert {d.id for d in house.accounts.devices.of_person(eva.person.id, second.tokens.session_id)} == {
        eva.tokens.session_id,
        second.tokens.session_id,
    }
    for missing in (ben.tokens.session_id, "no-such-device"):
        with pytest.raises(NotFound):
            house.accounts.devices.revoke(eva.person.id, missing)
    assert house.actor(second)
    house.accounts.devices.revoke(eva.person.id, second.tokens.session_id)
    with pytest.raises(TokenRefused):
        house.actor(second)
    assert not house.accounts.session_alive(second.tokens.session_id)
    assert house.revoked == [second.tokens.session_id]
    assert house.accounts.devices.revoke_others(eva.person.id, None) == 1
    with pytest.raises(TokenRefused):
        house.actor(eva)
    assert house.actor(ben)


def test_logging_out_ends_this_session_at_once(house: House, eva: SignedIn) -> None:
    """The cached answer goes too."""
    house.actor(eva)
    house.accounts.sign_in.logout(eva.person.id, eva.tokens.session_id)
    with pytest.raises(TokenRefused):
        house.actor(eva)


def test_last_seen_moves_with_use(house: House, eva: SignedIn) -> None:
    """Once a minute at most, without a write on each request."""
    house.clock.advance(61)
    writes = house.db.unscoped_counts.get("accounts: seen", 0)
    for _ in range(5):
        house.accounts.authenticate(eva.tokens.access, "10.0.0.44", "new agent")
    assert house.db.unscoped_counts["accounts: seen"] == writes + 1
    device = house.accounts.devices.of_person(eva.person.id)[0]
    assert (device.ip, device.user_agent, device.last_seen_at) == ("10.0.0.44", "new agent", house.clock.now())


def test_a_request_costs_one_read_and_a_repeated_one_none(house: House, eva: SignedIn) -> None:
    """The answer is kept for two seconds."""
    reads = house.db.unscoped_counts.get("accounts: authenticate", 0)
    for _ in range(20):
        house.actor(eva)
    assert house.db.unscoped_counts["accounts: authenticate"] == reads + 1
    house.clock.advance(2)
    house.actor(eva)
    assert house.db.unscoped_counts["accounts: authenticate"] == reads + 2


def test_what_another_process_ended_is_ended_here_too(house: House, eva: SignedIn, core_url: str) -> None:
    """By its event at once, and without any event after two seconds."""
    other = Database(core_url, CoreBase, name="core")
    try:
        elsewhere = build(other, house.settings.data_dir)
        house.actor(eva)
        elsewhere.accounts.devices.revoke_others(eva.person.id, None)
        event = elsewhere.events("accounts.sessions_revoked")[0]
        house.accounts.note_remote(event.name, event.payload())
        with pytest.raises(TokenRefused):
            house.actor(eva)
        assert house.revoked == [eva.tokens.session_id]
        again = house.login("eva")
        house.actor(again)
        elsewhere.accounts.people.set_disabled(house.add("ben").person.id, True, by=None)
        elsewhere.accounts.devices.revoke_others(eva.person.id, None)
        house.clock.advance(2)
        with pytest.raises(TokenRefused):
            house.actor(again)
    finally:
        other.close()


def test_csrf_values_belong_to_one_session(house: House, eva: SignedIn, ben: SignedIn) -> None:
    """Line 12: a browser proves with the header what the cookie alone does not."""
    mine = house.accounts.csrf_token(eva.tokens.session_id)
    assert re.fullmatch(r"[0-9a-f]{64}", mine)
    assert house.accounts.check_csrf(eva.tokens.session_id, mine)
    for wrong in (None, "", "é", house.accounts.csrf_token(ben.tokens.session_id)):
        assert not house.accounts.check_csrf(eva.tokens.session_id, wrong)


class Rotation(RuleBasedStateMachine):
    """Refresh tokens against a model: one live token per device, spent ones, and what each use must do."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self._folder = next(_FOLDERS)
        self.db = Database(database_of(self._folder, "core") or self._folder / "homie_users.db", CoreBase, name="core")
        self.db.create_all()
        self.house = build(self.db, self._folder)
        self.chain: list[str] = []
        self.spent_at: list[float] = []
        self.access: list[str] = []
        self.alive = True

    @initialize()
    def log_in(self) -> None:
        pair = self.house.set_up().tokens
        self.chain, self.access = [pair.refresh], [pair.access]
        self.spent_at, self.alive = [], True

    @rule(seconds=st.sampled_from([1.0, 5.0, 9.0, 11.0, 60.0]))
    def wait(self, seconds: float) -> None:
        self.house.clock.advance(seconds)

    @rule(back=st.integers(0, 3))
    def present(self, back: int) -> None:
        """Use the live token (0) or one spent earlier."""
        index = max(0, len(self.chain) - 1 - back)
        now = self.house.clock.monotonic()
        live = index == len(self.chain) - 1
        retry = index == len(self.chain) - 2 and now - self.spent_at[index] <= 10
        try:
            pair: TokenPair = self.house.accounts.sign_in.refresh(self.chain[index], V)
        except TokenRefused:
            assert not self.alive
            return
        except TokenReused:
            assert self.alive
            assert not live
            assert not retry
            self.alive = False
            return
        assert self.alive
        assert live or retry
        if live:
            self.chain.append(pair.refresh)
            self.spent_at.append(now)
        assert pair.refresh == self.chain[-1]
        self.access.append(pair.access)

    @invariant()
    def access_follows_the_family(self) -> None:
        """A dead family opens nothing."""
        if not self.alive:
            for token in self.access:
                with pytest.raises(TokenRefused):
                    self.house.accounts.authenticate(token)

    def teardown(self) -> None:
        self.db.close()


def _folders() -> Iterator[Path]:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="homie-rotation-") as top:
        number = 0
        while True:
            number += 1
            folder = Path(top) / str(number)
            folder.mkdir()
            yield folder


_FOLDERS = _folders()


@pytest.mark.usefixtures("installation_engine")
def test_refresh_tokens_do_what_their_model_says() -> None:
    """Any order of waiting and of using old and new tokens."""
    run_state_machine_as_test(Rotation, settings=settings(max_examples=15, stateful_step_count=15, deadline=None))
