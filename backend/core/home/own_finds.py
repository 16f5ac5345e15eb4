"""What core finds in a search: people, spaces, jobs, modules and the pages of the settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.core.jobs.service import JobFilter
from backend.sdk.actor import Actor
from backend.sdk.finding import SearchHit, SearchKind, match

if TYPE_CHECKING:
    from backend.core.platform import Platform

CORE_FINDS: tuple[SearchKind, ...] = (
    SearchKind("core.page", "Settings and pages"),
    SearchKind("core.person", "People"),
    SearchKind("core.space", "Spaces"),
    SearchKind("core.module", "Modules"),
    SearchKind("core.job", "Work"),
)
LATEST_JOBS = 200


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the app. `words`: what else people may type for it, in the languages of the app."""

    title: str
    route: str
    words: str
    admin: bool = False


PAGES: tuple[Page, ...] = (
    Page("Notifications", "/notifications", "news messages Benachrichtigungen Neuigkeiten Mitteilungen"),
    Page("Work", "/activity", "jobs progress tasks Aufgaben Arbeiten Fortschritt"),
    Page("Modules", "/modules", "apps parts Module Teile Erweiterungen"),
    Page("People and spaces", "/people", "household family members invite Personen Haushalt Familie einladen Bereiche"),
    Page("Folders", "/folders", "roots grant drives Ordner freigeben Laufwerke"),
    Page("Backups", "/backups", "restore verify copy Sicherung Datensicherung wiederherstellen", admin=True),
    Page("Security log", "/security-log", "audit history Sicherheitsprotokoll Protokoll"),
    Page("Appearance", "/settings", "theme dark light text size language Darstellung Aussehen dunkel hell Sprache"),
    Page("Devices", "/devices", "sessions phones log out Geräte abmelden"),
    Page("Password", "/account/password", "change account Passwort ändern Kennwort Konto"),
    Page("Second factor", "/account/second-factor", "totp authenticator code Zwei-Faktor Bestätigung"),
    Page("Connect a phone", "/connect", "qr address pairing Handy verbinden Adresse Telefon"),
    Page("Artificial intelligence", "/settings/ai", "ai provider key privacy KI Anbieter Datenschutz"),
)


class OwnFinds:
    """Answer a search for core."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def search(self, actor: Actor, words: Sequence[str], limit: int) -> list[SearchHit]:
        """Return at most `limit` hits per kind, the best first."""
        found: list[SearchHit] = []
        for hits in (self._pages, self._people, self._spaces, self._modules, self._jobs):
            kind = sorted(hits(actor, words), key=lambda hit: -hit.score)
            found += kind[:limit]
        return found

    def _pages(self, actor: Actor, words: Sequence[str]) -> Iterator[SearchHit]:
        for page in PAGES:
            if page.admin and not actor.is_admin:
                continue
            if fits := match(page.title, words):
                yield SearchHit("core.page", page.title, page.route, score=fits[0], highlights=fits[1])
            elif other := match(f"{page.title} {page.words}", words):
                yield SearchHit("core.page", page.title, page.route, score=other[0] * 0.9)

    def _people(self, actor: Actor, words: Sequence[str]) -> Iterator[SearchHit]:
        """Find who shares a space with the person; an administrator finds everybody."""
        people = self._platform.accounts.people.everybody() if actor.is_admin else []
        known = {person.id: (person.display_name, person.name) for person in people}
        if not actor.is_admin:
            spaces = self._platform.accounts.spaces
            for space in sorted(actor.owners):
                for member in spaces.members(actor.user_id, space):
                    known[member.user_id] = (member.display_name, member.name)
        for user_id, (shown, name) in known.items():
            route = f"/people?person={user_id}"
            if fits := match(shown, words):
                yield SearchHit("core.person", shown, route, name, fits[0], fits[1])
            elif other := match(name, words):
                yield SearchHit("core.person", shown, route, name, other[0] * 0.9)

    def _spaces(self, actor: Actor, words: Sequence[str]) -> Iterator[SearchHit]:
        for space in self._platform.accounts.spaces.of_person(actor.user_id):
            if space.id in actor.owners and (fits := match(space.name, words)):
                yield SearchHit("core.space", space.name, f"/people?space={space.id}", "", fits[0], fits[1], space.id)

    def _modules(self, actor: Actor, words: Sequence[str]) -> Iterator[SearchHit]:
        for status in self._platform.apps.list():
            if fits := match(status.title, words):
                route = f"/modules/{status.id}"
                yield SearchHit("core.module", status.title, route, status.description, fits[0], fits[1])

    def _jobs(self, actor: Actor, words: Sequence[str]) -> Iterator[SearchHit]:
        """Find among the latest jobs by what they do and what they last said."""
        for job in self._platform.jobs.list(actor, JobFilter(limit=LATEST_JOBS)):
            title = job.kind.rpartition(".")[2].replace("_", " ").capitalize()
            if fits := match(title, words):
                yield SearchHit("core.job", title, f"/activity/{job.id}", job.note, fits[0], fits[1], job.owner_id)
            elif job.note and (other := match(job.note, words)):
                yield SearchHit("core.job", title, f"/activity/{job.id}", job.note, other[0] * 0.8, (), job.owner_id)
