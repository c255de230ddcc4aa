"""`python -m train`: the same command line as the console script `train`."""

from train.cli import main

if __name__ == "__main__":
    main()
