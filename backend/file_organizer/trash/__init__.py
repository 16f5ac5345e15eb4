"""The trash of each volume: what lies in it, since when and why, and when it is emptied by itself."""
