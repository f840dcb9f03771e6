"""One file a step, each named by its number; a step that was released is never changed."""
