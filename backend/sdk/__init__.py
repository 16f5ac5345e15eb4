"""The public surface of Homie: the only package that a module may import.

A module is written against these files and nothing else of the platform; `backend.core` is private. Import-linter
enforces both directions (`.importlinter`).
"""
