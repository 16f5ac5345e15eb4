"""What is meant to be and what will be: budgets, payments that come again, plans, goals, the forecast."""
