"""Every text of the app is translated, with the same placeholders, and no catalog holds texts that nobody shows."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from frontend.i18n import LANGUAGES
from frontend.i18n.translation import LOCALE

APP = Path(__file__).resolve().parents[2] / "frontend"
PLACEHOLDER = re.compile(r"{(\w+)[^}]*}")
OTHERS = sorted(set(LANGUAGES) - {"en"})


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Give every call of `tr` and `trn` with where it stands."""
    for path in sorted(APP.rglob("*.py")):
        if path.name == "translation.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "trn"):
                yield f"{path.relative_to(APP)}:{node.lineno}", node


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def texts() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Return the texts, and the texts with a number, each with a place where it stands."""
    single, plural = {}, {}
    for where, call in calls():
        if call.func.id == "tr":  # type: ignore[attr-defined]
            if (text := literal(call.args[0])) is not None:
                single[text] = where
        else:
            one, many = literal(call.args[0]), literal(call.args[1])
            if one is not None and many is not None:
                plural[(one, many)] = where
    return single, plural


def _strings(message: Message | None) -> list[str]:
    if message is None:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string)


def catalogs(language: str) -> dict[str, Catalog]:
    """Return the catalogs of a language by their area."""
    found = {}
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            found[path.stem] = read_po(file, locale=language, abort_invalid=True)
    return found


def test_texts_stand_literally_in_the_code() -> None:
    """A text that is put together by code cannot be found by translators."""
    wrong = [
        where
        for where, call in calls()
        if literal(call.args[0]) is None or (call.func.id == "trn" and literal(call.args[1]) is None)  # type: ignore[attr-defined]
    ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_with_its_placeholders(language: str) -> None:
    """None is missing, empty or uncertain, and none loses or invents a placeholder."""
    known = {message.id: message for catalog in catalogs(language).values() for message in catalog if message.id}
    single, plural = texts()
    missing = []
    for text, where in {**single, **plural}.items():
        message = known.get(text)
        strings = _strings(message)
        if not strings or not all(strings) or (message is not None and message.fuzzy):
            missing.append(f"{where}: {text!r}")
            continue
        wanted = set(PLACEHOLDER.findall(text if isinstance(text, str) else text[1]))
        for string in strings:
            found = set(PLACEHOLDER.findall(string))
            assert found <= wanted, (where, text, string)
            assert wanted - found <= {"n"}, (where, text, string)
    assert missing == [], f"{len(missing)} texts are not translated:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", OTHERS)
def test_no_catalog_holds_a_text_that_nobody_shows(language: str) -> None:
    """Dead texts make translators work for nothing; what the hub says stands in `server.po`, checked elsewhere."""
    single, plural = texts()
    shown = {*single, *plural}
    dead = [
        f"{area}: {message.id!r}"
        for area, catalog in catalogs(language).items()
        if area != "server"
        for message in catalog
        if message.id and message.id not in shown
    ]
    assert dead == []


@pytest.mark.parametrize("language", OTHERS)
def test_one_text_has_one_translation(language: str) -> None:
    """The same English words are not translated in two ways, whichever catalog was read last."""
    found = defaultdict(set)
    for catalog in catalogs(language).values():
        for message in catalog:
            if message.id:
                string = message.string
                found[message.id].add(string if isinstance(string, str) else tuple(string))
    assert {text: ways for text, ways in found.items() if len(ways) > 1} == {}
