"""What accounts hold: the first page, one account, a new one, comparing it with the bank."""
