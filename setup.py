"""What pyproject.toml cannot say: datasets/, which holds no Python, is shipped as the folder curator/known."""

from setuptools import find_namespace_packages, setup

OWN = ("curator", "annotate", "train", "eval")

setup(
    packages=[
        *find_namespace_packages(include=[*OWN, *(f"{name}.*" for name in OWN)], exclude=["*.__pycache__"]),
        "curator.known",
    ],
    package_dir={"curator.known": "datasets"},
)
