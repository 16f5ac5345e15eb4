"""Home and search: what needs a person, how the modules stand, and finding things in all of them. See home.md."""
