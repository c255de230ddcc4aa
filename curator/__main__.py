"""`python -m curator`: the same command line as the console script `curator`."""

from curator.cli import main

if __name__ == "__main__":
    main()
