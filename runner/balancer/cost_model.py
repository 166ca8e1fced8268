"""Estimate the seconds to paint a batch and to load a style, from measurements.

A batch is timed from the moment its runner begins it: neither idle time nor the wait in the queue counts. The
runner reports how much of that time was loading. Large photos are painted in strips, beside the batches, and
are measured apart.
"""

from __future__ import annotations

from styles.service.bounded_dict import BoundedDict

#: Seconds a pixel, until one is measured: two CPU cores paint ten photos of 1024 by 1024 a second.
FIRST_PIXEL = 0.1 / (1 << 20)
#: Seconds a photo, until one is measured.
FIRST_PHOTO = 0.1
#: Seconds to load a style whose base the runner holds: to pull and read some kilobytes.
FIRST_ROW = 0.02
#: Seconds to load a network: to pull some megabytes, and compile them for the device.
FIRST_NETWORK = 0.2
#: Weight of the newest measurement in an average.
NEWEST = 0.25
#: Weight of the newest picture in the average of all pictures. It is small, since one of 4096 by 4096
#: takes as long as sixteen usual ones, and should not raise every expected wait by that.
NEWEST_PICTURE = 1 / 32
#: Kinds of batches that are measured apart.
MAX_KINDS = 256

#: Weight of the newest batch in a fit, which needs batches of several sizes.
NEWEST_OF_MANY = 1 / 32
#: Fixed cost of a batch, as a share of a full batch's time, from which waiting for more photos pays. It
#: comes from a simulation at loads of 0.3 to 0.95. Without a fixed cost, waiting made photos 3 to 8 %
#: later. At an eighth, it made them up to 13 % sooner. Two cores have none: 71 ms alone, 83 ms a photo in
#: fours.
WORTH = 0.05

#: Seconds that painting a large photo may take. A larger one is reduced to what its runner paints in them.
LARGE_SECONDS = 600.0
#: Seconds a pixel of a large photo for those of an ordinary one, until a large one is measured. Strips take
#: two to three times as long. Pixels of ordinary photos are counted as those of a square.
LARGE_FACTOR = 4.0

#: A device, and the key of a batch's photos: base and long side.
BatchKind = tuple[str, tuple[str, int]]


class LinearFit:
    """Fit a line through the pixels and seconds of one kind of batch, the newest counting most."""

    def __init__(self) -> None:
        self._x = self._y = self._xx = self._xy = 0.0  # means
        self._count = 0
        #: Seconds a pixel, averaged over the last few batches.
        self.pixel = 0.0

    def add(self, pixels: float, seconds: float) -> None:
        """Add a batch."""
        pixel = seconds / pixels
        self.pixel = _average(self.pixel, pixel) if self._count else pixel
        self._count += 1
        new = max(NEWEST_OF_MANY, 1 / self._count)
        self._x += new * (pixels - self._x)
        self._y += new * (seconds - self._y)
        self._xx += new * (pixels * pixels - self._xx)
        self._xy += new * (pixels * seconds - self._xy)

    def fixed(self) -> float | None:
        """Return the fixed seconds of a batch; None if all batches had about one size."""
        variance = self._xx - self._x**2
        if self._count < 2 or variance < (0.1 * self._x) ** 2:
            return None
        slope = (self._xy - self._x * self._y) / variance
        return max(0.0, self._y - slope * self._x)


class CostModel:
    """Hold the measurements of all runners; those on one device are alike."""

    def __init__(self) -> None:
        self._kinds = BoundedDict[BatchKind, LinearFit](MAX_KINDS)
        self._devices: dict[str, LinearFit] = {}  # all that was painted there
        self._large: dict[str, float] = {}  # seconds a pixel of large photos, by device
        self._pictures = 1  # measured; the guess counts as one
        #: Average seconds of a runner for a photo, or a picture of a sheet, with loading.
        self.photo = FIRST_PHOTO
        #: Average seconds to load a style whose base the runner holds.
        self.row = FIRST_ROW
        #: Average seconds to load a network.
        self.network = FIRST_NETWORK

    def seconds(self, kind: BatchKind, pixels: int) -> float:
        """Return the seconds that a batch of `pixels` takes once its styles are loaded."""
        fit = self._kinds.get(kind) or self._devices.get(kind[0])
        return pixels * (fit.pixel if fit else FIRST_PIXEL)

    def loading(self, styles: int, *, network: bool) -> float:
        """Return the seconds to load `styles` of one base, with their network or without."""
        return self.row * styles + (max(0.0, self.network - self.row) if network else 0.0)

    def large_seconds(self, device: str, pixels: int) -> float:
        """Return the seconds that a large photo of `pixels` takes; at most `LARGE_SECONDS`."""
        return min(LARGE_SECONDS, pixels * self._large_pixel(device))

    def most_pixels(self, device: str) -> int:
        """Return the pixels of the largest photo that is painted in `LARGE_SECONDS`."""
        return int(LARGE_SECONDS / self._large_pixel(device))

    def knows_large(self, device: str) -> bool:
        """Tell whether a large photo was measured on that device."""
        return device in self._large

    def painted_large(self, device: str, pixels: int, seconds: float) -> None:
        """Add the seconds of a large photo, those of other batches between its strips not counted."""
        pixel = seconds / pixels
        self._large[device] = _average(self._large.get(device, pixel), pixel)

    def _large_pixel(self, device: str) -> float:
        fit = self._devices.get(device)
        return self._large.get(device) or LARGE_FACTOR * (fit.pixel if fit else FIRST_PIXEL)

    def worth_filling(self, kind: BatchKind, full: int) -> bool:
        """Tell whether a batch of `full` pixels is worth a wait, being cheaper than several small ones."""
        fit = self._kinds.get(kind)
        fixed = fit.fixed() if fit else None
        return fixed is None or fixed > WORTH * self.seconds(kind, full)

    def painted(self, kind: BatchKind, pixels: int, seconds: float) -> None:
        """Add the seconds of a painted batch, without loading."""
        self._devices.setdefault(kind[0], LinearFit()).add(pixels, seconds)
        self._kinds.get_or_add(kind, LinearFit).add(pixels, seconds)

    def loaded(self, styles: int, seconds: float, *, network: bool) -> None:
        """Add the seconds to load a network, or `styles` of a base that the runner held."""
        if network:
            self.network = _average(self.network, seconds)
        else:
            self.row = _average(self.row, seconds / styles)

    def ended(self, pictures: int, seconds: float) -> None:
        """Add the seconds that a runner spent on `pictures`, all of them painted; each counts alike."""
        self._pictures += pictures
        newest = max(1 - (1 - NEWEST_PICTURE) ** pictures, pictures / self._pictures)
        self.photo += newest * (seconds / pictures - self.photo)


def _average(average: float, newest: float) -> float:
    return average + NEWEST * (newest - average)
