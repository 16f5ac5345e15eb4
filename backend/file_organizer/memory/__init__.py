"""What was learned of where this household puts things: its tables, how they are read, how lessons enter."""
