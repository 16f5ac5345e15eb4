"""Write the page of all settings from their own descriptions, so that the page cannot lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from backend.core.settings import HomieSettings

_HEAD = """# Settings

Every setting is a variable, or a key of the TOML file that `HOMIE_CONFIG` names (there in lower case, without `HOMIE_`;
the part after two underscores is a table). Variables win over the file. `homie doctor` names the ones that are wrong.

"Today" in money is the day where the hub stands: the machine's time zone. In a container, which mostly runs in UTC, say
it with the usual variable `TZ` (`TZ=Europe/Vienna`).

| Variable | Default | What it does |
|---|---|---|
"""


def settings_page() -> str:
    """Return the page as Markdown."""
    rows = [f"| `{name}` | {default} | {text} |" for name, default, text in _rows("HOMIE_", HomieSettings)]
    return _HEAD + "\n".join(rows) + "\n"


def _rows(prefix: str, model: type[BaseModel]) -> Iterator[tuple[str, str, str]]:
    for name, field in model.model_fields.items():
        inner = _nested(field)
        if inner is not None:
            yield from _rows(f"{prefix}{name.upper()}__", inner)
        else:
            shown = f"{prefix}{name.upper()}" + ("__<MODULE>" if name == "db" else "")
            yield shown, _default(name, field), (field.description or "").replace("|", "\\|")


def _nested(field: FieldInfo) -> type[BaseModel] | None:
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def _default(name: str, field: FieldInfo) -> str:
    if name == "data_dir":
        return "`~/.local/share/homie`"
    value: Any = field.default
    if value is PydanticUndefined or value is None or value == "":
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    print(settings_page(), end="")
