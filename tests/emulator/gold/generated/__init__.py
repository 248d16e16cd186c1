"""Gold of generated courses, built once: its numbers, and what its tests find."""
