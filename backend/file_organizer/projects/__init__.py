"""The household's projects: folders for one undertaking, into which files that speak of it are offered."""
