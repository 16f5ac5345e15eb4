"""Structured logs, for people on a terminal and as JSON lines elsewhere; never a token, a password or a key."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from backend.core.settings import HomieSettings

_SECRET_NAMES = re.compile(
    r"password|passphrase|secret|token|authorization|cookie|api_?key|recovery|totp|otp|set_?up_code", re.I
)
_SECRET_TEXTS = (
    re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"\bhm[ar]_[A-Za-z0-9_-]{8,}"),
    re.compile(r"\bAIza[0-9A-Za-z_-]{20,}"),
    re.compile(r"\bsk-[0-9A-Za-z_-]{16,}"),
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
)
HIDDEN = "[hidden]"


def configure_logs(settings: HomieSettings) -> None:
    """Set up structlog and the standard library's logging for this process; everything goes to stderr."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    level = getattr(logging, settings.log_level.upper())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any]
    if as_json:
        last = [structlog.processors.format_exc_info, redact, structlog.processors.JSONRenderer()]
    else:
        # Never rich's traces: they print the local variables, passwords among them.
        plain = structlog.dev.plain_traceback
        last = [redact, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    logging.getLogger().addFilter(_redact_record)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_redact_record)


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Hide secrets: fields by their name, and texts that look like one wherever they stand."""
    return {name: _hide(name, value) for name, value in event.items()}


def _hide(name: str, value: Any) -> Any:
    if _SECRET_NAMES.search(name) and not isinstance(value, bool | int | float | None.__class__):
        return HIDDEN
    if isinstance(value, str):
        return _hide_text(value)
    if isinstance(value, Mapping):
        return {key: _hide(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hide("", inner) for inner in value]
    return value


def _hide_text(text: str) -> str:
    for pattern in _SECRET_TEXTS:
        text = pattern.sub(HIDDEN, text)
    return text


def _redact_record(record: logging.LogRecord) -> bool:
    record.msg = _hide_text(record.getMessage())
    record.args = ()
    return True
