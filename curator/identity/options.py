"""The `--as` of every command that writes: who does it."""

from typing import Annotated

import typer

from curator.identity.gate import MEMBER_VARIABLE

AsMember = Annotated[str, typer.Option("--as", metavar="MEMBER", envvar=MEMBER_VARIABLE, help="Who does this.")]
AsLead = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="LEAD", envvar=MEMBER_VARIABLE, help="Who does this; needed where a lead has a token."
    ),
]
