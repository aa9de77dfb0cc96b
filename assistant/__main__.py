"""`python -m assistant` is the command `kutip`."""

from assistant.cli import main

main()
