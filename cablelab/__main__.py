"""`python -m cablelab`, the same as the command `cablelab`."""

from cablelab.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
