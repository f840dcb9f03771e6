"""Where do pull requests live when there is no GitHub?"""

from bot.local_forge.embedded import EmbeddedForge
from bot.local_forge.hooks import install_hooks
from bot.local_forge.repository import create_repository

__all__ = ["EmbeddedForge", "create_repository", "install_hooks"]
