"""Who sent a paper or a mail: the domain that its text names, or the address in the mail's header.

A letterhead or footer names the sender's web page and address ("www.example.org, service@example.org"); in letters and
invoices this is the steadiest name that a sender has: it is spelled alike each time, in every language.
"""

from __future__ import annotations

import re
from collections import Counter
from email.errors import MessageError
from email.parser import HeaderParser
from email.utils import parseaddr

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAMED = re.compile(rf"(?:@|(?<![\w.-])www\.|https?://)((?:{_LABEL}\.)+[a-z]{{2,18}})\b", re.IGNORECASE)
_BELOW_COUNTRY = frozenset({"ac", "co", "com", "edu", "gov", "gv", "net", "or", "org"})
"""Names below which a country's domains are given out ("example.co.at"); others are domains themselves."""
_MAIL_SERVICES = frozenset(
    [
        "aon.at",
        "a1.net",
        "chello.at",
        "fastmail.com",
        "freenet.de",
        "gmail.com",
        "gmx.at",
        "gmx.ch",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mac.com",
        "mail.com",
        "mailbox.org",
        "me.com",
        "outlook.com",
        "outlook.de",
        "posteo.de",
        "proton.me",
        "protonmail.com",
        "t-online.de",
        "web.de",
        "yahoo.com",
        "yahoo.de",
    ]
)
"""Where people have their own addresses: these domains name no sender."""
_ELSEWHERE = frozenset(
    [
        "apple.com",
        "bit.ly",
        "facebook.com",
        "goo.gl",
        "google.com",
        "instagram.com",
        "linkedin.com",
        "twitter.com",
        "w3.org",
        "x.com",
        "youtube.com",
        "xing.com",
    ]
)
"""What footers link to beside the sender itself."""
_READ = 20_000
_LONGEST_FROM = 1000
"""Letters of a mail's From that are read: the standard parser goes one call deeper for each bracket."""


def sender_of_text(text: str) -> str:
    """Return the domain that a paper names most often (the first of equals), "" if it names none."""
    found = Counter(domain for match in _NAMED.finditer(text[:_READ]) if (domain := domain_of(match[1])))
    return found.most_common(1)[0][0] if found else ""


def sender_of_mail(head: str) -> str:
    """Return who a mail is from by its header: the domain, or a person's whole address; "" unknown."""
    try:
        sender = str(HeaderParser().parsestr(head, headersonly=True).get("From", ""))[:_LONGEST_FROM]
        address = parseaddr(sender)[1].lower()
    except (MessageError, ValueError, IndexError, RecursionError):
        return ""
    name, at, host = address.rpartition("@")
    if not (name and at and _NAMED.fullmatch(f"@{host}")):
        return ""
    return domain_of(host) or address[:100]


def domain_of(host: str) -> str:
    """Return the domain that somebody registered, without the names below it; "" for what names no sender."""
    labels = host.lower().split(".")
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _BELOW_COUNTRY else 2
    domain = ".".join(labels[-keep:])
    return "" if domain in _MAIL_SERVICES or domain in _ELSEWHERE else domain
