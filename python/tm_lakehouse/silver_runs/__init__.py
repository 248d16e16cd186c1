"""Which deliveries to bring to Silver, in which runs, and what became of them."""
