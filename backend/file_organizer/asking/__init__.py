"""Asking an AI about files: what may be said, in which words, and what of its answers counts."""
