"""What depots hold, kept in the ledger's database: securities, their trades and prices, figures, and tax reports."""
