"""Connected banks."""
