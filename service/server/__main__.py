"""`python -m service.server`: what `depesche serve` does after its checks, and what starts again on SIGUSR2."""

from service.server.arbiter import run

run()
