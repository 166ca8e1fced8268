"""Read a mail as part of a conversation: its photos, and how they were painted last.

What a mail means:

    no photo                 the photos of the thread, painted as last time but for what the mail says
    a photo and "the same"   this photo, as the thread's last painting, else as the sender's last one
    a reply with a photo     the same, unless it names a style
    a photo and a painting   this photo, as the painting's own recipe says
    anything else            `mailbot.intents` alone

A reply without a photo is read in this order (`conversation.Conversations._of_thread`):

1. Which pictures it is about: by their strength (`picture_strengths`), as they were before
   (`thread_history`), like another one (`picture_likeness`), or by number, name or "both"
   (`thread_pictures`, `photo_names`).
2. Each of these words is replaced by the number of the photo, "photo 1", or of the picture, "the second".
   `mailbot.intents` reads both as numbers, so the text that it gets is not always the one that came.
3. What is said of each (`picture_replies`), and how it changes the recipe of last time (`reply_reader`,
   `recipes`).
4. What is left unclear: the only option of an unclear reply is painted as a guess (`reply_reader`), and a
   reply that may mean one of the pictures which it changes is answered so (`unclear_photos`).
"""
