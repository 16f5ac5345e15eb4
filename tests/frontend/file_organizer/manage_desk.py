"""One window on the File Organizer's own screens, over a hub at the wire with a small household."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.sealing import MemoryStorage
from frontend.api.tokens import Keepers
from frontend.file_organizer.manage_routes import MANAGE_ROUTES
from frontend.kit import SessionContext, Viewport
from frontend.kit.context import ViewportContext
from frontend.kit.keys import KeyListeners
from frontend.providers.session import Session, Surroundings
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, page

API = "/api/v1/file_organizer"


def folder(volume: str = "v1", label: str = "Downloads", **more: Any) -> dict[str, Any]:
    known = {"volume_id": volume, "label": label, "path": f"/home/{label}", "space_writable": True}
    return {**known, "online": True, "purpose": "", **more}


def drive(id_: str = "d1", label: str = "Big disk", **more: Any) -> dict[str, Any]:
    seen = {"first_seen_at": "2026-01-01T00:00:00Z", "last_seen_at": "2026-01-01T00:00:00Z"}
    kind = {"kind": "usb", "filesystem": "ext4", "mount_point": "/mnt", "read_only": False}
    space = {"size": 1_000_000_000_000, "free": 400_000_000_000, "purpose": "", "volumes": ["v1"]}
    seen |= {"owner_id": "o1", "service": "", "reserve": 1_000_000_000, "held": False, "copies": []}  # type: ignore[dict-item]
    return {"id": id_, "label": label, "status": "online", "online": True, **seen, **kind, **space, **more}


def run(id_: str = "r1", **more: Any) -> dict[str, Any]:
    counts = {"total": 3, "done": 3, "skipped": 0, "failed": 0, "bytes_done": 3000}
    who = {"owner_id": "o1", "plan_id": "p1", "user_id": "u1", "undo_of": None, "title": "Downloads"}
    when = {"created_at": "2026-03-04T10:00:00Z", "finished_at": "2026-03-04T10:01:00Z"}
    return {"id": id_, "kind": "apply", "state": "done", "undoable": True, **counts, **who, **when, **more}


def step(id_: str = "a1", name: str = "bill.pdf", **more: Any) -> dict[str, Any]:
    places = {
        "source": {"volume_id": "v1", "path": name},
        "target": {"volume_id": "v1", "path": f"Documents/Bills/{name}"},
    }
    when = {"created_at": "2026-03-04T10:00:00Z", "finished_at": None, "size": 10, "seq": 1, "undone_by": None}
    who = {"by": "person", "user_id": "u1", "why": "", "suggested_by": "", "run_title": "Downloads", "undoes": None}
    return {"id": id_, "run_id": "r1", "op": "move", "state": "done", "reason": "", **places, **when, **who, **more}


def rule(id_: str = "k1", name: str = "Invoices", **more: Any) -> dict[str, Any]:
    conditions = [{"what": "name", "how": "contains", "values": ["invoice"]}]
    action = {"do": "move", "folder": {"volume_id": "v1", "path": "Bills/{year}"}}
    known = {"enabled": True, "position": 0, "sentence": "", "version": 3}
    when = {"created_at": "2026-03-04T10:00:00Z", "updated_at": "2026-03-04T10:00:00Z"}
    body = {"match": "all", "conditions": conditions, "action": action}
    return {"id": id_, "name": name, "body": body, **known, **when, **more}


def trial(**more: Any) -> dict[str, Any]:
    history = {"looked_at": 40, "fits": 34, "same": 31, "elsewhere": 3, "unknown": 0, "complete": True}
    place = {"volume_id": "v1", "path": "Mine/invoice 1.pdf"}
    example = {"action_id": "a1", "source": {"volume_id": "v1", "path": "invoice 1.pdf"}, "did": place, "problem": ""}
    would = {"would": {"volume_id": "v1", "path": "Bills/2025/invoice 1.pdf"}}
    earlier = [{"rule_id": "k9", "name": "Earlier", "files": 2}]
    told = {**history, "examples": [{**example, **would}], "earlier": earlier}
    return {"sentence": "", "history": told, "folder": None, "warnings": [], **more}


def trashed(id_: str = "t1", name: str = "old bill.pdf", **more: Any) -> dict[str, Any]:
    place = {"volume_id": "v1", "path": f"Bills/{name}"}
    facts = {"owner_id": "o1", "name": name, "place": place, "path": f"/home/Downloads/Bills/{name}", "files": 1}
    why = {"run_id": "r1", "run_title": "Tidied", "run_kind": "apply", "user_id": "u1", "is_folder": False}
    when = {"trashed_at": "2026-03-04T10:00:00Z", "expires_at": "2036-04-03T10:00:00Z"}
    return {"id": id_, "size": 40_000, "online": True, **facts, **why, **when, **more}


def trash_sums(*volumes: dict[str, Any], **more: Any) -> dict[str, Any]:
    totals = {"total": sum(one["items"] for one in volumes), "bytes": sum(one["bytes"] for one in volumes)}
    return {"items": list(volumes), **totals, "days": 30, "makes_room": False, **more}


def trash_volume(volume: str = "v1", label: str = "Downloads", items: int = 1, **more: Any) -> dict[str, Any]:
    facts = {"owner_id": "o1", "online": True, "bytes": 40_000, "oldest_at": "2026-03-04T10:00:00Z"}
    return {"volume_id": volume, "label": label, "items": items, **facts, **more}


def plan(id_: str = "p1", **more: Any) -> dict[str, Any]:
    root = {"volume_id": "v1", "path": ""}
    facts = {"owner_id": "o1", "title": "Downloads", "root": root, "into": root, "root_path": "/home/Downloads"}
    rest = {"options": {}, "left_alone": {}, "notice": "", "run_id": None, "job_id": "j1", "version": 1}
    when = {"created_at": "2026-03-04T10:00:00Z", "finished_at": None}
    return {
        "id": id_,
        "state": "ready",
        "counts": {"items": 9, "suggested": 7, "asking": 2},
        **facts,
        **rest,
        **when,
        **more,
    }


def job(id_: str = "j1", state: str = "running", **more: Any) -> dict[str, Any]:
    facts = {"owner_id": "o1", "kind": "file_organizer.scan_folder", "attempt": 1, "max_attempts": 3, "note": ""}
    when = {"created_at": "2026-03-04T10:00:00Z", "started_at": None, "finished_at": None}
    return {
        "id": id_,
        "state": state,
        "progress": 0.4,
        "counts": {},
        "result": None,
        "error": None,
        **facts,
        **when,
        **more,
    }


def settings(**more: Any) -> dict[str, Any]:
    trash = {"trash_days": 30, "trash_makes_room": False}
    switches = {"learning": True, "look_inside": True, "ai_enabled": False, "ai_send_content": False}
    switches["ai_send_folders"] = True
    return {"accept_threshold": 0.6, "language": "en", "conflict": "keep-both", **trash, **switches, **more}


def watched(id_: str = "w1", name: str = "Downloads", **more: Any) -> dict[str, Any]:
    place = {"owner_id": "o1", "place": {"volume_id": "v1", "path": ""}, "path": f"/home/{name}"}
    how = {"mode": "suggest", "threshold": 0.9, "settle_seconds": 30, "daily_limit": 100, "paused": False}
    counts = {"settling": 0, "waiting": 0, "plan_id": None, "filed_today": 0, "held_back": 0}
    when = {"tended_at": None, "active_at": None}
    return {"id": id_, "name": name, "state": "watching", **place, **how, **counts, **when, **more}


def watched_list(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"items": list(items), "digest_hour": 8, "time_zone": "UTC", "indexed_files": 0, **more}


def ai(state: str = "off", **more: Any) -> dict[str, Any]:
    return {
        "ready": state == "ready",
        "state": state,
        "text": "AI is off.",
        "provider": "gemini",
        "model": None,
        "enabled_here": False,
        **more,
    }


def household(hub: FakeHub) -> FakeHub:
    """Let the hub answer for a household with one folder, one drive and nothing done yet."""
    hub.on("GET", f"{API}/folders", page(folder()))
    hub.on("GET", f"{API}/folders/recent", {"items": []})
    hub.on("GET", f"{API}/folders/search", {"items": [], "complete": True})
    hub.on("GET", f"{API}/drives", {"items": [drive()]})
    hub.on("GET", f"{API}/rules", {"items": []})
    me = {"id": "u1", "name": "anna", "display_name": "Anna"}
    hub.on("GET", "/api/v1/accounts/me", {"person": me})
    hub.on("GET", "/api/v1/accounts/spaces", {"items": []})
    hub.on("GET", f"{API}/drives/plugged", {"items": []})
    for empty in ("plans", "runs", "actions", "destinations", "series", "ai/folders"):
        hub.on("GET", f"{API}/{empty}", page())
    hub.on("GET", f"{API}/verification", {"last": None})
    hub.on("GET", f"{API}/trash", page())
    hub.on("GET", f"{API}/trash/volumes", trash_sums())
    memory = {"files": 0, "folders": 0, "series": 0, "refusals": 0, "learning": True, "last_at": None}
    hub.on("GET", f"{API}/learned/summary", memory)
    hub.on("GET", f"{API}/settings", settings())
    hub.on("GET", f"{API}/ai", ai())
    hub.on("GET", f"{API}/watched", watched_list())
    return hub


async def open_at(hub: FakeHub, route: str, **options: Any) -> tuple[Headless, Session]:
    """Open one of the screens; return the window and its session."""
    session = Session(Surroundings(hub.connection(), Keepers(), MemoryStorage()), KeyListeners())
    session.transport.tokens = hub.signed_in()
    window = Headless(route=f"/file_organizer{route}", **options)
    viewport = Viewport()
    viewport.resize(window.page.width, window.page.height)
    routes = [ft.Route(path=f"file_organizer/{one.path}".rstrip("/"), component=one.component) for one in MANAGE_ROUTES]
    routes.sort(key=lambda one: (one.path or "").count(":"))

    @ft.component
    def Window() -> ft.Control:
        return SessionContext(session, lambda: ViewportContext(viewport, lambda: ft.Router(routes)))

    await window.show(Window)
    await window.settle(0.1)  # the router renders its first place twice
    return window, session
