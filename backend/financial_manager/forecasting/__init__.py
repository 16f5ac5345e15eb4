"""Cash flow of the next months: what accounts will hold day by day, and what that rests on."""
