"""What was answered before, item by item: a file that was asked about is not sent again because others came beside it.

An answer is kept as a model that had been asked about this one item would have given it: aliases instead of ids,
placeholders instead of what is hidden. Its name is the hash of all that this question would have said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from backend.core.ai.errors import AnswerUnusable
from backend.core.ai.prompt import WayBack, aliases_of, choice_group, common_data, item_data
from backend.core.ai.redaction import Redactor
from backend.sdk.ai import ITEMS, AiItem, AiPayload, AiTask

T = TypeVar("T", bound=BaseModel)

_ALIAS = "i1"


@dataclass(frozen=True, slots=True)
class _Single:
    """One item's question: its content hash, and what turns its answers back."""

    item: AiItem
    content_hash: str
    way: WayBack


class ItemAnswers:
    """Know the single questions that a payload consists of; for tasks with `answers`."""

    def __init__(self, task: AiTask[Any], payload: AiPayload, redactor: Redactor) -> None:
        assert task.answers is not None
        self._task = task
        self._payload = payload
        self._field = task.answers
        self._entry: type[BaseModel] = get_args(task.result.model_fields[self._field].annotation)[0]
        self._item_field = next(
            name for name, field in self._entry.model_fields.items() if choice_group(field) == ITEMS
        )
        self._adapter = TypeAdapter(list[self._entry])  # type: ignore[name-defined]
        common = common_data(payload, redactor)
        head = [task.module, task.name, task.version, task.system, self._entry.model_json_schema(), common]
        shared = hashlib.sha256(json.dumps(head, ensure_ascii=False).encode())
        choices = {group: known for group, known in aliases_of(payload).items() if group != ITEMS}
        self.singles = [self._single(item, shared, redactor, choices) for item in payload.items]

    def _single(
        self, item: AiItem, shared: Any, redactor: Redactor, choices: Mapping[str, Mapping[str, str]]
    ) -> _Single:
        own = redactor.fork()
        said = json.dumps(item_data(item, own), ensure_ascii=False)
        digest = shared.copy()
        digest.update(b"\0item\0" + said.encode())
        return _Single(item, digest.hexdigest(), WayBack({**choices, ITEMS: {_ALIAS: item.id}}, own))

    def keys(self, key: Callable[[str], str]) -> list[str]:
        """Return the name of each item's answer in the cache."""
        return [key(single.content_hash) for single in self.singles]

    def read(self, texts: Mapping[str, str], key: Callable[[str], str]) -> tuple[list[BaseModel], AiPayload]:
        """Return (the entries that are known and still valid, the payload of what has to be asked)."""
        entries: list[BaseModel] = []
        unknown: list[AiItem] = []
        for single in self.singles:
            text = texts.get(key(single.content_hash))
            found = self._entries(single, text) if text is not None else None
            if found is None:
                unknown.append(single.item)
            else:
                entries += found
        return entries, replace(self._payload, items=unknown)

    def _entries(self, single: _Single, text: str) -> list[BaseModel] | None:
        try:
            return [single.way.value(entry) for entry in self._adapter.validate_json(text, strict=True)]
        except (ValidationError, AnswerUnusable):
            return None

    def write(self, value: BaseModel, key: Callable[[str], str]) -> dict[str, str]:
        """Return key -> text of what a fresh answer says about each item; an item it passed over has none."""
        by_item: dict[str, list[BaseModel]] = {}
        for entry in getattr(value, self._field):
            by_item.setdefault(getattr(entry, self._item_field), []).append(entry)
        return {
            key(single.content_hash): json.dumps(
                [_forth(entry, single.way) for entry in by_item[single.item.id]], ensure_ascii=False
            )
            for single in self.singles
            if single.item.id in by_item
        }

    def joined(self, known: list[BaseModel], fresh: BaseModel | None) -> Any:
        """Return one value of the task's result from both."""
        entries = [*known, *(getattr(fresh, self._field) if fresh is not None else ())]
        return self._task.result.model_validate({self._field: entries})


def _forth(value: BaseModel, way: WayBack) -> dict[str, Any]:
    """Return an entry as the model would say it: the inverse of `WayBack`."""
    said: dict[str, Any] = {}
    for name, field in type(value).model_fields.items():
        group = choice_group(field)
        aliases = {real: alias for alias, real in way.ids.get(group, {}).items()} if group else None
        said[name] = _said(getattr(value, name), aliases, way)
    return said


def _said(value: Any, aliases: Mapping[str, str] | None, way: WayBack) -> Any:
    if isinstance(value, BaseModel):
        return _forth(value, way)
    if isinstance(value, list | tuple | set | frozenset):
        return [_said(item, aliases, way) for item in value]
    if isinstance(value, dict):
        return {key: _said(item, aliases, way) for key, item in value.items()}
    if type(value) is not str:
        return value
    return aliases[value] if aliases is not None else way.redactor.text(value)


@dataclass(frozen=True, slots=True)
class KnownItems:
    """Hold what is known of a payload (`entries`, given by `model`) and what has to be asked (`left`)."""

    answers: ItemAnswers
    entries: list[BaseModel]
    left: AiPayload
    model: str | None

    def joined(self, fresh: BaseModel | None) -> Any:
        """Return one value of the task's result, with a provider's fresh answers."""
        return self.answers.joined(self.entries, fresh)

    def write(self, value: BaseModel, key: Callable[[str], str]) -> dict[str, str]:
        """Return what is to be remembered of a fresh answer."""
        return self.answers.write(value, key)
