"""`python -m rift` is the command `rift`."""

from rift.cli.main import main

main()
