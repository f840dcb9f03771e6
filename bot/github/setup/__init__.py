"""How does a team get a GitHub App of its own with one click? By a manifest, which GitHub turns into an App."""
