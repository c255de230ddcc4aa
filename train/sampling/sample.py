"""`train sample`: what is asked for becomes a job, for a run's captions or for any prompts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from curator.console import say
from train.data import tokenize
from train.lock import held
from train.models import ModelName
from train.runs import Run
from train.sampling.album import Album
from train.sampling.inpainting import Given, read_given
from train.sampling.job import Done, Job, Part, carry_out
from train.sampling.plan import Layout, folder_name, make_pairs
from train.sampling.prompts import Prompt
from train.sampling.ranking import open_judge
from train.sampling.recipe import Recipe, Wishes, make_recipes, round_up
from train.sampling.sources import ClipFiles, Source, check_guidance, check_inpainting, clip_files, trained
from train.sampling.surroundings import Surroundings, choose_surroundings

DEFAULT_BATCH_SIZE = {"cpu": 4, "cuda": 16, "mps": 8}
"""On a CPU larger batches fall out of its caches: 8 pictures take a quarter more time each than 4."""
PAINTED = "painted"


@dataclass(frozen=True)
class Sampled:
    """What a call of `sample` did."""

    pictures: int
    """Pictures that the manifest now lists."""
    painted: int
    """How many of them were painted now; 0 where all were there."""
    step: int
    """Steps of training behind the finetuned ones."""


@dataclass(frozen=True)
class Order:
    """Prompts that are to be painted by one pair of models."""

    prompts: Sequence[Prompt]
    source: Source
    wishes: Wishes
    out: Path | None = None
    """None: a folder named after the order, in the run's folder or in the current one."""
    weights: Path | None = None
    """Folder of the released weights; None: this user's cache."""
    inpaint: tuple[Path, Path] | None = None
    """Picture and mask."""


def sample(run: Run, prompts: Sequence[Prompt], wishes: Wishes, weights: Path | None = None) -> Sampled:
    """Paint a release's captions into a run's samples/original and samples/finetuned.

    Only what is not there yet is painted, and what was asked for in another way is replaced. `weights` is the folder
    of the noised CLIP. Raises InputError before the first step.
    """
    sources = trained(run, wishes.upsample)
    around = choose_surroundings(wishes, run)
    whole = round_up(wishes.batch_size or DEFAULT_BATCH_SIZE[around.device])
    recipes = _recipes(sources["finetuned"], wishes, {"base": whole, "upsampler": whole})
    clip = _clip(sources["finetuned"], recipes, weights)
    parts = []
    for state, source in sources.items():
        layout = Layout(around, wishes.per_prompt, f"{state}/", clip.digests if clip else None)
        parts.append(Part(source, make_pairs(prompts, source, recipes, layout)))
    done = carry_out(Job(run.samples, parts, clip=clip, alone=True))
    return Sampled(done.pictures, done.painted, max(source.step for source in sources.values()))


def paint(order: Order) -> Done:
    """Paint prompts. The same order finds the same folder and paints what is not there. Raises before it writes."""
    source, wishes = order.source, order.wishes
    check_inpainting(source, order.inpaint is not None)
    around = choose_surroundings(wishes, source.run)
    recipes = _recipes(source, wishes, _batch_sizes(order, around), order.inpaint is not None)
    clip = _clip(source, recipes, order.weights)
    given = _given(source, order.inpaint)
    judge = open_judge() if wishes.candidates > 1 else None
    _tell_of_cuts(order.prompts, source)
    layout = Layout(
        around,
        wishes.per_prompt * wishes.candidates,
        clip=clip.digests if clip else None,
        inpaint=given.files if given else None,
    )
    pairs = make_pairs(order.prompts, source, recipes, layout)
    name = folder_name(pairs, wishes.candidates, judge and judge.digest)
    folder = order.out or (source.run.folder if source.run else Path()) / PAINTED / name
    wanted = [line for pair in pairs for line in pair.lines]
    Album(folder).check(wanted)  # before anything, a lock too, is put into what may be somebody's folder
    job = Job(folder, [Part(source, pairs)], wishes.per_prompt, judge, clip, given)
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder, str(folder)):
        Album(folder).check(wanted)  # again: another process may have painted into it until the lock was free
        return carry_out(job)


def _batch_sizes(order: Order, around: Surroundings) -> dict[ModelName, int]:
    """No larger than there are pictures: a single one is to cost no more than itself."""
    wishes = order.wishes
    wanted = wishes.batch_size or DEFAULT_BATCH_SIZE[around.device]
    pictures = len(order.prompts) * wishes.per_prompt
    return {"base": round_up(wanted, pictures * wishes.candidates), "upsampler": round_up(wanted, pictures)}


def _recipes(
    source: Source, wishes: Wishes, batch_sizes: Mapping[ModelName, int], inpaint: bool = False
) -> dict[ModelName, Recipe]:
    usual_seed = source.run.config.seed if source.run else 0
    wishes = replace(wishes, seed=usual_seed if wishes.seed is None else wishes.seed)
    return make_recipes(wishes, source.preset, source.options, batch_sizes, inpaint)


def _clip(source: Source, recipes: Mapping[ModelName, Recipe], folder: Path | None) -> ClipFiles | None:
    """The noised CLIP, where it guides. Raises where it is not there or does not know the base model's pictures."""
    if not recipes["base"].clip_guidance:
        return None
    found = clip_files(folder)
    check_guidance(found, source.options["base"])
    return found


def _given(source: Source, inpaint: tuple[Path, Path] | None) -> Given | None:
    if inpaint is None:
        return None
    options = source.options
    low = options["base"].image_size
    high = options["upsampler"].image_size if "upsampler" in options else None
    return read_given(*inpaint, low, high)


def _tell_of_cuts(prompts: Sequence[Prompt], source: Source) -> None:
    context = source.options["base"].text_ctx
    long = [prompt for prompt in prompts if bool(tokenize([prompt.text], context + 1).mask.all())]
    if long:
        say(f"{len(long)} of {len(prompts)} prompts are longer than {context} tokens; the rest of them is not read")
