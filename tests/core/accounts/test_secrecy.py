"""No secret in any log: checklist line 13, by running everything and searching what was written."""

from __future__ import annotations

import logging
from pathlib import Path

import pyotp
import pytest
import structlog

from backend.core.accounts import Visitor
from backend.core.accounts.setup import FirstOwner
from backend.sdk.errors import HomieError
from tests.core.accounts.conftest import HOME, House


def test_no_secret_is_ever_logged(
    house: House, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Set-up, logins, refusals, rotation, second factor, invitations: logs, events and security log hold no secret."""
    caplog.set_level(logging.DEBUG)
    secrets: list[str] = []
    with structlog.testing.capture_logs() as structured:
        code = house.accounts.setup_code()
        assert code is not None
        password, other = "violet anchors float", "nine tired walruses"
        eva = house.accounts.setup.complete(code, FirstOwner("eva", password), Visitor(HOME))
        secrets += [code, password, other, eva.tokens.access, eva.tokens.refresh]
        with pytest.raises(HomieError):
            house.login("eva", "not the password 1")
        secrets.append("not the password 1")
        with pytest.raises(HomieError):
            house.login("password typed as name", "x")
        secrets.append("password typed as name")
        pair = house.accounts.sign_in.refresh(eva.tokens.refresh, Visitor(HOME))
        secrets += [pair.access, pair.refresh]
        start = house.accounts.second_factors.begin(eva.person.id)
        totp = pyotp.TOTP(start.secret).at(house.clock.now())
        secrets += [start.secret, *house.accounts.second_factors.confirm(eva.person.id, totp)]
        invitation = house.accounts.invitations.create(
            eva.person.id, space_id=house.households(eva)[0], new_account=True
        )
        assert invitation.code is not None
        secrets.append(invitation.code)
        ben = house.accounts.invitations.accept(invitation.code, "ben", "", other, Visitor(HOME))
        house.accounts.sign_in.change_password(ben.person.id, None, other, "eleven loud otters", HOME)
        house.clock.advance(60)
        with pytest.raises(HomieError):
            house.accounts.sign_in.refresh(eva.tokens.refresh, Visitor(HOME))
        secrets += [ben.tokens.access, "eleven loud otters", house.accounts.csrf_token(ben.tokens.session_id)]
    printed = capfd.readouterr()
    written = [str(structured), caplog.text, printed.out, printed.err, str([e.envelope() for e in house.bus.events])]
    written += [str(house.audit.entries(limit=1000)), repr(eva), repr(ben), repr(invitation), repr(start)]
    written += [str(house.accounts.devices.of_person(ben.person.id)), str(house.accounts.people.everybody())]
    for secret in secrets:
        for place, text in enumerate(written):
            assert secret not in text, (place, secret)
            assert secret.replace("-", "") not in text, place


def test_files_in_secrets_are_private(house: House) -> None:
    """Every file below secrets/ is 0600, the folder 0700, and none holds a code in clear."""
    code = house.accounts.setup_code()
    house.audit.record("test.happened", actor=None)
    assert code is not None
    for path in Path(house.settings.secrets_dir).iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name
        assert code.encode() not in path.read_bytes()


def test_the_tables_without_owner_are_these_and_no_others() -> None:
    """Line 15: every table of the accounts is owned, or on this list with its reason."""
    from backend.core.accounts import models
    from backend.sdk.db import unowned_tables

    mine = {cls.__tablename__ for cls in models.Identity.__subclasses__()}
    assert mine == {
        "users", "spaces", "memberships", "sessions", "tokens", "invitations", "second_factors", "recovery_codes",
        "login_throttle", "installation", "security_audit", "security_audit_head",
    }  # fmt: skip
    reasons = unowned_tables(models.CoreBase)
    assert all(reasons[name] for name in mine)
