"""How do scored rows become facts? Everything heavy is imported here, inside functions, and nowhere else in gates."""
