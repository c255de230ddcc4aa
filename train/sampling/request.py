"""What `train sample` was told apart from how to paint: which prompts, by which models, into what."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from curator.console import say
from curator.errors import ConfigError, InputError, UsageError
from curator.release import Release, newest_release, read_release
from curator.workspace import Workspace
from train.runs import Run, find_run, run_folders, same_release
from train.sampling.prompts import DEFAULT_PROMPTS, Captions, Prompt, choose_prompts, given_prompts, read_prompts
from train.sampling.recipe import Wishes
from train.sampling.sources import Source, published, trained


@dataclass(frozen=True)
class Request:
    """None or empty: not said."""

    prompts: list[str]
    file: Path | None
    captions: Captions | None
    count: int | None
    model: Literal["finetuned", "original", "released"] | None
    run: str | None
    weights: Path | None
    out: Path | None
    inpaint: tuple[Path, Path] | None

    def one_pair(self, wishes: Wishes) -> bool:
        """Whether one pair of models paints into a folder of its own; else a run's captions are painted by both."""
        said = (self.prompts, self.file, self.model, self.out, self.inpaint)
        return any(said) or wishes.candidates > 1

    def captions_of(self, run: Run) -> list[Prompt]:
        """The captions of the release that a run learned."""
        return self._chosen(_learned(Workspace.find(), run))

    def texts(self, run: Run | None) -> list[Prompt]:
        """The prompts that were given; else captions of the release that `run`, or the newest run, learned."""
        if self.prompts or self.file:
            return self._given()
        workspace = Workspace.find()
        if run is None and run_folders(workspace.runs):
            run = find_run(workspace.runs)
        return self._chosen(_learned(workspace, run) if run else read_release(newest_release(workspace.releases)))

    def painting_run(self) -> Run | None:
        """The run whose models paint; None: the released ones do, because that was said or there is no run here."""
        if self.model == "released":
            _refuse({"--run": self.run}, "it goes with --model finetuned or original")
            return None
        try:
            workspace = Workspace.find()
        except ConfigError:
            raise
        except InputError:
            if self.model or self.run:
                raise
            return None
        if self.model or self.run or run_folders(workspace.runs):
            return find_run(workspace.runs, self.run)
        return None

    def source(self, run: Run | None, wishes: Wishes) -> Source:
        """The one pair of models."""
        self.check_weights(run, wishes)
        if run:
            return trained(run, wishes.upsample)["original" if self.model == "original" else "finetuned"]
        if not self.model:
            say("there is no run here: the released models paint")
        return published(self.weights, wishes.upsample, self.inpaint is not None)

    def check_weights(self, run: Run | None, wishes: Wishes) -> None:
        """Raise UsageError where a folder of released weights is named and none of them is used."""
        used = run is None or wishes.clip_guidance
        hint = "released weights are used with --model released and for --clip-guidance"
        _refuse({"--weights": None if used else self.weights}, hint)

    def _given(self) -> list[Prompt]:
        hint = "it chooses captions of a release: give no prompt"
        _refuse({"--captions": self.captions, "--count": self.count}, hint)
        if self.prompts and self.file:
            raise UsageError("prompts are given, and --file too", hint="give one of the two")
        return read_prompts(self.file) if self.file else given_prompts(self.prompts)

    def _chosen(self, release: Release) -> list[Prompt]:
        return choose_prompts(release, self.count or DEFAULT_PROMPTS, self.captions or "both")


def _learned(workspace: Workspace, run: Run) -> Release:
    """The release that a run learned. Raises InputError where it is gone or another one by now."""
    return same_release(run, read_release(newest_release(workspace.releases, run.release["name"])))


def _refuse(given: Mapping[str, object], hint: str) -> None:
    """Raise UsageError for an option that was given although nothing here would come of it."""
    for option, value in given.items():
        if value:
            raise UsageError(f"{option} has no effect here", hint=hint)
