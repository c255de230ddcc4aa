"""Respacing: which of the original timesteps a shorter sampling loop keeps."""

from curator.errors import ConfigError

ALLOWED = "use a number ('100'), 'ddimN', numbers per section ('10,10,3,2,2'), 'fast27', or nothing for all steps"


def kept_timesteps(respacing: str, steps: int = 1000) -> list[int]:
    """The kept timesteps of 0..steps-1, ascending.

    "100": spread evenly from first to last; "10,10,3,2,2": so many in each of five equal sections; "ddim50": every
    20th from 0; "fast27": "10,10,3,2,2" with a last step of steps-3; "": all. Raises ConfigError for anything else.
    """
    if respacing == "":
        return list(range(steps))
    if respacing == "fast27":
        return [*kept_timesteps("10,10,3,2,2", steps)[:-1], steps - 3]
    count = respacing.removeprefix("ddim")
    if not all(part.strip().isdecimal() and int(part) > 0 for part in count.split(",")):
        raise ConfigError(f"timestep respacing {respacing!r} is not known", hint=ALLOWED)
    if count != respacing:
        return _strided(int(count), steps) if "," not in count else _refuse(respacing)
    return _sections([int(part) for part in count.split(",")], steps)


def _refuse(respacing: str) -> list[int]:
    raise ConfigError(f"timestep respacing {respacing!r} is not known", hint=ALLOWED)


def _strided(count: int, steps: int) -> list[int]:
    for stride in range(1, steps + 1):
        kept = list(range(0, steps, stride))
        if len(kept) == count:
            return kept
    raise ConfigError(f"no whole stride gives {count} of {steps} timesteps", hint="use a count that divides them")


def _sections(counts: list[int], steps: int) -> list[int]:
    size, extra = divmod(steps, len(counts))
    kept: list[int] = []
    start = 0
    for section, count in enumerate(counts):
        length = size + (section < extra)
        if count > length:
            raise ConfigError(f"a section of {length} timesteps cannot keep {count}", hint="ask for fewer")
        stride = (length - 1) / (count - 1) if count > 1 else 1.0
        position = 0.0
        for _ in range(count):
            kept.append(start + round(position))
            position += stride  # summed up, not multiplied: 13 · 999/26 would round to 500 where the release has 499
        start += length
    return kept
