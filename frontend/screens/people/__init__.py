"""Living together: spaces and who is in them, invitations, everybody of the hub, and the folders that were opened."""
