"""`python -m service.cli`: the command `depesche` where it isn't installed as one."""

from service.cli import main

main()
