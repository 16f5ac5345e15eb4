"""API of connected banks: connect, say yes, link accounts, fetch now or every morning, answer, disconnect."""

from __future__ import annotations

from backend.financial_manager.banks.connections import Connected
from backend.financial_manager.banks.enable_banking import Bank
from backend.financial_manager.banks.fints.keeping import Login, OpenStep, installed
from backend.financial_manager.banks.models import BankAccount
from backend.financial_manager.banks.provider import FintsMissing
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas import IdPath
from backend.financial_manager.schemas_banks import (
    AccountFetchedOut,
    AddressIn,
    BankAccountOut,
    BankConnectionOut,
    BankConnectionsOut,
    BankKeyIn,
    BankKeyOut,
    BankKeyStateOut,
    BankOut,
    BanksOut,
    BanksQuery,
    BankStepOut,
    ClockIn,
    ConsentIn,
    ConsentOut,
    FetchedOut,
    FintsAgainIn,
    FintsLoginIn,
    FintsProductIn,
    FintsStateOut,
    LinkIn,
    SetupTokenIn,
    StepAnsweredOut,
    StepAnswerIn,
    StepChoiceOut,
)
from backend.sdk.actor import Actor
from backend.sdk.http import Group, current_actor


def bank_groups(finances: Finances) -> list[Group]:
    """Return the groups of keys, connections and their accounts."""
    return [
        _keys(finances),
        _fints(finances),
        _fints_connections(finances),
        _connections(finances),
        _accounts(finances),
    ]


def _keys(finances: Finances) -> Group:
    group = Group("bank_keys", url_prefix="/bank-key", tag="Banks")
    connections = finances.connections

    @group.get("", returns=BankKeyStateOut)
    def show_bank_key() -> BankKeyStateOut:
        """Say whether an application of Enable Banking was entered; its key is never shown."""
        row = connections.key(current_actor())
        return BankKeyStateOut(application=row.application if row is not None else None)

    @group.put("", returns=BankKeyOut, errors=[409, 429, 503])
    def put_bank_key(body: BankKeyIn) -> BankKeyOut:
        """Keep an application and its key, sealed; Enable Banking is asked whether it knows them."""
        found = connections.put_key(current_actor(), body.application, body.private_key.get_secret_value())
        return BankKeyOut(application=body.application, name=found.name, redirects=list(found.redirects))

    @group.delete("")
    def drop_bank_key() -> None:
        """Forget the application and its key."""
        connections.drop_key(current_actor())

    @group.get("/application", returns=BankKeyOut, errors=[404, 409, 429, 503])
    def show_bank_application() -> BankKeyOut:
        """Ask Enable Banking for the application: its name, and where banks may lead back to."""
        actor = current_actor()
        found, row = connections.application(actor), connections.key(actor)
        return BankKeyOut(
            application=row.application if row is not None else "", name=found.name, redirects=list(found.redirects)
        )

    @group.get("/banks", returns=BanksOut, errors=[404, 409, 429, 503])
    def list_banks(query: BanksQuery) -> BanksOut:
        """Ask Enable Banking for the banks of a country."""
        found = connections.banks(current_actor(), query.country)
        return BanksOut(items=[BankOut.model_validate(one) for one in found])

    return group


def _fints(finances: Finances) -> Group:
    group = Group("fints", url_prefix="/fints", tag="Banks")

    @group.get("", returns=FintsStateOut)
    def show_fints() -> FintsStateOut:
        """Say whether FinTS can be used here, and how it is made to."""
        there = installed()
        remedy = "" if there else FintsMissing.message
        return FintsStateOut(installed=there, remedy=remedy, product=finances.fints.product(current_actor()))

    @group.put("")
    def put_fints_product(body: FintsProductIn) -> None:
        """Keep the household's product id."""
        finances.fints.put_product(current_actor(), body.product)

    @group.delete("")
    def drop_fints_product() -> None:
        """Forget the product id."""
        finances.fints.drop_product(current_actor())

    return group


def _fints_connections(finances: Finances) -> Group:
    group = Group("fints_connections", url_prefix="/bank-connections", tag="Banks")

    @group.post("/fints", returns=BankConnectionOut, status=201, errors=[404, 409, 429, 503])
    def connect_fints(body: FintsLoginIn) -> BankConnectionOut:
        """Log in at a German bank by FinTS; the connection may wait for a step then. A refusal leaves nothing."""
        actor = current_actor()
        login = Login(
            body.bank_code, body.address, body.user_name, body.pin.get_secret_value(), body.customer, body.keep_pin
        )
        return connection_out(finances, actor, finances.fints.connect(actor, login))

    @group.post("/<id>/login", returns=BankConnectionOut, status=200, errors=[404, 409, 429, 503])
    def log_in_again(path: IdPath, body: FintsAgainIn) -> BankConnectionOut:
        """Log in anew at a bank of FinTS, the one way on after a refusal."""
        actor = current_actor()
        found = finances.fints.login(actor, path.id, body.pin.get_secret_value(), keep_pin=body.keep_pin)
        return connection_out(finances, actor, found)

    @group.post("/<id>/answer", returns=StepAnsweredOut, status=200, errors=[404, 409, 429, 503])
    def answer_step(path: IdPath, body: StepAnswerIn) -> StepAnsweredOut:
        """Answer what the bank waits for, once; a TAN is never sent twice."""
        actor = current_actor()
        done = finances.fetching.answer(actor, path.id, body.step, body.answer.get_secret_value())
        found = connection_out(finances, actor, finances.connections.get(actor, path.id))
        return StepAnsweredOut(connection=found, items=[AccountFetchedOut.model_validate(one) for one in done])

    return group


def _connections(finances: Finances) -> Group:
    group = Group("bank_connections", url_prefix="/bank-connections", tag="Banks")
    connections = finances.connections

    @group.get("", returns=BankConnectionsOut)
    def list_bank_connections() -> BankConnectionsOut:
        """List the connected banks with their accounts; nobody is asked on the internet."""
        actor = current_actor()
        return BankConnectionsOut(items=[connection_out(finances, actor, one) for one in connections.all(actor)])

    @group.post("/simplefin", returns=BankConnectionOut, status=201, errors=[409, 429, 503])
    def connect_simplefin(body: SetupTokenIn) -> BankConnectionOut:
        """Connect by a setup token of SimpleFIN. The token is spent by it."""
        actor = current_actor()
        made = connections.connect_simplefin(actor, body.setup_token.get_secret_value())
        return connection_out(finances, actor, made)

    @group.post("/enable-banking", returns=ConsentOut, status=201, errors=[404, 409, 429, 503])
    def begin_consent(body: ConsentIn) -> ConsentOut:
        """Begin to connect a bank; the answer says where a person says yes to it."""
        bank = Bank(body.bank, body.country, body.consent_days)
        actor = current_actor()
        found, url = connections.begin(actor, bank, body.redirect)
        return ConsentOut(connection=connection_out(finances, actor, found), url=url)

    _add_connected(group, finances)
    return group


def _add_connected(group: Group, finances: Finances) -> None:
    connections = finances.connections

    @group.get("/<id>", returns=BankConnectionOut, errors=[404])
    def show_bank_connection(path: IdPath) -> BankConnectionOut:
        """Show one connected bank."""
        actor = current_actor()
        return connection_out(finances, actor, connections.get(actor, path.id))

    @group.post("/<id>/renew", returns=ConsentOut, status=200, errors=[404, 409, 429, 503])
    def renew_consent(path: IdPath) -> ConsentOut:
        """Begin to give a bank's consent again."""
        actor = current_actor()
        found, url = connections.renew(actor, path.id)
        return ConsentOut(connection=connection_out(finances, actor, found), url=url)

    @group.post("/<id>/consent", returns=BankConnectionOut, status=200, errors=[404, 409, 429, 503])
    def finish_consent(path: IdPath, body: AddressIn) -> BankConnectionOut:
        """Give the address to which the bank led after the yes: the connection is ready then."""
        actor = current_actor()
        return connection_out(finances, actor, connections.finish(actor, path.id, body.address.get_secret_value()))

    @group.post("/<id>/fetch", returns=FetchedOut, status=200, errors=[404, 409, 429, 503])
    def fetch_bank(path: IdPath) -> FetchedOut:
        """Ask the bank now and book what is new, as an import that can be taken back."""
        actor = current_actor()
        done = finances.fetching.fetch(actor, path.id)
        step = step_out(finances.fints.step(actor, connections.get(actor, path.id).row))
        return FetchedOut(items=[AccountFetchedOut.model_validate(one) for one in done], step=step)

    @group.put("/<id>/clock", returns=BankConnectionOut, errors=[404])
    def set_bank_clock(path: IdPath, body: ClockIn) -> BankConnectionOut:
        """Ask the bank every morning from tomorrow on, or only when you press the button."""
        actor = current_actor()
        return connection_out(finances, actor, finances.bank_clock.switch(actor, path.id, on=body.on))

    @group.delete("/<id>", errors=[404])
    def disconnect_bank(path: IdPath) -> None:
        """Disconnect a bank: its secret is forgotten, what was booked stays."""
        finances.bank_clock.disconnect(current_actor(), path.id)


def _accounts(finances: Finances) -> Group:
    group = Group("bank_accounts", url_prefix="/bank-accounts", tag="Banks")
    connections = finances.connections

    @group.patch("/<id>", returns=BankAccountOut, errors=[404])
    def link_bank_account(path: IdPath, body: LinkIn) -> BankAccountOut:
        """Say into which of your accounts a bank's account is booked."""
        return _account_out(connections.link(current_actor(), path.id, body.account_id))

    @group.post("/<id>/open", returns=BankAccountOut, status=201, errors=[404])
    def open_bank_account(path: IdPath) -> BankAccountOut:
        """Open an account of yours for a bank's account."""
        return _account_out(connections.open_account(current_actor(), path.id))

    return group


def connection_out(finances: Finances, actor: Actor, found: Connected) -> BankConnectionOut:
    """Return a connection as the API shows it, without its secret."""
    names = [name for name in BankConnectionOut.model_fields if name not in ("accounts", "step", "unattended")]
    return BankConnectionOut(
        **{name: getattr(found.row, name) for name in names},
        unattended=finances.connections.unattended(found.row),
        accounts=[_account_out(one) for one in found.accounts],
        step=step_out(finances.fints.step(actor, found.row)),
    )


def step_out(found: OpenStep | None) -> BankStepOut | None:
    """Return a step as the API shows it, or None."""
    if found is None or found.step.until is None:
        return None
    one = found.step
    choices = [StepChoiceOut(answer=answer, name=name) for answer, name in one.choices]
    return BankStepOut(
        id=found.id, kind=one.kind, text=one.text, choices=choices, picture=one.picture, until=one.until,
        wait_seconds=one.wait_seconds,
    )  # fmt: skip


def _account_out(row: BankAccount) -> BankAccountOut:
    return BankAccountOut.model_validate(row)
