"""The Financial Manager's part of the app: its screens and what they know."""
