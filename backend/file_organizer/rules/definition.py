"""What a rule says: conditions, how they go together, and one action. The same shape in the database, API and files.

Nothing else can be expressed: no code, no command, no path outside of the folders that are open to the household
(`Place` is checked against them when a plan is made).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from backend.file_organizer.analysis.kinds import Kind
from backend.file_organizer.rules.patterns import check_regex
from backend.file_organizer.rules.placeholders import check_name_template, check_template
from backend.sdk.files import VolumePath

MOST_CONDITIONS = 20
MOST_VALUES = 200
_Text = Annotated[str, Field(min_length=1, max_length=300)]
_Texts = Annotated[list[_Text], Field(min_length=1, max_length=MOST_VALUES)]
Unit = Literal["seconds", "minutes", "hours", "days", "weeks", "months", "years"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Condition(_Part):
    """`negate`: the condition is met when what it says is not so."""

    negate: bool = Field(False, description="Whether the opposite is meant.")


class NameCondition(_Condition):
    """The file's name. `part`: the whole name, the name without its ending (`stem`), or whichever of them fits."""

    what: Literal["name"] = "name"
    how: Literal["is", "contains", "begins", "ends", "glob", "regex"] = "contains"
    values: _Texts = Field(description="One of these must fit.")
    part: Literal["any", "stem", "whole"] = "any"
    case_sensitive: bool = False

    @model_validator(mode="after")
    def _possible(self) -> NameCondition:
        if self.how == "regex":
            for value in self.values:
                check_regex(value)
        return self


class EndingCondition(_Condition):
    """The file's ending (extension), without its dot; upper and lower case are the same."""

    what: Literal["extension"] = "extension"
    values: _Texts

    @field_validator("values")
    @classmethod
    def _plain(cls, values: list[str]) -> list[str]:
        plain = [value.strip().lstrip(".").lower() for value in values]
        if not all(plain) or any("/" in value for value in plain):
            raise ValueError("An ending is written like pdf or tar.gz.")
        return plain


class KindCondition(_Condition):
    """What kind of file it is, by its content where the name lies."""

    what: Literal["kind"] = "kind"
    values: Annotated[list[Kind], Field(min_length=1, max_length=30)]


class MimeCondition(_Condition):
    """The MIME type that the name stands for: `image`, or `image/png`."""

    what: Literal["mimetype"] = "mimetype"
    values: _Texts


class SizeCondition(_Condition):
    """The size in bytes, both bounds included."""

    what: Literal["size"] = "size"
    at_least: int | None = Field(None, ge=0, le=2**60, description="Bytes.")
    at_most: int | None = Field(None, ge=0, le=2**60, description="Bytes.")

    @model_validator(mode="after")
    def _bounds(self) -> SizeCondition:
        if self.at_least is None and self.at_most is None:
            raise ValueError("Give the smallest or the largest size.")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("The smallest size is larger than the largest.")
        return self


class AgeCondition(_Condition):
    """How long ago the file was changed, made, or taken (pictures)."""

    what: Literal["age"] = "age"
    since: Literal["modified", "created", "taken"] = "modified"
    how: Literal["older", "younger"] = "older"
    amount: int = Field(ge=1, le=1_000_000)
    unit: Unit = "days"


class FolderCondition(_Condition):
    """The folder that the file lies in now. `below`: or in a folder inside of it."""

    what: Literal["folder"] = "folder"
    places: Annotated[list[VolumePath], Field(min_length=1, max_length=50)]
    below: bool = True


class TextCondition(_Condition):
    """What is written inside of the document. `words`: all words of one value, in any order."""

    what: Literal["text"] = "text"
    how: Literal["words", "phrase", "regex"] = "words"
    values: _Texts = Field(description="One of these must fit.")
    case_sensitive: bool = Field(False, description="Only for patterns.")

    @model_validator(mode="after")
    def _possible(self) -> TextCondition:
        if self.how == "regex":
            for value in self.values:
                check_regex(value)
        return self


class CameraCondition(_Condition):
    """The camera or phone that a picture says it was taken with contains one of these."""

    what: Literal["camera"] = "camera"
    values: _Texts


class DuplicateCondition(_Condition):
    """Another file in the opened folders has exactly the same content, and was there first."""

    what: Literal["duplicate"] = "duplicate"


Condition = Annotated[
    NameCondition
    | EndingCondition
    | KindCondition
    | MimeCondition
    | SizeCondition
    | AgeCondition
    | FolderCondition
    | TextCondition
    | CameraCondition
    | DuplicateCondition,
    Field(discriminator="what"),
]


class Folder(_Part):
    """A folder of the household; `path` may have placeholders. Without `volume_id`: below the folder that is filed
    into."""

    volume_id: str | None = Field(None, min_length=1, max_length=64)
    path: str = Field("", max_length=4000, description="Relative path, with placeholders like {year}.")

    @field_validator("path")
    @classmethod
    def _possible(cls, path: str) -> str:
        plain = path.strip("/")
        check_template(plain)
        return plain


class _Named(_Part):
    name: str | None = Field(None, min_length=1, max_length=300, description="New name, with placeholders.")

    @field_validator("name")
    @classmethod
    def _possible(cls, name: str | None) -> str | None:
        if name is not None:
            check_name_template(name)
        return name


class MoveAction(_Named):
    """Move the file into `folder`, under a new name if one is given."""

    do: Literal["move"] = "move"
    folder: Folder


class CopyAction(_Named):
    """Copy the file into `folder`; the file stays."""

    do: Literal["copy"] = "copy"
    folder: Folder


class RenameAction(_Part):
    """Give the file another name in its place."""

    do: Literal["rename"] = "rename"
    name: str = Field(min_length=1, max_length=300)

    @field_validator("name")
    @classmethod
    def _possible(cls, name: str) -> str:
        check_name_template(name)
        return name


class TrashAction(_Part):
    """Put the file into the trash of its drive."""

    do: Literal["trash"] = "trash"


class LeaveAction(_Part):
    """Leave the file where it is, whatever else would be suggested."""

    do: Literal["leave"] = "leave"


class AskAction(_Part):
    """Always ask a person, however sure Homie is."""

    do: Literal["ask"] = "ask"


Action = Annotated[
    MoveAction | CopyAction | RenameAction | TrashAction | LeaveAction | AskAction, Field(discriminator="do")
]


class RuleBody(_Part):
    """What a rule says: when `all` or `any` of the conditions are met, do one thing."""

    match: Literal["all", "any"] = "all"
    conditions: Annotated[list[Condition], Field(min_length=1, max_length=MOST_CONDITIONS)]
    action: Action

    @model_validator(mode="after")
    def _keeps_one(self) -> RuleBody:
        if isinstance(self.action, TrashAction) and any(isinstance(c, DuplicateCondition) for c in self.conditions):
            raise ValueError(
                "Copies go to the trash under Copies, where another one is proven to stay. Let this rule move them."
            )
        return self


class RuleDefinition(_Part):
    """A rule with its name, as it is exported, imported and edited."""

    name: str = Field(min_length=1, max_length=120)
    enabled: bool = True
    body: RuleBody

    @field_validator("name")
    @classmethod
    def _plain(cls, name: str) -> str:
        plain = " ".join(name.split())
        if not plain:
            raise ValueError("The name is empty.")
        return plain
