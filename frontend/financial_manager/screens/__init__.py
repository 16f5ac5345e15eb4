"""The screens of the Financial Manager, one per file."""
