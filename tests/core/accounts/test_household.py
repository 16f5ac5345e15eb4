"""Spaces, invitations, people: isolation as visible and hidden sets, and what ends access ends it at once (line 7)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from backend.core.accounts import Visitor
from backend.core.accounts.errors import (
    InvitationInvalid,
    LastAdmin,
    LastSpaceOwner,
    LoginRefused,
    NameTaken,
    PasswordWeak,
    TokenRefused,
)
from backend.core.accounts.models import UserPreferences
from backend.core.accounts.views import SignedIn
from backend.sdk.errors import HomieError, NotAllowed, NotFound
from tests.core.accounts.conftest import HOME, PASSWORD, House

V = Visitor(HOME, "pytest")


@pytest.fixture
def home(house: House, eva: SignedIn) -> str:
    """Eva's household space."""
    return house.households(eva)[0]


def invite(house: House, by: SignedIn, space: str | None, *, account: bool = False) -> str:
    view = house.accounts.invitations.create(by.person.id, space_id=space, new_account=account)
    assert view.code is not None
    return view.code


def test_names_of_a_space_are_of_those_in_it_now(house: House, eva: SignedIn, ben: SignedIn, home: str) -> None:
    """What modules are told: members by how they are shown; not those outside, not who left."""
    people, spaces = house.accounts.people, house.accounts.spaces
    at_home = house.actor(eva).acting_in(home)
    assert people.names(at_home) == {eva.person.id: eva.person.display_name}
    house.accounts.invitations.join(ben.person.id, invite(house, eva, home), HOME)
    assert people.names(at_home) == {one.person.id: one.person.display_name for one in (eva, ben)}
    assert people.names(house.actor(ben)) == {ben.person.id: ben.person.display_name}
    spaces.remove(eva.person.id, home, ben.person.id)
    assert set(people.names(at_home)) == {eva.person.id}


# ---------------------------------------------------------------- spaces


def test_each_person_sees_their_own_spaces_only(house: House, eva: SignedIn, ben: SignedIn, home: str) -> None:
    """Ben does not see, read, rename or enter Eva's spaces: to him they do not exist."""
    spaces = house.accounts.spaces
    assert home not in house.actor(ben).owners
    assert eva.person.private_space_id not in house.actor(ben).owners
    assert {s.id for s in spaces.of_person(ben.person.id)} == {ben.person.private_space_id}
    for space in (home, eva.person.private_space_id, "no-such-space"):
        for attempt in (
            lambda s=space: spaces.members(ben.person.id, s),
            lambda s=space: spaces.rename(ben.person.id, s, "mine"),
            lambda s=space: spaces.set_role(ben.person.id, s, ben.person.id, "owner"),
            lambda s=space: spaces.remove(ben.person.id, s, eva.person.id),
            lambda s=space: house.accounts.invitations.create(ben.person.id, space_id=s, new_account=False),
            lambda s=space: house.actor(ben).acting_in(s),
        ):
            with pytest.raises(NotFound, match="does not exist"):
                attempt()


def test_joining_opens_a_space_at_once_and_leaving_closes_it_at_once(
    house: House, eva: SignedIn, ben: SignedIn, home: str
) -> None:
    """The same access token sees the space after the invitation, and no more after the removal; sockets are told."""
    code = invite(house, eva, home)
    assert home not in house.actor(ben).owners
    assert house.accounts.invitations.join(ben.person.id, code, HOME) == home
    assert home in house.actor(ben).owners
    assert {m.user_id for m in house.accounts.spaces.members(ben.person.id, home)} == {eva.person.id, ben.person.id}
    house.accounts.spaces.remove(eva.person.id, home, ben.person.id)
    assert home not in house.actor(ben).owners
    assert house.changed.count(ben.person.id) == 2
    owners = [e.owner_id for e in house.events("accounts.access_changed") if e.user_id == ben.person.id]
    assert set(owners) == {ben.person.private_space_id}
    with pytest.raises(InvitationInvalid):
        house.accounts.invitations.join(ben.person.id, code, HOME)


def test_members_do_not_administer_a_space(house: House, eva: SignedIn, ben: SignedIn, home: str) -> None:
    """A member may look and leave; inviting, renaming, removing is for owners."""
    house.accounts.invitations.join(ben.person.id, invite(house, eva, home), HOME)
    for attempt in (
        lambda: house.accounts.spaces.rename(ben.person.id, home, "mine"),
        lambda: house.accounts.spaces.remove(ben.person.id, home, eva.person.id),
        lambda: house.accounts.spaces.set_role(ben.person.id, home, ben.person.id, "owner"),
        lambda: invite(house, ben, home),
        lambda: invite(house, ben, None, account=True),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    house.accounts.spaces.remove(ben.person.id, home, ben.person.id)
    assert home not in house.actor(ben).owners


def test_a_space_always_keeps_an_owner(house: House, eva: SignedIn, ben: SignedIn, home: str) -> None:
    """The last owner neither leaves nor steps down; two who leave at once leave one behind."""
    house.accounts.invitations.join(ben.person.id, invite(house, eva, home), HOME)
    spaces = house.accounts.spaces
    with pytest.raises(LastSpaceOwner):
        spaces.remove(eva.person.id, home, eva.person.id)
    with pytest.raises(LastSpaceOwner):
        spaces.set_role(eva.person.id, home, eva.person.id, "member")
    spaces.set_role(eva.person.id, home, ben.person.id, "owner")

    def leave(user_id: str) -> bool:
        try:
            spaces.remove(user_id, home, user_id)
        except LastSpaceOwner:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, [eva.person.id, ben.person.id])) == [False, True]


def test_a_private_space_is_never_shared(house: House, eva: SignedIn) -> None:
    """Not by invitation, not by role, and it cannot be left."""
    private = eva.person.private_space_id
    with pytest.raises(NotAllowed):
        invite(house, eva, private)
    with pytest.raises(NotAllowed):
        house.accounts.spaces.remove(eva.person.id, private, eva.person.id)


def test_a_person_writes_to_their_private_space_unless_they_choose_another(
    house: House, eva: SignedIn, home: str
) -> None:
    """Private by default; a household is chosen by name."""
    actor = house.actor(eva)
    assert actor.owner_id == eva.person.private_space_id
    assert actor.acting_in(home).owner_id == home
    second = house.accounts.spaces.create(eva.person.id, "  Cottage ")
    assert second.name == "Cottage"
    assert second.id in house.actor(eva).owners


# ---------------------------------------------------------------- invitations


def test_an_invitation_makes_one_account_in_one_space(house: House, eva: SignedIn, home: str) -> None:
    """It works once, for whoever is first, and only until it expires."""
    code = invite(house, eva, home, account=True)
    accept = house.accounts.invitations.accept

    def attempt(name: str) -> object:
        try:
            return accept(code, name, "", PASSWORD, Visitor(f"10.0.0.{len(name)}"))
        except InvitationInvalid as refusal:
            return refusal

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(attempt, ["ad", "bob", "cleo", "diana"]))
    joined = [result for result in results if isinstance(result, SignedIn)]
    assert len(joined) == 1
    assert home in house.actor(joined[0]).owners
    assert not joined[0].person.is_admin
    assert len(house.accounts.people.everybody()) == 2
    late = invite(house, eva, home, account=True)
    house.clock.advance(72 * 3600 + 1)
    with pytest.raises(InvitationInvalid):
        accept(late, "late", "", PASSWORD, V)


def test_a_refused_form_does_not_use_the_invitation_up(house: House, eva: SignedIn, home: str) -> None:
    """Name taken or password weak: try again with the same code."""
    code = invite(house, eva, home, account=True)
    with pytest.raises(NameTaken):
        house.accounts.invitations.accept(code, "Eva", "", PASSWORD, V)
    with pytest.raises(PasswordWeak):
        house.accounts.invitations.accept(code, "ben", "", "password", V)
    house.clock.advance(60)
    assert house.accounts.invitations.accept(code, "ben", "Ben", PASSWORD, V).person.display_name == "Ben"


def test_a_code_is_worth_what_its_maker_may_do_now(house: House, eva: SignedIn, ben: SignedIn, home: str) -> None:
    """Removed, demoted, disabled: nobody comes back, or brings others in, by a code that they made before."""
    join, accept = house.accounts.invitations.join, house.accounts.invitations.accept
    join(ben.person.id, invite(house, eva, home), HOME)
    house.accounts.spaces.set_role(eva.person.id, home, ben.person.id, "owner")
    kept = invite(house, ben, home)
    house.accounts.spaces.remove(eva.person.id, home, ben.person.id)
    with pytest.raises(InvitationInvalid):
        join(ben.person.id, kept, "10.0.0.7")
    assert home not in house.actor(ben).owners

    house.accounts.people.set_admin(ben.person.id, True, by=eva.person.id)
    new_account, password = (
        invite(house, ben, None, account=True),
        house.accounts.invitations.create_password_code(ben.person.id, eva.person.id).code,
    )
    assert password is not None
    house.accounts.people.set_admin(ben.person.id, False, by=eva.person.id)
    with pytest.raises(InvitationInvalid):
        accept(new_account, "zoe", "", PASSWORD, Visitor("10.0.0.8"))
    with pytest.raises(InvitationInvalid):
        house.accounts.invitations.set_password(password, "nine tired walruses", "10.0.0.9")

    house.accounts.people.set_admin(ben.person.id, True, by=eva.person.id)
    house.accounts.people.set_disabled(ben.person.id, True, by=eva.person.id)
    with pytest.raises(InvitationInvalid):
        accept(new_account, "zoe", "", PASSWORD, Visitor("10.0.0.10"))


def test_codes_of_one_purpose_do_not_serve_another(house: House, eva: SignedIn, ben: SignedIn, home: str) -> None:
    """A space code makes no account, a password code opens no space, and all wrong codes answer the same."""
    space_code = invite(house, eva, home)
    password_code = house.accounts.invitations.create_password_code(eva.person.id, ben.person.id).code
    assert password_code is not None
    answers = set()
    for number, (attempt, code) in enumerate(
        [
            (lambda c, ip: house.accounts.invitations.accept(c, "x", "", PASSWORD, Visitor(ip)), space_code),
            (lambda c, ip: house.accounts.invitations.join(ben.person.id, c, ip), password_code),
            (lambda c, ip: house.accounts.invitations.set_password(c, "nine tired walruses", ip), space_code),
            (lambda c, ip: house.accounts.invitations.join(ben.person.id, c, ip), "AAAAA-BBBBB"),
            (lambda c, ip: house.accounts.invitations.join(ben.person.id, c, ip), ""),
        ]
    ):
        with pytest.raises(InvitationInvalid) as refusal:
            attempt(code, f"192.0.2.{number}")
        answers.add(str(refusal.value.as_json("r")))
    assert len(answers) == 1


def test_guessing_codes_is_slowed(house: House, eva: SignedIn, ben: SignedIn) -> None:
    """Per address, for all codes together."""
    codes = []
    for number in range(5):
        with pytest.raises(HomieError) as refusal:
            house.accounts.invitations.join(ben.person.id, f"guess{number}", "192.0.2.66")
        codes.append(refusal.value.code)
    assert codes == ["invitation_invalid"] * 3 + ["login_delayed"] * 2


def test_invitations_are_seen_and_withdrawn_by_those_concerned(
    house: House, eva: SignedIn, ben: SignedIn, home: str
) -> None:
    """For Ben, Eva's invitation does not exist; withdrawn it is useless; the code is never shown again."""
    view = house.accounts.invitations.create(eva.person.id, space_id=home, new_account=False)
    listed = house.accounts.invitations.open_for(eva.person.id, is_admin=False)
    assert [row.id for row in listed] == [view.id]
    assert listed[0].code is None
    assert house.accounts.invitations.open_for(ben.person.id, is_admin=False) == []
    with pytest.raises(NotFound):
        house.accounts.invitations.withdraw(ben.person.id, view.id, is_admin=False)
    house.accounts.invitations.withdraw(eva.person.id, view.id, is_admin=False)
    with pytest.raises(InvitationInvalid):
        house.accounts.invitations.join(ben.person.id, view.code or "", HOME)


def test_a_password_code_sets_a_new_password_and_ends_every_device(house: House, eva: SignedIn, ben: SignedIn) -> None:
    """Only the newest code works, once; the rules for passwords hold."""
    old = house.accounts.invitations.create_password_code(eva.person.id, ben.person.id).code
    code = house.accounts.invitations.create_password_code(eva.person.id, ben.person.id).code
    assert old is not None
    assert code is not None
    with pytest.raises(InvitationInvalid):
        house.accounts.invitations.set_password(old, "nine tired walruses", HOME)
    with pytest.raises(PasswordWeak):
        house.accounts.invitations.set_password(code, "1234567890", HOME)
    house.login("ben")
    house.accounts.invitations.set_password(code, "nine tired walruses", HOME)
    with pytest.raises(TokenRefused):
        house.actor(ben)
    with pytest.raises(LoginRefused):
        house.login("ben")
    house.login("ben", "nine tired walruses")


# ---------------------------------------------------------------- people


def test_disabling_a_person_ends_their_access_at_once_and_keeps_their_data(
    house: House, eva: SignedIn, ben: SignedIn
) -> None:
    """Tokens, sockets, login: all refused; enabled again, the same person comes back."""
    house.actor(ben)
    house.accounts.people.set_disabled(ben.person.id, True, by=eva.person.id)
    with pytest.raises(TokenRefused):
        house.actor(ben)
    with pytest.raises(TokenRefused):
        house.accounts.sign_in.refresh(ben.tokens.refresh, V)
    with pytest.raises(LoginRefused):
        house.login("ben")
    with pytest.raises(NotFound):
        house.accounts.actor_for("ben")
    assert house.revoked == [ben.tokens.session_id]
    house.accounts.people.set_disabled(ben.person.id, False, by=eva.person.id)
    assert house.login("ben").person.id == ben.person.id


def test_a_change_of_role_ends_every_device(house: House, eva: SignedIn, ben: SignedIn) -> None:
    """An old token never carries an old right."""
    house.accounts.people.set_admin(ben.person.id, True, by=eva.person.id)
    with pytest.raises(TokenRefused):
        house.actor(ben)
    assert house.actor(house.login("ben")).is_admin
    entry = house.audit.entries(limit=50)
    assert any(e.action == "accounts.role_changed" and e.actor_id == eva.person.id for e in entry)


def test_homie_always_keeps_an_administrator(house: House, eva: SignedIn, ben: SignedIn) -> None:
    """The last one is neither demoted, disabled nor erased; two who step down at once leave one."""
    people = house.accounts.people
    for attempt in (
        lambda: people.set_admin(eva.person.id, False, by=eva.person.id),
        lambda: people.set_disabled(eva.person.id, True, by=eva.person.id),
        lambda: house.accounts.erase_owner(eva.person.private_space_id),
    ):
        with pytest.raises(LastAdmin):
            attempt()
    people.set_admin(ben.person.id, True, by=eva.person.id)

    def step_down(user_id: str) -> bool:
        try:
            people.set_admin(user_id, False, by=user_id)
        except LastAdmin:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(step_down, [eva.person.id, ben.person.id])) == [False, True]


def test_names_that_cannot_be_typed_are_refused(house: House, eva: SignedIn) -> None:
    """Empty, control characters, too long: one clear error, nobody is created."""
    for name in ("", "   ", "a\nb", "x" * 65, "a\u202eb", "\ud800"):
        with pytest.raises(HomieError) as refusal:
            house.accounts.people.add(name, PASSWORD)
        assert refusal.value.code == "invalid_input"
    assert len(house.accounts.people.everybody()) == 1


# ---------------------------------------------------------------- preferences, export


def test_preferences_are_the_persons_own_and_closed(house: House, eva: SignedIn, ben: SignedIn, home: str) -> None:
    """Known keys with known values; kept in the private space whatever space one works in; nobody else's change."""
    store = house.accounts.preferences
    actor = house.actor(eva).acting_in(home)
    assert (store.get(actor).theme, store.get(actor).language, store.get(actor).text_size) == ("dark", "system", 1.0)
    quiet = {"off": ["jobs.failed"]}
    changed = store.change(actor, {"theme": "light", "notifications": quiet, "default_space": home})
    assert (changed.theme, changed.notifications.off, changed.notifications.enabled) == ("light", ["jobs.failed"], True)
    assert store.change(actor, {"text_size": 1.6, "language": "de", "reduce_motion": True}).theme == "light"
    assert store.get(house.actor(ben)).theme == "dark"
    rows = house.db.unscoped("t", lambda s: [r.owner_id for r in s.scalars(select(UserPreferences))])
    assert rows == [eva.person.private_space_id]
    for bad in (
        {"colour": "red"},
        {"theme": "pink"},
        {"theme": 1},
        {"notifications": {"sms": True}},
        {"notifications": {"off": ["<script>"]}},
        {"text_size": 0.84},
        {"text_size": 1.61},
        {"notifications": "all"},
        {"default_space": ben.person.private_space_id},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"language": "english"},
    ):
        with pytest.raises(HomieError) as refusal:
            store.change(actor, bad)
        assert refusal.value.code == "preference_invalid"
        assert refusal.value.fields[0].name.startswith(f"body.{next(iter(bad))}")
    assert store.get(actor) == store.change(actor, {})


def test_a_preference_of_another_release_does_not_shut_a_person_out(house: House, eva: SignedIn) -> None:
    """Unknown stored keys and values are dropped when read, one by one."""
    actor = house.actor(eva)
    house.accounts.preferences.change(actor, {"theme": "light"})
    house.sql("UPDATE user_preferences SET choices = :v", v='{"theme": "light", "hologram": true, "text_size": "huge"}')
    assert house.accounts.preferences.get(actor).theme == "light"


def test_an_export_holds_what_is_known_and_no_secret(house: House, eva: SignedIn, tmp_path: object) -> None:
    """Person, devices, members and log entries; no hash, token or code."""
    import json
    from pathlib import Path

    dest = Path(str(tmp_path)) / "export"
    house.accounts.preferences.change(house.actor(eva), {"language": "de"})
    house.accounts.export_owner(eva.person.private_space_id, dest)
    text = (dest / "accounts.json").read_text("utf-8")
    content = json.loads(text)
    assert content["person"]["name"] == "eva"
    assert content["preferences"]["language"] == "de"
    assert [d["ip"] for d in content["devices"]] == [HOME]
    assert any(e["action"] == "accounts.logged_in" for e in content["security_log"])
    for secret in ("$2b$", eva.tokens.access, eva.tokens.refresh, "hash"):
        assert secret not in text
