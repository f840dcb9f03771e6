"""What keeps the GitHub App from working? Nothing here writes anywhere."""
