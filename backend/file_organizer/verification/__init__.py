"""Read files again that Homie put where they are, and tell what people changed from what the drive damaged."""
