"""About: which Homie this is, and whose work it stands on."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import distributions

import flet as ft

from frontend.i18n import tr
from frontend.kit import (
    GAP,
    PagedList,
    Screen,
    body,
    caption,
    card,
    heading,
    icon_badge,
    state_of,
    title,
    use_mount,
    use_provider,
    use_session,
)
from frontend.providers.server_provider import ServerProvider


@lru_cache(maxsize=1)
def libraries() -> tuple[tuple[str, str, str], ...]:
    """Return name, version and licence of the installed free software, as its own packages declare it."""
    found: dict[str, tuple[str, str, str]] = {}
    for one in distributions():
        about = one.metadata
        name = about["Name"] or ""
        if name and name.lower() not in found and name.lower() != "homie":
            found[name.lower()] = (name, one.version, _licence(about))
    return tuple(found[key] for key in sorted(found))


def _licence(about: object) -> str:
    get_all = about.get_all  # type: ignore[attr-defined]
    if short := (about["License-Expression"] or "").strip():  # type: ignore[index]
        return str(short)
    named = [line.rpartition(" :: ")[2] for line in get_all("Classifier") or () if line.startswith("License ::")]
    written = (about["License"] or "").strip().splitlines()  # type: ignore[index]
    return ", ".join(named) or (written[0][:60] if written else "")


@ft.component
def About() -> ft.Control:
    """Show version and licences."""
    server = use_provider(use_session().of(ServerProvider))
    use_mount(server.load)
    return Screen(tr("About Homie"), state_of(server, lambda: _content(server)), back="/more")


def _content(server: ServerProvider) -> ft.Control:
    assert server.server is not None
    head = card(
        ft.Row(
            [
                icon_badge(ft.Icons.HOME_ROUNDED, "accent", 56),
                ft.Column(
                    [title(server.server["name"]), caption(tr("Version {version}", version=server.server["version"]))],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=GAP,
        ),
        body(
            tr(
                "Homie runs at your home. Your files, your people and everything that it learns stay there, unless you "
                "decide otherwise."
            ),
            muted=True,
        ),
    )
    below: list[ft.Control] = [
        head,
        ft.Container(heading(tr("Made with free software")), padding=ft.Padding.only(top=12)),
        body(tr("Homie stands on the work of many people, who gave it under these licences."), muted=True),
    ]
    return PagedList(libraries(), LibraryLine, key_of=lambda one: one[0], before=below, spacing=4)


@ft.component
def LibraryLine(of: tuple[str, str, str]) -> ft.Control:
    """Show one library with its licence."""
    name, version, licence = of
    return ft.ListTile(
        title=body(f"{name} {version}"), subtitle=caption(licence or tr("See its own pages")), dense=True
    )
