"""The ledger for other programs: journals of plain-text accounting, and tables."""
