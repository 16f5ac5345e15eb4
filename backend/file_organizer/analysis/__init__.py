"""Find out what files are: by name, by content, by what is inside. Nothing here changes anything on disk."""
