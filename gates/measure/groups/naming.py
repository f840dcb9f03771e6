"""What is a group of several features called, and how many groups can be looked at?"""

from collections.abc import Sequence

MOST_GROUPS = 100


def joined(parts: Sequence[str]) -> str:
    """Name a group of several features; a backslash before a comma inside a value keeps names from meeting."""
    if len(parts) == 1:
        return parts[0]
    return ",".join(part.replace("\\", "\\\\").replace(",", "\\,") for part in parts)


def crowded(feature: str, groups: int) -> str:
    """Say that a feature has more groups than anyone could judge."""
    many = f"{feature} has {groups:,} different values, too many to compare one by one"
    return f"{many}: put them into {MOST_GROUPS} groups or fewer first."
