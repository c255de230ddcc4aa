import pytest

from curator.errors import ConfigError
from train.glide.options import read_options
from train.glide.presets import PRESETS
from train.sampling.recipe import Recipe, Wishes, make_recipes, round_up, shortened


def options(preset):
    return {"base": read_options(PRESETS[preset].base), "upsampler": read_options(PRESETS[preset].upsampler)}


def recipes(preset="glide", inpaint=False, **wishes):
    return make_recipes(Wishes(**wishes), PRESETS[preset], options(preset), {"base": 4, "upsampler": 4}, inpaint)


def test_the_released_recipe():
    assert recipes() == {
        "base": Recipe(0, 4, "ancestral", "100", guidance=3.0),
        "upsampler": Recipe(0, 4, "ddim", "fast27", temperature=0.997),
    }


def test_the_released_recipe_of_inpainting():
    assert recipes(inpaint=True) == {
        "base": Recipe(0, 4, "ancestral", "100", guidance=5.0),
        "upsampler": Recipe(0, 4, "ancestral", "fast27", temperature=0.997),
    }


def test_clip_guidance_takes_the_place_of_the_classifier_free_one_unless_both_are_asked_for():
    assert (recipes(clip_guidance=3.0)["base"].clip_guidance, recipes(clip_guidance=3.0)["base"].guidance) == (3.0, 1.0)
    assert recipes(clip_guidance=3.0, guidance=2.0)["base"].guidance == 2.0
    assert recipes(clip_guidance=0.0)["base"].guidance == 3.0


def test_the_tiny_pair_as_it_is_usually_sampled():
    found = recipes("tiny")
    assert [(each.sampler, each.respacing) for each in found.values()] == [("ddim", "ddim20"), ("ddim", "ddim10")]


@pytest.mark.parametrize(
    ("preset", "wishes", "respacing"),
    [
        ("glide", {"steps": 50}, "50"),
        ("glide", {"sampler": "ddim"}, "100"),
        ("glide", {"sampler": "ddim", "steps": 50}, "ddim50"),
        ("glide", {"sampler": "ddim", "steps": 27}, "27"),
        ("glide", {"sampler": "dpmpp-2m"}, "100"),
        ("tiny", {"sampler": "heun"}, "20"),
        ("tiny", {"steps": 25}, "ddim25"),
        ("tiny", {"steps": 7}, "7"),
    ],
)
def test_timesteps_of_the_base_model(preset, wishes, respacing):
    assert recipes(preset, **wishes)["base"].respacing == respacing


@pytest.mark.parametrize(
    ("preset", "wishes", "respacing"),
    [
        ("glide", {"upsampler_sampler": "ancestral"}, "fast27"),
        ("glide", {"upsampler_steps": 20}, "ddim20"),
        ("glide", {"upsampler_sampler": "heun", "upsampler_steps": 20}, "20"),
        ("tiny", {"upsampler_sampler": "heun"}, "10"),
    ],
)
def test_timesteps_of_the_upsampler(preset, wishes, respacing):
    assert recipes(preset, **wishes)["upsampler"].respacing == respacing


def test_the_upsampler_is_not_guided():
    found = recipes(guidance=7.0, guidance_rescale=0.5, guidance_interval=(1, 2), dynamic_threshold=9.0, eta=None)
    assert found["upsampler"] == recipes()["upsampler"]


def test_a_base_model_alone():
    found = make_recipes(Wishes(upsample=False), PRESETS["glide"], {"base": options("glide")["base"]}, {"base": 4})
    assert found.keys() == {"base"}


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"eta": 0.5}, "--eta belongs to the sampler ddim, not to ancestral"),
        ({"steps": 2000}, "cannot keep 2000"),
        ({"upsample_temp": float("inf")}, "not a finite number"),
        ({"guidance_interval": (9, 8)}, "9:8"),
        ({"upsample": False, "upsampler_steps": 9}, "--no-upsample"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_what_contradicts_itself_is_refused(wishes, told):
    with pytest.raises(ConfigError, match=told):
        recipes(**wishes)


@pytest.mark.parametrize(
    ("batch_size", "pictures", "expected"),
    [
        (4, None, 4), (1, None, 4), (5, None, 8), (16, None, 16), (4, 1, 1), (4, 3, 3), (1, 3, 3), (1, 4, 4),
        (16, 5, 8), (16, 100, 16), (3, 100, 4),
    ],
)  # fmt: skip
def test_pictures_at_a_time(batch_size, pictures, expected):
    assert round_up(batch_size, pictures) == expected


def test_the_short_recipe_fills_in_what_was_not_asked_for():
    short = shortened(Wishes())
    found = make_recipes(short, PRESETS["glide"], options("glide"), {"base": 4, "upsampler": 4})
    assert found == {
        "base": Recipe(0, 4, "dpmpp-2m", "15", guidance=3.0, guidance_interval=(200, 900)),
        "upsampler": Recipe(0, 4, "dpmpp-2m", "6", temperature=0.997),
    }
    asked = Wishes(sampler="heun", steps=9, guidance_interval=(0, 500), upsampler_sampler="ddim", upsampler_steps=4)
    assert shortened(asked) == asked


@pytest.mark.parametrize("wishes", [{"guidance": 1.0}, {"clip_guidance": 3.0}, {"upsample": False}])
def test_the_short_recipe_fits_what_else_was_asked_for(wishes):
    short = shortened(Wishes(**wishes))
    needed = {name: each for name, each in options("glide").items() if short.upsample or name == "base"}
    found = make_recipes(short, PRESETS["glide"], needed, {"base": 4, "upsampler": 4})
    assert (found["base"].guidance_interval is None) == (found["base"].guidance == 1)
    assert len(found) == 2 - (not short.upsample)
