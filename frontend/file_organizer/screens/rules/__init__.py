"""Rules, and what they would do."""
