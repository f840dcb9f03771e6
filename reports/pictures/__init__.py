"""What can be seen at a glance? Facts become pictures, and pictures SVG: the same facts, the same bytes."""
