"""Which words are an order, which are asked back, and which are neither."""

from __future__ import annotations

import pytest

from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks

#: What ends a lesson or a style at once.
PLAIN = """
Stop it
Stop, I don't like it
Please cancel. I will send a better photo tomorrow.
Stop it, I sent the wrong one
No! Withdraw this immediately
Please take it offline
Please don't publish it
Mejor no lo hagas
Nimm es bitte offline
Bitte zieh es zurück
Retire-le tout de suite
Ne le publie pas
Retíralo ahora mismo
No lo publiques
Ritiralo subito
Non pubblicarlo
Retire isso já
Não publique
下架吧
马上撤下来
公開しないで
すぐに取り下げて
I want to withdraw my painting
Can you take it back please
Kill it
Undo that please
please remove it from the site
Get rid of it please
Abort mission
Leave it out please
Ich ziehe mein Bild zurück
Bitte nimm es aus der Liste
Weg damit!
Stop, bitte nicht veröffentlichen
Je retire mon tableau
Enlève-le de la liste
Arrête l'apprentissage s'il te plaît
Quítalo de la lista
Quiero retirar mi cuadro
Voglio ritirare il mio quadro
Toglilo dalla lista
Quero retirar o meu quadro
Tira da lista por favor
我要撤回我的画
把它从列表里删掉
作品を取り下げたいです
リストから外してください
削除をお願いします
Delete it now
Can you delete it? I don't like it.
Bitte lösche es
Supprime-le s'il te plaît
Bórralo, por favor
Cancellalo, grazie
Pode apagar, obrigada
请删掉它
削除してください
"""

#: What may be meant so, or not.
LOOSE = """
I'd rather not share it yet
On second thoughts I do not want to share this painting with anyone
I don't want anybody to use it
Please don't make it public
keep it private please
Forget it, I'll take another photograph first
Stop it, you're too kind! Looking forward.
Stop! This is wonderful
Forget it, it's magic!
Leave it as it is, I love it.
Leave it to me
Delete it, but only if nobody likes it
no thanks
Ich möchte es doch nicht teilen
Nimm es wieder raus
Vergiss es, ich fotografiere es nochmal
Lass es so, wie es ist
Lösche es nur, wenn es zu dunkel ist
Nein danke
Je préfère ne pas le partager
Oublie, je reprends une photo d'abord
Arrête-moi si je me trompe
Non merci
Prefiero no compartirlo todavía
Olvídalo, primero haré otra foto
Déjalo así
Preferisco non condividerlo ancora
Lascia perdere, prima faccio un'altra foto
Prefiro não partilhar ainda
Esquece, primeiro tiro outra foto
Deixa assim
我还不想分享
算了，我先再拍一张
不了，谢谢
まだ公開したくないです
やっぱりいい、もう一度撮り直します
Please stop what you are doing
Hold on, I don't want this online
This should not be public
I didn't agree to publish this
No, wait!
Wait, don't publish
Das soll nicht öffentlich sein
Nein, warte!
Je ne veux pas que ce soit public
Non, attends !
No quiero que sea público
¡No, espera!
Non voglio che sia pubblico
No, aspetta!
Não quero que fique público
Não, espera!
不想公开
先不要公开
公開したくありません
Delete it? Never!
Delete it? Over my dead body
Remove it? No way
Delete it! Just kidding
delete it, just kidding
Have you removed it?
Stop? No, please go on
Stop it? Never!
Delete it. No!
Can you delete it? Please don't!
Löschen? Niemals!
Lösche es, war nur Spaß
Supprimer ? Jamais !
Supprime-le, je plaisante
¿Borrarlo? ¡Ni hablar!
Bórralo, es broma
Cancellarlo? Neanche per sogno!
Cancellalo, scherzo
Apagar? Nem pensar!
Apague, brincadeira
删掉它？绝不！
删掉它，开玩笑的
削除？まさか！
削除してください、冗談です
delete it tomorrow
Delete it on Friday
Delete it, but not now
Delete it. But not yet
cancel it tomorrow
Lösche es am Montag
Lösche es morgen
Supprime-le demain
Bórralo mañana
cancellalo domani
apague amanhã
明天再删掉它
明日削除してください
Delete it and I'll cry
Supprime-le et je pleure
Bórralo y lloro
Apague e eu choro
Ich würde es nie löschen
我才舍不得删掉它
"""

#: What deletes all styles at once, and what is asked back.
DELETES_ALL = """
delete my styles
Please delete all my styles.
Can you delete my styles, please?
Lösche meine Stile, bitte
Supprime mes styles
Borra mis estilos, por favor
Cancella i miei stili
Apague os meus estilos
删除我的风格
私のスタイルを削除してください
"""
NOT_ALL = """
Delete my styles? You're joking, I love them!
Delete my styles? Never!
Delete my styles, haha
delete my styles tomorrow
Lösche meine Stile? Niemals!
Supprimer mes styles ? Plutôt mourir !
¿Borrar mis estilos? ¡Ni loca!
Cancellare i miei stili? Mai!
Apagar os meus estilos? Nem pensar!
删除我的风格？休想！
私のスタイルを削除？まさか！
"""

#: What has a word of an order in a story.
STORIES = """
Thanks! No need to hurry.
No need to rush
Full stop.
I had to stop and stare. Wonderful.
If you have time: stop by my gallery next week
Cancel my evening plans, I will be painting
Drop it in my inbox when ready
Schluss für heute, gute Nacht
Keine Eile!
Merci ! Laisse-toi le temps.
No tengas prisa
Non c'è fretta
Sem pressa
不急，慢慢来
急がなくていいです
I like to share it with everyone!
Can I share it with my friends?
You never stop amazing me
Don't stop now
It's hard to stop smiling
My neighbour wants you to cancel her subscription, haha
I'll delete my old photos tonight
The deletion of the sky was a good idea
I removed the frame before taking the photo
I forgot to say thanks
Forget what I said about the price
Leave a note when done
I left it on the easel
Let it dry, they say
The exhibition was cancelled
They stopped by the studio
Wir haben gestern aufgehört zu malen
Ich habe das alte Foto gelöscht
Vergiss mich nicht
Das Konzert wurde abgesagt
J'ai arrêté de fumer
J'ai supprimé la vieille photo
Le concert est annulé
He borrado la foto vieja
No puedo parar de mirarlo
El concierto fue cancelado
Ho cancellato la vecchia foto
Non riesco a smettere di guardarlo
Il concerto è stato annullato
Apaguei a foto antiga
Não consigo parar de olhar
O concerto foi cancelado
我忍不住一直看
我删了旧照片
音楽会は中止になりました
古い写真を消しました
見るのをやめられません
I share your enthusiasm, no doubt
Not everyone can see it, but I do
Nobody else has painted it so well
My wife and I share one easel, don't laugh
"""


def wish(text: str) -> tuple[LearningAim, bool] | None:
    intent = read(asks("Re: x", text, photos=0, References="<a@b>"))
    return None if intent is None else (intent.wanted, intent.is_clear)


ENDS = (LearningAim.HALT, LearningAim.CANCEL, LearningAim.RETIRE)


@pytest.mark.parametrize("text", PLAIN.strip().splitlines())
def test_a_sentence_that_is_an_order_is_plain(text: str) -> None:
    assert wish(text) in [(aim, True) for aim in ENDS]


@pytest.mark.parametrize("text", LOOSE.strip().splitlines())
def test_an_order_in_a_sentence_about_more_is_not_plain(text: str) -> None:
    assert wish(text) in [(aim, False) for aim in ENDS]


@pytest.mark.parametrize("text", DELETES_ALL.strip().splitlines())
def test_all_styles_are_deleted_by_a_plain_order(text: str) -> None:
    assert wish(text) == (LearningAim.RETIRE_ALL, True)


@pytest.mark.parametrize("text", NOT_ALL.strip().splitlines())
def test_all_styles_are_deleted_by_a_plain_order_alone(text: str) -> None:
    assert wish(text) == (LearningAim.RETIRE_ALL, False)


@pytest.mark.parametrize("text", STORIES.strip().splitlines())
def test_a_story_is_no_order(text: str) -> None:
    assert wish(text) is None


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("the other way round", True),
        ("Sorry, it is the other way round!", True),
        ("Hai scambiato le immagini!", True),
        ("You mixed up the two pictures", True),
        ("Has intercambiado las imágenes", True),
        ("Die beiden Bilder sind vertauscht", True),
        ("Vous avez échangé les deux images", True),
        ("As imagens estão trocadas", True),
        ("两张图反了", True),
        ("写真と絵が逆です", True),
        ("The photo is the wrong way round in the frame", False),
        ("I hung them the other way round", False),
        ("Ich habe es falsch herum aufgehängt", False),
        ("Je l'ai accrochée à l'envers", False),
        ("Lo colgué al revés", False),
        ("L'ho appesa al contrario", False),
        ("Pendurei ao contrário", False),
        ("我挂反了", False),
        ("The other way round? No, it's right as it is", False),
        ("Umgekehrt? Nein!", False),
    ],
)
def test_the_sides_change_places_by_a_plain_sentence_alone(text: str, is_plain: bool) -> None:
    assert wish(text) == (LearningAim.SWAP, is_plain)


def test_thanks_for_a_picture_that_hangs_askew_swap_nothing() -> None:
    assert wish("Thanks! I hung it the other way round by mistake") is None
