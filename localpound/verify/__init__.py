"""Recomputing a log from its bytes, with nothing of the code that wrote it."""
