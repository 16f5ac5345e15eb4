"""One script per figure: ours and a peer's in one run, printed as a ratio."""
