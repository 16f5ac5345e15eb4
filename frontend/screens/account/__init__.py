"""One's own account: name, password, second factor, devices, and one's data."""
