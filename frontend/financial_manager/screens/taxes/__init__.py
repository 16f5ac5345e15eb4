"""Tax reports."""
