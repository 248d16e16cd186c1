"""What the Glue job needs, built the same byte for byte wherever it is built."""
