"""What the operations around the AI read and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from backend.file_organizer.settings import Language
from backend.sdk.files import VolumePath
from backend.sdk.http import In, Out

Rule = Literal["nothing", "names", "content"]


class FolderRuleIn(In):
    """Say what an AI may be told about a folder and all below it."""

    path: str = Field(min_length=1, max_length=16384, description="Full path of the folder.")
    rule: Rule = Field(
        description="`nothing`: neither files in it nor its name; `names`: never words from documents; `content`: both."
    )


class FolderRuleOut(Out):
    """Show a rule."""

    id: str
    place: VolumePath
    path: str = Field(description="Full path, for people; empty while the folder is not open to you.")
    rule: Rule
    created_at: datetime


class WhyIn(In):
    """Ask why one suggestion is as it is."""

    language: Language = Field("en", description="In which language an AI's words shall be.")


class OtherIdeasIn(In):
    """Ask for other folders for some suggestions; their present ones count as refused."""

    item_ids: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(min_length=1, max_length=200)
