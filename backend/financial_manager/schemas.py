"""Wire types of accounts, categories, transactions and changes. Amounts are integers in the currency's minor unit."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from backend.financial_manager import currencies
from backend.financial_manager.ledger.models import AccountKind
from backend.sdk.http import In, Out, PageQuery

Minor = int
Id = Annotated[str, Field(min_length=1, max_length=64)]
Tag = Annotated[str, Field(min_length=1, max_length=60)]
Counterparty = Annotated[str, Field(min_length=1, max_length=4000)]
Month = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2199, 12, 31))]
"""A month, by any of its days."""
LARGEST = currencies.LARGEST


class SaidOut(Out):
    """Hold a text in the languages of the packs."""

    en: str
    de: str


class IdPath(In):
    """Name one thing."""

    id: str = Field(min_length=1, max_length=64)


class AccountIn(In):
    """Open an account. `opening_minor`: held at the end of `opening_date`; bookings count from the day after."""

    name: str = Field(min_length=1, max_length=120)
    kind: AccountKind = AccountKind.BANK
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", description="Unset: the household's own.")
    iban: str = Field("", max_length=50)
    institution: str = Field("", max_length=120)
    country: str = Field("", pattern="^([A-Z]{2})?$", description="Of its bank (ISO 3166), where no IBAN says so.")
    opening_minor: Minor = Field(0, ge=-LARGEST, le=LARGEST)
    opening_date: dt.date | None = Field(None, description="Unset: the first statement tells.")
    note: str = Field("", max_length=2000)


class AccountPatch(In):
    """Change some of an account."""

    name: str | None = Field(None, min_length=1, max_length=120)
    kind: AccountKind | None = None
    iban: str | None = Field(None, max_length=50)
    institution: str | None = Field(None, max_length=120)
    country: str | None = Field(None, pattern="^([A-Z]{2})?$", description="Of its bank; taxes need it of a depot.")
    opening_minor: Minor | None = Field(None, ge=-LARGEST, le=LARGEST)
    opening_date: dt.date | None = None
    closed_on: dt.date | None = Field(None, description="null opens it again.")
    reconciled_through: dt.date | None = Field(None, description="Nothing up to this day may change; null unlocks.")
    note: str | None = Field(None, max_length=2000)
    version: int | None = Field(None, ge=1, description="What you saw; refused if somebody changed it since.")


class AccountOut(Out):
    """Show an account with what it holds."""

    id: str
    name: str
    kind: AccountKind
    currency: str
    iban: str
    institution: str
    country: str
    opening_minor: Minor
    opening_date: dt.date | None
    reconciled_through: dt.date | None
    closed_on: dt.date | None
    note: str
    version: int
    balance_minor: Minor = Field(description="Everything booked up to the day asked for.")
    bookings: int
    last: dt.date | None = Field(description="The day of the last booking.")


class AccountQuery(In):
    """Choose the day whose end is asked for."""

    on: dt.date | None = Field(None, description="What was held at the end of this day; unset: today.")


class AccountsOut(Out):
    """List the accounts by name."""

    items: list[AccountOut]


class CategoryIn(In):
    """Add a category: below a group, or a group of its own."""

    title: str = Field(min_length=1, max_length=120)
    parent_id: str | None = Field(None, max_length=64)
    direction: Literal["expense", "income", "transfer"] = "expense"
    tax_purpose: str = Field("", max_length=40)


class CategoryPatch(In):
    """Change some of a category."""

    title: str | None = Field(None, min_length=1, max_length=120)
    parent_id: str | None = Field(None, max_length=64)
    hidden: bool | None = None
    tax_purpose: str | None = Field(None, max_length=40)
    version: int | None = Field(None, ge=1)


class CategoryOut(Out):
    """Show a category. `key`: the shipped one it began as."""

    id: str
    parent_id: str | None
    key: str
    title: str
    direction: Literal["expense", "income", "transfer"]
    tax_purpose: str
    hidden: bool
    version: int


class CategoriesOut(Out):
    """List the categories, in their order."""

    items: list[CategoryOut]


class PartIn(In):
    """One part of a transaction, seen from its account: what was spent is negative."""

    amount_minor: Minor = Field(ge=-LARGEST, le=LARGEST)
    category_id: str | None = Field(None, max_length=64)
    account_id: str | None = Field(None, max_length=64, description="Another account of yours: a transfer.")
    other_minor: Minor | None = Field(None, ge=-LARGEST, le=LARGEST, description="What arrives in another currency.")
    by_rate: bool = Field(False, description="Instead: Homie counts what arrives by the ECB's rate of the day.")
    memo: str = Field("", max_length=200)


class TransactionIn(In):
    """Enter a transaction. `amount_minor`: negative for what left the account."""

    account_id: str = Field(min_length=1, max_length=64)
    date: dt.date
    amount_minor: Minor = Field(ge=-LARGEST, le=LARGEST)
    counterparty: str = Field("", max_length=200)
    purpose: str = Field("", max_length=4000)
    note: str = Field("", max_length=4000)
    tags: list[Tag] = Field(default_factory=list, max_length=20)
    planned: bool = Field(False, description="It is only expected: it counts in no balance.")
    category_id: str | None = Field(None, max_length=64, description="For all of it; or give `parts`.")
    parts: list[PartIn] = Field(default_factory=list, max_length=100)


class TransactionPatch(In):
    """Change some of a transaction."""

    account_id: str | None = Field(None, min_length=1, max_length=64)
    date: dt.date | None = None
    amount_minor: Minor | None = Field(None, ge=-LARGEST, le=LARGEST)
    counterparty: str | None = Field(None, max_length=200)
    purpose: str | None = Field(None, max_length=4000)
    note: str | None = Field(None, max_length=4000)
    tags: list[Tag] | None = Field(None, max_length=20)
    planned: bool | None = None
    category_id: str | None = Field(None, max_length=64)
    parts: list[PartIn] | None = Field(None, max_length=100)
    version: int | None = Field(None, ge=1)


class PartOut(Out):
    """Show one part, seen from the account. `source`: who said what it was for; `reason`: why, in words."""

    amount_minor: Minor
    currency: str
    category_id: str | None
    account_id: str | None
    memo: str
    source: str
    confidence: float
    reason: str
    fx_rate: str = Field(description="The reference rate by which what arrived was counted; empty where none was.")
    fx_day: dt.date | None = Field(description="The day of that rate.")


class TransactionOut(Out):
    """Show a transaction. `payee`: the name that you gave whoever is written as `counterparty`."""

    id: str
    date: dt.date
    value_date: dt.date | None
    account_id: str
    amount_minor: Minor
    currency: str
    planned: bool
    payee: str
    counterparty: str
    purpose: str
    iban: str
    note: str
    tags: list[str]
    batch_id: str | None
    version: int
    parts: list[PartOut]


class TransactionsQuery(PageQuery):
    """Choose transactions."""

    account_id: str | None = Field(None, max_length=64)
    category_id: str | None = Field(None, max_length=64)
    batch_id: str | None = Field(None, max_length=64)
    payee_id: str | None = Field(None, max_length=64)
    since: dt.date | None = None
    until: dt.date | None = None
    words: str = Field("", max_length=200)
    inbox: bool = Field(False, description="Only those without a category.")
    planned: bool | None = None
    tag: str | None = Field(None, max_length=60)
    entered_by: str | None = Field(None, max_length=64, description="The person who entered or imported them.")


class ChosenTransactionsIn(In):
    """Name transactions."""

    ids: list[Id] = Field(min_length=1, max_length=1000)


class CategoriseIn(ChosenTransactionsIn):
    """Say what transactions were for; null: nobody knows."""

    category_id: str | None = Field(None, max_length=64)


class CountOut(Out):
    """Say how many there were."""

    count: int


class TransactionsDeletedOut(Out):
    """Say how many went. `payments`: of houses that went along; undoing `change_id` brings all of it back."""

    count: int
    change_id: str | None
    payments: int


class RecordedOut(Out):
    """Say how many things a step changed. `change_id`: what undoing takes back; null where nothing changed."""

    count: int
    change_id: str | None


class CategorisedOut(Out):
    """Say how many changed. `similar`: others that may be the same, where one was said; nobody decided them yet."""

    count: int
    similar: list[TransactionOut]


class SuggestionOut(Out):
    """Show a category that a booking may have. `confidence`: 0 to 1."""

    category_id: str
    confidence: float


class WaitingOut(Out):
    """Show a booking of the inbox with what Homie would say, the best first, and why."""

    transaction: TransactionOut
    suggestions: list[SuggestionOut]
    reason: str


class PayeeOut(Out):
    """Show a payee with the ways in which banks write it."""

    id: str
    name: str
    transactions: int
    written: list[str]


class PayeesOut(Out):
    """List the payees by name."""

    items: list[PayeeOut]


class PayeeIn(In):
    """Call whoever is written so by one name."""

    name: str = Field(min_length=1, max_length=200)
    written: list[Counterparty] = Field(min_length=1, max_length=50)


class PayeePatch(In):
    """Give a payee another name."""

    name: str = Field(min_length=1, max_length=200)


class ChangedRowOut(Out):
    """Show one row that a step made, changed or removed: the columns that differ, and what they are to be read with."""

    table_name: str
    row_id: str
    before: dict[str, object] | None
    after: dict[str, object] | None
    currency: str = Field(description="Of the row's amounts; empty where it has none.")
    subject: str = Field(description="What the row, or what it belongs to, is called.")
    of_account: bool = Field(description="A posting: of an account, whose sign it has. Else a category's, reversed.")
    names: dict[str, str] = Field(description="What the rows are called that its columns name, by id.")


class ChangeOut(Out):
    """Show one step. `undone`: it was taken back; `undoes`: the step that it took back."""

    id: str
    at: dt.datetime
    user_id: str
    kind: str
    title: str
    undoes: str | None
    undone: bool
    can_undo: bool = Field(
        description="It can be taken back, or done again. In a list: unless something else changed its rows since."
    )
    import_id: str | None = Field(description="The import that it booked or took back.")
    rows: list[ChangedRowOut] = Field(default_factory=list, description="Only where one step is asked for.")


class MonthsQuery(In):
    """Choose whole months: from the first to the last, by any day of them."""

    since: Month
    until: Month


class MonthSumOut(Out):
    """Say what a category came to in a month; positive is money that left the household."""

    month: dt.date
    category_id: str | None
    currency: str
    spent_minor: Minor
    bookings: int


class MonthsOut(Out):
    """List month x category; transfers are left out."""

    items: list[MonthSumOut]


class ExportQuery(In):
    """Choose a format."""

    format: Literal["hledger", "beancount", "csv"] = "hledger"


class ExportOut(Out):
    """Hold the ledger as a file."""

    file_name: str
    text: str


class WorthQuery(In):
    """Choose the months whose ends are asked for."""

    months: int = Field(12, ge=1, le=600)


class WorthPointOut(Out):
    """Say what the household held at the end of a day."""

    day: dt.date
    currency: str
    worth_minor: Minor


class WorthOut(Out):
    """List the series, by currency."""

    items: list[WorthPointOut]
