"""The Homie app: Flutter through Flet, providers that hold state, views that render it. It knows the hub by its API only."""
