"""A place on a drive: `(volume, relative path)`, valid wherever the drive is mounted, with any bytes in its names.

On Linux a name is any bytes except `/` and NUL. Python shows bytes that are not UTF-8 as lone surrogates (PEP 383,
`surrogateescape`), which neither JSON nor a database takes. So there are two forms:

- `relpath`: what `os` functions take (surrogateescape), `""` is the root folder itself;
- `text` (`encode_path`): for JSON, databases and screens: a backslash is doubled, an undecodable byte is `\\xNN`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from backend.sdk.files.errors import PathNotAllowed

_ESCAPE = re.compile(r"[\\\udc80-\udcff]")
_UNESCAPE = re.compile(r"\\(\\|x[0-9a-f]{2})")
_FORBIDDEN = frozenset(("", ".", ".."))
MAX_PATH_BYTES = 4095
"""PATH_MAX of Linux without the final NUL (limits.h)."""


def encode_path(path: str) -> str:
    """Return the JSON-safe text of a path; ordinary names stay as they are."""
    if path.isascii() and "\\" not in path:
        return path
    return _ESCAPE.sub(lambda m: r"\\" if m[0] == "\\" else f"\\x{ord(m[0]) - 0xDC00:02x}", path)


def decode_path(text: str) -> str:
    """Return the path that `encode_path` wrote; raises `PathNotAllowed` for anything that it never writes."""
    if text.isascii() and "\\" not in text:
        return text
    if "\\" in _UNESCAPE.sub("", text):
        raise PathNotAllowed("The path has a backslash that is not doubled.")
    path = _UNESCAPE.sub(lambda m: "\\" if m[1] == "\\" else chr(0xDC00 + int(m[1][1:], 16)), text)
    if encode_path(path) != text:
        raise PathNotAllowed("The path is not written in its usual form.")
    return path


def check_relpath(path: str) -> None:
    """Raise `PathNotAllowed` unless `path` is relative, plain and possible on a drive (`""` is the root)."""
    if not path:
        return
    if "\0" in path:
        raise PathNotAllowed("A path cannot hold the NUL character.")
    size = len(path)
    if not path.isascii():
        try:
            raw = path.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise PathNotAllowed("The path has characters that no drive can store.") from None
        if raw.decode("utf-8", "surrogateescape") != path:
            raise PathNotAllowed("The path is not written in its usual form.")
        size = len(raw)
    if size > MAX_PATH_BYTES:
        raise PathNotAllowed("The path is too long.")
    if not _FORBIDDEN.isdisjoint(path.split("/")):
        raise PathNotAllowed("The path must be relative, without empty parts, '.' or '..'.")


@dataclass(frozen=True, slots=True, order=True)
class VolumePath:
    """Name a place on a volume. Checked when made: whoever holds one holds a plain relative path.

    That says nothing about rights: `OwnerRoots.locate` turns it into a `SafePath` of one owner. In pydantic models it
    travels as `{"volume_id": ..., "path": <text>}`.
    """

    volume_id: str
    relpath: str

    def __post_init__(self) -> None:
        check_relpath(self.relpath)

    @classmethod
    def from_text(cls, volume_id: str, text: str) -> VolumePath:
        """Return the place whose path was stored as `text`."""
        return cls(volume_id, decode_path(text))

    @property
    def text(self) -> str:
        """Return the path in its JSON-safe form, for storing and showing."""
        return encode_path(self.relpath)

    @property
    def name(self) -> str:
        """Return the last part (`""` for the root)."""
        return self.relpath.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """Return the relative path of the folder that it lies in (`""` for the root)."""
        return self.relpath.rpartition("/")[0]

    @property
    def parent(self) -> VolumePath:
        """Return the folder that it lies in; the root's parent is the root."""
        return VolumePath(self.volume_id, self.folder)

    def child(self, name: str) -> VolumePath:
        """Return the place called `name` inside this folder."""
        return VolumePath(self.volume_id, f"{self.relpath}/{name}" if self.relpath else name)

    def is_within(self, other: VolumePath) -> bool:
        """Tell whether this is `other` or lies below it (by spelling, on the same volume)."""
        if self.volume_id != other.volume_id:
            return False
        return not other.relpath or self.relpath == other.relpath or self.relpath.startswith(other.relpath + "/")

    def __str__(self) -> str:
        return f"{self.volume_id}:{self.text}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate `{"volume_id", "path"}` strictly and write the same."""
        wire = core_schema.typed_dict_schema(
            {
                "volume_id": core_schema.typed_dict_field(core_schema.str_schema(min_length=1, max_length=64)),
                "path": core_schema.typed_dict_field(core_schema.str_schema(max_length=16384)),
            },
            extra_behavior="forbid",
        )
        from_wire = core_schema.no_info_after_validator_function(cls._from_wire, wire)
        return core_schema.json_or_python_schema(
            json_schema=from_wire,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), from_wire]),
            serialization=core_schema.plain_serializer_function_ser_schema(cls._to_wire),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe the wire form for OpenAPI."""
        return {
            "type": "object",
            "title": "VolumePath",
            "additionalProperties": False,
            "required": ["volume_id", "path"],
            "properties": {
                "volume_id": {"type": "string", "minLength": 1, "maxLength": 64},
                "path": {"type": "string", "maxLength": 16384, "description": "relative path; '' is the root"},
            },
        }

    @classmethod
    def _from_wire(cls, value: dict[str, str]) -> VolumePath:
        try:
            return cls.from_text(value["volume_id"], value["path"])
        except PathNotAllowed as error:
            raise ValueError(error.message) from None

    def _to_wire(self) -> dict[str, str]:
        return {"volume_id": self.volume_id, "path": self.text}
