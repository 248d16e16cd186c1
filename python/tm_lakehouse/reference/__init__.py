"""What code says of itself, as pages to read: commands, Terraform modules, run summaries, the local AWS."""
