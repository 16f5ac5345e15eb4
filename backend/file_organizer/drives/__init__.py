"""Drives: what is there, what each one is, what is only a copy, and what may be done with it."""
