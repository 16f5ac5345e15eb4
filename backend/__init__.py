"""Homie's server, its modules and its command line."""
