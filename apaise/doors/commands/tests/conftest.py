"""A data folder somebody has run once."""

from tests.stories.conftest import migrated

__all__ = ["migrated"]
