"""How long things take, as measured: to paint a batch, and to load a style that a runner does not hold.

    Pace   moving averages, and honest guesses until something was measured

A batch is measured from when its runner began it, so that neither an idle hour nor a wait in the queue
counts. What a runner that lacks a style takes beyond its engine's time is the loading.
"""

from __future__ import annotations

from collections import OrderedDict

#: Seconds for a pixel before any was painted: two cores of a CPU paint ten photos of 1024 by 1024 a second.
FIRST_PIXEL = 0.1 / (1 << 20)
#: Seconds for a photo before any was painted.
FIRST_PHOTO = 0.1
#: Seconds to load a style of a base that the runner holds: to read some kilobytes, and some to pull them.
FIRST_ROW = 0.02
#: Seconds to load a network: to pull some megabytes, and to compile them for the device.
FIRST_NETWORK = 0.2
#: What the newest measurement counts in an average.
NEWEST = 0.25
#: Kinds of batches that are known apart.
MAX_KINDS = 256

#: A device, and what a batch has in common: base and long side.
Kind = tuple[str, tuple[str, int]]


class Pace:
    """What was measured of all runners; those of one device are alike."""

    def __init__(self) -> None:
        self._kinds: OrderedDict[Kind, float] = OrderedDict()  # seconds for a pixel, the last used last
        self._devices: dict[str, float] = {}  # the same, of whatever was painted there
        #: Seconds of a runner for a photo, loading included, on average.
        self.photo = FIRST_PHOTO
        #: Seconds to load a style of a base that the runner holds.
        self.row = FIRST_ROW
        #: Seconds to load a network.
        self.network = FIRST_NETWORK

    def seconds(self, kind: Kind, pixels: int) -> float:
        """How long a batch takes that has so many pixels, once its styles are loaded."""
        pixel = self._kinds.get(kind)
        return pixels * (self._devices.get(kind[0], FIRST_PIXEL) if pixel is None else pixel)

    def painted(self, kind: Kind, pixels: int, seconds: float) -> None:
        """A batch took so long, without what had to be loaded for it."""
        pixel = seconds / pixels
        self._devices[kind[0]] = _average(self._devices.get(kind[0], pixel), pixel)
        self._kinds[kind] = _average(self._kinds.get(kind, pixel), pixel)
        self._kinds.move_to_end(kind)
        if len(self._kinds) > MAX_KINDS:
            self._kinds.popitem(last=False)

    def loaded(self, styles: int, seconds: float, *, network: bool) -> None:
        """Loading took so long: a network, or `styles` of a base that was there."""
        if network:
            self.network = _average(self.network, seconds)
        else:
            self.row = _average(self.row, seconds / styles)

    def ended(self, photos: int, seconds: float) -> None:
        """So many photos kept a runner busy for so long, whatever became of them."""
        self.photo = _average(self.photo, seconds / photos)


def _average(average: float, newest: float) -> float:
    return average + NEWEST * (newest - average)
