"""Find the folder that a text names, also one with `~`: whose home that is, the hub can only tell by what is open."""

from __future__ import annotations

import os

from backend.file_organizer.rules.organize_import import Resolve
from backend.sdk.files import OwnerRoots, PathNotAllowed, SafePath


def resolver(roots: OwnerRoots, home: str | None = None) -> Resolve:
    """Return what turns a text into a place that is open. `home`: the home folder of who asks, where it is known."""

    def resolve(text: str) -> SafePath:
        if not text.startswith("~"):
            return roots.resolve(text)
        rest = text[1:].strip("/")
        homes = [home] if home is not None else []
        for root in roots.roots:
            homes += [root.path, os.path.dirname(root.path)]
        for one in homes:
            try:
                found = roots.resolve(f"{one.rstrip('/')}/{rest}")
            except PathNotAllowed:
                continue
            if os.path.isdir(found.absolute) or one == home:
                return found
        return roots.resolve(f"{homes[0].rstrip('/')}/{rest}" if homes else text)

    return resolve
