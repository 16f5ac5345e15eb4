"""Folders, drives, what lies on them, and the trash."""
