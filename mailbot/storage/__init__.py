"""Keep mails, work and answers on disk, and delete them in time."""
