"""What can go wrong in the ledger; reading statements has its own error (`statements.errors`).

NotFound      AccountMissing, TransactionMissing, CategoryMissing, BatchMissing, ChangeMissing, PayeeMissing,
              TransferMissing, CategoryRuleMissing, BudgetMissing, PersonMissing, TagMissing, AttachmentMissing,
              SecurityMissing, TradeMissing, PriceMissing, PriceSourceMissing, RecurringMissing, GoalMissing
Conflict      AccountInUse (AccountImported), CategoryInUse, SecurityInUse, PeriodReconciled,
              ChangeOutdated (changed since), ChangeUndone, ImportAgain, RowChanged (by somebody else), AiNotReady
InvalidInput  PostingsUnbalanced, RateMissing
"""

from __future__ import annotations

from backend.sdk.errors import Conflict, InvalidInput, NotFound


class AccountMissing(NotFound):
    """No such account for this caller."""

    code, message = "account_missing", "This account does not exist."


class TransactionMissing(NotFound):
    """No such transaction for this caller."""

    code, message = "transaction_missing", "This transaction does not exist."


class CategoryMissing(NotFound):
    """No such category for this caller."""

    code, message = "category_missing", "This category does not exist."


class RecurringNoticeMissing(NotFound):
    """No such notice of a recurring payment for this caller."""

    code, message = "recurring_notice_missing", "This notice does not exist."


class BatchMissing(NotFound):
    """No such import for this caller."""

    code, message = "import_missing", "This import does not exist."


class ChangeMissing(NotFound):
    """No such step in the record of changes."""

    code, message = "change_missing", "This change is not in the record."


class PayeeMissing(NotFound):
    """No such payee for this caller."""

    code, message = "payee_missing", "This payee does not exist."


class TagMissing(NotFound):
    """No transaction of this caller has such a tag."""

    code, message = "tag_missing", "No transaction has this tag."


class AttachmentMissing(NotFound):
    """No such attachment for this caller."""

    code, message = "attachment_missing", "This attachment does not exist."


class BudgetMissing(NotFound):
    """No such budget for this caller."""

    code, message = "budget_missing", "There is no budget for this category."


class PersonMissing(NotFound):
    """Nobody of this id belongs to the caller's space."""

    code, message = "person_missing", "This person does not belong to the shared space."


class RecurringMissing(NotFound):
    """No such recurring payment for this caller."""

    code, message = "recurring_missing", "This recurring payment does not exist."


class GoalMissing(NotFound):
    """No such goal for this caller."""

    code, message = "goal_missing", "This goal does not exist."


class CategoryRuleMissing(NotFound):
    """No such rule for this caller."""

    code, message = "category_rule_missing", "This rule does not exist."


class TransferMissing(NotFound):
    """No such pair of bookings."""

    code, message = "transfer_missing", "These two bookings are no pair."


class SecurityMissing(NotFound):
    """No such security for this caller."""

    code, message = "security_missing", "This security does not exist."


class TradeMissing(NotFound):
    """No such trade for this caller."""

    code, message = "trade_missing", "This trade does not exist."


class PriceMissing(NotFound):
    """No such price for this caller."""

    code, message = "price_missing", "This price does not exist."


class PriceSourceMissing(NotFound):
    """The security has no source of prices, or there is no such security for this caller."""

    code, message = "price_source_missing", "This security has no source of prices."


class SecurityInUse(Conflict):
    """Trades stand on the security."""

    code, message = "security_in_use", "Trades stand on this security. Delete them first."


class AccountInUse(Conflict):
    """Bookings stand on the account: it can be closed, not deleted."""

    code, message = "account_in_use", "Bookings stand on this account. Close it instead of deleting it."


class AccountImported(AccountInUse):
    """Statements were imported into the account, though none of their bookings is left."""

    message = "Statements were imported into this account. Take these imports back first, or close it."


class CategoryInUse(Conflict):
    """Bookings stand on the category, or others lie below it."""

    code, message = "category_in_use", "Bookings stand on this category. Move them first, or hide the category."


class PeriodReconciled(Conflict):
    """The day lies in a time that was reconciled, and locked by it."""

    code, message = "period_reconciled", "This time was reconciled with the bank. Unlock the account to change it."


class RowChanged(Conflict):
    """Somebody else changed it since the caller looked."""

    code, message = "row_changed", "Somebody changed this in the meantime. Look at it again."


class ChangeOutdated(Conflict):
    """What the step left behind is no longer as it was: taking it back would lose a later change."""

    code, message = "change_outdated", "This was changed again since. Take the later change back first."


class ChangeUndone(Conflict):
    """The step was taken back already."""

    code, message = "change_undone", "This change was taken back already."


class ImportAgain(Conflict):
    """An import that was taken back comes again from its file only."""

    code, message = "import_again", "Import the file again to have its bookings back."


class AiNotReady(Conflict):
    """No AI may be asked: none is chosen, or this space did not agree; the message says which."""

    code, message = "ai_not_ready", "No AI can be asked now."


class PostingsUnbalanced(InvalidInput):
    """The parts of a transaction do not add up to it."""

    code, message = "postings_unbalanced", "The parts do not add up to the whole amount."


class RateMissing(InvalidInput):
    """There is no reference rate of a currency for a day."""

    code, message = "rate_missing", "There is no exchange rate for this."
