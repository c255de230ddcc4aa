"""The row of CLIP: do the pictures show what their captions say."""

import numpy as np

from curator.encoders import ClipEncoder
from curator.errors import InputError
from curator.tokens import ClipTokenizer
from eval.clip_score import cosines, paired_difference
from eval.distances import Measuring
from eval.features import Array
from eval.resampling import cluster_interval
from eval.row import Difference, Figure, Figures, Row, blank

CONTEXT = 77
"""Tokens that CLIP reads, start and end among them."""


def name(extractor: str) -> str:
    """The bare cosine; the name says so, for other scales carry the name CLIPScore."""
    return f"cosine {extractor}"


def alignment_row(measuring: Measuring, encoder: ClipEncoder) -> Row:
    """Mean cosine of caption and picture for both models, and for the real pictures of the same captions."""
    try:
        return _measured(measuring, encoder)
    except InputError as error:
        return blank(measuring.group, "alignment", name(encoder.name), error.message)


def _measured(measuring: Measuring, encoder: ClipEncoder) -> Row:
    group, sets, settings = measuring.group, measuring.features, measuring.settings
    prompts = [pair.prompt for pair in group.pairs]
    texts = encoder.encode_texts(prompts)
    before, after = cosines(texts, sets.original), cosines(texts, sets.finetuned)
    change = paired_difference(before, after, measuring.subjects, settings.resamples, settings.seed)

    def figure(values: Array) -> Figure:
        interval = cluster_interval(values, measuring.subjects, settings.resamples, settings.seed)
        return Figure(float(values.mean()), interval)

    place = {sample.image_id: index for index, sample in enumerate(group.reals)}
    shown = [place.get(pair.image_id) for pair in group.pairs]
    of_real = None
    if shown and None not in shown:
        of_real = figure(cosines(texts, sets.real[np.array(shown)]))
    return Row(
        kind="alignment",
        metric=name(encoder.name),
        role=group.role,
        stage=group.stage,
        resolution=group.resolution,
        n_real=len(group.reals),
        n_fake=len(group.pairs),
        figures=Figures(figure(before), figure(after), Difference(change.difference, change.interval, change.p)),
        real=of_real,
        note=_cut(prompts),
    )


def _cut(prompts: list[str]) -> str:
    tokenizer = ClipTokenizer()
    cut = sum(len(tokenizer.encode(prompt)) > CONTEXT - 2 for prompt in prompts)
    return f"{cut} of {len(prompts)} captions are longer than {CONTEXT} tokens and were cut" if cut else ""
