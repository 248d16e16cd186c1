"""Which nines a facility has, curated or inferred from its fixes, and what is known of each course."""
