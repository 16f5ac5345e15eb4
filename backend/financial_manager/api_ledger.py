"""API of accounts, categories, payees and tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.financial_manager.days import check_day
from backend.financial_manager.finances import Finances
from backend.financial_manager.ledger.models import Category
from backend.financial_manager.ledger.payees import PayeeSeen
from backend.financial_manager.schemas import (
    AccountIn,
    AccountOut,
    AccountPatch,
    AccountQuery,
    AccountsOut,
    CategoriesOut,
    CategoryIn,
    CategoryOut,
    CategoryPatch,
    IdPath,
    PayeeIn,
    PayeeOut,
    PayeePatch,
    PayeesOut,
    RecordedOut,
)
from backend.financial_manager.schemas_imports import CoverageOut, SpanOut
from backend.financial_manager.schemas_names import (
    PayeeForgetIn,
    PayeeMergeIn,
    TagIn,
    TagOut,
    TagRenameIn,
    TagsOut,
)
from backend.financial_manager.views import account_out
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.http import Group, In, current_actor


def ledger_groups(finances: Finances) -> list[Group]:
    """Return the groups of accounts, categories, payees and tags."""
    return [_accounts(finances), _categories(finances), _payees(finances), _tags(finances)]


def given(body: In) -> dict[str, Any]:
    """Return what a request names, without the version that it saw."""
    return {name: getattr(body, name) for name in body.model_fields_set if name != "version"}


def refuse_nothing(values: Mapping[str, Any], *names: str) -> None:
    """Raise `InvalidInput`, naming the field, where a request gives null for what cannot be nothing."""
    for name in names:
        if name in values and values[name] is None:
            problem = FieldProblem(f"body.{name}", "It cannot be nothing.", "Leave it out, or give a value.")
            raise InvalidInput(fields=[problem])


def _accounts(finances: Finances) -> Group:
    group = Group("accounts", url_prefix="/accounts", tag="Accounts")
    accounts = finances.accounts

    @group.get("", returns=AccountsOut)
    def list_accounts(query: AccountQuery) -> AccountsOut:
        """List your accounts by name, with what they hold, or held at the end of a day."""
        check_day(query.on, "query.on")
        return AccountsOut(items=[account_out(one) for one in accounts.all(current_actor(), on=query.on)])

    @group.post("", returns=AccountOut, status=201, idempotent=True)
    def open_account(body: AccountIn) -> AccountOut:
        """Open an account."""
        made = accounts.create(current_actor(), body.model_dump())
        return account_out(accounts.get(current_actor(), made.id))

    @group.get("/<id>", returns=AccountOut, errors=[404])
    def get_account(path: IdPath, query: AccountQuery) -> AccountOut:
        """Show one account with what it holds, or held at the end of a day."""
        check_day(query.on, "query.on")
        return account_out(accounts.get(current_actor(), path.id, on=query.on))

    @group.patch("/<id>", returns=AccountOut, errors=[404, 409])
    def change_account(path: IdPath, body: AccountPatch) -> AccountOut:
        """Change some of an account: rename, close, reconcile or unlock it, move its opening."""
        values = given(body)
        refuse_nothing(values, "name", "kind", "iban", "institution", "country", "opening_minor", "note")
        accounts.change(current_actor(), path.id, values, body.version)
        return account_out(accounts.get(current_actor(), path.id))

    @group.delete("/<id>", errors=[404, 409])
    def delete_account(path: IdPath) -> None:
        """Delete an account on which nothing stands."""
        accounts.delete(current_actor(), path.id)

    _coverage(group, finances)
    return group


def _coverage(group: Group, finances: Finances) -> None:
    @group.get("/<id>/coverage", returns=CoverageOut, errors=[404])
    def account_coverage(path: IdPath) -> CoverageOut:
        """Show which days the imported files cover, and where some may be missing."""
        found = finances.imports.coverage(current_actor(), path.id)
        return CoverageOut(
            spans=[SpanOut(first=span.first, last=span.last) for span in found.spans],
            gaps=[SpanOut(first=first, last=last) for first, last in found.gaps],
        )


def _categories(finances: Finances) -> Group:
    group = Group("categories", url_prefix="/categories", tag="Categories")
    categories = finances.categories

    @group.get("", returns=CategoriesOut)
    def list_categories() -> CategoriesOut:
        """List your categories, in their order; a space that has none yet gets Homie's."""
        return CategoriesOut(items=[_category_out(one) for one in categories.all(current_actor())])

    @group.post("", returns=CategoryOut, status=201, errors=[404], idempotent=True)
    def create_category(body: CategoryIn) -> CategoryOut:
        """Add a category."""
        return _category_out(categories.create(current_actor(), body.model_dump()))

    @group.patch("/<id>", returns=CategoryOut, errors=[404, 409])
    def change_category(path: IdPath, body: CategoryPatch) -> CategoryOut:
        """Rename, hide or move a category."""
        values = given(body)
        refuse_nothing(values, "title", "hidden")
        return _category_out(categories.change(current_actor(), path.id, values, body.version))

    @group.delete("/<id>", errors=[404, 409])
    def delete_category(path: IdPath) -> None:
        """Delete a category that nothing stands on."""
        categories.delete(current_actor(), path.id)

    return group


def _payees(finances: Finances) -> Group:
    group = Group("payees", url_prefix="/payees", tag="Payees")
    payees = finances.payees

    @group.get("", returns=PayeesOut)
    def list_payees() -> PayeesOut:
        """List the payees that you named."""
        return PayeesOut(items=[_payee_out(one) for one in payees.all(current_actor())])

    @group.post("", returns=PayeesOut, status=201)
    def name_payee(body: PayeeIn) -> PayeesOut:
        """Call whoever is written so by one name, also in what is booked already."""
        payees.name(current_actor(), body.written, body.name)
        return PayeesOut(items=[_payee_out(one) for one in payees.all(current_actor())])

    @group.patch("/<id>", returns=PayeesOut, errors=[404])
    def rename_payee(path: IdPath, body: PayeePatch) -> PayeesOut:
        """Give a payee another name."""
        payees.rename(current_actor(), path.id, body.name)
        return PayeesOut(items=[_payee_out(one) for one in payees.all(current_actor())])

    @group.delete("/<id>", returns=RecordedOut, errors=[404])
    def delete_payee(path: IdPath) -> RecordedOut:
        """Delete a payee; its transactions stay, and are called as their bank wrote them."""
        return RecordedOut.model_validate(payees.delete(current_actor(), path.id))

    @group.post("/<id>/merge", returns=RecordedOut, status=200, errors=[404])
    def merge_payees(path: IdPath, body: PayeeMergeIn) -> RecordedOut:
        """Make one payee of two: what is written as this one is called as the other, also in what is booked."""
        return RecordedOut.model_validate(payees.merge(current_actor(), path.id, body.into_id))

    @group.post("/<id>/forget", returns=RecordedOut, status=200, errors=[404])
    def forget_payee_spelling(path: IdPath, body: PayeeForgetIn) -> RecordedOut:
        """Take ways of being written away from a payee."""
        return RecordedOut.model_validate(payees.forget(current_actor(), path.id, body.written))

    return group


def _tags(finances: Finances) -> Group:
    group = Group("tags", url_prefix="/tags", tag="Tags")
    tags = finances.tags

    @group.get("", returns=TagsOut)
    def list_tags() -> TagsOut:
        """List the tags that transactions have, by name."""
        return TagsOut(items=[TagOut.model_validate(one) for one in tags.all(current_actor())])

    @group.post("/rename", returns=RecordedOut, status=200, errors=[404])
    def rename_tag(body: TagRenameIn) -> RecordedOut:
        """Call a tag otherwise, on transactions and in rules; where the new name is a tag, both become one."""
        return RecordedOut.model_validate(tags.rename(current_actor(), body.tag, body.name))

    @group.post("/remove", returns=RecordedOut, status=200, errors=[404])
    def remove_tag(body: TagIn) -> RecordedOut:
        """Take a tag away from every transaction and rule."""
        return RecordedOut.model_validate(tags.remove(current_actor(), body.tag))

    return group


def _category_out(row: Category) -> CategoryOut:
    return CategoryOut.model_validate(row)


def _payee_out(seen: PayeeSeen) -> PayeeOut:
    written = [alias.value for alias in seen.aliases]
    return PayeeOut(id=seen.payee.id, name=seen.payee.name, transactions=seen.transactions, written=written)
