"""Copies, pictures that look alike, and junk."""
