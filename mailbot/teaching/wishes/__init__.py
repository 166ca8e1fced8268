"""Read what mails want of lessons: in the threads of these, and outside of them."""
