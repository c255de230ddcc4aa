"""`python -m eval`: the same command line as the console script `evaluate`."""

from eval.cli import main

if __name__ == "__main__":
    main()
