"""Parts that screens of several subjects share."""
