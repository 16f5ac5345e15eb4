"""The accounts over HTTP: `accounts_groups(accounts)` gives the groups that core's application registers.

One file per subject: `api_entry.py` (set-up, log in, invitations to redeem), `api_self.py` (what everybody does with
their own account), `api_household.py` (spaces, invitations, folders), `api_admin.py` (people, security log).
"""

from __future__ import annotations

from backend.core.accounts.api_admin import admin_groups
from backend.core.accounts.api_entry import entry_groups
from backend.core.accounts.api_household import household_groups
from backend.core.accounts.api_self import self_groups
from backend.core.accounts.service import Accounts
from backend.sdk.http import Group


def accounts_groups(accounts: Accounts, prefix: str = "/accounts") -> list[Group]:
    """Return every group of the accounts' API, below `prefix`."""
    return [
        *entry_groups(accounts, prefix),
        *self_groups(accounts, prefix),
        *household_groups(accounts, prefix),
        *admin_groups(accounts, prefix),
    ]
