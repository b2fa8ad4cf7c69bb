"""`python -m bot.cli …`, as the Procfile says it."""

from bot.cli.main import main

main()
