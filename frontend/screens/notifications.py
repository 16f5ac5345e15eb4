"""Notifications: what is news, opened by a tap and put away by a swipe or a button."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import NotificationOut
from frontend.i18n import ago, tr, tr_server
from frontend.kit import (
    PagedList,
    Screen,
    caption,
    empty_state,
    filter_chips,
    icon_action,
    icon_badge,
    navigate,
    state_of,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.theme import RADIUS, TARGET
from frontend.screens.home_cards import TONE_OF
from frontend.screens.module_words import module_icon


@ft.component
def Notifications() -> ft.Control:
    """Show what is news, the newest first."""
    session = use_session()
    notifications = use_provider(session.notifications)
    news = use_provider(notifications.news)
    use_mount(lambda: notifications.show(only_unread=False))
    read_all = use_action(notifications.read_all)
    clear = use_action(notifications.put_all_away, done=tr("Everything is put away."))
    choices = [("all", tr("Everything")), ("unread", tr("Unread"))]
    filters = filter_chips(
        "unread" if notifications.only_unread else "all",
        choices,
        lambda key: notifications.show(only_unread=key == "unread"),
    )
    content = state_of(
        news,
        lambda: PagedList(
            news.items,
            NewsLine,
            key_of=lambda one: one["id"],
            more=news.load_more,
            has_more=news.has_more,
            spacing=4,
        ),
        retry=notifications.load_list,
        is_empty=not news.items,
        empty=lambda: empty_state(
            ft.Icons.NOTIFICATIONS_NONE,
            tr("Nothing new"),
            tr("When something happens that you should know, it is told here."),
        ),
    )
    actions = [
        icon_action(ft.Icons.DONE_ALL, tr("Mark all as read"), read_all, disabled=not notifications.unread),
        icon_action(ft.Icons.CLEAR_ALL, tr("Put everything away"), clear, disabled=not news.items),
        icon_action(ft.Icons.TUNE, tr("What you are told about"), lambda: navigate("/settings/notifications")),
    ]
    return Screen(
        tr("Notifications"),
        ft.Column([filters, ft.Container(content, expand=True)], expand=True, spacing=8),
        back="/",
        actions=actions,
    )


@ft.component
def NewsLine(of: NotificationOut) -> ft.Control:
    """Show one piece of news. Opening it marks it as read; it can be put away to both sides."""
    session = use_session()
    notifications = session.notifications
    put_away = use_action(lambda: notifications.put_away(of["id"]))
    read = use_action(lambda: notifications.read(of["id"]), quiet=True)
    words = tr_server(of["text"], of["template"], of["params"])

    async def opened() -> None:
        if of["route"]:
            navigate(of["route"])
        await read()

    times = tr("{n} times", n=of["count"]) if of["count"] > 1 else ""
    icon = ft.Icons.HOME_OUTLINED if of["module"] == "core" else module_icon(of["module"])
    line = ft.ListTile(
        title=ft.Text(
            words,
            theme_style=ft.TextThemeStyle.BODY_MEDIUM,
            max_lines=3,
            overflow=ft.TextOverflow.ELLIPSIS,
            semantics_label=tr("Unread: {text}", text=words) if of["unread"] else None,
        ),
        subtitle=caption(" · ".join(part for part in (ago(of["changed_at"]), times) if part)),
        leading=icon_badge(icon, TONE_OF[of["severity"]] if of["unread"] else "neutral"),
        trailing=icon_action(ft.Icons.CLOSE, tr("Put away: {text}", text=words), put_away),
        on_click=opened,
        min_height=TARGET + 16,
        bgcolor=ft.Colors.SURFACE_CONTAINER if of["unread"] else None,
        shape=ft.RoundedRectangleBorder(radius=RADIUS),
        content_padding=ft.Padding.only(left=12, right=4),
    )
    return ft.Dismissible(line, on_dismiss=put_away, key=of["id"])
