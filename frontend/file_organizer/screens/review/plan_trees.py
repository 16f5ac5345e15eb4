"""Before and after: the folders of a plan as two trees that open step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from frontend.api.generated.schemas import ItemOut
from frontend.file_organizer.plan_tree import TreeNode, tree_of
from frontend.file_organizer.review_provider import ReviewProvider
from frontend.file_organizer.screens.review.hands import Hands, use_hands
from frontend.file_organizer.suggestion_words import kind_icon, name_of, readable, shortened
from frontend.i18n import count, size, tr, trn
from frontend.kit import (
    PagedList,
    Screen,
    body,
    caption,
    chip,
    empty_state,
    loading_state,
    navigate,
    state_of,
    title,
    two_panes,
    use_mount,
    use_provider,
    use_session,
    use_viewport,
)
from frontend.kit.theme import TARGET

Line = Mapping[str, Any]
_FILES = 50
"""Files of a folder that are listed at once."""


@ft.component
def PlanTrees() -> ft.Control:
    """Show how the folders look now and how they will look."""
    plan_id = ft.use_route_params()["plan_id"]
    review = use_provider(use_session().of(ReviewProvider))
    hands = use_hands(review)
    viewport = use_viewport()
    side, set_side = ft.use_state("after")

    async def load() -> None:
        if review.plan_id != plan_id or review.plan is None:
            await review.open(plan_id)
        if review.plan is not None:
            await review.read_tree(before=False)
            await review.read_tree(before=True)
            if review.preview is None:
                await hands.safely(review.load_preview())

    use_mount(load, [plan_id])
    back = f"/file_organizer/plans/{plan_id}"
    if review.plan is None or review.plan_id != plan_id:
        waiting = state_of(review, lambda: loading_state(6), retry=load)
        return Screen(tr("Before and after"), waiting, back=back)

    if not viewport.is_phone:
        return Screen(
            tr("Before and after"),
            two_panes(
                _titled(tr("Now"), Tree(review, hands, True)),
                _titled(tr("Afterwards"), Tree(review, hands, False)),
                share=6,
            ),
            subtitle=review.plan["title"],
            back=back,
            wide=True,
        )

    def chosen(event: Any) -> None:
        set_side(next(iter(event.control.selected)))

    switch = ft.SegmentedButton(
        segments=[
            ft.Segment(value="before", label=ft.Text(tr("Now")), icon=ft.Icons.FOLDER_OPEN_OUTLINED),
            ft.Segment(value="after", label=ft.Text(tr("Afterwards")), icon=ft.Icons.AUTO_AWESOME_OUTLINED),
        ],
        selected=[side],
        show_selected_icon=False,
        on_change=chosen,
        expand=True,
    )
    tree = Tree(review, hands, side == "before")
    return Screen(
        tr("Before and after"),
        ft.Column([ft.Row([switch]), ft.Container(tree, expand=True, key=side)], spacing=8, expand=True),
        subtitle=review.plan["title"],
        back=back,
    )


def _titled(name: str, tree: ft.Control) -> ft.Control:
    return ft.Column([title(name), ft.Container(tree, expand=True)], spacing=8, expand=True)


@ft.component
def Tree(review: ReviewProvider, hands: Hands, before: bool) -> ft.Control:
    """Show one side's folders; a folder's files are read when it is opened."""
    paged = use_provider(review.tree_before if before else review.tree)
    turned, set_turned = ft.use_state(frozenset[str]())
    files, set_files = ft.use_state(dict[str, list[ItemOut]]())

    async def read(node: TreeNode) -> None:
        if node.items and node.key not in files:
            found = await hands.safely(review.files_in(node.place, before=before))
            if found is not None:
                set_files(lambda old: {**old, node.key: found})

    async def toggle(key: str, node: TreeNode) -> None:
        set_turned(lambda old: old ^ {key})
        await read(node)

    async def read_opened() -> None:
        for node in nodes.values():
            if node.key in opened:
                await read(node)

    async def act(key: str) -> None:
        node = nodes.get(key)
        if node is not None:
            await toggle(key, node)
        else:
            navigate(f"/file_organizer/plans/{review.plan_id}/items/{key}")

    roots = tree_of(paged.items, review.labels, staying=before)
    nodes = {one.key: one for one in _all(roots)}
    opened = _open_from_the_start(roots) ^ turned
    use_mount(read_opened, [len(roots), paged.loaded])
    examples = review.preview["new_folder_examples"] if review.preview else []
    new = {f"{one['volume_id']}:{one['path']}" for one in examples}
    held: Any = ft.use_ref(lambda: None)
    held.current = act
    stable: Any = ft.use_ref(lambda: None)
    if stable.current is None:

        async def hand(key: str) -> None:
            await held.current(key)

        stable.current = (hand,)
    lines = _lines(roots, opened, files, new if not before else set(), 0)
    return state_of(
        paged,
        lambda: PagedList(
            lines,
            TreeLine,
            key_of=lambda one: str(one["key"]),
            arguments=stable.current,
            spacing=0,
            more=paged.load_more,
            has_more=paged.has_more,
        ),
        is_empty=not lines,
        empty=lambda: empty_state(ft.Icons.FOLDER_OFF_OUTLINED, tr("No folders")),
    )


def _open_from_the_start(nodes: list[TreeNode]) -> frozenset[str]:
    """Return the folders down to where the tree branches for the first time."""
    found: set[str] = set()
    while len(nodes) == 1:
        found.add(nodes[0].key)
        nodes = nodes[0].children
    return frozenset(found)


def _all(nodes: list[TreeNode]) -> list[TreeNode]:
    return [one for node in nodes for one in (node, *_all(node.children))]


def _lines(
    nodes: list[TreeNode], opened: frozenset[str], files: Mapping[str, list[ItemOut]], new: set[str], depth: int
) -> list[Line]:
    """Return the lines that are visible: opened folders with what is in them."""
    found: list[Line] = []
    for node in nodes:
        is_open = node.key in opened
        found.append(
            {
                "key": node.key,
                "depth": depth,
                "name": readable(node.name),
                "files": node.total,
                "bytes": node.bytes,
                "open": is_open,
                "new": node.key in new,
            }
        )
        if is_open:
            found += _lines(node.children, opened, files, new, depth + 1)
            for item in files.get(node.key, ())[:_FILES]:
                found.append({"key": item["id"], "depth": depth + 1, "item": item})
            if len(files.get(node.key, ())) > _FILES:
                found.append({"key": f"{node.key}…", "depth": depth + 1, "rest": node.items - _FILES})
    return found


@ft.component
def TreeLine(line: Line, hand: Callable[[str], Any]) -> ft.Control:
    """Show a folder with its counts, a file, or how many more there are."""

    async def touched(_: Any = None) -> None:
        await hand(line["key"])

    inset = ft.Padding.only(left=8 + 20 * min(line["depth"], 6), right=8)
    if "rest" in line:
        return ft.Container(caption(trn("and {n} more", "and {n} more", line["rest"])), padding=inset, height=32)
    if "item" in line:
        item: ItemOut = line["item"]
        row = ft.Row(
            [
                ft.Icon(
                    kind_icon(item["category"], is_folder=item["is_folder"]),
                    size=18,
                    color=ft.Colors.ON_SURFACE_VARIANT,
                ),
                body(shortened(name_of(item["source"])), expand=True, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
                caption("" if item["is_folder"] else size(item["size"])),
            ],
            spacing=10,
        )
        return ft.Container(row, padding=inset, height=TARGET, on_click=touched, ink=True, border_radius=8)
    parts: list[ft.Control] = [
        ft.Icon(ft.Icons.EXPAND_MORE if line["open"] else ft.Icons.CHEVRON_RIGHT, size=20),
        ft.Icon(
            ft.Icons.FOLDER_OPEN_OUTLINED if line["open"] else ft.Icons.FOLDER_OUTLINED,
            size=20,
            color=ft.Colors.PRIMARY,
        ),
        title(line["name"], expand=True, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
    ]
    if line["new"]:
        parts.append(chip(tr("new"), "accent"))
    said = trn("{n} file", "{n} files", line["files"])
    parts.append(caption(count(line["files"]), semantics_label=said))
    return ft.Container(
        ft.Row(parts, spacing=8), padding=inset, height=TARGET, on_click=touched, ink=True, border_radius=8
    )
