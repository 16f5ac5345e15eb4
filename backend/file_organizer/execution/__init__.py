"""Carry plans out inside a journal: the protocol, recovery, undo. Nothing else in Homie changes a household's files."""
