"""The whole flow in one run on the local AWS, measured and checked."""
