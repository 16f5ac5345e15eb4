"""Banks that Homie asks itself, when a person wants it: one interface, a file per provider."""
