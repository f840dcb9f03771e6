"""With which rulebook does an empty workspace begin? `mlops init` puts these files on main, and trusts none of them."""
