"""Deleted photos never come back: only a plain order deletes them, and no tale, plan or question."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from mailbot.intents.command_types import DeletePhotos, SenderCommand
from mailbot.intents.sender_orders.sender_commands import sender_command, unsure
from tests.fakes.mailbot.asks import request_of


def _read(text: str) -> SenderCommand | None:
    return sender_command(request_of({"subject": "Re: the scream", "text": text, "photos": 0}))


@pytest.mark.parametrize(
    "text",
    [
        "Do you delete my photos, or do you keep them?",
        "Löscht ihr meine Fotos, wenn ihr fertig seid?",
        "Vous supprimez mes photos, ou vous les gardez ?",
        "¿Borran mis fotos, o las guardan?",
        "Cancellate le mie foto, o le tenete?",
        "Vocês apagam as minhas fotos, ou guardam?",
        "你们删除我的照片，还是保存？",
        "do you delete my photos",
        "Löscht ihr meine Fotos",
        "supprimez vous mes photos",
        "私の写真を削除しますか",
        "will you delete my photos",
        "Will my photos be deleted?",
        "Can I delete my photos?",
        "Is it possible that my photos get deleted?",
        "I would like to know if you delete my photos",
        "Can you tell me if you delete my photos",
        "¿Me pueden decir si borran mis fotos?",
        "我可以删除我的照片吗？",
        "私の写真を削除できますか？",
        "Mein Handy hat alle meine Fotos gelöscht, kannst du mir den Schrei nochmal schicken?",
        "Mon fils a supprimé toutes mes photos, renvoyez le cri svp",
        "Mio figlio ha cancellato tutte le mie foto, mi rimandi l'urlo?",
        "O celular apagou todas as minhas fotos, manda de novo",
        "Apagaram todas as minhas fotos",
        "On m'a effacé toutes mes photos",
        "perdí el móvil y borraron todas mis fotos",
        "My photos got erased",
        "Before I delete my photos, could you send the scream again?",
        "my phone is full, i have to delete all my photos, so send it small please",
        "I delete my photos every month, so please send it again",
        "Google wants to delete all my photos, please send the scream again",
        "Tuve que borrar todas mis fotos, ¿me mandas el grito otra vez?",
        "Tive que apagar todas as minhas fotos",
        "borré todas mis fotos",
        "Eliminé todas mis fotos, ¿me mandas el grito?",
        "How do I delete my photos?",
        "how can I delete all my photos",
        "Ich lösche meine Fotos immer sofort",
        "Je supprime toutes mes photos chaque soir",
        "Io cancello tutte le mie foto",
        "Eu apago todas as minhas fotos",
        "Ich muss alle meine Fotos löschen, bitte klein schicken",
        "Devo cancellare tutte le mie foto",
        "Je dois supprimer toutes mes photos",
        "他把我的照片全删除了",
        "我的照片都删了",
        "写真を全部消しちゃった",
        "写真を全部消さないといけない",
    ],
)
def test_a_tale_a_plan_and_a_question_delete_nothing(text: str) -> None:
    assert _read(text) is None
    assert _read(normalize("NFD", text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "delete my photos",
        "Delete my photos!",
        "please delete all my photos",
        "Please delete all my photos from your server",
        "can you delete my photos?",
        "Can you please delete all my photos",
        "would you mind deleting my photos?",
        "I want you to delete all my photos",
        "I'd like you to delete all of my photos",
        "I would like my photos deleted",
        "Please delete all my photos and tell me when it is done",
        "hi, please remove all the photos I sent you",
        "Please delete the pictures I sent",
        "erase all my data",
        "bitte alle meine Fotos löschen",
        "Löscht bitte meine Fotos",
        "lösche alle meine Fotos",
        "Löschen Sie bitte alle meine Fotos",
        "Könnt ihr meine Fotos löschen?",
        "Ich möchte, dass meine Fotos gelöscht werden",
        "Löscht alle meine Fotos und sagt mir wann das passiert ist",
        "supprimez toutes mes photos",
        "Supprime toutes mes photos stp",
        "Pouvez-vous supprimer toutes mes photos ?",
        "Veuillez supprimer toutes les photos que je vous ai envoyées",
        "Supprimez toutes mes photos et dites-moi quand c'est fait",
        "Je vous demande l'effacement de toutes mes photos",
        "borra mis fotos",
        "Borre todas mis fotos por favor",
        "¿Puedes borrar mis fotos?",
        "Quiero que borren todas mis fotos",
        "borren todas las fotos que les he mandado",
        "Cancella le mie foto",
        "potete cancellare le mie foto?",
        "Vi chiedo di cancellare tutte le mie foto",
        "apaga as minhas fotos",
        "Pode apagar minhas fotos?",
        "Por favor apaguem todas as minhas fotos",
        "请删除我的照片",
        "把我的照片都删了",
        "请把我的照片删了",
        "麻烦把我的照片删掉了",
        "能不能把我的照片都删了？",
        "我想把我的照片都删了",
        "能把我的照片都删了吗？",
        "写真を削除してください",
        "私の写真を全部消してもらえますか？",
        "私の写真を全部削除してください",
    ],
)
def test_an_order_deletes(text: str) -> None:
    assert _read(text) == DeletePhotos()


@pytest.mark.parametrize(
    "text",
    [
        "Do not, under any circumstances, delete my photos",
        "Please do not, I repeat, delete my photos",
        "I didn't ask you to delete my photos",
        "Nobody asked you to delete my photos",
        "I wouldn't want you to delete my photos",
        "I would rather you didn't delete my photos",
        "I can't delete my photos",
        "My son said: delete all my photos",
        "My son said:\ndelete all my photos",
        "The button says delete all my photos",
        "What happens if I write: delete my photos",
        "How to: delete my photos",
        "Meine Mutter sagt: lösch meine Fotos",
        "Ich habe nie gesagt: lösch meine Fotos",
        "Ma fille a dit : supprime mes photos",
        "Mi jefe dijo: borra mis fotos",
        "Mio padre dice: cancella le mie foto",
        "O meu chefe disse: apaga as minhas fotos",
        "My ex wants me to delete my photos of us. Now bigger please",
        "My mum asked me to delete my photos",
        "They want to delete my photos",
        "Meine Ex will, dass ich meine Fotos lösche",
        "Mein Chef möchte alle meine Fotos löschen",
        "Mon fils veut supprimer toutes mes photos",
        "O meu telemóvel apaga as minhas fotos",
        "O meu filho apaga as minhas fotos",
        "Delete my photos from yesterday",
        "Delete my photos from 2019",
        "Delete my photos with the dog",
        "Delete my photos that are blurry",
        "Delete my photos of the dog only",
        "Delete my photos on Friday",
        "Delete my photos tomorrow",
        "Delete my photos next week",
        "Delete my photos when I die",
        "Supprimez mes photos la semaine prochaine",
        "Borra mis fotos borrosas",
        "Borra mis fotos mañana",
        "please remove my photos of him from the wall lol",
        "Delete my photos... just kidding",
        "Delete my photos. I was just kidding, sorry about that!",
        "Delete my photos\nlol",
        "Delete my photos, haha",
        "Delete my photos, not",
        "Delete my photos. Not!",
        "Delete my photos. But only the old ones from last year.",
        "Delete my photos\nbut only the old ones",
        "Lösch meine Fotos. Aber nur die alten vom letzten Jahr.",
        "Supprimez mes photos. Mais seulement celles de l'année dernière.",
        "Borra mis fotos. Pero solo las viejas del año pasado.",
        "Cancella le mie foto. Ma solo quelle vecchie dell'anno scorso.",
        "Apaga as minhas fotos. Mas só as antigas do ano passado.",
        "删除我的照片。但是只删去年拍的那些旧照片。",
        "私の写真を全部削除してください。ただし去年の写真だけです。",
        'My ex wrote to me yesterday evening. "Delete my photos." Make the painting bigger please',
        "Please keep all my photos and delete the mails",
        "Please send me all the photos and delete the mails",
        "Envoyez-moi toutes les photos et supprimez les mails",
        "Mándame todas las fotos y borra los correos",
        "Mandatemi tutte le foto e cancellate le mail",
        "Löschen Sie meine Fotos morgen",
        "Lösch meine Fotos morgen",
        "Sie will meine Fotos löschen",
        "Il veut supprimer mes photos",
        "Please delete my photos of us",
        "Delete the photos of me",
        "I will delete my photos",
        "I would delete my photos",
        "He deletes my photos",
        "昨日送った写真を全部削除してください",
        "息子が「写真を全部消して」と言った",
        "我儿子说：删除我的照片",
        "不要删除我的照片",
        "明天删除我的照片",
        "明日私の写真を全部削除してください",
        "Boa noite. Arrependi-me e agradecia que apagassem as fotografias que vos enviei no domingo.",
        "Please remove every picture of my children that you have received from this address.",
    ],
)
def test_an_order_with_an_unknown_word_deletes_nothing_and_is_asked_about(text: str) -> None:
    request = request_of({"subject": "", "text": text, "photos": 0})
    assert _read(text) is None
    assert sender_command(request) is None
    assert unsure(request) == "delete my photos"


@pytest.mark.parametrize(
    "text",
    [
        "Please remove me from the photo",
        "Entferne mich von dem Foto",
        "Enlève-moi de la photo",
        "quita todo de la foto",
        "togli tutto dalla mia foto",
        "tira tudo da foto",
        "写真から私を消して",
        "从照片里把我删掉",
        "把我的照片发给我，把邮件删除",
        "删除我的照片里的狗",
        "私の写真を消さないでください",
    ],
)
def test_what_is_taken_out_of_a_photo_deletes_none(text: str) -> None:
    assert _read(text) is None


@pytest.mark.parametrize("text", ["Just kidding!", "haha", "not today, my son said", "from yesterday"])
def test_a_subject_that_deletes_must_not_be_taken_back_below(text: str) -> None:
    request = request_of({"subject": "Delete my photos", "text": text, "photos": 0})
    assert sender_command(request) is None
    assert unsure(request) == "delete my photos"


@pytest.mark.parametrize(
    "text",
    [
        "Delete my photos. Thanks, Dan",
        "“delete my photos”",
        "Dear Sir or Madam, please delete all my photos. I have had enough of them lying around.",
        "Sehr geehrte Damen und Herren, löschen Sie alle Fotos, die ich Ihnen geschickt habe. Dr. M. Kessler",
        "Guten Morgen, lösch bitte meine Fotos",
        "Grazie, basta. Potete cancellare le foto che vi ho mandato?",
        "supprimez toutes mes photos s'il vous plaît, j'ai changé d'avis",
        "delete all my photos please, it's urgent",
    ],
)
def test_courtesies_and_names_stand_beside_an_order(text: str) -> None:
    assert _read(text) == DeletePhotos()


@pytest.mark.parametrize(
    "text",
    [
        "do you delete my photos?",
        "All my photos must be deleted",
        "Meine Fotos sollen gelöscht werden",
        "quando cancellate le mie foto?",
        "¿cuándo borran mis fotos?",
        "vocês apagam minhas fotos?",
        "你们会删除我的照片吗？",
        "私の写真は削除されますか？",
    ],
)
def test_what_may_be_an_order_is_answered_by_the_words_that_delete(text: str) -> None:
    assert unsure(request_of({"subject": "Re: the scream", "text": text, "photos": 0})) == "delete my photos"
