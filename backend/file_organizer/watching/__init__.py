"""Watched folders: noticed at once, filed when they have settled, by hand or by Homie itself."""
