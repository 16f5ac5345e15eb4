"""API of connected banks: connect, say yes, link accounts, fetch now, disconnect. Asked only when a person wants it."""

from __future__ import annotations

from backend.financial_manager.banks.connections import Connected
from backend.financial_manager.banks.enable_banking import Bank
from backend.financial_manager.banks.models import BankAccount
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
    ConsentIn,
    ConsentOut,
    FetchedOut,
    LinkIn,
    SetupTokenIn,
)
from backend.sdk.http import Group, current_actor


def bank_groups(finances: Finances) -> list[Group]:
    """Return the groups of keys, connections and their accounts."""
    return [_keys(finances), _connections(finances), _accounts(finances)]


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


def _connections(finances: Finances) -> Group:
    group = Group("bank_connections", url_prefix="/bank-connections", tag="Banks")
    connections = finances.connections

    @group.get("", returns=BankConnectionsOut)
    def list_bank_connections() -> BankConnectionsOut:
        """List the connected banks with their accounts; nobody is asked on the internet."""
        return BankConnectionsOut(items=[connection_out(one) for one in connections.all(current_actor())])

    @group.post("/simplefin", returns=BankConnectionOut, status=201, errors=[409, 429, 503])
    def connect_simplefin(body: SetupTokenIn) -> BankConnectionOut:
        """Connect by a setup token of SimpleFIN. The token is spent by it."""
        return connection_out(connections.connect_simplefin(current_actor(), body.setup_token.get_secret_value()))

    @group.post("/enable-banking", returns=ConsentOut, status=201, errors=[404, 409, 429, 503])
    def begin_consent(body: ConsentIn) -> ConsentOut:
        """Begin to connect a bank; the answer says where a person says yes to it."""
        bank = Bank(body.bank, body.country, body.consent_days)
        found, url = connections.begin(current_actor(), bank, body.redirect)
        return ConsentOut(connection=connection_out(found), url=url)

    _add_connected(group, finances)
    return group


def _add_connected(group: Group, finances: Finances) -> None:
    connections = finances.connections

    @group.get("/<id>", returns=BankConnectionOut, errors=[404])
    def show_bank_connection(path: IdPath) -> BankConnectionOut:
        """Show one connected bank."""
        return connection_out(connections.get(current_actor(), path.id))

    @group.post("/<id>/renew", returns=ConsentOut, status=200, errors=[404, 409, 429, 503])
    def renew_consent(path: IdPath) -> ConsentOut:
        """Begin to give a bank's consent again."""
        found, url = connections.renew(current_actor(), path.id)
        return ConsentOut(connection=connection_out(found), url=url)

    @group.post("/<id>/consent", returns=BankConnectionOut, status=200, errors=[404, 409, 429, 503])
    def finish_consent(path: IdPath, body: AddressIn) -> BankConnectionOut:
        """Give the address to which the bank led after the yes: the connection is ready then."""
        found = connections.finish(current_actor(), path.id, body.address.get_secret_value())
        return connection_out(found)

    @group.post("/<id>/fetch", returns=FetchedOut, status=200, errors=[404, 409, 429, 503])
    def fetch_bank(path: IdPath) -> FetchedOut:
        """Ask the bank now and book what is new, as an import that can be taken back."""
        done = finances.fetching.fetch(current_actor(), path.id)
        return FetchedOut(items=[AccountFetchedOut.model_validate(one) for one in done])

    @group.delete("/<id>", errors=[404])
    def disconnect_bank(path: IdPath) -> None:
        """Disconnect a bank: its secret is forgotten, what was booked stays."""
        connections.disconnect(current_actor(), path.id)


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


def connection_out(found: Connected) -> BankConnectionOut:
    """Return a connection as the API shows it, without its secret."""
    names = [name for name in BankConnectionOut.model_fields if name != "accounts"]
    return BankConnectionOut(
        **{name: getattr(found.row, name) for name in names}, accounts=[_account_out(one) for one in found.accounts]
    )


def _account_out(row: BankAccount) -> BankAccountOut:
    return BankAccountOut.model_validate(row)
