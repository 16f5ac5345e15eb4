"""Exchange rates of the European Central Bank: shipped with Homie, brought up to date when a person asks for it."""
