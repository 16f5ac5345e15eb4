"""Transactions, what they have in common, and what was done to them."""
