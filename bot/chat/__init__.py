"""What a chat shows of promotions, and what is done about what people say there; the same for every chat."""
