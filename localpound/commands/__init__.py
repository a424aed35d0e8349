"""What people type, one module a subject; each has `app`, which the command line takes in."""
