import torch

from train.randomness import derive, generator


def test_a_draw_follows_from_seed_and_names():
    draws = {
        names: torch.randn(4, generator=generator(*names)).tolist()
        for names in [
            (0, "base", 1),
            (0, "base", 2),
            (0, "upsampler", 1),
            (1, "base", 1),
            (0, "base", 11),
            (0, "base1", 1),
        ]
    }
    assert len({tuple(draw) for draw in draws.values()}) == len(draws)
    assert all(torch.randn(4, generator=generator(*names)).tolist() == draw for names, draw in draws.items())


def test_a_seed_is_the_same_on_every_machine():
    assert derive(7, "base", "order", 3) == 266644313958347435
