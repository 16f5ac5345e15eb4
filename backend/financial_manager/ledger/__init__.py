"""The ledger: accounts, transactions whose postings sum to zero, and a record of every change that undoes it."""
