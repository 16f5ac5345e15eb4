"""News for people: made from events, kept per space, read by each person for themselves (docs/subsystems/home.md)."""
