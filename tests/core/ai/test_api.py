"""AI over HTTP: admins set it up, people agree and see what was sent, nobody ever reads a key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from backend.core.accounts.models import Membership, Space, User
from backend.core.ai.admin import AiAdmin, space_owner_or_admin
from backend.core.ai.api import ai_group
from backend.core.ai.settings import AiConfig
from backend.sdk.actor import Actor
from backend.sdk.ai import AiSource
from backend.sdk.http import Api
from backend.sdk.testing import client_for
from tests.core.ai.conftest import TASK, Hub, local_choice, payload_of
from tests.core.ai.wire_servers import WireServer

HOUSE = "house-space"


class Log:
    """Remember what was audited."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str, Any]] = []

    def record(self, action: str, *, actor: Any, owner_id: Any = None, target: str = "", detail: Any = None) -> None:
        self.entries.append((action, target, detail))


class Household:
    """The API on a real database: Anna (admin, owner of the house), Ben (member), Carl (elsewhere)."""

    def __init__(self, folder: Path, config: AiConfig) -> None:
        self.hub = Hub(folder, config)
        self.log = Log()
        rule = space_owner_or_admin(self.hub.db)
        self.api = Api("core", "Core", "1", mount="/api/v1").include(
            ai_group(AiAdmin(self.hub.ai, self.hub.db, self.log, rule))
        )
        self.people = {
            "anna": Actor("anna", "anna-space", frozenset({"anna-space", HOUSE}), is_admin=True),
            "ben": Actor("ben", "ben-space", frozenset({"ben-space", HOUSE})),
            "carl": Actor("carl", "carl-space", frozenset({"carl-space"})),
        }
        self.hub.db.unscoped("people of the test", self._people, write=True)

    def _people(self, session: Any) -> None:
        now = self.hub.clock.now()
        session.add(Space(id=HOUSE, kind="household", name="House", created_at=now))
        for name, actor in self.people.items():
            session.add(Space(id=actor.owner_id, kind="private", name=name, created_at=now))
        session.flush()
        for name, actor in self.people.items():
            session.add(_user(name, actor, now))
        session.flush()
        for name, actor in self.people.items():
            session.add(Membership(user_id=name, space_id=actor.owner_id, role="owner", joined_at=now))
        session.add(Membership(user_id="anna", space_id=HOUSE, role="owner", joined_at=now))
        session.add(Membership(user_id="ben", space_id=HOUSE, role="member", joined_at=now))

    def ask(self, who: str, method: str, path: str, body: Any = None, space: str | None = None) -> TestResponse:
        client: Client = client_for(self.api, self.people[who])
        headers = {"X-Homie-Space": space} if space else {}
        return client.open(f"/ai{path}", method=method, json=body, headers=headers)


def _user(name: str, actor: Actor, now: Any) -> User:
    return User(
        id=name,
        name=name,
        name_key=name,
        display_name=name,
        password="-",
        password_changed_at=now,
        private_space_id=actor.owner_id,
        created_at=now,
    )


@pytest.fixture
def house(tmp_path: Path, gemini: WireServer, installation_engine: str) -> Iterator[Household]:
    house = Household(tmp_path, AiConfig(gemini_base_url=gemini.url))
    yield house
    house.hub.close()


def test_from_nothing_to_a_first_answer(house: Household, gemini: WireServer) -> None:
    """Admin chooses, keys and tests; Anna agrees for her space; then a task is answered, booked and shown in full."""
    assert house.ask("anna", "GET", "/settings").json["provider"] == "none"
    assert house.ask("anna", "PUT", "/settings", {"provider": "gemini", "names": ["Meier"]}).status_code == 200
    assert house.ask("anna", "POST", "/test").json["ok"] is False
    stored = house.ask("anna", "PUT", "/keys/gemini", {"key": gemini.key})
    assert stored.json == {"provider": "gemini", "stored": True, "refused": False}
    assert house.ask("anna", "POST", "/test").json == {
        "ok": True,
        "text": "The provider answered and offers 1 suitable models.",
        "models": ["gemini-2.5-flash"],
    }
    assert house.ask("anna", "GET", "/models").json == {"models": ["gemini-2.5-flash"]}
    assert house.ask("anna", "GET", "/modules/file_organizer").json["state"] == "not_opted_in"
    agreed = house.ask("anna", "PUT", "/modules/file_organizer", {"enabled": True}).json
    assert (agreed["enabled"], agreed["ready"], agreed["state"]) == (True, True, "ready")
    payload = payload_of("invoice meier.pdf")
    answer = house.hub.ai.run(house.people["anna"], TASK, payload, local_choice(payload))
    assert answer.source is AiSource.GEMINI
    (sent,) = house.ask("anna", "GET", "/payloads").json["items"]
    assert sent["body"].encode() == gemini.questions[0].raw
    assert sent["call_id"] == answer.call_id
    (call,) = house.ask("anna", "GET", "/calls").json["items"]
    assert (call["outcome"], call["input_tokens"], call["requests"]) == ("answered", 100, 1)
    usage = house.ask("anna", "GET", "/usage").json
    assert usage["household_month"]["cost_micro_usd"] == usage["months"][0]["cost_micro_usd"] == 93
    assert [action for action, _, _ in house.log.entries] == ["ai.settings_changed", "ai.key_stored", "ai.opted_in"]


def test_the_key_is_in_no_answer_and_no_audit_entry(house: Household, gemini: WireServer) -> None:
    """Written once, shown never: every operation's answer is searched."""
    house.ask("anna", "PUT", "/settings", {"provider": "gemini"})
    said = [house.ask("anna", "PUT", "/keys/gemini", {"key": gemini.key}).text]
    for path in ("/settings", "/models", "/modules", "/modules/file_organizer", "/usage", "/calls", "/payloads"):
        said.append(house.ask("anna", "GET", path).text)
    said.append(house.ask("anna", "POST", "/test").text)
    bad = house.ask("anna", "PUT", "/keys/gemini", {"key": gemini.key + "\nsecond line"})
    assert bad.status_code == 422
    assert bad.json["error"]["fields"][0]["name"] == "body.key"
    said += [bad.text, repr(house.log.entries)]
    assert all(gemini.key not in text for text in said)


def test_only_admins_touch_household_settings(house: Household) -> None:
    """Members neither see nor change them."""
    for method, path, body in (
        ("GET", "/settings", None),
        ("PUT", "/settings", {"provider": "gemini"}),
        ("PUT", "/keys/gemini", {"key": "abc"}),
        ("DELETE", "/keys/gemini", None),
        ("POST", "/test", None),
        ("GET", "/models", None),
    ):
        assert house.ask("ben", method, path, body).status_code == 403, path


def test_only_owners_decide_for_a_space(house: Household) -> None:
    """A member of the household space cannot agree for it, its owner can; everybody decides for the private one."""
    assert house.ask("ben", "PUT", "/modules/file_organizer", {"enabled": True}, HOUSE).status_code == 403
    assert house.ask("ben", "DELETE", "/payloads", space=HOUSE).status_code == 403
    assert house.ask("ben", "PUT", "/modules/file_organizer", {"enabled": True}).status_code == 200
    assert house.ask("ben", "GET", "/modules/file_organizer", space=HOUSE).json["enabled"] is False
    assert house.ask("anna", "PUT", "/modules/file_organizer", {"enabled": True}, HOUSE).status_code == 200
    assert house.ask("ben", "GET", "/modules", space=HOUSE).json["items"][0]["enabled"] is True
    assert house.ask("carl", "PUT", "/modules/file_organizer", {"enabled": True}, HOUSE).status_code == 404


def test_records_are_seen_by_their_space_only_and_can_be_erased(house: Household, gemini: WireServer) -> None:
    """Payloads and calls of a private space are invisible to others; erasing leaves figures, no content."""
    house.hub.choose(provider="gemini")
    house.hub.ai.keys.put("gemini", gemini.key)
    for who in ("anna", "ben"):
        house.hub.agree(house.people[who])
        for number in (1, 2, 3):
            payload = payload_of(f"letter {'x' * number} of {who}.pdf")
            house.hub.ai.run(house.people[who], TASK, payload, local_choice(payload))
    page = house.ask("anna", "GET", "/payloads?limit=2").json
    rest = house.ask("anna", "GET", f"/payloads?limit=2&cursor={page['next_cursor']}").json
    bodies = [item["body"] for item in page["items"] + rest["items"]]
    assert len(bodies) == 3
    assert rest["next_cursor"] is None
    assert all("of anna" in body and "of ben" not in body for body in bodies)
    assert house.ask("carl", "GET", "/payloads").json["items"] == []
    assert house.ask("carl", "GET", "/calls").json["items"] == []
    carls = house.ask("carl", "GET", "/usage").json
    assert (carls["months"], carls["household_month"]) == ([], None)
    assert house.ask("anna", "DELETE", "/payloads").status_code == 204
    assert house.ask("anna", "GET", "/payloads").json["items"] == []
    assert len(house.ask("anna", "GET", "/calls").json["items"]) == 3
    assert len(house.ask("ben", "GET", "/payloads").json["items"]) == 3
    payload = payload_of("letter x of anna.pdf")
    again = house.hub.ai.run(house.people["anna"], TASK, payload, local_choice(payload))
    assert again.source is AiSource.GEMINI


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider": "openai"}, "body.base_url"),
        ({"provider": "openai", "base_url": "nas:11434"}, "body.base_url"),
        ({"provider": "openai", "base_url": "file:///etc/passwd"}, "body.base_url"),
        ({"provider": "chatty"}, "body.provider"),
        ({"provider": "gemini", "names": ["x"]}, "body.names"),
        ({"provider": "gemini", "model": "../files?x"}, "body.model"),
        ({"provider": "gemini", "monthly_budget_micro_usd": -1}, "body.monthly_budget_micro_usd"),
        ({"provider": "gemini", "key": "abc"}, "body.key"),
    ],
)
def test_bad_settings_name_the_field_and_change_nothing(body: dict[str, Any], field: str, house: Household) -> None:
    """One clear error each; the settings stay as they were."""
    before = house.ask("anna", "GET", "/settings").json
    refused = house.ask("anna", "PUT", "/settings", body)
    assert refused.status_code == 422
    assert refused.json["error"]["fields"][0]["name"] == field
    assert house.ask("anna", "GET", "/settings").json == before
    assert house.log.entries == []


@pytest.mark.parametrize(
    "address",
    [f"http://{'x' * 70}.example", "http://xn--.example", "http://127.0.0.1:1", "http://.", "http://169.254.169.254"],
)
def test_an_address_that_leads_nowhere_is_said_in_words(address: str, house: Household) -> None:
    """Testing the connection explains; it never becomes an error of this server."""
    assert house.ask("anna", "GET", "/models").json["error"]["code"] == "ai_off"
    assert house.ask("anna", "PUT", "/settings", {"provider": "openai", "base_url": address}).status_code == 200
    tried = house.ask("anna", "POST", "/test")
    assert (tried.status_code, tried.json["ok"]) == (200, False)
    assert tried.json["text"].endswith(".")
    assert house.ask("anna", "GET", "/models").status_code == 409


def test_choosing_another_model_forgets_what_was_learned(house: Household, gemini: WireServer) -> None:
    """The admin's word wins over what was found at run time."""
    house.ask("anna", "PUT", "/settings", {"provider": "gemini"})
    house.ask("anna", "PUT", "/keys/gemini", {"key": gemini.key})
    house.ask("anna", "PUT", "/modules/file_organizer", {"enabled": True})
    gemini.known_models = ["gemini-3-flash"]
    payload = payload_of("a.pdf")
    anna = house.people["anna"]
    assert house.hub.ai.run(anna, TASK, payload, local_choice(payload)).model == "gemini-3-flash"
    gemini.known_models.append("gemini-3-pro")
    house.ask("anna", "PUT", "/settings", {"provider": "gemini", "model": "gemini-3-pro"})
    assert house.hub.ai.run(anna, TASK, payload, local_choice(payload)).model == "gemini-3-pro"
