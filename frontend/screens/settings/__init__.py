"""Settings that concern the person: how the app looks and speaks, and the menu of all settings."""
