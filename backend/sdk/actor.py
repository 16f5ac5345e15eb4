"""Who acts: the person (or the system), the spaces they may read, and the one space they write to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backend.sdk.errors import NotFound


@dataclass(frozen=True, slots=True)
class Actor:
    """Name the person behind a unit of work and the owners (spaces) it may touch.

    An owner is one person's private space or a household space that people were invited to. Reads see every owner in
    `owners`; writes go to `owner_id` only. A session for an actor filters by both, whoever writes the query.
    """

    user_id: str
    owner_id: str
    owners: frozenset[str]
    is_admin: bool = False
    session_id: str | None = None

    def __post_init__(self) -> None:
        if self.owner_id not in self.owners:
            raise ValueError("an actor must belong to the owner it writes to")

    def acting_in(self, owner_id: str) -> Actor:
        """Return the same person writing to another of their spaces.

        Raises `NotFound` for a space that they are not in, as for one that does not exist.
        """
        if owner_id not in self.owners:
            raise NotFound("This space does not exist.")
        return replace(self, owner_id=owner_id)

    def only_in(self, owner_id: str) -> Actor:
        """Return the same person restricted to one space, for reads and writes."""
        return replace(self.acting_in(owner_id), owners=frozenset({owner_id}))

    @classmethod
    def of(cls, owner_id: str, user_id: str | None = None) -> Actor:
        """Return an actor that knows a single space (a person alone, a job, a test)."""
        return cls(user_id=user_id or owner_id, owner_id=owner_id, owners=frozenset({owner_id}))
