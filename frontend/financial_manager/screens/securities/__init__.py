"""Depots, securities, trades, prices, and what a sale would bring."""
