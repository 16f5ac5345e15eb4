"""Read compiled SQL far enough to know which tables it names and which of them are filtered by owner.

This is a net against mistakes, not a parser of all SQL: whatever it does not understand (comments, unknown tables,
several statements) it reports, and the guard refuses. Each distinct SQL text is scanned once.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<bad>--|/\*|;)
      | (?P<mark>\?|%\(\w+\)s|:\w+(?!:))
      | '(?:[^']|'')*'
      | (?P<quoted>"(?:[^"]|"")*"|`[^`]*`|\[[^\]\[]*\])
      | (?P<word>[^\W\d][\w$]*)
      | (?P<other>::|[^\s\w])
      | \d[\w.]*""",
    re.VERBOSE,
)
_ENDS_FROM = frozenset(
    [
        "WHERE",
        "GROUP",
        "ORDER",
        "HAVING",
        "LIMIT",
        "OFFSET",
        "UNION",
        "INTERSECT",
        "EXCEPT",
        "SET",
        "RETURNING",
        "WINDOW",
        "VALUES",
        "SELECT",
        "FETCH",
        "FOR",
    ]
)
_AFTER_TABLE = _ENDS_FROM | frozenset(
    [
        "JOIN",
        "INNER",
        "LEFT",
        "RIGHT",
        "FULL",
        "CROSS",
        "NATURAL",
        "OUTER",
        "ON",
        "USING",
        "AS",
        "NOT",
        "INDEXED",
        "DEFAULT",
        "DO",
        "CONFLICT",
        "TABLESAMPLE",
    ]
)
_FUNCTIONS = frozenset(
    [
        "json_each",
        "json_tree",
        "jsonb_each",
        "jsonb_array_elements",
        "jsonb_array_elements_text",
        "json_array_elements",
        "json_array_elements_text",
        "unnest",
        "generate_series",
    ]
)


@dataclass(slots=True)
class Scan:
    """What one SQL text does: `target` of an INSERT/UPDATE/DELETE, tables read (by the name they go under), filters."""

    head: str = ""
    target: str = ""
    reads: list[tuple[str, str]] = field(default_factory=list)
    in_filters: Counter[str] = field(default_factory=Counter)
    eq_filters: Counter[str] = field(default_factory=Counter)
    strange: str = ""


@dataclass(slots=True)
class _Token:
    kind: str
    text: str


def _tokens(sql: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(sql):
        kind, text = match.lastgroup or "value", match.group()
        if kind == "quoted":
            kind, text = "name", text[1:-1].replace('""', '"').lower()
        elif kind == "word":
            text = text.lower()
        tokens.append(_Token(kind, text))
    return tokens


@functools.lru_cache(maxsize=4096)
def scan(sql: str) -> Scan:
    """Return what the SQL text names; `strange` is set when it holds something that is not understood."""
    tokens = _tokens(sql)
    result = Scan()
    if any(token.kind == "bad" for token in tokens):
        result.strange = "a comment or a second statement"
        return result
    result.head = next((t.text.upper() for t in tokens if t.kind == "word" and t.text != "recursive"), "")
    ctes = _cte_names(tokens)
    if result.head == "WITH":
        result.head = _main_verb(tokens)
    _find_tables(tokens, result, ctes)
    _find_filters(tokens, result)
    return result


def _cte_names(tokens: list[_Token]) -> frozenset[str]:
    """Return names defined by `WITH name [(columns)] AS (`."""
    names = set()
    for i, token in enumerate(tokens[:-2]):
        if token.kind not in ("word", "name") or i == 0:
            continue
        if tokens[i - 1].text not in ("with", "recursive", ","):
            continue
        j = i + 1
        if tokens[j].text == "(":
            while j < len(tokens) - 2 and tokens[j].text != ")":
                j += 1
            j += 1
        if tokens[j].text == "as" and any(t.text == "(" for t in tokens[j + 1 : j + 4]):
            names.add(token.text)
    return frozenset(names)


def _main_verb(tokens: list[_Token]) -> str:
    depth = 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.kind == "word" and token.text in ("select", "insert", "update", "delete"):
            return token.text.upper()
    return "WITH"


def _find_tables(tokens: list[_Token], result: Scan, ctes: frozenset[str]) -> None:
    """Walk the FROM clauses (one state per parenthesis level) and note every table under the name it goes by."""
    stack: list[bool] = []
    in_from = expect = False
    i, n = 0, len(tokens)
    while i < n:
        token = tokens[i]
        word = token.text.upper() if token.kind == "word" else ""
        if token.text == "(" and token.kind == "other":
            # "FROM (a JOIN b ...)" goes on inside; a subquery starts afresh at its SELECT.
            stack.append(in_from)
            in_from = expect
        elif token.text == ")" and token.kind == "other":
            in_from, expect = (stack.pop() if stack else False), False
        elif word in ("FROM", "JOIN") and not (word == "FROM" and _is_function_from(tokens, i)):
            in_from = expect = True
        elif word in ("INTO", "UPDATE") and not result.target and i + 1 < n and word in _verbs(result.head):
            i = _take_target(tokens, i + 1, result)
            continue
        elif word in _ENDS_FROM:
            in_from = expect = False
        elif token.text == "," and in_from:
            expect = True
        elif expect and token.kind in ("word", "name") and word not in ("LATERAL", "ONLY"):
            expect = False
            i = _take_table(tokens, i, result, ctes)
            continue
        i += 1


def _verbs(head: str) -> tuple[str, ...]:
    return {"INSERT": ("INTO",), "REPLACE": ("INTO",), "UPDATE": ("UPDATE",)}.get(head, ())


def _is_function_from(tokens: list[_Token], i: int) -> bool:
    """Tell `extract(x FROM y)`, `trim(x FROM y)` and `IS DISTINCT FROM` apart from a FROM clause."""
    if i and tokens[i - 1].text == "distinct":
        return i >= 2 and tokens[i - 2].text in ("is", "not")
    depth = 0
    for j in range(i - 1, -1, -1):
        depth += (tokens[j].text == ")") - (tokens[j].text == "(")
        if depth < 0:
            return j > 0 and tokens[j - 1].text in ("extract", "trim", "substring", "overlay")
        if depth == 0 and tokens[j].text in ("select", "delete", "update"):
            return False
    return False


def _qualified(tokens: list[_Token], i: int) -> tuple[str, int]:
    """Return the last part of a possibly schema-qualified name and the index after it."""
    name = tokens[i].text
    while i + 2 < len(tokens) and tokens[i + 1].text == ".":
        i += 2
        name = tokens[i].text
    return name, i + 1


def _take_target(tokens: list[_Token], i: int, result: Scan) -> int:
    result.target, i = _qualified(tokens, i)
    if result.head in ("INSERT", "REPLACE") and i < len(tokens) and tokens[i].text == "(":
        while i < len(tokens) and tokens[i].text != ")":
            i += 1
    return i


def _take_table(tokens: list[_Token], i: int, result: Scan, ctes: frozenset[str]) -> int:
    name, i = _qualified(tokens, i)
    if i < len(tokens) and tokens[i].text == "(":
        if name not in _FUNCTIONS:
            result.strange = f"the table function {name}"
        return i
    alias = name
    if i < len(tokens) and tokens[i].text == "as" and tokens[i].kind == "word":
        i += 1
        alias, i = tokens[i].text, i + 1
    elif i < len(tokens) and (
        tokens[i].kind == "name" or (tokens[i].kind == "word" and tokens[i].text.upper() not in _AFTER_TABLE)
    ):
        alias, i = tokens[i].text, i + 1
    if result.head == "DELETE" and not result.target:
        result.target = name
    elif name not in ctes:
        result.reads.append((name, alias))
    return i


def _find_filters(tokens: list[_Token], result: Scan) -> None:
    """Count `<alias>.owner_id IN (<bound>` and `<alias>.owner_id = <bound>`; two columns compared are no filter."""
    for i in range(len(tokens) - 4):
        if tokens[i + 1].text != "." or tokens[i + 2].text != "owner_id":
            continue
        alias, operator = tokens[i].text, tokens[i + 3].text
        if operator == "in" and tokens[i + 4].text == "(" and i + 5 < len(tokens) and tokens[i + 5].kind == "mark":
            result.in_filters[alias] += 1
        elif operator == "=" and tokens[i + 4].kind == "mark":
            result.eq_filters[alias] += 1


def raw_problem(sql: str) -> str:
    """Return what is wrong with hand-written SQL: an owner compared with something else, or a filter under an OR."""
    tokens = _tokens(sql)
    for i, token in enumerate(tokens[:-2]):
        if token.text != "owner_id" or i == 0 or tokens[i - 1].text != ".":
            continue
        after = [t.text for t in tokens[i + 1 : i + 5]]
        if after[:1] in (["="], ["in"]) and not (after[:2] in (["=", ":owner"], ["in", ":owners"]) or "." in after):
            return "owner_id is compared with something else than :owner or :owners"
    if any(t.kind == "word" and t.text == "or" and _beside_filter(tokens, i) for i, t in enumerate(tokens)):
        return "an OR stands beside the owner filter; put it in parentheses"
    return ""


def _beside_filter(tokens: list[_Token], position: int) -> bool:
    """Tell whether an owner filter stands on the same parenthesis level as the OR at `position`."""
    for step in (-1, 1):
        depth, i = 0, position + step
        while 0 <= i < len(tokens) and depth >= 0:
            text = tokens[i].text
            depth += ((text == "(") - (text == ")")) * step
            if depth == 0 and text in (":owner", ":owners"):
                return True
            if depth == 0 and text in ("where", "on", "having", "union", "group", "order"):
                break
            i += step
    return False
