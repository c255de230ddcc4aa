"""`evaluate run` from end to end: find the run, measure it, write the report."""

from pathlib import Path

from curator.console import say
from curator.workspace import Workspace
from eval.card import make_card
from eval.evaluation import evaluate, make_groups
from eval.gallery import make_gallery
from eval.report import Report, write_report
from eval.runs import find_run, release_of
from eval.settings import read_settings
from eval.spaces import open_spaces
from eval.verdict import make_verdict


def measure_run(workspace: Workspace, name: str | None = None) -> tuple[Report, Path]:
    """Measure the newest run, or the one called `name`; gives the report and the path of its page.

    Raises InputError where there is no run, nothing was sampled, or a file on the way is not acceptable.
    """
    settings = read_settings(workspace)
    run = find_run(workspace, name)
    samples = run.samples()
    release = release_of(workspace, run)
    groups = make_groups(release, samples)
    say(f"run {run.name}, release {release.name}")
    spaces = open_spaces(settings, workspace.path)
    card = make_card(release, samples, groups, spaces, settings)
    for absent in spaces.absent:
        say(f"{absent.name}: {absent.reason}")
    evaluation = evaluate(release, groups, spaces, settings)
    verdict = make_verdict(evaluation.rows, settings)
    report = Report(run.name, card, verdict, evaluation.rows)
    return report, write_report(report, make_gallery(release, evaluation, settings.gallery), workspace.reports)
