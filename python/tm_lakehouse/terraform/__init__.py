"""Runs Terraform on the lakehouse's root module with the values of one environment."""
