"""Make a tree of the folders that the hub lists flat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from frontend.api.generated.schemas import TreeFolderOut, VolumePath


@dataclass
class TreeNode:
    """One folder: `items` lie in it, `total` in it and below."""

    key: str
    name: str
    place: VolumePath
    items: int = 0
    total: int = 0
    bytes: int = 0
    children: list[TreeNode] = field(default_factory=list)


def tree_of(folders: Iterable[TreeFolderOut], labels: Mapping[str, str], *, staying: bool = True) -> list[TreeNode]:
    """Return one tree per opened folder, named by `labels`, with sums; branches in the order of their names.

    Without `staying`, what was rejected is not counted, and folders that only such files would go to are left out.
    """
    roots: dict[str, TreeNode] = {}
    known: dict[str, TreeNode] = {}
    for folder in folders:
        items = folder["items"] if staying else folder["items"] - folder["rejected"]
        if not items:
            continue
        volume = folder["place"]["volume_id"]
        node = roots.setdefault(volume, _node(volume, "", labels.get(volume, "")))
        way, path = [node], ""
        for part in folder["place"]["path"].split("/"):
            if not part:
                continue
            path = f"{path}/{part}" if path else part
            key = f"{volume}:{path}"
            if key not in known:
                known[key] = _node(volume, path, part)
                way[-1].children.append(known[key])
            way.append(known[key])
        way[-1].items = items
        for one in way:
            one.total += items
            one.bytes += folder["bytes"]
    for one in (*roots.values(), *known.values()):
        one.children.sort(key=lambda child: child.name.casefold())
    return list(roots.values())


def _node(volume: str, path: str, name: str) -> TreeNode:
    return TreeNode(f"{volume}:{path}", name, {"volume_id": volume, "path": path})
