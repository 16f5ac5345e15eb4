"""Home: who is greeted, what needs the person, what goes on, what can be begun, and how every module stands."""

from __future__ import annotations

from datetime import datetime

import flet as ft

from frontend.api.generated.schemas import AttentionOut
from frontend.i18n import tr, weekday_and_day
from frontend.i18n.language import current_zone
from frontend.kit import (
    GAP,
    QuickAction,
    Screen,
    navigate,
    quiet_button,
    scroll_body,
    section,
    state_of,
    use_mount,
    use_provider,
    use_session,
    use_viewport,
)
from frontend.kit.installed_screens import installed_screens
from frontend.kit.keyed import keyed
from frontend.providers.jobs_provider import JobsProvider
from frontend.screens.home_cards import attention_card, backup_card, first_steps, module_card, quick_actions
from frontend.screens.job_row import RunningJob

SHOWN_JOBS = 3
SHOWN_ELSEWHERE = ("core.jobs_running", "core.no_folders")
"""Matters that have a place of their own on Home: running work is shown live, first folders as first step."""


def greeting(hour: int, name: str) -> str:
    """Return the greeting for an hour of the day."""
    if 5 <= hour < 11:
        return tr("Good morning, {name}", name=name)
    if 11 <= hour < 18:
        return tr("Hello, {name}", name=name)
    return tr("Good evening, {name}", name=name)


@ft.component
def Home() -> ft.Control:
    """Show Home; it follows what happens by itself."""
    session = use_session()
    home = use_provider(session.home)
    auth = use_provider(session.auth)
    use_viewport()
    now = datetime.now(current_zone())

    async def load() -> None:
        session.jobs.only_live = True
        await home.load()
        await session.jobs.load()

    use_mount(load)
    person = auth.person
    name = (person["display_name"] or person["name"]).split(" ")[0] if person else ""
    return Screen(greeting(now.hour, name), state_of(home, Overview), subtitle=weekday_and_day(now), wide=True)


@ft.component
def Overview() -> ft.Control:
    """Lay the parts of Home out: one column on a phone, two side by side where there is room."""
    session = use_session()
    home = use_provider(session.home)
    modules = use_provider(session.modules)
    auth = use_provider(session.auth)
    viewport = use_viewport()
    assert home.home is not None
    kinds = {one["kind"] for one in home.attention}
    waiting = sorted((one for one in home.attention if one["kind"] not in SHOWN_ELSEWHERE), key=_urgency)
    needs: list[ft.Control] = []
    if "core.no_folders" in kinds:
        needs.append(first_steps(is_admin=auth.is_admin))
    if waiting or "core.no_folders" not in kinds:
        needs.append(section(tr("What needs you"), attention_card(waiting)))
    stretch = ft.CrossAxisAlignment.STRETCH
    # Running work brings its own distance: most of the time there is none, and then no gap may stay.
    first: list[ft.Control] = [
        ft.Column(
            [ft.Column(needs, spacing=20, horizontal_alignment=stretch), RunningNow(session.jobs)],
            spacing=0,
            horizontal_alignment=stretch,
        )
    ]
    second = [section(tr("Begin something"), quick_actions(_actions(modules.enabled_ids, is_admin=auth.is_admin)))]
    third = [
        section(tr("How things stand"), *(module_card(one) for one in home.cards)),
        backup_card(home.home["backup"], is_admin=auth.is_admin),
    ]
    if viewport.is_phone:
        return scroll_body(*first, *second, *third, spacing=20)
    columns = [first, [*second, *third]] if not viewport.is_wide else [first, second, third]
    shares = [7, 6] if not viewport.is_wide else [5, 4, 4]
    return scroll_body(
        ft.Row(
            [
                ft.Column(parts, spacing=20, expand=share, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
                for parts, share in zip(columns, shares, strict=True)
            ],
            spacing=GAP * 1.5,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    )


@ft.component
def RunningNow(jobs: JobsProvider) -> ft.Control:
    """Show what Homie is at, live; nothing while it is at nothing."""
    use_provider(jobs.jobs)
    running = jobs.running
    if not running:
        return ft.Container(height=0)
    every = quiet_button(tr("Show all"), lambda: navigate("/activity"))
    shown = [keyed(RunningJob, job["id"], job) for job in running[:SHOWN_JOBS]]
    return ft.Container(section(tr("Going on now"), *shown, action=every), padding=ft.Padding.only(top=20))


def _urgency(of: AttentionOut) -> tuple[int, bool]:
    """Order by severity; of equal ones the modules' own matters come before core's advice."""
    return ("error", "warning", "success", "info").index(of["severity"]), of["module"] == "core"


def _actions(enabled: set[str], *, is_admin: bool) -> list[QuickAction]:
    actions = [
        action for module in installed_screens() if module.module_id in enabled for action in module.quick_actions
    ]
    actions.append(QuickAction(lambda: tr("Search everything"), ft.Icons.SEARCH, "/search"))
    actions.append(QuickAction(lambda: tr("Connect a phone"), ft.Icons.QR_CODE_2, "/settings/connect"))
    if is_admin:
        actions.append(QuickAction(lambda: tr("Back up now"), ft.Icons.BACKUP_OUTLINED, "/backups"))
        actions.append(QuickAction(lambda: tr("Invite somebody"), ft.Icons.PERSON_ADD_OUTLINED, "/people"))
    return actions
