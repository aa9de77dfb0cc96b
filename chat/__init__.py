"""The chat in the browser: what the assistant answers, drawn, and the article that it stands in."""
