"""Write the typed client from the OpenAPI document: TypedDicts for every schema, one async method per operation.

`homie openapi | python -m frontend.api.client_writer frontend/api/generated` (that is `scripts/write-api-client`).
The same document gives the same bytes: everything is sorted, and ruff formats it.
"""

from __future__ import annotations

import json
import keyword
import re
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]
PREFIX = "/api/v1/"
GROUPED_IN_CORE = ("accounts",)
"""Namespaces of core that have several groups of operations, as modules have."""
GROUPS_WITHOUT_PATH = ("asking", "opinions", "session", "codes", "me", "folder_choice", "plan_views", "run_views")
"""Groups of operations whose name does not stand in their paths; it is no part of a method's name either."""
BETTER_NAMES = {
    "core_accounts_setup_show": "show_setup",
    "core_accounts_setup_complete": "complete_setup",
    "core_accounts_codes_accept": "accept_invitation",
}
"""Functions whose name says little without their group."""
HEAD = '''"""{title}

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations
'''


# ---------------------------------------------------------------------- types


@dataclass
class Types:
    """Turn schemas into Python types. Nested objects with a title are hoisted to types of their own."""

    schemas: dict[str, Json]
    hoisted: dict[str, Json] = field(default_factory=dict)

    def name_of(self, schema: str) -> str:
        """Return the Python name: `Page_JobOut_` is `JobOutPage`, `file_organizer.RunOut` is `FileOrganizerRunOut`."""
        if paged := re.fullmatch(r"Page_(.+)_", schema):
            return f"{self.name_of(paged[1])}Page"
        module, _, name = schema.rpartition(".")
        return "".join(part.title() for part in module.split("_")) + re.sub(r"\W|_", "", name)

    def of(self, schema: Json) -> str:
        """Return the type of a schema."""
        if "$ref" in schema:
            return self.name_of(str(schema["$ref"]).rsplit("/", 1)[-1])
        for several in ("anyOf", "oneOf"):
            if several in schema:
                found = list(dict.fromkeys(self.of(one) for one in schema[several]))
                return " | ".join([*(one for one in found if one != "None"), *(one for one in found if one == "None")])
        if "allOf" in schema and len(schema["allOf"]) == 1:
            return self.of(schema["allOf"][0])
        if "enum" in schema:
            return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
        if "const" in schema:
            return f"Literal[{schema['const']!r}]"
        return self._plain(schema)

    def _plain(self, schema: Json) -> str:
        kind = schema.get("type")
        if kind == "array":
            return f"list[{self.of(schema.get('items', {}))}]"
        if kind == "object" and schema.get("properties"):
            name = self.name_of(schema["title"])
            self.hoisted.setdefault(name, schema)
            return name
        if kind == "object":
            values = schema.get("additionalProperties")
            return f"dict[str, {self.of(values) if isinstance(values, Mapping) and values else 'Any'}]"
        return {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}.get(
            str(kind), "Any"
        )

    def write(self) -> str:
        """Return the file with every type."""
        made = {self.name_of(name): self._declare(self.name_of(name), one) for name, one in self.schemas.items()}
        while missing := [name for name in self.hoisted if name not in made]:
            for name in missing:
                made[name] = self._declare(name, self.hoisted[name])
        aliases = sorted(name for name, text in made.items() if "TypeAlias" in text)
        classes = sorted(name for name in made if name not in aliases)
        body = "\n".join(made[name] for name in [*aliases, *classes])
        imports = "from typing import Any, Literal, NotRequired, TypeAlias, TypedDict\n\n"
        names = f"__all__ = {sorted(made)!r}\n\n"
        return HEAD.format(title="The types of the hub's API.") + imports + names + body

    def _declare(self, name: str, schema: Json) -> str:
        if "properties" not in schema:
            return f"{name}: TypeAlias = {self.of(schema)}\n"
        required = set(schema.get("required", ()))
        lines = [f"class {name}(TypedDict):", f"    {docstring(schema.get('description') or name)}", ""]
        for key, value in schema["properties"].items():
            if not key.isidentifier() or keyword.iskeyword(key):
                raise SystemExit(f"{name}.{key} is no Python name; rename it in the API.")
            kind = self.of(value)
            lines.append(f"    {key}: {kind if key in required else f'NotRequired[{kind}]'}")
        return "\n".join(lines) + "\n\n"


def docstring(text: str) -> str:
    """Return the first sentence-or-line of a description as a docstring."""
    first = " ".join(text.strip().split("\n\n")[0].split()).replace("\\", "\\\\").replace('"""', "'''")
    if len(first) > 100:
        first = "\n    ".join(textwrap.wrap(first, 100)) + "\n    "
    return f'"""{first}{" " if first.endswith(chr(34)) else ""}"""'


# ---------------------------------------------------------------------- operations


@dataclass(frozen=True)
class Operation:
    """One operation of the document, and the method that it becomes."""

    id: str
    namespace: str
    method: str
    path: str
    entry: Json

    @property
    def remainder(self) -> str:
        """Return the id without `core_` and the namespace: `plans_create_plan`."""
        return self.id.removeprefix("core_").removeprefix(f"{self.namespace}_")

    @property
    def function(self) -> str:
        """Return the name of the function behind it: `create_plan`."""
        if self.id in BETTER_NAMES:
            return BETTER_NAMES[self.id]
        if self.id.startswith("core_") and self.namespace not in GROUPED_IN_CORE:
            return self.remainder
        parts = [part.replace("-", "_") for part in self.path.removeprefix(PREFIX).split("/")[1:]]
        for group in (*GROUPS_WITHOUT_PATH, *parts[:1]):
            if self.remainder.startswith(f"{group}_"):
                return self.remainder.removeprefix(f"{group}_")
        return self.remainder

    def parameters(self, place: str) -> list[Json]:
        """Return the parameters that stand in `place` (path, query, header)."""
        return [one for one in self.entry.get("parameters", ()) if one["in"] == place]

    @property
    def answer(self) -> tuple[Json | None, bool]:
        """Return the schema of the good answer, and whether it is a file instead."""
        for status, one in sorted(self.entry["responses"].items()):
            if status.startswith("2"):
                content = one.get("content") or {}
                if "application/json" in content:
                    return content["application/json"]["schema"], False
                return None, status != "204"
        return None, False


def operations_of(document: Json) -> Iterator[Operation]:
    """Yield every operation below /api/v1, in the order of namespace and path."""
    for path, entries in sorted(document["paths"].items()):
        if path.startswith(PREFIX):
            for method, entry in sorted(entries.items()):
                if "operationId" in entry:
                    namespace = path.removeprefix(PREFIX).split("/")[0].replace("-", "_")
                    yield Operation(entry["operationId"], namespace, method.upper(), path, entry)


def named(operations: list[Operation]) -> list[tuple[str, Operation]]:
    """Give each operation of a namespace its method name; of two alike both keep their group's name."""
    seen = Counter(one.function for one in operations)
    return sorted((one.function if seen[one.function] == 1 else one.remainder, one) for one in operations)


def python_name(name: str) -> str:
    """Return a parameter's name as Python can have it."""
    plain = re.sub(r"\W", "_", name)
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def write_method(name: str, of: Operation, types: Types) -> str:
    """Return the source of one method."""
    places = {one["name"]: python_name(one["name"]) for one in of.parameters("path")}
    query = of.parameters("query")
    headers = {one["name"] for one in of.parameters("header")}
    body = (of.entry.get("requestBody") or {}).get("content", {}).get("application/json")
    first = [f"{python}: str" for python in places.values()]
    passed = []
    if body:
        kind = types.of(body["schema"])
        needed = of.entry["requestBody"].get("required", False)
        first.append(f"body: {kind}" if needed else f"body: {kind} | None = None")
        passed.append("body=body")
    keywords = []
    for one in query:
        kind = types.of(one["schema"]).removesuffix(" | None")
        keywords.append(f"{python_name(one['name'])}: {kind}{'' if one.get('required') else ' | None = None'}")
    if query:
        pairs = ", ".join(f"{one['name']!r}: {python_name(one['name'])}" for one in query)
        passed.append(f"query={{{pairs}}}")
    if "X-Homie-Space" in headers and "space" not in {one["name"] for one in query}:
        keywords.append("space: str | None = None")
        passed.append("space=space")
    if "Idempotency-Key" in headers:
        keywords.append("idempotency_key: str | None = None")
        passed.append("idempotency_key=idempotency_key or new_idempotency_key()")
    if of.entry.get("security") == []:
        passed.append("public=True")
    path = re.sub(r"{(\w+)}", lambda found: f"{{segment({places[found[1]]})}}", of.path)
    arguments = ", ".join([repr(of.method), f'f"{path}"' if places else f'"{path}"', *passed])
    signature = ", ".join(["self", *first, *(["*", *keywords] if keywords else [])])
    return _method(name, of, signature, arguments, types)


def _method(name: str, of: Operation, signature: str, arguments: str, types: Types) -> str:
    says = docstring(of.entry.get("summary") or of.entry.get("description") or name)
    schema, is_file = of.answer
    if is_file:
        return (
            f"    def {name}({signature}) -> AsyncIterator[bytes]:\n        {says}\n"
            f"        return self._transport.stream({arguments})\n"
        )
    head = f"    async def {name}({signature}) -> {types.of(schema) if schema else 'None'}:\n        {says}\n"
    call = f"await self._transport.call({arguments})"
    if schema is None:
        return f"{head}        {call}\n"
    return f'{head}        return cast("{types.of(schema)}", {call})\n'


def write_namespace(namespace: str, operations: list[Operation], types: Types) -> str:
    """Return the file of one namespace."""
    methods = [write_method(name, one, types) for name, one in named(operations)]
    text = "\n".join(methods)
    imports = []
    if "AsyncIterator" in text:
        imports.append("from collections.abc import AsyncIterator")
    typing = [name for name in ("Any", "Literal", "cast") if re.search(rf"\b{name}\b", text)]
    if typing:
        imports.append(f"from typing import {', '.join(typing)}")
    known = {types.name_of(name) for name in types.schemas} | set(types.hoisted)
    code = re.sub(r'""".*?"""', "", text, flags=re.DOTALL)
    used = sorted(name for name in known if re.search(rf"\b{name}\b", code))
    if used:
        imports.append(f"\nfrom frontend.api.generated.schemas import {', '.join(used)}")
    helpers = [name for name in ("Transport", "new_idempotency_key", "segment") if name in text or name == "Transport"]
    imports.append(f"from frontend.api.transport import {', '.join(helpers)}")
    title = f"The operations below /api/v1/{namespace}."
    return (
        HEAD.format(title=title)
        + "\n".join(imports)
        + f'\n\n\nclass {class_name(namespace)}:\n    """{title}"""\n\n'
        + "    def __init__(self, transport: Transport) -> None:\n        self._transport = transport\n\n"
        + text
    )


def class_name(namespace: str) -> str:
    """Return the class of a namespace: `FileOrganizerApi`."""
    return "".join(part.title() for part in namespace.split("_")) + "Api"


def write_front(namespaces: list[str]) -> str:
    """Return `__init__.py`: the one object that holds every namespace."""
    imports = [f"from frontend.api.generated.{one} import {class_name(one)}" for one in namespaces]
    made = "".join(f"        self.{one} = {class_name(one)}(transport)\n" for one in namespaces)
    return (
        HEAD.format(title="The whole API of the hub: `api.jobs.list_jobs(...)`.")
        + "\n".join([*imports, "from frontend.api.transport import Transport"])
        + '\n\n\nclass HomieApi:\n    """Every operation of the hub, by namespace."""\n\n'
        + "    def __init__(self, transport: Transport) -> None:\n        self.transport = transport\n"
        + made
    )


def write_client(document: Json, folder: Path) -> None:
    """Write the whole client into `folder`; files of namespaces that are gone are removed."""
    types = Types(dict(sorted(document["components"]["schemas"].items())))
    by_namespace: dict[str, list[Operation]] = {}
    for one in operations_of(document):
        by_namespace.setdefault(one.namespace, []).append(one)
    types.write()  # finds the nested types, which the namespaces may name
    files = {f"{name}.py": write_namespace(name, found, types) for name, found in sorted(by_namespace.items())}
    files["schemas.py"] = types.write()
    files["__init__.py"] = write_front(sorted(by_namespace))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.py"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    subprocess.run([*ruff, "check", "--quiet", "--fix", "--select", "I", str(folder)], check=True)
    subprocess.run([*ruff, "format", "--quiet", str(folder)], check=True)


if __name__ == "__main__":
    write_client(json.load(sys.stdin), Path(sys.argv[1]))
