"""Show what a rule would do, and what an import brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from backend.cli.output import print_json
from backend.sdk.files import encode_path

if TYPE_CHECKING:
    from backend.file_organizer.rules.dry_run import FolderTrial, HistoryTrial
    from backend.file_organizer.rules.organize_import import Imported
    from backend.sdk.files import OwnerRoots, VolumePath


def show_trial(
    sentence: str,
    history: HistoryTrial,
    folder: FolderTrial | None,
    names: Mapping[str, str],
    warnings: Sequence[str],
    roots: OwnerRoots,
    *,
    as_json: bool,
) -> None:
    """Print what a rule would have done and would do."""
    if as_json:
        print_json(_trial(sentence, history, folder, names, warnings, roots))
        return
    click.echo(sentence)
    for warning in warnings:
        click.secho(f"  {warning}", fg="yellow")
    click.echo(f"Of {history.looked_at} files that were filed it fits {history.fits}.")
    if history.elsewhere:
        click.echo(f"  {history.elsewhere} of them would have gone elsewhere than you put them:")
        for one in history.examples:
            would = _path(roots, one.would) or one.problem or "the trash"
            click.echo(f"    {one.source.name}: {_path(roots, one.did)}, not {would}")
    if history.unknown:
        click.echo(f"  About {history.unknown} files the history does not tell what the rule asks.")
    _tell_earlier(history.earlier, names)
    if folder is not None:
        click.echo(f"Of {folder.looked_at} files in the folder it fits {folder.fits}.")
        for fit in folder.examples:
            goes = _path(roots, fit.target)
            click.echo(f"    {fit.source.name}" + (f" -> {goes}" if goes else f" {fit.problem}"))
        _tell_earlier(folder.earlier, names)
        if not folder.complete:
            click.echo("  There are more files than were looked at.")


def _tell_earlier(earlier: Mapping[str, int], names: Mapping[str, str]) -> None:
    for rule_id, files in earlier.items():
        click.secho(f"  The rule '{names.get(rule_id, '')}' comes first for {files} of them.", fg="yellow")


def _trial(
    sentence: str,
    history: HistoryTrial,
    folder: FolderTrial | None,
    names: Mapping[str, str],
    warnings: Sequence[str],
    roots: OwnerRoots,
) -> dict[str, Any]:
    found: dict[str, Any] = {"sentence": sentence, "warnings": list(warnings), "folder": None}
    found["history"] = {
        "looked_at": history.looked_at,
        "fits": history.fits,
        "same": history.same,
        "elsewhere": history.elsewhere,
        "unknown": history.unknown,
        "complete": history.complete,
        "earlier": {names.get(key, key): files for key, files in history.earlier.items()},
        "examples": [
            {"source": _path(roots, e.source), "did": _path(roots, e.did), "would": _path(roots, e.would)}
            for e in history.examples
        ],
    }
    if folder is not None:
        found["folder"] = {
            "looked_at": folder.looked_at,
            "fits": folder.fits,
            "unknown": folder.unknown,
            "complete": folder.complete,
            "earlier": {names.get(key, key): files for key, files in folder.earlier.items()},
            "examples": [
                {"source": _path(roots, e.source), "target": _path(roots, e.target), "problem": e.problem}
                for e in folder.examples
            ],
        }
    return found


def show_import(kind: str, found: Imported, created: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print what came in, and what did not."""
    notes: list[dict[str, Any]] = [
        {"line": note.line or None, "rule": note.rule, "part": note.part, "text": note.text} for note in found.notes
    ]
    if as_json:
        rules = [rule.model_dump(mode="json", exclude_none=True) for rule in found.rules]
        print_json({"format": kind, "rules": rules, "notes": notes, "created": created})
        return
    from backend.file_organizer.rules.sentence import sentence_of

    for rule in found.rules:
        click.echo(f"{rule.name}: {sentence_of(rule.body)}")
    for note in notes:
        line = f"line {note['line']}, " if note["line"] else ""
        click.secho(f"  {line}{note['rule']}: {note['part'] and note['part'] + ': '}{note['text']}", fg="yellow")
    said = f"Brought in {len(created)} rules." if created else "Nothing was stored."
    click.echo(said)


def _path(roots: OwnerRoots, place: VolumePath | None) -> str | None:
    """Return a place as a full path; relative where its folder is not open."""
    if place is None:
        return None
    root = roots.root(place.volume_id)
    return f"{encode_path(root.path).rstrip('/')}/{place.text}" if root is not None else place.text
