"""Show plans, runs and actions on a terminal or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import click

from backend.cli.output import print_json
from backend.file_organizer.execution.journal_models import Run
from backend.file_organizer.execution.operations import BY_NAME
from backend.file_organizer.execution.runs import RunReport
from backend.file_organizer.planner import PlanSummary
from backend.sdk.files import OwnerRoots, SafePath, encode_path

_SHOWN = 6
_RUN_WORDS = {"apply": "Filed", "undo": "Took back"}


class PlanView:
    """Collect the rows of a plan as they are made and show them as a tree, or as JSON at the end."""

    def __init__(self, root: SafePath, into: SafePath, roots: OwnerRoots, *, as_json: bool, show_all: bool) -> None:
        self._root = encode_path(root.absolute)
        self._into = encode_path(into.absolute)
        self._as_json = as_json
        self._limit = sys.maxsize if show_all or as_json else _SHOWN
        self._places = {r.volume_id: encode_path(r.path) for r in roots.roots}
        self._folders: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._asking: list[dict[str, Any]] = []
        self._asked = 0
        self.summary = PlanSummary()

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take a batch of rows; only what will be shown is kept."""
        for row in rows:
            if row["state"] == "asking":
                self._asked += 1
                if len(self._asking) < max(self._limit, 12):
                    self._asking.append(_brief(row))
                continue
            key = (row["target_volume"], row["target_folder"])
            self._counts[key] = self._counts.get(key, 0) + 1
            kept = self._folders.setdefault(key, [])
            if len(kept) < self._limit:
                kept.append(_brief(row))

    def show(self, *, applied: bool) -> None:
        """Print the plan."""
        if self._as_json:
            _print_compact(self._document())
            return
        from rich.console import Console
        from rich.markup import escape
        from rich.tree import Tree

        # A pipe has no width: long names are not cut there.
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 240)
        tree = Tree(f"[bold]{escape(self._into)}[/]")
        branches: dict[str, Any] = {}
        for (volume, folder), rows in sorted(self._folders.items(), key=lambda item: item[0]):
            shown = self._relative(volume, folder)
            branch = self._branch(tree, branches, shown, self._counts[volume, folder])
            for row in rows:
                branch.add(self._line(row))
            hidden = self._counts[volume, folder] - len(rows)
            if hidden:
                branch.add(f"[dim]… and {hidden} more[/]")
        console.print(tree)
        self._print_asking(console)
        self._print_end(console, applied)

    def _branch(self, tree: Any, branches: dict[str, Any], folder: str, count: int) -> Any:
        """Return the tree's branch for a folder, making those above it."""
        from rich.markup import escape

        branch = tree
        parts = folder.split("/") if folder else []
        for index, part in enumerate(parts):
            path = "/".join(parts[: index + 1])
            if path not in branches:
                note = f" [dim]({count})[/]" if index == len(parts) - 1 else ""
                branches[path] = branch.add(f"[cyan]{escape(part)}/[/]{note}")
            branch = branches[path]
        return branch

    @staticmethod
    def _line(row: dict[str, Any]) -> str:
        from rich.markup import escape

        name = escape(plain(row["source"].rpartition("/")[2]))
        colour = "green" if row["confidence"] >= 0.8 else "yellow"
        return f"{name}  [{colour}]{row['confidence']:.0%}[/]  [dim]{escape(plain(row['reason']))}[/]"

    def _print_asking(self, console: Any) -> None:
        from rich.markup import escape

        if not self._asked:
            return
        console.print(f"\n[bold]Not sure about {self._asked}[/] (left where they are):")
        for row in self._asking:
            name = escape(plain(row["source"].rpartition("/")[2]))
            console.print(f"  {name}  [dim]{row['confidence']:.0%}  {escape(plain(row['reason']))}[/]")
        if self._asked > len(self._asking):
            console.print(f"  [dim]… and {self._asked - len(self._asking)} more[/]")

    def _print_end(self, console: Any, applied: bool) -> None:
        summary = self.summary
        for reason, entry in summary.left_alone.items():
            console.print(f"[dim]Left alone: {entry['count']} ({reason})[/]")
        console.print(
            f"\n{summary.suggested} to file, {summary.asking} to ask about, {summary.in_place} in place already."
        )
        if not applied and summary.suggested:
            console.print("Nothing was changed. Add [bold]--apply[/] to carry this out; `homie undo` takes it back.")

    def _relative(self, volume: str, folder: str) -> str:
        """Return a folder as it is seen from the destination."""
        full = f"{self._places.get(volume, volume)}/{folder}".rstrip("/")
        if full == self._into:
            return ""
        prefix = self._into.rstrip("/") + "/"
        return full[len(prefix) :] if full.startswith(prefix) else full.lstrip("/")

    def _document(self, report: RunReport | None = None) -> dict[str, Any]:
        items = [row for rows in self._folders.values() for row in rows] + self._asking
        for row in items:
            row["target"] = f"{self._places.get(row.pop('target_volume', ''), '')}/{row['target']}"
        document: dict[str, Any] = {
            "root": self._root,
            "into": self._into,
            "applied": report is not None,
            "counts": self.summary.counts,
            "left_alone": self.summary.left_alone,
            "items": items,
        }
        if report is not None:
            from backend.file_organizer.jobs_common import summary

            document["run"] = summary(report)
        return document

    def show_outcome(self, report: RunReport) -> None:
        """Print what was done."""
        if self._as_json:
            _print_compact(self._document(report))
            return
        from rich.console import Console
        from rich.markup import escape

        console = Console(highlight=False, soft_wrap=True)
        console.print(f"[green]Filed {report.done}.[/] Take it back with `homie undo {report.run_id}`.")
        for problem in report.problems[:20]:
            source = problem.source.text if problem.source else ""
            console.print(f"  [yellow]{escape(plain(source))}[/]: {problem.explanation}")


def _print_compact(document: dict[str, Any]) -> None:
    """Print one JSON document on one line; a plan may have many thousand items, and indenting takes its time."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown of a row."""
    return {
        "source": row["source_path"],
        "target": row["target_path"],
        "target_volume": row["target_volume"],
        "confidence": row["confidence"],
        "reason": row["reason"],
        "category": row["category"],
        "suggested_by": row["source"],
        "op": row["op"],
        "state": row["state"],
        "group": row["group_key"],
        "oddity": row["oddity"],
    }


def plain(text: str) -> str:
    """Return text without control and direction characters, so that a file name cannot play with the terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def show_runs(runs: Sequence[Run], *, as_json: bool) -> None:
    """Print runs, newest first."""
    rows = [
        {
            "id": run.id,
            "kind": run.kind,
            "state": run.state,
            "title": run.title,
            "done": run.done,
            "skipped": run.skipped,
            "failed": run.failed,
            "created_at": run.created_at.isoformat(),
        }
        for run in runs
    ]
    if as_json:
        print_json({"runs": rows})
        return
    if not runs:
        click.echo("Nothing was done yet.")
    for run in runs:
        counts = [f"{run.done} done", f"{run.skipped} skipped", f"{run.failed} failed"]
        told = ", ".join(text for text in counts if not text.startswith("0 ")) or "nothing to do"
        state = "" if run.state == "done" else f"  ({run.state})"
        word = "" if run.plan_id.startswith(BY_NAME) else _RUN_WORDS.get(run.kind, run.kind)
        what = f"{word} {plain(run.title)}".strip()
        click.echo(f"{local_time(run.created_at)}  {what}: {told}{state}")
        click.secho(f"{'':18}{run.id}", dim=True)


def local_time(moment: datetime) -> str:
    """Return a moment in this machine's time."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
