"""Rules of `organize`, carried out by the real program and by us on the same tree: every file ends in the same place.

The peer is no dependency: HOMIE_ORGANIZE_TOOL names its command (`pip install organize-tool==3.3.0` anywhere).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import write

PEER = os.environ.get("HOMIE_ORGANIZE_TOOL", "")
RULES = """rules:
  - name: Invoices by name
    locations: {root}/Inbox
    subfolders: true
    filters:
      - extension: [pdf, PDF]
      - name:
          contains: [Invoice, Bill]
      - lastmodified
    actions:
      - echo: found
      - move: "{root}/Papers/{{extension.upper()}}/{{lastmodified.strftime('%Y-%m')}}/{{lastmodified.day}}/"
  - name: Dated scans
    locations: {root}/Inbox
    filters:
      - regex: '^scan_(?P<who>[a-z]+)_(?P<number>[0-9]+)\\.png$'
    actions:
      - move: "{root}/Scans/{{regex.who}}/{{regex.number}}.png"
  - name: Big or old logs
    locations: {root}/Inbox
    filters:
      - extension: log
      - not name:
          startswith: keep
      - lastmodified:
          days: 100
    actions:
      - move: "{root}/Old logs"
  - name: Small text
    locations: {root}/Inbox
    filters:
      - mimetype: text/plain
      - size: "> 0, < 1k"
      - filecontent: "tax (office|letter)"
    actions:
      - move: "{root}/Tax/{{path.stem}}.txt"
  - name: Empty ones
    locations: {root}/Inbox
    filters:
      - empty
    actions:
      - move: "{root}/Empty/"
  - name: Drafts are called so
    locations: {root}/Inbox
    filters:
      - name: "*draft*"
      - extension: md
    actions:
      - rename: "old {{name.upper()}}.{{extension}}"
"""


def make_tree(root: Path) -> None:
    """Make files of all kinds, with times that decide."""
    inbox = root / "Inbox"
    days = {"a": 10, "b": 400}
    for age, number in days.items():
        for name in (
            f"Invoice {age}.pdf", f"Bill {age}.PDF", f"invoice {age} lower.pdf", f"Phone Bill {age}.txt",
            f"server {age}.log", f"keep {age}.log", f"a draft {age}.md", f"scan_anna_{number}.png",
            f"scan_Anna_{number}.png", f"Müller Invoice {age}.pdf",
        ):  # fmt: skip
            path = inbox / name
            write(path, f"{name} of the house\n".encode())
            moment = path.stat().st_mtime - number * 86400
            os.utime(path, (moment, moment))
    write(inbox / "letter.txt", b"To the tax office, with regards")
    write(inbox / "essay.txt", b"To the tax office, with regards " * 100)
    write(inbox / "other.txt", b"nothing of that kind")
    write(inbox / "nothing.dat", b"")
    write(inbox / "2024" / "Invoice deep.pdf", b"deep")
    write(inbox / "2024" / "deep.log", b"deep")


def files_of(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".homie" not in path.parts
    }


@pytest.mark.skipif(not PEER, reason="HOMIE_ORGANIZE_TOOL does not name the command of organize-tool")
def test_imported_rules_put_every_file_where_organize_puts_it(hub: Hub, tmp_path: Path) -> None:
    """The same paths and the same contents, for every file of the tree; nothing of the file is left out."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    make_tree(theirs)
    shutil.copytree(theirs, ours, copy_function=shutil.copy2)
    config = tmp_path / "organize.yaml"
    config.write_text(RULES.format(root=theirs))
    subprocess.run([PEER, "run", str(config)], check=True, stdout=subprocess.DEVNULL)
    alice = Actor.of("alice")
    hub.roots.grant("alice", ours)
    hub.clock.advance((datetime.now(UTC) - hub.clock.now()).total_seconds())
    client = hub.client(alice)
    found = client.post("/rules/import", json={"text": RULES.format(root=ours)}).json
    assert [note["text"] for note in found["notes"]] == ["This is not needed. It says something only."]
    assert len(found["created"]) == 6
    answer = client.post("/plans", json={"path": str(ours / "Inbox"), "deep": True})
    hub.jobs.run_all()
    plan = answer.json["id"]
    client.post(f"/plans/{plan}/accept", json={"min_confidence": 1.0})
    client.post(f"/plans/{plan}/execute", json={})
    hub.jobs.run_all()
    assert files_of(ours) == files_of(theirs)
