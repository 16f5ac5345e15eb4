"""A real hub in which Anna keeps one of everything, and people who must not see it: Ben, and the administrator Carl."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.contract.walk.kinds import kind_of
from tests.contract.walk.money import connect_banks, keep_money
from tests.file_organizer.messy_folder import make_messy_folder
from tests.hub import PATIENCE, Answer, Hub

PASSWORD = "correct horse staple"
NOWHERE = "01900000-0000-7000-8000-000000000000"
"""An id that nothing has."""
STRANGERS = ("ben", "carl")
"""An ordinary member of the household, and its administrator."""
NO_SET = "20200101T000000Z-core-00000000"
VOLATILE = frozenset(
    {"last_seen_at", "last_login_at", "free", "size", "request_id", "updated_at", "ip", "last_backup", "last_verified"}
    | {"exported_at"}
)
"""What changes by itself while somebody looks."""


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    spec: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def public(self) -> bool:
        return not self.spec["security"]

    @property
    def parameters(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.spec.get("parameters", [])
        return found

    def named(self, place: str) -> list[str]:
        return [p["name"] for p in self.parameters if p["in"] == place]


@dataclass
class Household:
    """The hub, its document, the tokens of its people, and the ids of what Anna has."""

    hub: Hub
    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)
    spaces: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    secrets: list[str] = field(default_factory=list)
    """Codes and refresh tokens that were handed out."""

    # ------------------------------------------------------------------ asking

    def call(self, who: str | None, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        """Ask from an address that nobody used before, so that no limit per address answers in place of the hub."""
        token = self.tokens[who] if who else None
        self.asked += 1
        address = f"10.{self.asked >> 16}.{self.asked >> 8 & 255}.{self.asked & 255}"
        headers = {"X-Forwarded-For": address, **options.pop("headers", {})}
        answer = self.hub.request(method, path, body, token=token, headers=headers, **options)
        assert answer.status != 500, (method, path, answer.body, self.hub.log[-3000:])
        return answer

    def want(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """Ask and insist on success."""
        answer = self.call(who, method, path, body)
        assert answer.status < 300, (method, path, answer.status, answer.body)
        return answer.json

    def until(self, what: Callable[[], Any]) -> Any:
        """Return the first true value of `what`."""
        deadline = time.monotonic() + PATIENCE
        while not (found := what()):
            assert time.monotonic() < deadline, self.hub.log[-3000:]
            time.sleep(0.05)
        return found

    def job_done(self, who: str, job_id: str) -> Any:
        """Wait for a job of somebody and return it."""

        def look() -> Any:
            job = self.want(who, "GET", f"/api/v1/jobs/{job_id}")
            return job if job["state"] in ("done", "failed", "cancelled") else None

        return self.until(look)

    # ------------------------------------------------------------------ the document

    def operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method, spec in item.items():
                yield Operation(method.upper(), path, spec)

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Follow a reference."""
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def body_schema(self, operation: Operation) -> dict[str, Any] | None:
        content = operation.spec.get("requestBody", {}).get("content", {})
        return self.resolved(content["application/json"]["schema"]) if content else None

    def body_fields(self, operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give (dotted name, schema) of every field of the body, also of nested ones."""
        schema = self.body_schema(operation)
        if schema is not None:
            yield from self._fields(schema, "", 0)

    def _fields(self, schema: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, sub in schema.get("properties", {}).items():
            yield prefix + name, sub
            choices = [self.resolved(one) for one in (sub, sub.get("items", {}))]
            choices += [
                self.resolved(kind) for one in choices for key in ("anyOf", "oneOf") for kind in one.get(key, [])
            ]
            for choice in choices:
                if depth < 4 and "properties" in choice:
                    yield from self._fields(choice, f"{prefix}{name}.", depth + 1)

    # ------------------------------------------------------------------ what Anna sees

    def snapshot(self, who: str = "anna") -> dict[str, Any]:
        """Return everything that somebody can read, operation by operation, without what changes by itself."""
        seen = {}
        for operation in self.operations():
            if operation.method != "GET" or operation.public or "export_id" in operation.path:
                continue
            path = fill(operation.path, lambda name, op=operation: self.ids.get(kind_of(op.path, name), NOWHERE))
            query = "?volume_id=" + self.ids["volume"] if path.endswith("/folders/content") else QUESTIONS.get(path, "")
            answer = self.call(who, "GET", path + query)
            seen[operation.path] = (answer.status, _steady(answer.json))
        return seen

    def settled(self, who: str = "anna") -> dict[str, Any]:
        """Return the snapshot of a house that has come to rest: news of what was done before arrive a moment later."""
        last = self.snapshot(who)

        def rests() -> Any:
            nonlocal last
            time.sleep(0.3)
            now = self.snapshot(who)
            same, last = now == last, now
            return same

        self.until(rests)
        return last

    def files(self) -> dict[str, tuple[int, int]]:
        """Return size and time of Anna's files."""
        root = self.folder / "anna"
        return {
            str(path.relative_to(root)): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in sorted(root.rglob("*"))
            if path.is_file() and ".homie" not in path.parts
        }


QUESTIONS = {
    "/api/v1/search": "?q=e&limit=50",
    "/api/v1/file_organizer/folders/search": "?q=o&limit=100",
    "/api/v1/accounts/roots/browse": "?path=/",
    "/api/v1/financial_manager/reports/months": "?since=2026-01-01&until=2026-12-31",
    "/api/v1/financial_manager/reports/own/months": "?since=2026-01-01&until=2026-12-31",
    "/api/v1/financial_manager/bank-key/banks": "?country=AT",
    "/api/v1/financial_manager/rates/exchange": "?amount_minor=100&source=EUR&target=USD&day=2026-02-02",
    "/api/v1/financial_manager/insight/payees": "?since=2026-01-01&until=2026-12-31",
    "/api/v1/financial_manager/insight/people": "?since=2026-01-01&until=2026-12-31",
    "/api/v1/financial_manager/insight/news": "?month=2026-02-01",
    "/api/v1/financial_manager/insight/years": "?first=2026&last=2026",
    "/api/v1/financial_manager/insight/table": "?report=payees&format=csv&since=2026-01-01&until=2026-12-31",
    "/api/v1/financial_manager/tax-reports": "?country=AT&year=2026",
    "/api/v1/financial_manager/tax-reports/table": "?country=AT&year=2026",
}
"""What is asked where a question is needed to see anything."""


def _steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _steady(v) for k, v in value.items() if k not in VOLATILE}
    return [_steady(v) for v in value] if isinstance(value, list) else value


def fill(path: str, choose: Callable[[str], str]) -> str:
    """Put values into the path's braces."""
    return re.sub(r"{(\w+)}", lambda found: choose(found.group(1)), path)


def plain(answer: Answer, *hidden: str) -> tuple[int, str]:
    """Return status and body of an answer without its request id and the ids that the caller sent."""
    text = answer.body.decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    if isinstance(value, dict) and isinstance(value.get("error"), dict):
        value["error"].pop("request_id", None)
    text = json.dumps(value, sort_keys=True)
    for word in hidden:
        text = text.replace(word, "<id>")
    return answer.status, text


ABSENT = {"set": NO_SET, "module": "no_such_module", "provider": "gemini"}
"""An id that does not exist, where ids have a form of their own (providers are a closed list)."""


def move_in(folder: Path) -> Household:
    """Start a hub and let everybody move in; Anna gets one of everything that has an id."""
    files = folder / "anna"
    files.mkdir(parents=True)
    settings = {
        "HOMIE_WORKERS": "1",
        "HOMIE_ANONYMOUS_PER_MINUTE": "1000000",
        "HOMIE_REQUESTS_PER_MINUTE": "1000000",
        "HOMIE_LOGIN_PER_MINUTE": "1000000",
        "HOMIE_BACKUP_DIR": str(folder / "backups"),
        "HOMIE_BACKUP_HOUR": "-1",
        "HOMIE_TRUSTED_PROXIES": "127.0.0.1",
        "HOMIE_LOG_LEVEL": "debug",
        "HOMIE_LOG_FORMAT": "json",
    }
    house = Household(Hub(folder / "data", settings).start(), folder)
    try:
        _people(house)
        _accounts(house)
        # Nothing looks for new files by itself: ten minutes after the start it would do so in the middle of a walk.
        values = {"values": {"index_hours": 0}}
        house.want("carl", "PUT", "/api/v1/modules/file_organizer/settings", values)
        _organizer(house)
        _asked(house)
        _copies(house)
        keep_money(house, STRANGERS)
        connect_banks(house, STRANGERS)
        _transfers(house)
        _core(house)
    except BaseException:
        house.hub.kill()
        raise
    house.document = house.hub.get("/openapi.json").json
    return house


def _people(house: Household) -> None:
    house.tokens["carl"] = house.hub.set_up("carl", PASSWORD)
    spaces = house.want("carl", "GET", "/api/v1/accounts/spaces")["items"]
    house.spaces["household"] = next(s["id"] for s in spaces if s["kind"] == "household")
    for name in ("anna", "ben", "dora"):
        wanted = {"new_account": True, "space_id": house.spaces["household"]}
        code = house.want("carl", "POST", "/api/v1/accounts/invitations", wanted)["code"]
        body = {"code": code, "name": name, "password": PASSWORD}
        answer = house.hub.post("/api/v1/accounts/invitations/accept", body)
        house.tokens[name] = answer.json["tokens"]["access_token"]
        house.secrets += [code, answer.json["tokens"]["refresh_token"]]
    for name in house.tokens:
        me = house.want(name, "GET", "/api/v1/accounts/me")["person"]
        house.users[name], house.spaces[name] = me["id"], me["private_space_id"]


def _accounts(house: Household) -> None:
    base, ids = "/api/v1/accounts", house.ids
    ids["private"], ids["user"], ids["member"] = house.spaces["anna"], house.users["anna"], house.users["dora"]
    ids["device"] = house.want("anna", "GET", f"{base}/devices")["items"][0]["id"]
    ids["space"] = house.want("anna", "POST", f"{base}/spaces", {"name": "Anna's band"})["id"]
    code = house.want("anna", "POST", f"{base}/invitations", {"space_id": ids["space"]})["code"]
    house.want("dora", "POST", f"{base}/invitations/join", {"code": code})
    house.secrets.append(code)
    ids["invitation"] = house.want("anna", "POST", f"{base}/invitations", {"space_id": ids["space"]})["id"]
    root = {"space_id": house.spaces["anna"], "path": str(house.folder / "anna")}
    ids["root"] = house.want("carl", "POST", f"{base}/roots", root)["id"]
    for name in STRANGERS:
        (house.folder / name / "Inbox").mkdir(parents=True)
        (house.folder / name / "Inbox" / "letter.txt").write_text(f"Dear {name}")
        own = {"space_id": house.spaces[name], "path": str(house.folder / name)}
        house.want("carl", "POST", f"{base}/roots", own)


def plan_of(house: Household, who: str, path: Path) -> Any:
    """Make a plan as somebody and wait until it is ready."""
    made = house.want(who, "POST", "/api/v1/file_organizer/plans", {"path": str(path)})

    def ready() -> Any:
        plan = house.want(who, "GET", f"/api/v1/file_organizer/plans/{made['id']}")
        return plan if plan["state"] in ("ready", "failed") else None

    plan = house.until(ready)
    assert plan["state"] == "ready", plan
    return plan


def _copies(house: Household) -> None:
    """Let Anna and the strangers look for copies, and find some."""
    base = "/api/v1/file_organizer/duplicates"
    for who in ("anna", *STRANGERS):
        for name in ("a letter.txt", "a letter (1).txt"):
            (house.folder / who / name).write_text(f"Dear Dora, yours {who}\n")
        asked = {"paths": [str(house.folder / who)], "pictures": False}
        search = house.want(who, "POST", f"{base}/searches", asked)
        assert house.job_done(who, search["job_id"])["state"] == "done"
        group = house.want(who, "GET", f"{base}/searches/{search['id']}/groups")["items"][0]
        ids = house.ids if who == "anna" else house.own[who]
        ids["search"], ids["copies"], ids["copy"] = search["id"], group["id"], group["copies"][0]["id"]
        (house.folder / who / f"Empty of {who}").mkdir()
        clean = house.want(who, "POST", "/api/v1/file_organizer/clean/searches", {"paths": asked["paths"]})
        assert house.job_done(who, clean["job_id"])["state"] == "done"
        ids["clean"] = clean["id"]
        ids["odd"] = house.want(who, "GET", f"/api/v1/file_organizer/clean/searches/{clean['id']}/items")["items"][0][
            "id"
        ]


def _organizer(house: Household) -> None:
    base, ids = "/api/v1/file_organizer", house.ids
    downloads = make_messy_folder(house.folder / "anna" / "Downloads")
    plan = plan_of(house, "anna", downloads)
    house.want("anna", "POST", f"{base}/plans/{plan['id']}/accept", {"min_confidence": 0.6})
    job = house.want("anna", "POST", f"{base}/plans/{plan['id']}/execute", {})
    assert house.job_done("anna", job["job_id"])["state"] == "done"
    house.want("anna", "POST", f"{base}/drives/refresh")
    for kind in ("run", "action", "destination", "drive", "series"):
        ids[kind] = house.want("anna", "GET", f"{base}/{kind.rstrip('s')}s")["items"][0]["id"]
    body = {"conditions": [{"what": "extension", "values": ["doc"]}], "action": {"do": "ask"}}
    ids["rule"] = house.want("anna", "POST", f"{base}/rules", {"name": "Papers", "body": body})["id"]
    ids["lesson"] = house.want("anna", "GET", f"{base}/learned")["items"][0]["id"]
    ids["project"] = house.want("anna", "POST", f"{base}/projects", {"path": str(downloads)})["id"]
    asked = {"operations": [{"op": "mkdir", "path": str(downloads / "Made by name")}]}
    job = house.want("anna", "POST", f"{base}/operations", asked)
    assert house.job_done("anna", job["job_id"])["result"]["done"] == 1
    (downloads / "thrown away.txt").write_text("thrown away\n")
    asked = {"operations": [{"op": "trash", "source": str(downloads / "thrown away.txt")}]}
    job = house.want("anna", "POST", f"{base}/operations", asked)
    assert house.job_done("anna", job["job_id"])["result"]["done"] == 1
    ids["trashed"] = house.want("anna", "GET", f"{base}/trash")["items"][0]["id"]
    for name in ("new invoice.txt", "holiday.jpg", "notes.md"):
        (downloads / name).write_text(f"{name} of Anna\n")
    fresh = plan_of(house, "anna", downloads)
    item = house.want("anna", "GET", f"{base}/plans/{fresh['id']}/items")["items"][0]
    ids["plan"], ids["item"], ids["job"] = fresh["id"], item["id"], fresh["job_id"]
    ids["group"] = item["group_key"] or "no-group"
    ids["volume"] = house.want("anna", "GET", f"{base}/folders")["items"][0]["volume_id"]
    scans = house.folder / "anna" / "Scans"
    scans.mkdir()
    ids["watched"] = house.want("anna", "POST", f"{base}/watched", {"path": str(scans)})["id"]
    house.want("anna", "PATCH", f"{base}/watched/{ids['watched']}", {"paused": True})
    for name in STRANGERS:
        house.want(name, "POST", f"{base}/drives/refresh")
        (house.folder / name / "Inbox" / f"Invoice for {name} 2026-03.txt").write_text(f"Invoice for {name}\n")
        filed = plan_of(house, name, house.folder / name / "Inbox")["id"]
        house.want(name, "POST", f"{base}/plans/{filed}/accept", {"everything": True})
        job = house.want(name, "POST", f"{base}/plans/{filed}/execute", {})
        assert house.job_done(name, job["job_id"])["state"] == "done"
        (house.folder / name / "Inbox" / "second letter.txt").write_text(f"Dear {name}, again")
        own = plan_of(house, name, house.folder / name / "Inbox")["id"]
        item = house.want(name, "GET", f"{base}/plans/{own}/items")["items"][0]["id"]
        rule = house.want(name, "POST", f"{base}/rules", {"name": "Own", "body": body})["id"]
        lesson = {"name": "a.pdf", "volume_id": "v1", "folder": "Papers", "yes": 1, "at": "2026-01-01T00:00:00Z"}
        memory = {"format": "homie-memory", "version": 1, "lessons": [lesson]}
        house.want(name, "POST", f"{base}/learned/import", {"document": memory})
        house.own[name] = {
            "destination": house.want(name, "GET", f"{base}/destinations")["items"][0]["id"],
            "rule": rule,
            "plan": own,
            "item": item,
            "private": house.spaces[name],
            "space": house.spaces["household"],
        }


def _asked(house: Household) -> None:
    """Let Anna ask an AI server that is not there: what is to be sent is written down before it is sent."""
    base, ids = "/api/v1/file_organizer", house.ids
    folder = house.folder / "anna" / "Asked"
    folder.mkdir()
    (folder / "qzx-0815.bin").write_bytes(b"\x01\x02\x03" * 50)
    chosen = {"provider": "openai", "base_url": "http://127.0.0.1:9", "model": "none-such"}
    house.want("carl", "PUT", "/api/v1/ai/settings", chosen)
    house.want("anna", "PUT", "/api/v1/ai/modules/file_organizer", {"enabled": True})
    house.want("anna", "PATCH", f"{base}/settings", {"ai_enabled": True})
    made = house.want("anna", "POST", f"{base}/plans", {"path": str(folder), "use_ai": True, "threshold": 1.0})
    house.job_done("anna", made["job_id"])
    ids["payload"] = house.want("anna", "GET", "/api/v1/ai/payloads")["items"][0]["id"]
    ids["ai_folder"] = house.want("anna", "PUT", f"{base}/ai/folders", {"path": str(folder), "rule": "nothing"})["id"]
    house.want("carl", "PUT", "/api/v1/ai/settings", {"provider": "none"})


def _transfers(house: Household) -> None:
    folder = base64.b64encode(str(house.folder / "anna").encode()).decode()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Upload-Metadata": f"filename eA==,folder {folder}"}
    made = house.call("anna", "POST", "/api/v1/transfers/uploads", headers=headers)
    assert made.status == 201, made.body
    house.ids["upload"] = made.headers["location"].rsplit("/", 1)[-1]


def _core(house: Household) -> None:
    ids = house.ids
    ids["module"], ids["provider"] = "file_organizer", "gemini"
    made = house.want("anna", "POST", f"/api/v1/owners/{house.spaces['anna']}/exports")
    ids["export"] = made["export_id"]
    assert house.job_done("anna", made["job_id"])["state"] == "done"
    job = house.want("carl", "POST", "/api/v1/backups", {"part": "file_organizer"})["jobs"][0]["job_id"]
    ids["set"] = house.job_done("carl", job)["result"]["set_id"]
    news = house.until(lambda: house.want("anna", "GET", "/api/v1/notifications")["items"])
    ids["notification"] = next(n["id"] for n in news if n["space_id"] == house.spaces["anna"])
    restore = house.want("carl", "POST", f"/api/v1/backups/{ids['set']}/restore", {"dry_run": True})
    ids["restore"] = restore["id"]
