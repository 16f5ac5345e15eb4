"""Statement inboxes: folders whose statements are read by themselves, and booked where nothing is in doubt."""
