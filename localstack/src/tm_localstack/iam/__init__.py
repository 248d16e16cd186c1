"""IAM as AWS enforces it: each call is judged by the policies that bear on it."""
