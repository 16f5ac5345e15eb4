"""Take part in a provider of the module: for the space whose money the person looks at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.financial_manager.own_currency_provider import OwnCurrencyProvider
from frontend.kit import use_mount, use_provider, use_session
from frontend.providers.session import Session

M = TypeVar("M", bound=MoneyProvider)


def money_space(session: Session) -> str:
    """Return the space whose money is shown: the chosen one for new things, or one's own ("")."""
    chosen = session.preferences.default_space
    return (
        chosen
        if chosen != session.auth.private_space_id and any(one["id"] == chosen for one in session.auth.spaces)
        else ""
    )


def use_money(kind: type[M], load: Callable[[M], Awaitable[None]], again: list[Any] | None = None) -> M:
    """Return this window's provider of a kind for the chosen space; `load` it now and when `again` changes."""
    session = use_session()
    use_provider(session.preferences)
    provider = use_provider(session.of(kind))
    space = money_space(session)

    async def begin() -> None:
        provider.stand_in(space)
        await load(provider)

    use_mount(begin, [space, *(again or [])])
    return provider


def use_ledger() -> LedgerProvider:
    """Return accounts and categories, loaded."""
    return use_money(LedgerProvider, _load)


async def _load(ledger: LedgerProvider) -> None:
    await ledger.load()


def use_own_currency() -> OwnCurrencyProvider:
    """Return the household's own currency, loaded."""
    return use_money(OwnCurrencyProvider, _read)


async def _read(own: OwnCurrencyProvider) -> None:
    await own.load()
