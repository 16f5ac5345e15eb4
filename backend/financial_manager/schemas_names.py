"""Wire types of merging and forgetting payees, and of tags."""

from __future__ import annotations

from pydantic import Field

from backend.financial_manager.schemas import Counterparty, Id
from backend.sdk.http import In, Out


class PayeeMergeIn(In):
    """Name the payee that another one becomes a part of."""

    into_id: Id


class PayeeForgetIn(In):
    """Name ways in which a payee is not written after all."""

    written: list[Counterparty] = Field(min_length=1, max_length=50)


class TagOut(Out):
    """Show a tag with how many transactions have it."""

    name: str
    transactions: int


class TagsOut(Out):
    """List the tags by name."""

    items: list[TagOut]


class TagIn(In):
    """Name a tag."""

    tag: str = Field(min_length=1, max_length=60)


class TagRenameIn(TagIn):
    """Call a tag otherwise; a name that is a tag already makes one of both."""

    name: str = Field(min_length=1, max_length=60)
