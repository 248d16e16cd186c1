"""Faults on demand: errors, lost answers, delays and halts of chosen calls, for tests of what survives them."""
