"""How is botbuilder-core spoken to? Only here: its successor replaces these modules and nothing else."""
