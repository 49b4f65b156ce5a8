"""The densities known by name: what the menu of targets shows, without the maths behind it."""

from __future__ import annotations

import math

import msgspec


class NamedInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One named density. `entropy` is its differential entropy in nats, the floor of the loss: exact, or by quadrature
    of p log p on two resolutions that agree to the last digit given."""

    name: str
    title: str
    dimensions: int
    description: str
    entropy: float | None = None
    has_log_prob: bool = True
    shape: tuple[int, ...] = ()
    """Of pictures (C, H, W) and sequences (C, T); vectors leave it empty."""
    classes: tuple[str, ...] = ()
    """What a class of it is called, where it can be conditioned by class."""
    numbers: tuple[str, ...] = ()
    """What the numbers are called that it can be conditioned by."""
    conditional_entropy: float | None = None
    """The smallest possible expected −log p(x | context), nats: exact, or by quadrature."""
    floor: float | None = None
    """A lower bound of the entropy where that is not known: the entropy of the noise alone, given all the rest."""

    @property
    def event_shape(self) -> tuple[int, ...]:
        return self.shape or (self.dimensions,)


_LOG_2PI_E = math.log(2 * math.pi * math.e)
_BLURRED_INTERVAL = 1.997521
"""Entropy of U(0, 7) + N(0, 0.2²), which the first coordinate of the waves follows."""


def _noise_entropy(count: int, sd: float) -> float:
    """Differential entropy of `count` independent normal numbers, nats."""
    return count * (0.5 * _LOG_2PI_E + math.log(sd))


_RADIUS, _PERIOD = 0.97, 12.0
"""Of the poles of the autoregressive process, and moments in a turn of theirs."""
_SECOND = -(_RADIUS**2)
_FIRST_CORRELATION = 2.0 * _RADIUS * math.cos(2.0 * math.pi / _PERIOD) / (1.0 - _SECOND)
_INNOVATION_VARIANCE = (1.0 - _SECOND**2) * (1.0 - _FIRST_CORRELATION**2)
"""γ₀ (1 − ρ₁²)(1 − a₂²): the product of one less each squared partial correlation."""

_SINES = _noise_entropy(58, 0.1) + 6.268439
"""Entropy of the sine mixture of one pitch: noise in 58 directions, and three blurred circles, by quadrature."""
_STRINGS = -149.089112
"""Mean over the four pitches of the entropy of their Gaussian. No wave of four pitches could be taken for another's."""

_LISTED = (
    NamedInfo(
        name="two_moons",
        title="Two moons",
        dimensions=2,
        description="Two interleaved half circles, blurred.",
        entropy=2.393879,
        classes=("upper", "lower"),
        conditional_entropy=1.70257,
    ),
    NamedInfo(
        name="eight_gaussians",
        title="Eight Gaussians",
        dimensions=2,
        description="Eight round modes on a circle: a flow joins them by thin filaments.",
        entropy=2.831880,
        classes=("0°", "45°", "90°", "135°", "180°", "225°", "270°", "315°"),
        conditional_entropy=_noise_entropy(2, 0.5 / 1.414),
    ),
    NamedInfo(
        name="twenty_five_gaussians",
        title="Twenty-five Gaussians",
        dimensions=2,
        description="A five by five lattice of narrow modes.",
        entropy=2.262510,
        classes=tuple(f"({1.5 * i:g}, {1.5 * j:g})" for i in range(-2, 3) for j in range(-2, 3)),
        conditional_entropy=_noise_entropy(2, 0.15),
    ),
    NamedInfo(
        name="checkerboard",
        title="Checkerboard",
        dimensions=2,
        description="Eight uniform squares with sharp edges and touching corners.",
        entropy=math.log(32.0),
        classes=tuple("12345678"),
        conditional_entropy=math.log(4.0),
    ),
    NamedInfo(
        name="rings",
        title="Four rings",
        dimensions=2,
        description="Four thin concentric rings.",
        entropy=2.623183,
        classes=("r = 3", "r = 2.25", "r = 1.5", "r = 0.75"),
        conditional_entropy=1.236895,
    ),
    NamedInfo(
        name="circles",
        title="Two circles",
        dimensions=2,
        description="A circle inside another: no continuous map can open them.",
        entropy=3.268136,
        classes=("r = 3", "r = 1.5"),
        conditional_entropy=2.57762,
    ),
    NamedInfo(
        name="pinwheel",
        title="Pinwheel",
        dimensions=2,
        description="Five arms, bent by a twist that grows with the radius.",
        entropy=2.317788,
        classes=("0°", "72°", "144°", "216°", "288°"),
        conditional_entropy=0.714815,
    ),
    NamedInfo(
        name="two_spirals",
        title="Two spirals",
        dimensions=2,
        description="Two arms wound around each other.",
        entropy=2.645450,
        classes=("+", "−"),
        conditional_entropy=1.95366,
    ),
    NamedInfo(
        name="swiss_roll",
        title="Swiss roll",
        dimensions=2,
        description="One long spiral arm, blurred.",
        entropy=2.669646,
    ),
    NamedInfo(
        name="banana",
        title="Banana",
        dimensions=2,
        description="x2 is normal and bends x1 into a parabola: one autoregressive layer is exact in the right order.",
        entropy=_LOG_2PI_E + math.log(2.0),
    ),
    NamedInfo(
        name="funnel",
        title="Funnel",
        dimensions=2,
        description="The first coordinate sets the scale of the second: wide at one end, a needle at the other.",
        entropy=_LOG_2PI_E,
    ),
    NamedInfo(
        name="sine",
        title="Sine",
        dimensions=2,
        description="A sine wave with normal noise.",
        entropy=_BLURRED_INTERVAL + 0.5 * _LOG_2PI_E + math.log(0.25),
    ),
    NamedInfo(
        name="cross",
        title="Cross",
        dimensions=2,
        description="Two long Gaussians across each other.",
        entropy=2.240227,
        classes=("x1", "x2"),
        conditional_entropy=_noise_entropy(1, 1.6) + _noise_entropy(1, 0.2),
    ),
    NamedInfo(
        name="star",
        title="Star",
        dimensions=2,
        description="A five-pointed star, uniform inside.",
        entropy=math.log(
            5.0 * 3.6**2 * math.sin(math.radians(18.0)) * math.sin(math.radians(36.0)) / math.sin(math.radians(54.0))
        ),
    ),
    NamedInfo(
        name="corners",
        title="Corners",
        dimensions=2,
        description="Four L-shaped corners, uniform inside.",
        entropy=math.log(9.75),
        classes=("− −", "− +", "+ −", "+ +"),
        conditional_entropy=math.log(9.75 / 4.0),
    ),
    NamedInfo(
        name="four_circles",
        title="Four circles",
        dimensions=2,
        description="Four thin circles that cross each other.",
        entropy=2.870819,
        classes=("− −", "− +", "+ −", "+ +"),
        conditional_entropy=1.646751,
    ),
    NamedInfo(
        name="gaussian",
        title="Correlated Gaussian",
        dimensions=2,
        description="One Gaussian with correlation 0.8: a linear layer is enough.",
        entropy=_LOG_2PI_E + 0.5 * math.log(1.0 - 0.8**2),
    ),
    NamedInfo(
        name="donut",
        title="Donut",
        dimensions=2,
        description="One thick ring: a hole that a flow can only thin out.",
        entropy=3.250193,
    ),
    NamedInfo(
        name="heart",
        title="Heart",
        dimensions=2,
        description="The outline of a heart, blurred.",
        entropy=1.960206,
    ),
    NamedInfo(
        name="infinity",
        title="Infinity",
        dimensions=2,
        description="A figure of eight that crosses itself.",
        entropy=2.198959,
    ),
    NamedInfo(
        name="wave",
        title="Wave (energy U2)",
        dimensions=2,
        description="The second energy of Rezende and Mohamed (2015), within |x1| < 3.5.",
        entropy=_BLURRED_INTERVAL + 0.5 * _LOG_2PI_E + math.log(0.4),
    ),
    NamedInfo(
        name="split",
        title="Split (energy U3)",
        dimensions=2,
        description="The third energy of Rezende and Mohamed (2015): a wave that parts in the middle.",
        entropy=2.570236,
    ),
    NamedInfo(
        name="fork",
        title="Fork (energy U4)",
        dimensions=2,
        description="The fourth energy of Rezende and Mohamed (2015): a wave that forks to one side.",
        entropy=2.719969,
    ),
    NamedInfo(
        name="turning_moons",
        title="Turning moons",
        dimensions=2,
        description="The two moons turned by an angle: the number that the density can be conditioned by.",
        has_log_prob=False,
        numbers=("angle",),
        conditional_entropy=2.393879,
    ),
    NamedInfo(
        name="mixture_1d",
        title="Three peaks",
        dimensions=1,
        description="Three Gaussians of different width and weight on a line.",
        entropy=1.667542,
        classes=("−2", "1", "3"),
        conditional_entropy=0.5 * _LOG_2PI_E + 0.5 * math.log(0.8) + 0.3 * math.log(0.4) + 0.2 * math.log(0.15),
    ),
    NamedInfo(
        name="claw",
        title="Claw",
        dimensions=1,
        description="A normal with five sharp teeth (Marron and Wand 1992).",
        entropy=1.192764,
    ),
    NamedInfo(
        name="laplace",
        title="Laplace",
        dimensions=1,
        description="A sharp peak with heavy tails.",
        entropy=1.0 + math.log(2.0),
    ),
    NamedInfo(
        name="exponential",
        title="Exponential",
        dimensions=1,
        description="Zero below 0, decaying above: an edge in the density.",
        entropy=1.0,
    ),
    NamedInfo(
        name="helix",
        title="Helix",
        dimensions=3,
        description="A screw line in space, blurred.",
        entropy=3.093211,
    ),
    NamedInfo(
        name="swiss_roll_3d",
        title="Swiss roll in 3-D",
        dimensions=3,
        description="A rolled-up sheet, blurred.",
        entropy=4.521619,
    ),
    NamedInfo(
        name="torus",
        title="Torus",
        dimensions=3,
        description="The surface of a ring-shaped tube, blurred.",
        entropy=3.214311,
    ),
    NamedInfo(
        name="gaussian_8d",
        title="Correlated Gaussian in 8-D",
        dimensions=8,
        description="Eight coordinates, each correlated 0.8 with its neighbour.",
        entropy=4.0 * _LOG_2PI_E + 3.5 * math.log(1.0 - 0.8**2),
    ),
    NamedInfo(
        name="funnel_8d",
        title="Funnel in 8-D",
        dimensions=8,
        description="The first coordinate sets the scale of the seven others.",
        entropy=4.0 * _LOG_2PI_E,
    ),
    NamedInfo(
        name="mixture_8d",
        title="Mixture in 8-D",
        dimensions=8,
        description="Eight Gaussians on the axes of an 8-dimensional space.",
        entropy=7.885548,
        classes=tuple(f"x{i + 1}" for i in range(8)),
        conditional_entropy=_noise_entropy(8, 0.5),
    ),
    NamedInfo(
        name="ar_process",
        title="Autoregressive process",
        dimensions=64,
        description="A Gaussian process of second order that rings: each moment depends on the two before it.",
        entropy=_noise_entropy(64, 1.0)
        + 0.5 * math.log(1.0 - _FIRST_CORRELATION**2)
        + 31.0 * math.log(_INNOVATION_VARIANCE),
        shape=(1, 64),
    ),
    NamedInfo(
        name="sine_mixture",
        title="Sine mixture",
        dimensions=64,
        description="Three harmonics of random phase on one of four pitches, with normal noise.",
        entropy=_SINES + math.log(4.0),
        shape=(1, 64),
        classes=("2 cycles", "3 cycles", "5 cycles", "7 cycles"),
        conditional_entropy=_SINES,
    ),
    NamedInfo(
        name="chirps",
        title="Chirps",
        dimensions=64,
        description="Tones that glide up or down, with normal noise.",
        has_log_prob=False,
        shape=(1, 64),
        classes=("up", "down"),
        floor=_noise_entropy(64, 0.1),
    ),
    NamedInfo(
        name="plucked_strings",
        title="Plucked strings",
        dimensions=128,
        description="Strings of four pitches, plucked at random and dying away (Karplus and Strong 1983).",
        entropy=_STRINGS + math.log(4.0),
        shape=(1, 128),
        classes=("9 moments", "12 moments", "16 moments", "21 moments"),
        conditional_entropy=_STRINGS,
    ),
    NamedInfo(
        name="digits",
        title="Digits",
        dimensions=64,
        description="1797 handwritten digits of 8 x 8 pixels in 17 grey levels.",
        has_log_prob=False,
        shape=(1, 8, 8),
        classes=tuple("0123456789"),
    ),
)

NAMED: dict[str, NamedInfo] = {info.name: info for info in _LISTED}
"""Name to description, in the order of the menu."""
