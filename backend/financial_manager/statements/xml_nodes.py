"""XML without surprises: no document type, no entities, nothing from outside, bounded depth and size.

The parser is the standard library's expat. A document type is refused before anything in it is read, so neither
entity expansion nor external files can happen (the attacks that `defusedxml` lists).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from backend.financial_manager.statements.errors import AGAIN, StatementError

_DEEPEST = 64
_MOST_NODES = 4_000_000
_MOST_HELD = 1_000_000
"""Elements in memory at once: some 16,000 payments of one entry."""
_LONGEST = 100_000


@dataclass(slots=True)
class Node:
    """One element: its name without namespace, its attributes, its own text, and the elements inside."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    inside: list[Node] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Node]:
        """Yield the elements directly inside that have a name."""
        return (node for node in self.inside if node.name == name)

    def first(self, path: str) -> Node | None:
        """Return the first element at a path ("Acct/Id/IBAN"), or None."""
        name, _, rest = path.partition("/")
        for node in self.all(name):
            found = node.first(rest) if rest else node
            if found is not None:
                return found
        return None

    def words(self, path: str) -> str:
        """Return the text at a path, or ""."""
        node = self.first(path)
        return node.text.strip() if node is not None else ""


class _Builder:
    """Build nodes from expat's events; finished `keep` elements are handed over and let go, so memory stays flat."""

    def __init__(self, on_end: Callable[[Node, list[str]], bool]) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._on_end = on_end
        self._open: list[Node] = []
        self._nodes = 0
        self._gone = 0
        self._begun: list[int] = []
        self.root: Node | None = None

    def _refuse(self, *_: object) -> None:
        raise StatementError("The file has a document type or entities, which no bank writes.", remedy=AGAIN)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._nodes += 1
        held = self._nodes - self._gone
        if len(self._open) >= _DEEPEST or self._nodes > _MOST_NODES or held > _MOST_HELD:
            raise StatementError("The file is nested deeper or longer than any statement.", remedy=AGAIN)
        node = Node(_local(name), attributes, self.parser.CurrentLineNumber)
        if self._open:
            self._open[-1].inside.append(node)
        else:
            self.root = node
        self._open.append(node)
        self._begun.append(held)

    def _end(self, _: str) -> None:
        node = self._open.pop()
        begun = self._begun.pop()
        if self._on_end(node, [one.name for one in self._open]) and self._open:
            self._open[-1].inside.pop()
            self._gone = self._nodes - begun + 1

    def _text(self, text: str) -> None:
        node = self._open[-1]
        if len(node.text) < _LONGEST:
            node.text += text


def _local(name: str) -> str:
    """Return an element's name without its namespace."""
    return name.rpartition(" ")[2].rpartition(":")[2]


def read_xml(data: bytes, on_end: Callable[[Node, list[str]], bool]) -> Node:
    """Read a document. `on_end(node, names above)` sees each finished element and returns whether to let it go."""
    builder = _Builder(on_end)
    try:
        builder.parser.Parse(data.lstrip(b" \t\r\n"), True)
    except expat.ExpatError as error:
        raise StatementError(
            "The file is XML that is damaged or cut off.", where=f"line {error.lineno}", remedy=AGAIN
        ) from error
    except (ValueError, LookupError) as error:
        raise StatementError("The file is XML in an encoding that cannot be read.", remedy=AGAIN) from error
    if builder.root is None:
        raise StatementError("The file holds no XML element.", remedy=AGAIN)
    return builder.root
