"""`python -m localpound`."""

from localpound.cli import main

main()
