"""The screens of the File Organizer: a package per subject, one screen per file, and `parts` that several share."""
