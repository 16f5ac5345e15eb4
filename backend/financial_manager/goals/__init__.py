"""Goals: an amount that is saved for until a day, from an account's balance or by amounts put aside."""
