"""The screens of the Financial Manager: a package per subject, one screen per file, and `parts` that several share."""
