"""The security log: who did what and when, and the proof that nobody changed it."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import AuditEntryOut, AuditVerifyOut
from frontend.i18n import count, date_and_time, tr, tr_server
from frontend.kit import (
    PagedList,
    Screen,
    Tile,
    empty_state,
    filter_chips,
    icon_badge,
    notice,
    scroll_body,
    state_of,
    tile,
    toggle,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.screens.audit_words import ALARMING, KINDS, action_icon, action_words, detail_words, kind_words


@ft.component
def SecurityLog() -> ft.Control:
    """Show the log: one's own, or for administrators everybody's."""
    session = use_session()
    audit = use_provider(session.audit)
    entries = use_provider(audit.entries)
    people = use_provider(session.people)
    modules = use_provider(session.modules)
    auth = use_provider(session.auth)

    async def load() -> None:
        await audit.narrow("")
        if auth.is_admin:
            await people.load_users()

    use_mount(load)
    check = use_action(audit.verify)
    names = {one["id"]: one["display_name"] or one["name"] for one in people.users}
    names |= {one["id"]: tr_server(one["title"]) for one in modules.modules}
    if auth.person:
        names[auth.person_id] = auth.person["display_name"] or auth.person["name"]
    parts: list[ft.Control] = []
    if auth.is_admin:
        parts.append(_whose(audit))
    options = [(kind, kind_words(kind)) for kind in ("", *KINDS)]
    parts.append(filter_chips(audit.action, options, audit.narrow))
    if auth.is_admin:
        parts.append(
            ft.Row(
                [tonal_button(busy_text(check, tr("Check that nothing was changed")), check, icon=ft.Icons.VERIFIED)]
            )
        )
    if audit.verified is not None:
        parts.append(_verdict(audit.verified))
    content = state_of(
        entries,
        lambda: PagedList(
            entries.items,
            Entry,
            key_of=lambda one: str(one["seq"]),
            more=entries.load_more,
            has_more=entries.has_more,
            arguments=(tuple(sorted(names.items())),),
            before=parts,
            spacing=4,
        ),
        retry=audit.load,
        is_empty=not entries.items,
        empty=lambda: scroll_body(
            *parts, empty_state(ft.Icons.POLICY_OUTLINED, tr("Nothing is noted here"), tr("Try another filter."))
        ),
    )
    return Screen(tr("Security log"), content, back="/more")


def _whose(audit: Any) -> ft.Control:
    async def changed(everybody: bool) -> None:
        await audit.show("all" if everybody else "mine")

    return toggle(tr("Of everybody"), audit.scope == "all", changed, about=tr("Off: only what concerns you."))


def _verdict(of: AuditVerifyOut) -> ft.Control:
    if of["ok"]:
        words = tr("The log is whole: {n} entries, none changed, swapped or missing.", n=count(of["entries"]))
        return notice(words, "good", ft.Icons.VERIFIED_OUTLINED)
    problems = " ".join(tr_server(one) for one in of["problems"][:3])
    words = tr("The log was tampered with, or damaged. Do not trust it from there on. {problems}", problems=problems)
    return notice(words, "bad", ft.Icons.GPP_BAD_OUTLINED)


@ft.component
def Entry(of: AuditEntryOut, names: tuple[tuple[str, str], ...]) -> ft.Control:
    """Show one entry."""
    known = dict(names)
    who = known.get(of["actor_id"] or "", tr("Homie itself") if of["actor_id"] is None else tr("Somebody"))
    detail = detail_words(of, known)
    return tile(
        Tile(
            action_words(of["action"]),
            " · ".join(part for part in (who, date_and_time(of["at"]), detail) if part),
            leading=icon_badge(action_icon(of["action"]), "bad" if of["action"] in ALARMING else "neutral"),
        )
    )
