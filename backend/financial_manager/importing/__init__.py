"""From a bank statement to the ledger: preview, duplicates, one atomic booking, undo of the whole batch."""
