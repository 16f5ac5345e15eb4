"""Budgets: what a category may cost in a month, plain or as an envelope whose rest stays."""
