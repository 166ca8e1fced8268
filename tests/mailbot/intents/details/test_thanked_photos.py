"""A photo that is thanked for is a former one, and chooses none of those of the mail."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "Thank you so much for the last one, we all loved it!\n\nstarry night please",
        "Danke nochmal für das erste Bild! Jetzt bitte in Sternennacht.",
        "Merci beaucoup pour la dernière, nous l'avons adorée !\n\nLa nuit étoilée svp",
        "¡Gracias por la última! Ahora las dos en noche estrellada, por favor.",
        "Grazie mille per l'ultima! Adesso tutte e due in notte stellata.",
        "Obrigado pela última! Agora as duas em noite estrelada, por favor.",
    ],
)
def test_a_thanked_photo_leaves_none_out(text: str) -> None:
    paint = paint_of(text, photos=2)
    assert [job.style for job in paint.jobs] == ["starry-night", "starry-night"]
    assert paint.photos == (0, 1)
    assert paint.not_understood == ()


@pytest.mark.parametrize(
    "text", ["Thanks! The last one in udnie please.", "the last one in udnie, thank you"]
)
def test_a_photo_beside_thanks_is_chosen(text: str) -> None:
    assert paint_of(text, photos=2).photos == (1,)
