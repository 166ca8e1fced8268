"""How long things take, as measured: to paint a batch, and to load a style that a runner does not hold.

    CostModel   moving averages, and honest guesses until something was measured
    LinearFit    what of a batch's time goes with its pixels, and what every batch costs

A batch is measured from when its runner began it, so that neither an idle hour nor a wait in the queue
counts. What of it was loading, the runner says.
"""

from __future__ import annotations

from styles.service.bounded_dict import BoundedDict

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
#: What the newest picture counts in the average of all: a single one of 4096 by 4096 takes as long as sixteen
#: usual ones, and may not make everybody wait so much longer.
NEWEST_PICTURE = 1 / 32
#: Kinds of batches that are known apart.
MAX_KINDS = 256

#: What the newest counts in a fit, which needs batches of several sizes.
NEWEST_OF_MANY = 1 / 32
#: What every batch costs, as a part of a full one's time, from which on it pays to wait for more photos. In a
#: simulation at loads of 0.3 to 0.95 waiting made photos 3 to 8 % later where a batch cost nothing, and up to
#: 13 % sooner where it cost an eighth. On two cores it costs nothing: 71 ms alone, 83 ms a photo in fours.
WORTH = 0.05

#: A device, and what a batch has in common: base and long side.
Kind = tuple[str, tuple[str, int]]


class LinearFit:
    """What batches of one kind took: the line through their sizes and seconds, the newest counting most."""

    def __init__(self) -> None:
        self._x = self._y = self._xx = self._xy = 0.0  # means
        self._count = 0
        #: Seconds for a pixel, of the last few.
        self.pixel = 0.0

    def add(self, pixels: float, seconds: float) -> None:
        """A batch."""
        pixel = seconds / pixels
        self.pixel = _average(self.pixel, pixel) if self._count else pixel
        self._count += 1
        new = max(NEWEST_OF_MANY, 1 / self._count)
        self._x += new * (pixels - self._x)
        self._y += new * (seconds - self._y)
        self._xx += new * (pixels * pixels - self._xx)
        self._xy += new * (pixels * seconds - self._xy)

    def fixed(self) -> float | None:
        """What a batch costs whatever its size, seconds; None where all had about one size."""
        variance = self._xx - self._x**2
        if self._count < 2 or variance < (0.1 * self._x) ** 2:
            return None
        slope = (self._xy - self._x * self._y) / variance
        return max(0.0, self._y - slope * self._x)


class CostModel:
    """What was measured of all runners; those of one device are alike."""

    def __init__(self) -> None:
        self._kinds = BoundedDict[Kind, LinearFit](MAX_KINDS)
        self._devices: dict[str, LinearFit] = {}  # of whatever was painted there
        self._pictures = 1  # measured; the guess counts as one
        #: Seconds of a runner for a photo, or a picture of a sheet, loading included, on average.
        self.photo = FIRST_PHOTO
        #: Seconds to load a style of a base that the runner holds.
        self.row = FIRST_ROW
        #: Seconds to load a network.
        self.network = FIRST_NETWORK

    def seconds(self, kind: Kind, pixels: int) -> float:
        """How long a batch takes that has so many pixels, once its styles are loaded."""
        fit = self._kinds.get(kind) or self._devices.get(kind[0])
        return pixels * (fit.pixel if fit else FIRST_PIXEL)

    def worth_filling(self, kind: Kind, full: int) -> bool:
        """If a batch of `full` pixels is so much cheaper than several small ones that it is worth a wait."""
        fit = self._kinds.get(kind)
        fixed = fit.fixed() if fit else None
        return fixed is None or fixed > WORTH * self.seconds(kind, full)

    def painted(self, kind: Kind, pixels: int, seconds: float) -> None:
        """A batch took so long, without what had to be loaded for it."""
        self._devices.setdefault(kind[0], LinearFit()).add(pixels, seconds)
        self._kinds.get_or_add(kind, LinearFit).add(pixels, seconds)

    def loaded(self, styles: int, seconds: float, *, network: bool) -> None:
        """Loading took so long: a network, or `styles` of a base that was there."""
        if network:
            self.network = _average(self.network, seconds)
        else:
            self.row = _average(self.row, seconds / styles)

    def ended(self, pictures: int, seconds: float) -> None:
        """So many pictures kept a runner busy for so long, and all were painted. Each counts alike."""
        self._pictures += pictures
        newest = max(1 - (1 - NEWEST_PICTURE) ** pictures, pictures / self._pictures)
        self.photo += newest * (seconds / pictures - self.photo)


def _average(average: float, newest: float) -> float:
    return average + NEWEST * (newest - average)
