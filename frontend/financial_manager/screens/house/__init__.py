"""Building a house."""
