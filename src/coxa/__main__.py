"""``python -m coxa``."""

from coxa.cli.main import main

main()
