"""LocalStack extension: AWS services answered by the real engines."""
