"""A plan at the wire, for the tests of the review: items, counts, folders, as the hub shapes them."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.frontend.wire import FakeHub, page

V1 = "/api/v1/file_organizer"
PLAN = f"{V1}/plans/p1"
NOW = "2026-11-23T12:00:00Z"


def item(id_: str, state: str = "suggested", *, confidence: float = 0.95, folder: str = "Music", **more: Any) -> Any:
    """Return a suggestion: `<id>.mp3` from Downloads to `folder`."""
    return {
        "id": id_,
        "seq": 1,
        "state": state,
        "confidence": confidence,
        "category": "audio",
        "group_key": None,
        "lead": True,
        "is_folder": False,
        "source": {"volume_id": "v", "path": f"Downloads/{id_}.mp3"},
        "target": {"volume_id": "v", "path": f"{folder}/{id_}.mp3"},
        "suggested": None,
        "size": 2000,
        "modified_ns": 1_700_000_000_000_000_000,
        "reason": "It is music or sound.",
        "suggested_by": "rules",
        "oddity": None,
        "alternatives": [],
        "problem": None,
        "decided_in": None,
        **more,
    }


def plan(state: str = "ready", **more: Any) -> dict[str, Any]:
    """Return the plan."""
    place = {"volume_id": "v", "path": "Downloads"}
    return {
        "id": "p1",
        "owner_id": "o1",
        "title": "Downloads",
        "state": state,
        "root": place,
        "into": place,
        "root_path": "/home/anna/Downloads",
        "options": {"threshold": 0.6},
        "counts": {"files_seen": 12},
        "left_alone": {},
        "notice": "",
        "run_id": None,
        "job_id": None,
        "version": 1,
        "created_at": NOW,
        "finished_at": None,
        **more,
    }


def summary(*items: Any, version: int = 1) -> dict[str, Any]:
    """Count items as the hub does."""
    none = dict.fromkeys(("suggested", "asking", "accepted", "rejected"), 0)
    total: dict[str, Any] = {"items": len(items), "bytes": 0, **none}
    kinds: dict[str, Any] = {}
    bands = dict.fromkeys((0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.0), 0)
    for one in items:
        total[one["state"]] = total.get(one["state"], 0) + 1
        kind = kinds.setdefault(one["category"], {"category": one["category"], "items": 0, **none})
        kind["items"] += 1
        kind[one["state"]] = kind.get(one["state"], 0) + 1
        if one["state"] in ("suggested", "asking"):
            bands[next(level for level in bands if one["confidence"] >= level)] += 1
    confidence = [{"at_least": level, "items": n, "undecided": n} for level, n in bands.items()]
    return {
        "total": total,
        "groups": 0,
        "categories": list(kinds.values()),
        "confidence": confidence,
        "version": version,
    }


def folder(*, online: bool = True) -> dict[str, Any]:
    """Return the opened folder."""
    return {
        "volume_id": "v",
        "label": "Home",
        "path": "/home/anna",
        "space_writable": True,
        "online": online,
        "purpose": "",
    }


def lay_out(hub: FakeHub, *items: Any, online: bool = True, **of_plan: Any) -> None:
    """Let the hub have a plan with these items; decisions are answered with version 2, 3..."""
    made = {"version": 1}

    def decide(request: httpx.Request) -> Any:
        made["version"] += 1
        return {"changed": max(1, len(json.loads(request.content).get("item_ids") or ())), "version": made["version"]}

    hub.on("GET", PLAN, plan(**of_plan))
    hub.on("GET", f"{PLAN}/summary", summary(*items))
    hub.on("GET", f"{PLAN}/items", page(*items))
    hub.on("GET", f"{V1}/folders", page(folder(online=online)))
    for what in ("accept", "reject", "take-back"):
        hub.on("POST", f"{PLAN}/{what}", decide)
    for one in items:
        hub.on("GET", f"{PLAN}/items/{one['id']}", one)
