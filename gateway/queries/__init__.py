"""What partners may ask, one subject a module."""
