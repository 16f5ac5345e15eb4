"""Connect banks, link their accounts with those of the ledger, disconnect. Secrets are sealed, and gone at the end."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import delete, select

from backend.financial_manager.banks.enable_banking import Application, Bank, EnableBanking, code_of
from backend.financial_manager.banks.jwt import load_key
from backend.financial_manager.banks.linking import book_into, check_link, distinct, in_currency, same_iban
from backend.financial_manager.banks.models import BankAccount, BankConnection, BankKey, ConnectionState
from backend.financial_manager.banks.provider import (
    FAILURES,
    BankAccountMissing,
    BankKeyMissing,
    BankProvider,
    BankRefused,
    ConnectionMissing,
    Opened,
    RemoteAccount,
    Secret,
)
from backend.financial_manager.banks.simplefin import SimpleFin
from backend.financial_manager.banks.turns import Jitter, wind
from backend.financial_manager.events import BankChanged
from backend.financial_manager.ledger.accounts import Accounts, find_account, iban_of
from backend.financial_manager.ledger.models import AccountKind
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput, Unavailable
from backend.sdk.ids import NewId
from backend.sdk.names import plain_name
from backend.sdk.outgoing import Outgoing
from backend.sdk.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection with its accounts."""

    row: BankConnection
    accounts: tuple[BankAccount, ...]


class Connections:
    """Keep the connected banks of the space that an actor writes to."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        new_id: NewId,
        outgoing: Outgoing,
        sealer: Sealer | None,
        accounts: Accounts,
        enable_banking_address: str,
        jitter: Jitter,
    ) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._sealer = sealer
        self._accounts = accounts
        self._jitter = jitter
        self.simplefin = SimpleFin(outgoing)
        self.enable_banking = EnableBanking(outgoing, clock, enable_banking_address)
        self.providers: dict[str, BankProvider] = {one.id: one for one in (self.simplefin, self.enable_banking)}

    def all(self, actor: Actor) -> list[Connected]:
        """Return the connections of the acting space, the oldest first."""

        def work(session: OwnedSession) -> list[Connected]:
            owner = session.actor.owner_id
            rows = session.scalars(
                select(BankConnection).where(BankConnection.owner_id == owner).order_by(BankConnection.id)
            )
            return [Connected(row, tuple(accounts_of(session, row.id))) for row in rows]

        return self._db.read(actor, work)

    def get(self, actor: Actor, connection_id: str) -> Connected:
        """Return one connection; raises `ConnectionMissing`."""

        def work(session: OwnedSession) -> Connected:
            return Connected(find_connection(session, connection_id), tuple(accounts_of(session, connection_id)))

        return self._db.read(actor, work)

    # ------------------------------------------------------------------ SimpleFIN

    def connect_simplefin(self, actor: Actor, setup_token: str) -> Connected:
        """Connect by a setup token, which works once; raises `InvalidInput` and what asking a provider raises."""
        self.seal("try", "try")  # the token is spent by asking: first make sure that its address can be kept
        opened = Opened(self.simplefin.title, self.simplefin.claim(setup_token), ())
        found = self.keep(actor, self.new_connection(self.simplefin.id), opened)
        try:
            return self.list_again(actor, found)
        except FAILURES as error:  # the address is kept all the same: the next fetch lists the accounts
            self.note(actor, found.row.id, error)
            return self.get(actor, found.row.id)

    # ------------------------------------------------------------------ Enable Banking

    def key(self, actor: Actor) -> BankKey | None:
        """Return the application of Enable Banking, or None where none was entered."""
        return self._db.read(actor, key_of, self.enable_banking.id)

    def put_key(self, actor: Actor, application: str, private_key: str) -> Application:
        """Keep an application and its key, which Enable Banking must know; raises `InvalidInput`, `BankRefused`."""
        load_key(private_key)
        found = self.enable_banking.application({"application_id": application, "private_key": private_key})
        sealed = self.seal(private_key, _key_purpose(actor))

        def work(session: OwnedSession) -> None:
            row = key_of(session, self.enable_banking.id)
            if row is None:
                row = BankKey(id=self._new_id(), provider=self.enable_banking.id, created_at=self._clock.now())
                session.add(row)
            row.application, row.sealed = application, sealed

        self._db.write(actor, work)
        return found

    def drop_key(self, actor: Actor) -> None:
        """Forget the application's key; what is connected by it can be asked no more."""
        mine = (BankKey.owner_id == actor.owner_id, BankKey.provider == self.enable_banking.id)
        self._db.write(actor, lambda session: session.execute(delete(BankKey).where(*mine)) and None)

    def application(self, actor: Actor) -> Application:
        """Return what Enable Banking knows of the application; raises `BankKeyMissing`."""
        return self.enable_banking.application(self._key_secret(actor))

    def banks(self, actor: Actor, country: str) -> list[Bank]:
        """Return the banks of a country that can be connected; raises `BankKeyMissing`."""
        return self.enable_banking.banks(self._key_secret(actor), country)

    def begin(self, actor: Actor, bank: Bank, redirect: str) -> tuple[Connected, str]:
        """Begin to connect a bank; returns the connection, and the address at which a person says yes."""
        row = self.new_connection(self.enable_banking.id)
        row.title, row.bank, row.country = bank.name, bank.name, bank.country
        row.consent_days, row.redirect, row.pending = bank.consent_days, redirect, self._new_id()
        url = self.enable_banking.begin(self._key_secret(actor), bank, redirect, row.pending)
        self._db.write(actor, lambda session: session.add(row))
        return self.get(actor, row.id), url

    def renew(self, actor: Actor, connection_id: str) -> tuple[Connected, str]:
        """Begin to give the consent again; raises `ConnectionMissing`, `InvalidInput` for what needs no consent."""
        row = self.get(actor, connection_id).row
        if row.provider != self.enable_banking.id:
            problem = "This connection has no consent that ends."
            raise InvalidInput(fields=[FieldProblem("path.id", problem, "Disconnect it and connect it anew.")])
        state = self._new_id()
        bank = Bank(row.bank, row.country, row.consent_days)
        url = self.enable_banking.begin(self._key_secret(actor), bank, row.redirect, state)

        def work(session: OwnedSession) -> None:
            find_connection(session, connection_id).pending = state

        self._db.write(actor, work)
        return self.get(actor, connection_id), url

    def finish(self, actor: Actor, connection_id: str, address: str) -> Connected:
        """Take the address to which the bank led after the yes; raises `InvalidInput` for any other one."""
        row = self.get(actor, connection_id).row
        if not row.pending:
            problem = FieldProblem("body.address", "This connection waits for no consent.", "Renew it first.")
            raise InvalidInput(fields=[problem])
        code = code_of(address, row.pending)
        opened = self.enable_banking.finish(self._key_secret(actor), code)
        kept = {name: opened.secret[name] for name in ("session_id",)}
        return self.keep(actor, row, Opened(opened.title, kept, opened.accounts, opened.valid_until))

    # ------------------------------------------------------------------ both

    def link(self, actor: Actor, bank_account_id: str, account_id: str | None) -> BankAccount:
        """Say into which account of the ledger a bank's account is booked (None: into none).

        Raises `BankAccountMissing`, `AccountMissing`, `InvalidInput` where the currencies differ or it has one already.
        """

        def work(session: OwnedSession) -> BankAccount:
            row = _find_account(session, bank_account_id)
            if account_id is not None:
                account = find_account(session, account_id, "body.account_id")
                check_link(session, row, account)
            book_into(row, account_id)
            return row

        return self._db.write(actor, work)

    def open_account(self, actor: Actor, bank_account_id: str) -> BankAccount:
        """Open an account in the ledger for a bank's account, and link the two; one that is linked stays as it is.

        Raises `BankAccountMissing`, `InvalidInput` where an account has its IBAN already.
        """

        def work(session: OwnedSession) -> BankAccount:
            row = _find_account(session, bank_account_id)
            if row.account_id is None:
                bank = find_connection(session, row.connection_id).title
                values = {
                    "name": (plain_name(row.name) or plain_name(bank) or row.iban or row.external_id)[:120],
                    "kind": AccountKind.BANK.value,
                    "currency": row.currency,
                    "iban": row.iban,
                    "institution": bank[:120],
                }
                book_into(row, self._accounts.create_within(session, values).id)
            return row

        return self._db.write(actor, work)

    def disconnect(self, actor: Actor, connection_id: str) -> None:
        """Forget a connection and its secret; what was booked stays. Raises `ConnectionMissing`."""
        row = self.get(actor, connection_id).row
        provider = self.providers.get(row.provider)
        with suppress(HomieError):  # it ends here, whatever the provider says
            if provider is not None and row.sealed:
                provider.leave(self.secret(actor, row))

        def work(session: OwnedSession) -> None:
            session.delete(find_connection(session, connection_id))
            session.emit(BankChanged(owner_id=session.actor.owner_id, connection_id=connection_id))

        self._db.write(actor, work)

    def secret(self, actor: Actor, row: BankConnection) -> Secret:
        """Return what opens a connection; raises `BankKeyMissing`, `Unavailable`."""
        if self._sealer is None or not row.sealed:
            raise ConnectionMissing()
        found: dict[str, str] = json.loads(self._sealer.open_text(row.sealed, _purpose(row)))
        return {**self._key_secret(actor), **found} if row.provider == self.enable_banking.id else found

    def list_again(self, actor: Actor, found: Connected) -> Connected:
        """Ask which accounts a connection has by now, where the provider tells; raises `FAILURES`."""
        opened = self.providers[found.row.provider].accounts(self.secret(actor, found.row))
        return found if opened is None else self.keep(actor, found.row, opened)

    def unattended(self, row: BankConnection) -> bool:
        """Tell whether a connection can be asked while nobody is there."""
        provider = self.providers.get(row.provider)
        return provider is not None and provider.unattended

    def note(self, actor: Actor, connection_id: str, error: HomieError) -> None:
        """Say of a connection why it could not be asked; one that was refused is not asked again by itself."""
        self._db.write(actor, lambda session: note_failure(session, find_connection(session, connection_id), error))

    def new_connection(self, provider: str) -> BankConnection:
        """Return a row for a connection that is not kept yet."""
        return BankConnection(
            id=self._new_id(), provider=provider, title="", state=ConnectionState.NEW.value, sealed="", bank="",
            country="", consent_days=0, redirect="", pending="", dialog="", problem="", created_at=self._clock.now(),
        )  # fmt: skip

    def keep(self, actor: Actor, row: BankConnection, opened: Opened) -> Connected:
        """Store an opened connection with its accounts; those known by their stable id keep their link."""
        values = {
            "title": opened.title[:120] or row.title, "state": ConnectionState.READY.value, "problem": "",
            "pending": "", "dialog": "", "dialog_until": None, "valid_until": opened.valid_until,
        }  # fmt: skip
        made = not row.owner_id  # one that was ended meanwhile does not come back

        def work(session: OwnedSession) -> None:
            kept = row if made else find_connection(session, row.id)
            for name, value in values.items():
                setattr(kept, name, value)
            if made:
                kept.owner_id = session.actor.owner_id
                session.add(kept)
            wind(kept, self._clock.now(), self._jitter)
            kept.sealed = self.seal_secret(kept, opened.secret)
            session.flush()
            known = {one.stable_id: one for one in accounts_of(session, kept.id)}
            session.emit(BankChanged(owner_id=session.actor.owner_id, connection_id=kept.id))
            for remote in distinct(opened.accounts).values():
                self._take_account(session, kept.id, remote, _known_as(known, remote))

        self._db.write(actor, work)
        return self.get(actor, row.id)

    def _take_account(
        self, session: OwnedSession, connection_id: str, remote: RemoteAccount, known: BankAccount | None
    ) -> None:
        row = known or BankAccount(id=self._new_id(), connection_id=connection_id, stable_id=remote.stable_id)
        row.stable_id, row.external_id, row.name = remote.stable_id, remote.external_id, remote.name
        row.currency, row.iban = remote.currency, _right_iban(remote.iban)
        if remote.balance_minor is not None:
            row.balance_minor, row.balance_on = remote.balance_minor, remote.balance_on
        if known is None:
            row.account_id = same_iban(session, row)
            session.add(row)
            session.flush()

    def seal_secret(self, row: BankConnection, secret: Secret) -> str:
        """Return what opens a connection, sealed for its row; raises `Unavailable`."""
        return self.seal(json.dumps(dict(secret)), _purpose(row))

    def unseal(self, sealed: str, purpose: str) -> str:
        """Return what `seal` was given; raises `Unavailable`."""
        if self._sealer is None:
            raise Unavailable("Secrets cannot be kept here.")
        return self._sealer.open_text(sealed, purpose)

    def seal(self, text: str, purpose: str) -> str:
        """Return a text sealed for a purpose of this module; raises `Unavailable`."""
        if self._sealer is None:
            raise Unavailable("Secrets cannot be kept here.")
        return self._sealer.seal(text, purpose)

    def _key_secret(self, actor: Actor) -> dict[str, str]:
        row = self.key(actor)
        if row is None or self._sealer is None:
            raise BankKeyMissing()
        pem = self._sealer.open_text(row.sealed, _key_purpose(actor))
        return {"application_id": row.application, "private_key": pem}


def find_connection(session: OwnedSession, connection_id: str) -> BankConnection:
    """Return a connection of the acting space; raises `ConnectionMissing`."""
    owner = session.actor.owner_id
    query = select(BankConnection).where(BankConnection.owner_id == owner, BankConnection.id == connection_id)
    row = session.scalars(query).first()
    if row is None:
        raise ConnectionMissing()
    return row


def note_failure(session: OwnedSession, row: BankConnection, error: HomieError) -> None:
    """Say of a connection why it could not be asked."""
    state = ConnectionState.NEEDS_YOU if isinstance(error, BankRefused) else ConnectionState.FAILED
    row.state, row.problem = state.value, error.message
    session.emit(BankChanged(owner_id=session.actor.owner_id, connection_id=row.id))


def accounts_of(session: OwnedSession, connection_id: str) -> Sequence[BankAccount]:
    """Return the accounts of a connection, by name."""
    owner = session.actor.owner_id
    query = select(BankAccount).where(BankAccount.owner_id == owner, BankAccount.connection_id == connection_id)
    return list(session.scalars(query.order_by(BankAccount.name, BankAccount.id)))


def _find_account(session: OwnedSession, bank_account_id: str) -> BankAccount:
    owner = session.actor.owner_id
    query = select(BankAccount).where(BankAccount.owner_id == owner, BankAccount.id == bank_account_id)
    row = session.scalars(query).first()
    if row is None:
        raise BankAccountMissing()
    return row


def _known_as(known: Mapping[str, BankAccount], remote: RemoteAccount) -> BankAccount | None:
    """Return the account that was told before: by this stable id, or when there were more or fewer that share it."""
    plain = remote.stable_id.removesuffix(f":{remote.currency}")
    names = (remote.stable_id, in_currency(remote.stable_id, remote.currency), plain)
    return next((known[one] for one in names if one in known and known[one].currency == remote.currency), None)


def _right_iban(text: str) -> str:
    """Return an IBAN as the ledger keeps it; "" for one that is not right (some banks mask theirs)."""
    try:
        return iban_of(text) if text else ""
    except InvalidInput:
        return ""


def key_of(session: OwnedSession, provider: str) -> BankKey | None:
    """Return what the household entered for a provider, or None."""
    query = select(BankKey).where(BankKey.owner_id == session.actor.owner_id, BankKey.provider == provider)
    return session.scalars(query).first()


def _purpose(row: BankConnection) -> str:
    return f"bank:{row.owner_id}:{row.id}"


def _key_purpose(actor: Actor) -> str:
    return f"bank-key:{actor.owner_id}:enable_banking"
