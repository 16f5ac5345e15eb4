"""How the module works for a person, and what an AI may see."""
