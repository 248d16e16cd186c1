"""Checks after each arrow of the flow."""
