"""What the playground costs, as ratios measured in one run: `make speed`."""

import os

# The matrices are small: several BLAS threads only get in each other's way. Read once, when NumPy is imported.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
