"""What was: months, categories, people, and what changed."""
