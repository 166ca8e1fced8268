"""Render the HTML pages: gallery, styles, upload, login, tokens, audit, errors."""
