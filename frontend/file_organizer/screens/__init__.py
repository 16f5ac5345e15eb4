"""The File Organizer's screens, one per file."""
