"""The pages: each chooses filters, asks, and puts figures below one another."""
