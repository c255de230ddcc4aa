"""The command line `evaluate`."""

from dataclasses import asdict
from typing import Annotated

import typer

from curator import console
from curator.console import AsJson, InFolder
from curator.workspace import Workspace

app = console.app("evaluate", "Measure what a finetune changed, and how far each figure can be trusted.")

RunName = Annotated[str | None, typer.Argument(metavar="[RUN]", help="Name of a run; the newest if none is given.")]


@app.command("run")
def run_command(run: RunName = None, as_json: AsJson = False, _folder: InFolder = None) -> None:
    """Measure a run's pictures against its release; write reports/RUN.html and reports/RUN.json."""
    # torch is loaded below these imports, never for --help
    console.require("torch", "eval")
    console.require("efficientnet_lite_pytorch", "eval")
    from eval.measure import measure_run
    from eval.summary import COLUMNS, summary

    workspace = Workspace.find()
    report, page = measure_run(workspace, run)
    if as_json:
        console.print_json(report.content())
    else:
        console.put(report.verdict.headline)
        for point in report.verdict.points:
            console.put(f"- {point}")
        console.print_table(COLUMNS, summary(report.rows))
    console.say(f"report: {page.relative_to(workspace.path)}")


@app.command("compare")
def compare_command(
    first: Annotated[str, typer.Argument(metavar="RUN_A", help="A run that was evaluated.")],
    second: Annotated[str, typer.Argument(metavar="RUN_B", help="Another one, under the same conditions.")],
    as_json: AsJson = False,
    _folder: InFolder = None,
) -> None:
    """Put the finetuned models of two runs side by side; refused where their evaluation cards differ."""
    from eval.comparison import compare
    from eval.summary import COMPARED_COLUMNS, compared_table

    rows = compare(Workspace.find().reports, first, second)
    if as_json:
        console.print_json([asdict(row) for row in rows])
    else:
        console.print_table(COMPARED_COLUMNS, compared_table(rows))


def main() -> None:
    """Run the command line."""
    console.run(app)
