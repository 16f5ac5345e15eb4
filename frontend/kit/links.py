"""Open addresses of the hub outside the app: the upload page, a file, a download."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import flet as ft


async def open_link(base: str, path: str, *, stay: bool = False) -> None:
    """Open `path` of the hub; `stay` keeps the app where it is and opens another tab or the browser.

    Another tab needs the press that asked for it: a browser may block what comes later, so the same tab is the default.
    """
    page = ft.context.page
    await ft.UrlLauncher().launch_url(
        urljoin(hub_address(page, base), path),
        web_only_window_name="_blank" if stay else "_self",
        mode=ft.LaunchMode.EXTERNAL_APPLICATION if not page.web else ft.LaunchMode.PLATFORM_DEFAULT,
    )


def hub_address(page: ft.Page, base: str) -> str:
    """Return where this window reaches the hub: where the page came from, or the address that a device was given."""
    if page.web and page.url:
        parts = urlsplit(page.url)
        scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
        return f"{scheme}://{parts.netloc}/"
    return base
