from __future__ import annotations

import pytest

from mailbot.intents.learning.deletions import means
from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I do not like it. Please delete it.", ""),
        ("Hello bot,\n\nI am not happy with it. Could you delete this style please?", ""),
        ("Please remove my style", ""),
        ("Take my garden down", "garden"),
        ("throw it away please", ""),
        ("I do not like it and would like it deleted", ""),
        ("Das gefällt mir nicht. Bitte lösche ihn wieder.", ""),
        ("Könnten Sie diesen Stil bitte löschen?", ""),
        ("Bitte wirf ihn weg", ""),
        ("Cela ne me plaît pas. Pouvez-vous le supprimer s'il vous plaît ?", ""),
        ("Je voudrais que vous supprimiez ce style", ""),
        ("No me gusta. ¿Puedes borrarlo, por favor?", ""),
        ("Quiero que elimines este estilo.", ""),
        ("Non mi piace. Potresti cancellarlo per favore?", ""),
        ("Butta via il mio stile", ""),
        ("Não gostei. Pode apagar este estilo, por favor?", ""),
        ("気に入りません。このスタイルを消してください。", ""),
        ("スタイルを削除していただけますか？", ""),
        ("我不喜欢。请把它删掉。", ""),
        ("能不能帮我删除这个风格？", ""),
        ("これを削除してもらえませんか", ""),
    ],
)
def test_an_answer_that_wants_a_style_deleted_is_read_in_any_sentence(text: str, left: str) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert (intent.wanted, intent.left) == (LearningAim.RETIRE, left)


@pytest.mark.parametrize(
    "text",
    [
        "do not delete it",
        "Never delete my styles",
        "Please do not delete my styles",
        "Lösche meine Stile nicht",
        "Ne supprime pas mes styles",
        "No borres mis estilos",
        "Non cancellare i miei stili",
        "Não apague os meus estilos",
        "请不要删除我的风格",
        "私のスタイルを削除しないでください",
        "Please don't remove my style.",
        "How do I delete it?",
        "Delete all my photos",
        "Please delete my photos.",
        "Can I delete it later?",
        "If I don't like it I will delete it",
        "Bitte nicht löschen!",
        "Wie kann ich ihn löschen?",
        "Ne le supprime pas.",
        "No lo borres, por favor.",
        "Non cancellarlo!",
        "Não apague o estilo.",
        "消さないでください。",
        "请不要删除它。",
        "Thank you, it is lovely!",
        "Please remove the people in the background #from it",
        "Please delete all my pictures",
    ],
)
def test_what_is_refused_asked_or_about_photos_deletes_no_style(text: str) -> None:
    assert read(asks("Re: x", text, photos=0, References="<a@b>")) is None


@pytest.mark.parametrize(
    ("text", "is_clear"),
    [
        ("Thank you! You can delete it now, I have saved it.", False),
        ("You can delete it now, thank you!", True),
        ("Can you delete it now? I do not like it.", True),
        ("Danke! Du kannst es jetzt löschen, ich habe es gespeichert.", False),
        ("Merci ! Vous pouvez le supprimer maintenant, je l'ai enregistré.", False),
        ("¡Gracias! Ya puedes borrarlo, lo he guardado.", False),
        ("No me gusta. ¿Puedes borrarlo, por favor?", True),
        ("Grazie! Ora puoi cancellarlo, l'ho salvato.", False),
        ("Obrigada! Agora pode apagar, eu guardei.", False),
        ("谢谢！你可以删掉它了，我已经保存了。", False),
        ("ありがとう！もう消していいです、保存しました。", False),
    ],
)
def test_who_allows_to_delete_and_tells_more_is_not_clear(text: str, is_clear: bool) -> None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    assert intent is not None
    assert (intent.wanted, intent.is_clear) == (LearningAim.RETIRE, is_clear)


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("delete silver grove", "silver-grove", "Silver grove"),
        ("Please delete my style Silver Grove", "silver-grove", "Silver grove"),
        ("lösche Silberhain", "silberhain", "Silberhain"),
        ("efface le style Bosquet d'argent", "bosquet-d-argent", "Bosquet d'argent"),
        ("borra bosque de plata", "bosque-de-plata", "Bosque de plata"),
        ("elimina bosco d'argento", "bosco-d-argento", "Bosco d'argento"),
        ("apaga o estilo bosque de prata", "bosque-de-prata", "Bosque de prata"),
        ("删除银色树林", "ann-canvas", "银色树林"),
        ("スタイル「銀の森」を削除してください", "ann-canvas", "銀の森"),
    ],
)
def test_a_style_is_meant_by_its_name_or_its_title(text: str, name: str, title: str) -> None:
    intent = read(asks(text, "", 0))
    assert intent is not None
    assert intent.wanted is LearningAim.RETIRE
    assert means(intent.left, name, title)
    assert not means(intent.left, "grove", "Grove")
