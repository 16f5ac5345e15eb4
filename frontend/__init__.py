"""The Homie app: Flutter through Flet. Providers hold state, views render it; it knows the hub by its API only."""
