"""From a scan to what was carried out: suggestions, decisions, the plan and its result."""
