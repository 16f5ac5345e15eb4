"""Folders that are looked after by themselves."""
