"""A request may mean a style that another clause or sentence names."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("We did Mondrian at school with the red squares. Can you paint my hamster like he did?", "named"),
        ("mondrian was in class today, can you make me and my brother like that", "named"),
        ("Wir haben in der Schule Mondrian gemacht. Kannst du mich malen wie er?", "named"),
        ("Léo a vu Mondrian à l'école, tu peux faire pareil avec mon chien ?", "named"),
        ("en el cole vimos a mondrian, me puedes pintar a mi perrito así?", "named"),
        ("老师教我们画蒙德里安的格子,你能把我和我的小狗画成那样吗?", "named"),
        ("がっこうでモンドリアンをならいました。ねこをそんなふうにかいてください", "named"),
        ("My sister got the Mondrian and I'm jealous. Same one for me please!", "named"),
        ("Ma soeur a eu le Mondrian. La même chose pour moi !", "named"),
        ("A mi hermana le hicieron el Mondrian. ¡Lo mismo para mí!", "named"),
        ("We did Mondrian at school. I want my cat in that one.", "named"),
        ("We did Mondrian at school. Can you bring the scissors on Friday?", "default"),
        ("Mondrian or Turner, the class could not agree. Please paint the fence like that.", "default"),
    ],
)
def test_like_that_means_the_only_style_of_the_mail(text: str, chosen: str) -> None:
    paint = paint_of(text)
    assert paint.chosen == chosen
    if chosen == "named":
        assert [job.style for job in paint.jobs] == ["tableau-2"]
