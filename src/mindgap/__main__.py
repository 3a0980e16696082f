"""`python -m mindgap`: the same as the command `mindgap`."""

from mindgap.show.cli import main

main()
