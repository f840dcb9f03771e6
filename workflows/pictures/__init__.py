"""How do pictures become files that every platform shows? In a process of their own, with its own fonts only."""
