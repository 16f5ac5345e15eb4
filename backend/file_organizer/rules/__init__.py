"""Rules of the household: what people want to be certain of. A rule wins over memory, shipped rules and AI."""
