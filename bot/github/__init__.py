"""How does Gatehouse live on GitHub, as a GitHub App?"""
