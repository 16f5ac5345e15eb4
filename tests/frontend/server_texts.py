"""Find by reading the code what the hub says to people; f-strings become templates with {placeholders}."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

BACKEND = Path(__file__).resolve().parents[2] / "backend"

NOT_FOR_THE_APP = (
    "cli/", "test_client/", "sdk/db/", "core/app_diagnosis.py", "core/diagnosis.py", "core/engine_diagnosis.py",
    "core/settings.py", "core/secrets.py", "core/hub.py", "core/jobs/channel.py", "core/jobs/redis_channel.py",
    "core/metrics.py", "core/status_page.py", "core/ai/prompt.py", "core/ai/conversation.py", "core/http_handler.py",
    "core/transfers/upload_page.py", "core/transfers/zips.py", "file_organizer/ai_command_generator.py", "main.py",
    "file_organizer/asking/tasks.py",
    "sdk/http/document.py", "core/transfers/media.py", "core/web_server.py", "core/accounts/setup.py",
    "file_organizer/rules/sentence.py",
    "core/client_address.py", "core/events_api.py", "core/limits.py", "core/jobs/celery_carrier.py",
    "core/jobs/parts.py", "core/modules_api.py", "financial_manager/categories/asking.py",
    "financial_manager/categories/rule_sentence.py", "financial_manager/depots/tax_documents.py",
    "financial_manager/depots/tax_tables.py", "financial_manager/insight/german.py",
)  # fmt: skip
"""Command line, start of the hub, log, checks of programming, questions to the AI, and pages with their own German."""

ALSO = ("sdk/db/errors.py",)

FRAGMENTS = (
    "core/ai/errors.py", "core/ai/ledger.py", "core/ai/service.py", "core/app_manager.py", "core/backup/owners.py",
    "core/backup/restore.py", "core/backup/restore_runs.py", "core/backup/service.py", "core/backup/verification.py",
    "core/backup/backups.py", "core/backup/jobs.py", "file_organizer/analysis/signatures.py",
    "file_organizer/memory/view.py", "file_organizer/planning/collector.py", "file_organizer/planning/grouping.py",
    "file_organizer/planning/local_engine.py", "file_organizer/planning/scanner.py",
)  # fmt: skip
"""Where parts of sentences are written that people read too; elsewhere only whole sentences count."""

SPOKEN = {
    "FieldProblem": (1, 2), "NoticeRule": (), "AttentionItem": (1,), "ModuleSummary": (0,), "SearchKind": (1,),
    "Figure": (1,), "Page": (0,), "ModuleSpec": (), "FieldError": (),
}  # fmt: skip
SPOKEN_NAMES = ("title", "template", "text", "problem", "remedy", "notice", "message", "notice_text")

_UNHEARD = ("log.", "Field", "RuntimeError", "TypeError", "AssertionError", "ValueError", "re.", "unscoped", "text")
_LETTERS = re.compile(r"[^\W\d_]{3}")


def spoken() -> dict[str, str]:
    """Return every text that the hub says, with a place where it stands."""
    found: dict[str, str] = {}
    for path in sorted(BACKEND.rglob("*.py")):
        part = path.relative_to(BACKEND).as_posix()
        if "/migrations/" in part or (part.startswith(NOT_FOR_THE_APP) and part not in ALSO):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        for line, text in _texts(tree, part in FRAGMENTS):
            found.setdefault(text, f"{part}:{line}")
    return found


def template(node: ast.AST) -> str | None:
    """Return a literal as it is, an f-string as a template; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    out, names = "", dict[str, str]()
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            code, name = ast.unparse(part.value), _name(part.value)
            while names.setdefault(name, code) != code:
                name += "_"
            out += "{" + name + "}"
        elif isinstance(part, ast.Constant):
            out += str(part.value)
    return out


def _name(node: ast.expr) -> str:
    """Name a placeholder after what fills it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower() or "value"
        case ast.Subscript(value=inner) | ast.IfExp(body=inner) | ast.BoolOp(values=[inner, *_]):
            return _name(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="format" | "total_seconds" | "replace" | "get")):
            return _name(inner)
        case ast.Call(args=[inner, *_]):
            return _name(inner)
        case ast.BinOp(left=inner):
            return _name(inner)
    return "value"


def _texts(tree: ast.Module, fragments: bool) -> Iterator[tuple[int, str]]:
    """Give the texts of one file that people read."""
    ignored, wanted = _ignored(tree), _wanted(tree)
    for node in ast.walk(tree):
        if node in ignored or (text := template(node)) is None:
            continue
        fixed = re.sub(r"{\w*}", "", text)
        if text == "Homie" or "\n" in text or text != text.strip() or not _LETTERS.search(fixed):
            continue
        if node in wanted or _is_sentence(text) or (fragments and _is_fragment(text)):
            yield node.lineno, text  # type: ignore[attr-defined]


def _is_sentence(text: str) -> bool:
    return " " in text.strip() and re.match(r"[A-Z{]", text) is not None and text.rstrip().endswith((".", "?"))


def _is_fragment(text: str) -> bool:
    words = text.split()
    listed = len(words) > 7 and not {"a", "for", "is", "it", "of", "the", "to", "was"} & set(words)  # endings of files
    return len(words) > 1 and re.match(r"[a-zA-Z{]", text) is not None and not listed


def _ignored(tree: ast.Module) -> set[ast.AST]:
    """Find docstrings, the log, the API description, and the pieces of f-strings."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            found |= set(ast.walk(node)) - {node}
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.rpartition(".")[2] in (*_UNHEARD, "split") or "log." in called or called.startswith("re."):
                found |= set(ast.walk(node)) - {node}
            for keyword in node.keywords:
                if keyword.arg in ("description", "summary", "why", "pattern") and called != "ModuleSpec":
                    found |= set(ast.walk(keyword))
    return found


def _wanted(tree: ast.Module) -> set[ast.AST]:
    """Find what stands where only words for people stand."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in SPOKEN:
                found |= {node.args[at] for at in SPOKEN[name] if at < len(node.args)}
                found |= {k.value for k in node.keywords if k.arg in (*SPOKEN_NAMES, "description")}
            elif name.endswith("progress") and len(node.args) > 1:
                found |= set(ast.walk(node.args[1]))
    return found
