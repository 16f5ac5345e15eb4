"""The upload page: plain HTML, style and script of our own, because a browser streams a chosen file only from there.

The app opens it by `launch_url`. No inline script, nothing from elsewhere; what the page needs to know stands in
attributes of its body.
"""

from __future__ import annotations

import hashlib
import html
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from flask import Response

from backend.core.transfers.errors import LinkNotValid
from backend.core.transfers.tickets import Ticket
from backend.sdk.errors import HomieError, NotFound

HERE = Path(__file__).parent / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
ASSETS = {
    "upload.css": "text/css; charset=utf-8",
    "upload.js": "text/javascript; charset=utf-8",
    "queue.js": "text/javascript; charset=utf-8",
    "texts.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
LANGUAGES = ("en", "de")
PROBLEMS = {
    "en": {
        "link_not_valid": (
            "This link is no longer valid",
            "Links from Homie work for a short time only. Open it again from Homie; "
            "an upload goes on where it stopped.",
        ),
        "link_outdated": ("The file has changed", "It was changed or replaced since the link was made. Open it again."),
        "drive_away": ("The drive is not connected", "Connect the drive of this folder, then open the link again."),
        "": ("This cannot be shown", "Go back to Homie and try again."),
        "back": "Back to Homie",
    },
    "de": {
        "link_not_valid": (
            "Dieser Link gilt nicht mehr",
            "Links aus Homie gelten nur kurze Zeit. Öffne ihn in Homie noch einmal; "
            "ein Hochladen geht dort weiter, wo es aufgehört hat.",
        ),
        "link_outdated": (
            "Die Datei hat sich geändert",
            "Sie wurde geändert oder ersetzt, seit der Link gemacht wurde. Öffne sie in Homie noch einmal.",
        ),
        "drive_away": (
            "Das Laufwerk ist nicht verbunden",
            "Verbinde das Laufwerk dieses Ordners und öffne den Link dann noch einmal.",
        ),
        "": ("Das lässt sich nicht anzeigen", "Geh zurück zu Homie und versuche es noch einmal."),
        "back": "Zurück zu Homie",
    },
}


class UploadPage:
    """Hold the page's files, read once."""

    def __init__(self) -> None:
        self._assets = {name: (HERE / name).read_bytes() for name in ASSETS}
        self._shell = (HERE / "upload.html").read_text("utf-8")
        self._problem = (HERE / "problem.html").read_text("utf-8")

    def show(self, environ: dict[str, Any], endpoint: str, folder: str, ticket: Ticket) -> Response:
        """Return the page for one folder."""
        language = language_of(environ)
        values = {
            "language": language,
            "endpoint": endpoint,
            "folder": folder,
            "back": ticket.back or "/",
            # What is remembered for going on after a reload belongs to this person and folder, whatever the ticket.
            "memory": hashlib.blake2b(
                f"{ticket.user_id}|{ticket.volume_id}|{ticket.path}".encode(), digest_size=9
            ).hexdigest(),
            "theme": _theme(environ),
        }
        return _page(self._filled(self._shell, values), 200)

    def problem(self, environ: dict[str, Any], error: HomieError) -> Response:
        """Return an error as a page for people."""
        language = language_of(environ)
        texts = PROBLEMS[language]
        code = "link_not_valid" if isinstance(error, LinkNotValid) else error.code
        title, words = texts.get(code) or texts[""]
        values = {
            "language": language,
            "title": str(title),
            "words": str(words),
            "back": str(texts["back"]),
            "theme": _theme(environ),
        }
        return _page(self._filled(self._problem, values), error.status)

    def asset(self, environ: dict[str, Any], name: str) -> Response:
        """Return style, script or icon."""
        if name not in self._assets:
            raise NotFound("There is nothing at this address.")
        content = self._assets[name]
        answer = Response(content, content_type=ASSETS[name])
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["Cache-Control"] = "public, no-cache"
        answer.set_etag(hashlib.blake2b(content, digest_size=12).hexdigest())
        answer.make_conditional(environ)
        return answer

    @staticmethod
    def _filled(text: str, values: dict[str, str]) -> str:
        for name, value in values.items():
            text = text.replace("{{" + name + "}}", html.escape(value, quote=True).replace("{", "&#123;"))
        return text


def language_of(environ: dict[str, Any]) -> str:
    """Return the language to speak: `?lang=`, else the first one of the browser's that we know, else English."""
    asked = parse_qs(environ.get("QUERY_STRING", "")).get("lang", [""])[0]
    preferred = [part.split(";")[0].strip() for part in environ.get("HTTP_ACCEPT_LANGUAGE", "").split(",")]
    for tag in (asked, *preferred):
        if tag[:2].lower() in LANGUAGES:
            return str(tag[:2].lower())
    return LANGUAGES[0]


def _theme(environ: dict[str, Any]) -> str:
    asked: str = parse_qs(environ.get("QUERY_STRING", "")).get("theme", [""])[0]
    return asked if asked in ("dark", "light") else "system"


def _page(text: str, status: int) -> Response:
    answer = Response(text, status=status, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
