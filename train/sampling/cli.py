"""`train sample` and `train repaint` on the command line; torch is loaded inside the commands."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from curator import console
from curator.errors import GateError, UsageError
from train.extra import require_extra

if TYPE_CHECKING:
    from train.sampling.recipe import Wishes
    from train.sampling.request import Request

SamplerChoice = Literal["ancestral", "ddim", "dpmpp-2m", "dpmpp-2m-sde", "euler", "heun", "euler-ancestral"]
WEIGHTS_HELP = "Folder of the released weights."
CACHE = "this user's cache"


def sample_command(
    prompts: Annotated[
        list[str] | None,
        typer.Argument(metavar="PROMPT", help="What to paint.", show_default="captions of the run's release"),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Read prompts from a file in UTF-8, one a line.")
    ] = None,
    captions: Annotated[
        Literal["test", "train", "both"] | None,
        typer.Option(help="Which captions of the release, where no prompts are given.", show_default="both, in turn"),
    ] = None,
    count: Annotated[int | None, typer.Option(min=1, help="So many captions.", show_default="32")] = None,
    per_prompt: Annotated[int, typer.Option("-n", "--per-prompt", min=1, help="Pictures of each prompt.")] = 1,
    candidates: Annotated[
        int, typer.Option(min=1, help="Paint so many for each picture, keep those that CLIP finds best.")
    ] = 1,
    model: Annotated[
        Literal["finetuned", "original", "released"] | None,
        typer.Option(
            help="Which models paint prompts, or captions, into a folder of their own.",
            show_default="finetuned; released where there is no run",
        ),
    ] = None,
    run: Annotated[str | None, typer.Option(help="Run to sample.", show_default="the one trained last")] = None,
    weights: Annotated[Path | None, typer.Option(metavar="DIR", help=WEIGHTS_HELP, show_default=CACHE)] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where to put what one pair of models paints.",
            show_default="a folder in painted/, in a run's folder",
        ),
    ] = None,
    inpaint: Annotated[
        tuple[Path, Path] | None,
        typer.Option(metavar="PICTURE MASK", help="Paint into PICTURE where MASK is white; the rest stays."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=console.LARGEST_SEED, help="Of the noise.", show_default="the run's, or 0")
    ] = None,
    short: Annotated[
        bool, typer.Option("--short", help="Few steps of dpmpp-2m, guided in the middle: a tenth of the time.")
    ] = False,
    sampler: Annotated[
        SamplerChoice | None, typer.Option(help="Of the base model.", show_default="the preset's")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=2, max=1000, help="Of the base model.", show_default="the preset's")
    ] = None,
    eta: Annotated[float | None, typer.Option(help="Noise of ddim: 0 none, 1 as ancestral.", show_default="0")] = None,
    guidance: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="Scale of classifier-free guidance; 1: none.",
            show_default="the preset's; 5 with --inpaint, 1 with --clip-guidance",
        ),
    ] = None,
    clip_guidance: Annotated[
        float | None, typer.Option(min=0, help="Scale of guidance by the noised CLIP.", show_default="0: none")
    ] = None,
    guidance_interval: Annotated[
        str | None,
        typer.Option(metavar="LOW:HIGH", help="Timesteps with classifier-free guidance.", show_default="all"),
    ] = None,
    guidance_rescale: Annotated[
        float | None, typer.Option(metavar="PHI", help="0 to 1: against too much contrast.", show_default="0")
    ] = None,
    dynamic_threshold: Annotated[
        float | None,
        typer.Option(metavar="PERCENTILE", help="Of levels, against burnt-out colours.", show_default="off"),
    ] = None,
    upsample: Annotated[bool, typer.Option("--upsample/--no-upsample", help="Enlarge what the base paints.")] = True,
    upsampler_sampler: Annotated[
        SamplerChoice | None, typer.Option(help="Of the upsampler.", show_default="ddim; ancestral with --inpaint")
    ] = None,
    upsampler_steps: Annotated[
        int | None, typer.Option(min=2, max=1000, help="Of the upsampler.", show_default="the preset's")
    ] = None,
    upsample_temp: Annotated[
        float | None, typer.Option(min=0, help="Factor of the upsampler's first noise.", show_default="0.997")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Pictures at a time, rounded up to fours.", show_default="4, on a GPU 16")
    ] = None,
    device: Annotated[Literal["auto", "cpu", "cuda", "mps"], typer.Option(help="What to compute on.")] = "auto",
    precision: Annotated[
        Literal["auto", "float32", "bfloat16", "float16"],
        typer.Option(help="Type of numbers; auto: what the run trained in, or the faster one."),
    ] = "auto",
    compiled: Annotated[
        bool, typer.Option("--compile", help="Compile the models first: minutes, worth it for many pictures.")
    ] = False,
    _folder: console.InFolder = None,
) -> None:
    """Paint prompts, or a release's captions with the untouched and the finetuned models, for comparison.

    Captions go into samples/original and samples/finetuned in the run's folder, prompts into a folder of their own.
    Both hold manifest.jsonl, with all that made each picture, and grid.png. Again: paints only what is missing.

    With --model, --out, --inpaint or --candidates, captions are painted as prompts are: by one pair of models.
    """
    require_extra()
    from train.sampling.recipe import Wishes, shortened
    from train.sampling.request import Request

    request = Request(prompts or [], file, captions, count, model, run, weights, out, inpaint)
    wishes = Wishes(
        seed=seed,
        per_prompt=per_prompt,
        candidates=candidates,
        batch_size=batch_size,
        sampler=sampler,
        steps=steps,
        eta=eta,
        guidance=guidance,
        clip_guidance=clip_guidance,
        guidance_interval=_interval(guidance_interval),
        guidance_rescale=guidance_rescale,
        dynamic_threshold=dynamic_threshold,
        upsample=upsample,
        upsampler_sampler=upsampler_sampler,
        upsampler_steps=upsampler_steps,
        upsample_temp=upsample_temp,
        device=device,
        precision=precision,
        compiled=compiled,
    )
    if short:
        wishes = shortened(wishes)
    (_paint_prompts if request.one_pair(wishes) else _paint_captions)(request, wishes)


def repaint_command(
    pictures: Annotated[list[Path], typer.Argument(metavar="PICTURE", help="What train sample painted.")],
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to put them.", show_default="only missing ones, back")
    ] = None,
    weights: Annotated[Path | None, typer.Option(metavar="DIR", help=WEIGHTS_HELP, show_default=CACHE)] = None,
    _folder: console.InFolder = None,
) -> None:
    """Paint pictures again from their manifest lines, and say whether their bits are the same.

    A picture that is gone is put back. Ends with code 4 where bits differ: another machine, another version of torch.
    """
    require_extra()
    from curator.files import write_bytes
    from train.sampling.pictures import to_png
    from train.sampling.repaint import find, repaint, targets

    wanted = list({found.path: found for found in map(find, pictures)}.values())
    put_into = {found.path: target for found, target in zip(wanted, targets(wanted, to), strict=True)} if to else {}
    differing = 0
    for again in repaint(wanted, weights):
        path = again.found.path
        gone, target = again.before is None, put_into.get(path)
        if target or gone:
            write_bytes(target or path, to_png(again.levels))
        if gone:
            console.put(f"{path}: painted, it was gone")
        elif again.same:
            console.put(f"{path}: the same bits")
        else:
            differing += 1
            console.put(f"{path}: differs by up to {again.largest_difference} of 255 levels")
    if differing:
        raise GateError(
            f"{differing} of {len(wanted)} pictures have other bits now",
            hint="the same bits come with the same machine, threads and version of torch, see the manifest",
        )


def _paint_captions(request: "Request", wishes: "Wishes") -> None:
    """A release's captions by both models of a run."""
    from curator.workspace import Workspace
    from train.runs import find_run
    from train.sampling.sample import sample

    run = find_run(Workspace.find().runs, request.run)
    request.check_weights(run, wishes)
    prompts = request.captions_of(run)
    with run.locked():
        done = sample(run, prompts, wishes, request.weights)
    if not done.painted:
        console.put(f"run {run.name}: all {done.pictures} pictures of step {done.step} were painted before")
    else:
        console.put(
            f"run {run.name}: painted {done.painted} of {done.pictures} pictures, finetuned at step {done.step}"
        )
    console.say(f"in {run.samples}\nnext: evaluate run")


def _paint_prompts(request: "Request", wishes: "Wishes") -> None:
    """Prompts by one pair of models; captions of a release, where none are given."""
    from train.sampling.sample import Order, paint

    run = request.painting_run()
    prompts = request.texts(run)
    with run.locked() if run else nullcontext():
        source = request.source(run, wishes)
        done = paint(Order(prompts, source, wishes, request.out, request.weights, request.inpaint))
    if done.painted:
        console.put(f"painted {done.painted} of {done.pictures} pictures in {done.folder}")
    else:
        console.put(f"all {done.pictures} pictures were painted before, in {done.folder}")
    console.say(f"at a glance: {done.grid}")


def _interval(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    low, colon, high = text.partition(":")
    if not (colon and low.isdecimal() and high.isdecimal()):
        raise UsageError(f"--guidance-interval {text!r} is not of the form LOW:HIGH", hint="for example 200:800")
    return int(low), int(high)
