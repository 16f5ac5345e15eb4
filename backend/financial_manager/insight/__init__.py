"""What the ledger tells: what changed this month, sums by payee, person and year, and each as a table."""
