"""Statements: choosing a file, what would become of it, what became of it, and the folders that are watched."""
