"""How files are named: templates per kind, patterns learned from a household's own episodes, the owner's choice."""
