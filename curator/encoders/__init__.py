"""Feature extractors: pictures in, feature vectors out. The only place of `curator` that loads torch, inside functions.

Each of `effnet_lite0`, `inception` and `clip` returns its encoder, or an `Absent` that says why there is none and what
to do about it. Nothing here uses the network.
"""

from curator.encoders.clip import ClipEncoder, clip
from curator.encoders.effnet import effnet_lite0
from curator.encoders.encoder import Absent, Encoder, Features, Picture
from curator.encoders.inception import inception

__all__ = ["Absent", "ClipEncoder", "Encoder", "Features", "Picture", "clip", "effnet_lite0", "inception"]
