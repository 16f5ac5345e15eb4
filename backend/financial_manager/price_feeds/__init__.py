"""Prices from servers that publish them: what is asked, and how an answer is read. Pure: no database, no network."""
