"""The map: places on a plain graticule, sized by how many documents name them."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np

from rift.guidelines import Place

WIDTH = 720
"""The width of the plane, in units of its own; its height follows from the degrees that it shows."""

_LARGEST = 26.0  # radius of the place that most documents name
_SMALLEST = 2.5
_SOLID = 7.0  # radius from which on no name may cover a circle
_MARGIN = 0.2  # degrees between a place and the edge, at least
_LETTER, _LINE = 6.6, 12.0  # size of a letter of a name, and of its line
_NAMES = 30  # names written on the map at most


@dataclasses.dataclass(frozen=True, slots=True)
class Spot:
    """A place on the plane: its centre, its radius, the documents that name it, and where its name stands.

    `anchor` is the `text-anchor` of the name; `name_at` is None where there is no room for it.
    """

    key: str
    name: str
    x: float
    y: float
    radius: float
    documents: int
    name_at: tuple[float, float] | None = None
    anchor: str = "start"


@dataclasses.dataclass(frozen=True, slots=True)
class Atlas:
    """A map: its height, its spots, the largest first, and the graticule: places of meridians and parallels, named."""

    height: int
    spots: Sequence[Spot]
    meridians: Sequence[tuple[float, str]]
    parallels: Sequence[tuple[float, str]]


@dataclasses.dataclass(frozen=True, slots=True)
class _Window:
    """The degrees that a map shows, and the scale: units of the plane for a degree of longitude and latitude."""

    west: float
    east: float
    south: float
    north: float

    @property
    def scale(self) -> tuple[float, float]:
        across = WIDTH / (self.east - self.west)
        return across, across / math.cos(math.radians((self.south + self.north) / 2))

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        across, up = self.scale
        return round((longitude - self.west) * across, 1), round((self.north - latitude) * up, 1)

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


def atlas(counts: Mapping[str, int], places: Mapping[str, Place]) -> Atlas:
    """Return the map of the places in `counts`, which holds how many documents name each.

    Equirectangular, true at its middle parallel. Places without coordinates are left out, and so are those far from
    most others. No place gives a map without height.
    """
    known = {
        key: (places[key].latitude or 0.0, places[key].longitude or 0.0)
        for key, count in counts.items()
        if count and key in places and places[key].latitude is not None
    }
    if not known:
        return Atlas(0, (), (), ())
    south, north = _degrees([latitude for latitude, _ in known.values()])
    west, east = _degrees([longitude for _, longitude in known.values()])
    window = _Window(west, east, south, north)
    most = max(counts[key] for key in known)
    spots = [
        Spot(
            key,
            places[key].name,
            *window.place(*where),
            round(max(_SMALLEST, _LARGEST * math.sqrt(counts[key] / most)), 1),
            counts[key],
        )
        for key, where in known.items()
        if window.holds(*where)
    ]
    height = round((north - south) * window.scale[1])
    return Atlas(
        height,
        _with_names(sorted(spots, key=lambda spot: (-spot.documents, spot.key)), height),
        [(window.place(0, degree)[0], _named_degree(degree, "EW")) for degree in _whole(west, east)],
        [(window.place(degree, 0)[1], _named_degree(degree, "NS")) for degree in _whole(south, north)],
    )


def _whole(low: float, high: float) -> range:
    """Return the whole degrees between two edges."""
    return range(math.floor(low) + 1, math.ceil(high))


def _named_degree(degree: int, sides: str) -> str:
    return f"{abs(degree)}° {sides[degree < 0]}"


def _degrees(values: Sequence[float]) -> tuple[float, float]:
    """Return the half degrees around the values that lie within Tukey's fences."""
    first, third = np.quantile(values, (0.25, 0.75))
    fence = 1.5 * (third - first)
    inside = [value for value in values if first - fence <= value <= third + fence]
    return math.floor(2 * (min(inside) - _MARGIN)) / 2, math.ceil(2 * (max(inside) + _MARGIN)) / 2


def _with_names(spots: Sequence[Spot], height: float) -> list[Spot]:
    """Give the names of the largest spots a place that is free, to the right, to the left, above or below."""
    taken = {
        spot.key: _box(spot.x - spot.radius, spot.y - spot.radius, 2 * spot.radius, 2 * spot.radius)
        for spot in spots
        if spot.radius >= _SOLID
    }
    found: list[Spot] = []
    for number, spot in enumerate(spots):
        others = [box for key, box in taken.items() if key != spot.key]
        wide, gap = len(spot.name) * _LETTER, spot.radius + 4
        choices = [
            ("start", spot.x + gap, spot.y + 4, spot.x + gap),
            ("end", spot.x - gap, spot.y + 4, spot.x - gap - wide),
            ("middle", spot.x, spot.y - gap, spot.x - wide / 2),
            ("middle", spot.x, spot.y + gap + 8, spot.x - wide / 2),
        ]
        named = spot
        for anchor, x, y, left in choices if number < _NAMES else ():
            box = _box(left, y - _LINE + 2, wide, _LINE + 2)
            if _inside(box, height) and not any(_overlap(box, other) for other in others):
                taken[f"{spot.key} name"] = box
                named = dataclasses.replace(spot, name_at=(round(x, 1), round(y, 1)), anchor=anchor)
                break
        found.append(named)
    return found


_Box = tuple[float, float, float, float]


def _box(left: float, top: float, width: float, height: float) -> _Box:
    return left, top, left + width, top + height


def _inside(box: _Box, height: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= height


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
