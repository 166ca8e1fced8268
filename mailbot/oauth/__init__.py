"""Log in at Google or Microsoft once, by a person in a browser, and get access tokens from then on."""
