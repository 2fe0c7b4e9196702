"""`python -m crawler.cli` is `emeroteca`."""

from crawler.cli.main import main

main()
