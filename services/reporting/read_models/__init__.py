"""The read models, one question each; all that serves any of them is in its own module."""
