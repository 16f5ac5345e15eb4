"""From a folder to a plan: scan, group, suggest, and keep the one object that is shown, edited, executed and undone."""
