"""Adds fog to an image."""

import numpy as np


def transform(image, density=0.3):
    """Blend an image with a uniform gray."""
    return np.clip((1 - density) * image + density * 200, 0, 255).astype(image.dtype)
