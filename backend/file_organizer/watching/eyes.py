"""Watch folder trees by the kernel's events (inotify(7)), and know when that is not enough.

Events are hints that something happened in a tree, never the truth about what: whoever hears one looks at the disk. So
an overflow of the queue loses nothing but watches of folders that were made meanwhile; all are set anew, and every tree
is told as touched. When the system allows no more watches, or the drive is one that tells nothing (network, FUSE), a
tree is looked at once in a while instead.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from inotify_simple import INotify, flags

_MASK = (
    flags.CREATE
    | flags.CLOSE_WRITE
    | flags.MODIFY
    | flags.MOVED_TO
    | flags.MOVED_FROM
    | flags.DELETE
    | flags.DELETE_SELF
    | flags.MOVE_SELF
    | flags.ONLYDIR
    | flags.DONT_FOLLOW
    | flags.EXCL_UNLINK
)
_FULL = (errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
_MOST_ENTRIES = 50_000


@dataclass(slots=True)
class Tree:
    """One tree that is watched. `limited`: the system allowed no more watches; `lost`: its top is gone."""

    key: str
    path: str
    events: bool
    watches: set[int] = field(default_factory=set)
    limited: bool = False
    lost: bool = False

    @property
    def sees(self) -> bool:
        """Tell whether the kernel tells of every change."""
        return self.events and not self.limited and not self.lost


class Eyes:
    """Watch trees. `add` and `remove` them, `look` for what was touched."""

    def __init__(self) -> None:
        self.trees: dict[str, Tree] = {}
        self.overflows = 0
        self._folders: dict[int, tuple[str, str]] = {}
        self._inotify: INotify | None = None

    def add(self, key: str, path: str, *, events: bool = True) -> Tree:
        """Begin to watch a tree; without `events` it is only remembered."""
        tree = self.trees[key] = Tree(key, path, events)
        if events:
            self._watch_below(tree, path)
        return tree

    def remove(self, key: str) -> None:
        """Watch a tree no more."""
        tree = self.trees.pop(key, None)
        if tree is not None:
            self._drop(tree)

    def look(self, seconds: float) -> set[str]:
        """Wait for events, at most so long; returns the keys of trees in which something happened."""
        source = self._source()
        if source is None:
            return set()
        touched: set[str] = set()
        for event in source.read(timeout=max(0, int(seconds * 1000))):
            if event.mask & flags.Q_OVERFLOW:
                self.overflows += 1
                self._begin_anew()
                return set(self.trees)
            place = self._folders.get(event.wd)
            if place is None:
                continue
            key, folder = place
            tree = self.trees.get(key)
            if tree is not None:
                touched.add(key)
                self._follow(tree, folder, event.wd, event.mask, event.name)
        return touched

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when something happened, -1 without one."""
        source = self._source()
        return source.fileno() if source is not None else -1

    def close(self) -> None:
        """Watch nothing any more."""
        self.trees.clear()
        self._folders.clear()
        if self._inotify is not None:
            self._inotify.close()
            self._inotify = None

    def _source(self) -> INotify | None:
        """Return the kernel's queue, None where there is none to be had."""
        if self._inotify is None:
            try:
                self._inotify = INotify(nonblocking=True)
            except OSError:
                return None
        return self._inotify

    def _follow(self, tree: Tree, folder: str, wd: int, mask: int, name: str) -> None:
        """Keep the watches right after one event."""
        if mask & (flags.IGNORED | flags.UNMOUNT):
            self._folders.pop(wd, None)
            tree.watches.discard(wd)
        if folder == tree.path and mask & (flags.DELETE_SELF | flags.MOVE_SELF | flags.UNMOUNT | flags.IGNORED):
            tree.lost = True
        if not mask & flags.ISDIR or not name:
            return
        path = f"{folder}/{name}"
        if mask & (flags.CREATE | flags.MOVED_TO):
            self._watch_below(tree, path)
        elif mask & flags.MOVED_FROM:
            self._forget_below(tree, path)

    def _watch_below(self, tree: Tree, top: str) -> None:
        """Set a watch on a folder and on each one below it that may hold something to file."""
        source = self._source()
        if source is None:
            tree.limited = True
            return
        for folder in _folders(top):
            try:
                wd = source.add_watch(folder, _MASK)
            except OSError as error:
                if error.errno in _FULL:
                    tree.limited = True
                    return
                if folder == tree.path:
                    tree.lost = True
                continue  # it vanished, or it may not be read: its parent tells of the one, nothing of the other
            self._folders[wd] = (tree.key, folder)
            tree.watches.add(wd)

    def _forget_below(self, tree: Tree, path: str) -> None:
        """Take the watches off a folder that was moved away."""
        for wd in [wd for wd in tree.watches if self._is_below(wd, path)]:
            self._unwatch(wd)
            tree.watches.discard(wd)

    def _is_below(self, wd: int, path: str) -> bool:
        folder = self._folders.get(wd, ("", ""))[1]
        return folder == path or folder.startswith(path + "/")

    def _drop(self, tree: Tree) -> None:
        for wd in tree.watches:
            self._unwatch(wd)
        tree.watches.clear()

    def _unwatch(self, wd: int) -> None:
        self._folders.pop(wd, None)
        if self._inotify is not None:
            try:
                self._inotify.rm_watch(wd)
            except OSError:
                pass  # the kernel dropped it already

    def _begin_anew(self) -> None:
        """Set every watch again: while the queue was full, new folders may have gone unheard."""
        if self._inotify is not None:
            self._inotify.close()
            self._inotify = None
        self._folders.clear()
        for key, tree in list(self.trees.items()):
            self.add(key, tree.path, events=tree.events)


def _folders(top: str) -> Iterator[str]:
    """Yield a folder and those below it; hidden ones and links are left out, as planning leaves them alone."""
    stack = [top]
    while stack:
        folder = stack.pop()
        yield folder
        try:
            with os.scandir(folder) as entries:
                stack += [e.path for e in entries if e.name[0] != "." and e.is_dir(follow_symlinks=False)]
        except OSError:
            continue


def tree_mark(top: str) -> bytes | None:
    """Return bytes that change when something in a tree does, for trees without events; None if it cannot be read."""
    mark, seen = blake2b(digest_size=16), 0
    for folder in _folders(top):
        try:
            with os.scandir(folder) as entries:
                for entry in sorted(entries, key=lambda one: one.name):
                    status = entry.stat(follow_symlinks=False)
                    mark.update(
                        f"{entry.path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode(errors="surrogateescape")
                    )
                    seen += 1
        except OSError:
            if folder == top:
                return None
        if seen >= _MOST_ENTRIES:
            break
    return mark.digest()
