"""API of looking for statements in the opened folders: what lies in one folder, folders before files."""

from __future__ import annotations

import os
from dataclasses import dataclass

from backend.financial_manager.schemas_imports import FolderEntryOut, FolderOfStatementsOut, FolderQuery
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.files import OwnerRoots, SafePath, encode_path
from backend.sdk.http import Group, current_actor
from backend.sdk.module import ModuleContext

ENDINGS = (".csv", ".txt", ".tsv", ".xml", ".camt", ".sta", ".mt940", ".940", ".ofx", ".qfx", ".qif", ".xlsx", ".zip")
"""What files of banks are called; anything else is not offered."""
MOST = 500
"""Folders and files that one answer names, of each."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One name in a folder. `mtime`: seconds."""

    name: str
    is_folder: bool
    size: int
    mtime: float


def folder_groups(ctx: ModuleContext) -> list[Group]:
    """Return the group of looking into folders."""
    group = Group("folders", url_prefix="/folders", tag="Imports")

    @group.get("", returns=FolderOfStatementsOut, errors=[403])
    def look_into_folder(query: FolderQuery) -> FolderOfStatementsOut:
        """List the folders, and the files that may be statements, of an opened folder; without a path the opened ones.

        The newest file comes first.
        """
        roots = ctx.roots.for_actor(current_actor())
        if query.path is None:
            return FolderOfStatementsOut(path=None, parent=None, writable=False, items=_opened(roots))
        here = run_blocking(roots.resolve_text, query.path, must_exist=True, folder=True, field="query.path")
        found = run_blocking(_inside, here, query.every_file)
        items = [
            FolderEntryOut(
                name=encode_path(one.name), path=encode_path(os.path.join(here.absolute, one.name)),
                is_folder=one.is_folder, size=one.size, modified=int(one.mtime),
            )
            for one in found
        ]  # fmt: skip
        parent = encode_path(os.path.dirname(here.absolute)) if here.relpath else None
        return FolderOfStatementsOut(
            path=encode_path(here.absolute), parent=parent, writable=here.root.writable, items=items
        )

    return [group]


def _opened(roots: OwnerRoots) -> list[FolderEntryOut]:
    paths = run_blocking(lambda: sorted({root.path for root in roots.roots if root.online}))
    return [
        FolderEntryOut(
            name=encode_path(os.path.basename(path) or path), path=encode_path(path), is_folder=True, size=0, modified=0
        )
        for path in paths
    ]


def _inside(here: SafePath, every_file: bool) -> list[_Found]:
    try:
        descriptor = here.open(os.O_RDONLY | os.O_DIRECTORY)  # through no link, also if one appeared since the check
        try:
            with os.scandir(descriptor) as listing:
                found = [seen for one in listing if (seen := _entry(one, every_file)) is not None]
        finally:
            os.close(descriptor)
    except OSError:
        problem = FieldProblem("query.path", "This folder cannot be read.", "Choose another one.")
        raise InvalidInput(fields=[problem]) from None
    folders = sorted((one for one in found if one.is_folder), key=lambda one: one.name.casefold())
    files = sorted((one for one in found if not one.is_folder), key=lambda one: (-one.mtime, one.name))
    return [*folders[:MOST], *files[:MOST]]


def _entry(entry: os.DirEntry[str], every_file: bool) -> _Found | None:
    """Return what is offered of a name; nothing hidden, no link, and, unless `every_file`, none that no bank writes."""
    if entry.name.startswith("."):
        return None
    if entry.is_dir(follow_symlinks=False):
        return _Found(entry.name, True, 0, 0.0)
    if not entry.is_file(follow_symlinks=False):
        return None
    if not every_file and not entry.name.lower().endswith(ENDINGS):
        return None
    status = entry.stat(follow_symlinks=False)
    return _Found(entry.name, False, status.st_size, status.st_mtime)
