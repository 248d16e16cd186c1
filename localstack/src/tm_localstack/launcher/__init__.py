"""Start, watch and stop the local AWS. Imports nothing of LocalStack."""
