"""Does the model treat people alike, and where does it err? One page that can be printed: `page.render_scorecard`."""
