"""API of looking for statements in the opened folders: what lies in one folder, folders before files."""

from __future__ import annotations

import os

from backend.financial_manager.inboxes.folder import ENDINGS, Found, inside
from backend.financial_manager.schemas_imports import FolderEntryOut, FolderOfStatementsOut, FolderQuery
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.files import OwnerRoots, SafePath, encode_path
from backend.sdk.http import Group, current_actor
from backend.sdk.module import ModuleContext

MOST = 500
"""Folders and files that one answer names, of each."""


def folder_groups(ctx: ModuleContext) -> list[Group]:
    """Return the group of looking into folders."""
    group = Group("folders", url_prefix="/folders", tag="Imports")

    @group.get("", returns=FolderOfStatementsOut, errors=[403])
    def look_into_folder(query: FolderQuery) -> FolderOfStatementsOut:
        """List the folders, and the files that may be statements (or all), of an opened folder; without a path those.

        The newest file comes first.
        """
        roots = ctx.roots.for_actor(current_actor())
        if query.path is None:
            return FolderOfStatementsOut(path=None, parent=None, writable=False, items=_opened(roots))
        here = run_blocking(roots.resolve_text, query.path, must_exist=True, folder=True, field="query.path")
        found = run_blocking(_inside, here, ENDINGS if query.kind == "statements" else ())
        items = [
            FolderEntryOut(
                name=encode_path(one.name), path=encode_path(os.path.join(here.absolute, one.name)),
                is_folder=one.is_folder, size=one.size, modified=one.mtime_ns // 10**9,
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


def _inside(here: SafePath, endings: tuple[str, ...]) -> list[Found]:
    try:
        found = inside(here, endings)
    except OSError:
        problem = FieldProblem("query.path", "This folder cannot be read.", "Choose another one.")
        raise InvalidInput(fields=[problem]) from None
    folders = sorted((one for one in found if one.is_folder), key=lambda one: one.name.casefold())
    files = sorted((one for one in found if not one.is_folder), key=lambda one: (-one.mtime_ns, one.name))
    return [*folders[:MOST], *files[:MOST]]
