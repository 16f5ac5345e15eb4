"""Copies, pictures that look alike, and oddities: looked for, stored, decided about by a person, put away with undo."""
