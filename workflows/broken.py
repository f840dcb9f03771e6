"""What is raised when a workflow met a mistake of ours?"""

MISTAKE = "Gatehouse made a mistake here; it is logged as "


class BrokenError(Exception):
    """Work cannot go on until the program is mended; the text names the id under which the mistake was logged."""
