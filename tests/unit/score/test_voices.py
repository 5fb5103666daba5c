import pytest

from tracker.model import Actor, Part, Topic, Voice
from tracker.score.text import make_document
from tracker.score.voices import VoiceScorer, find_passages, voice_at


def attributed(text, title=""):
    """Return (voice, speaker, cue, text) of everything that is not the outlet's."""
    document = make_document(title, text, "en")
    parts = {Part.HEADLINE: title, Part.BODY: text}
    return [
        (p.voice.value, p.speaker, p.cue, parts[p.part][p.start : p.end].strip())
        for p in find_passages(document)
        if p.voice is not Voice.OUTLET
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # according to
        ("According to the agency, the deal is legal.", ("the agency", "According to", "the deal is legal.")),
        ("The deal is legal, according to a spokesman.", ("a spokesman", "according to", "The deal is legal")),
        ("Turnout fell, according to exit polls.", ("exit polls", "according to", "Turnout fell")),
        ("Now, according to the poll, some are swinging.", ("the poll", "according to", "some are swinging.")),
        # that clause, with an adjunct, a possessor, an adjective
        (
            "The judge ruled that the groups had no standing.",
            ("The judge", "ruled", "that the groups had no standing."),
        ),
        ("The court found that it was lawful.", ("The court", "found", "that it was lawful.")),
        ("Holt said in an interview on Monday that it was over.", ("Holt", "said", "that it was over.")),
        ("The agency’s claim that it was legal fell.", ("The agency", "claim", "that it was legal fell.")),
        ("Lawyers were confident that they would win.", ("Lawyers", "were confident", "that they would win.")),
        # bare clause, adverbs, auxiliaries, times
        ("The lawsuit argues the agency broke the law.", ("The lawsuit", "argues", "the agency broke the law.")),
        ("Holt has repeatedly said the deal was legal.", ("Holt", "has repeatedly said", "the deal was legal.")),
        ("Holt said Tuesday the deal was legal.", ("Holt", "said", "the deal was legal.")),
        ("Critics of the deal warn that it will spread.", ("Critics of the deal", "warn", "that it will spread.")),
        ("The agency, which sued, said it would appeal.", ("The agency", "said", "it would appeal.")),
        ("Family members said they would stay.", ("Family members", "said", "they would stay.")),
        ("Italy said it would wait.", ("Italy", "said", "it would wait.")),
        ("Housing Secretary Ana Ruiz said it was late.", ("Housing Secretary Ana Ruiz", "said", "it was late.")),
        ("One sheriff said suspects had vanished.", ("One sheriff", "said", "suspects had vanished.")),
        ("Some say they’re afraid.", (None, "say", "they’re afraid.")),
        ("Of those polled, 47% say the law was wrong.", (None, "say", "the law was wrong.")),
        (
            "Officials say about 1,400 people have such orders.",
            ("Officials", "say", "about 1,400 people have such orders."),
        ),
        ("Officials said at least some of it was lost.", ("Officials", "said", "at least some of it was lost.")),
        ("Democrats have said $1.6 billion is enough.", ("Democrats", "have said", "$1.6 billion is enough.")),
        ("Holt said, however, that he would vote no.", ("Holt", "said", "that he would vote no.")),
        ("The clerk says that would amount to a tax.", ("The clerk", "says", "that would amount to a tax.")),
        ("The poll shows Holt ahead by six points.", ("The poll", "shows", "Holt ahead by six points.")),
        (
            "Officials who call that a matter of national security say it is urgent.",
            ("Officials", "say", "it is urgent."),
        ),
        # asides
        (
            "Rep. Ana Ruiz (D-Va.), a member of the panel, said it was late.",
            ("Rep. Ana Ruiz, a member of the panel", "said", "it was late."),
        ),
        (
            "On Monday, Ana Ruiz, a lawyer from Gary, Ind., who sued, said she had won.",
            ("Ana Ruiz, a lawyer from Gary", "said", "she had won."),
        ),
        # trailing, inverted
        ("Nobody was hurt, the agency reported on Friday.", ("the agency", "reported", "Nobody was hurt,")),
        ("Rents rose, Kelly said.", ("Kelly", "said", "Rents rose,")),
        ("Wages fell, meatpacking executives said.", ("meatpacking executives", "said", "Wages fell,")),
        ("The deal was legal, the judge said.", ("the judge", "said", "The deal was legal,")),
        (
            "The deal was legal, said Carla Benton, a spokeswoman.",
            ("Carla Benton, a spokeswoman", "said", "The deal was legal,"),
        ),
        # addressee, question, promise, request, accusation, object, particle
        ("Holt told the lawyers that they were late.", ("Holt", "told", "that they were late.")),
        ("Holt told Univision, a network, that it was late.", ("Holt", "told", "that it was late.")),
        ("The judge asked why the agency had waited.", ("The judge", "asked", "why the agency had waited.")),
        ("The judge asked the agency why it had waited.", ("The judge", "asked", "why it had waited.")),
        ("The groups vowed to appeal the ruling.", ("The groups", "vowed", "to appeal the ruling.")),
        ("Advocates urged Congress to act.", ("Advocates", "urged", "Congress to act.")),
        ("Critics accused the agency of lying.", ("Critics", "accused", "the agency of lying.")),
        ("She explained the significance of the data.", (None, "explained", "the significance of the data.")),
        ("The official pointed out that it was late.", ("The official", "pointed out", "that it was late.")),
        (
            "Groups voiced their disappointment in the ruling.",
            ("Groups", "voiced", "their disappointment in the ruling."),
        ),
        # participle and infinitive after another verb
        ("The agency appealed, saying it was right.", ("The agency", "saying", "it was right.")),
        ("Agencies continue to assert that it is crucial.", ("Agencies", "to assert", "that it is crucial.")),
        ("Coons also had harsh words, saying that it failed.", ("Coons", "saying", "that it failed.")),
        ("NATO allies left - all of them - saying it was over.", ("NATO allies", "saying", "it was over.")),
        ("Pressed again about it, Holt laughed, saying that it failed.", ("Holt", "saying", "that it failed.")),
        ("Officials blame the court, saying it was slow.", ("Officials", "saying", "it was slow.")),
        (
            "WASHINGTON (Reuters) - Holt left early, saying he was ill.",
            ("Holt", "saying", "he was ill."),
        ),
        (
            "Late Tuesday, Judge Ana Ruiz blocked it, ruling that it failed.",
            ("Judge Ana Ruiz", "ruling", "that it failed."),
        ),
    ],
)
def test_reported_speech(text, expected):
    assert attributed(text) == [("reported", *expected)]


@pytest.mark.parametrize(
    "text",
    [
        "The United States shares data.",
        "The reports were late and the claims were many.",
        "Voters’ fears grew in the spring.",
        "Delegates pledged to the senator met.",
        "The judge denied the motion.",
        "The senator added two clauses.",
        "The rule was proposed by the agency.",
        "The so-called “data bridge” stands.",
        "He walked on, past the court.",
        "The bill helps the estimated 11 million immigrants.",
        "The agency may ask for the address of someone who is under investigation.",
        "They use tax records to find immigrants.",
    ],
)
def test_what_is_nobodys_words(text):
    assert attributed(text) == []


def test_a_subject_is_no_more_than_its_noun_phrase():
    for text, speaker in (
        ("It has become controversial to say that the law counts.", None),
        ("Emma comes to believe that it was he.", "Emma"),
        ("Voters were quick to say that they lost.", "Voters"),
        ("More than 13,000 refugees say they fled.", "13,000 refugees"),
        ("The A.F.L.-C.I.O. announced it would spend.", "The A.F.L.-C.I.O."),
    ):
        assert [found[1] for found in attributed(text)] == [speaker], text


def test_an_aside_keeps_its_abbreviations_and_is_a_role():
    text = "Aaron Hill, the active-duty U.S. Air Force airman, said it was over."
    assert attributed(text)[0][1] == "Aaron Hill, the active-duty U.S. Air Force airman"
    assert attributed("Ana Ruiz (D) said it was over.")[0][1] == "Ana Ruiz"
    text = "Holt took a bow, Ana Ruiz, who was there, left. “It was a grave error of law,” Ruiz said."
    assert attributed(text)[0][1] == "Ana Ruiz"
    text = "Aaron Hill, the active-duty U.S. Air Force airman, left. “It was a grave error of law,” Hill said."
    assert attributed(text)[0][1] == "Aaron Hill, the active-duty U.S. Air Force airman"


def test_cue_in_the_middle():
    assert [found[3] for found in attributed("It makes sense, aides said, for Holt to wait.")] == [
        "It makes sense,",
        "for Holt to wait.",
    ]
    assert [found[3] for found in attributed("One reason, according to Holt, is that it was late.")] == [
        "One reason",
        "is that it was late.",
    ]
    assert [found[1:] for found in attributed("To win, aides said, the agency must wait.")] == [
        ("aides", "said", "To win,"),
        ("aides", "said", "the agency must wait."),
    ]


def test_a_second_cue_ends_the_first_ones_content():
    found = attributed("Holt said the deal was legal, adding that nobody had been harmed.")
    assert [one[3] for one in found] == ["the deal was legal", "that nobody had been harmed."]
    found = attributed("While officials say it is rare, the law is silent.")
    assert [one[3] for one in found] == ["it is rare"]
    found = attributed("Holt said the law was clear; the agency cheered.")
    assert [one[3] for one in found] == ["the law was clear"]


def test_what_others_are_said_to_say_stays_with_the_outer_speaker():
    found = attributed("Holt said the agency believes that it is legal.")
    assert [one[1] for one in found] == ["Holt"]


def test_quoted_part_within_reported_speech():
    assert attributed("Marian Holt said the plan was “plainly lawful here” and fair.") == [
        ("reported", "Marian Holt", "said", "the plan was"),
        ("quoted", "Marian Holt", "said", "“plainly lawful here”"),
        ("reported", "Marian Holt", "said", "and fair."),
    ]


def test_of_a_verdict_only_the_quotation_is_the_speakers():
    assert attributed("Critics condemned the ruling as “a betrayal of trust” on Monday.") == [
        ("quoted", "Critics", "condemned", "“a betrayal of trust”")
    ]
    assert attributed("Critics condemned the ruling on Monday.") == []


def test_names_go_back_to_the_fullest_mention_and_pronouns_to_the_last_speaker():
    text = (
        "U.S. District Judge Marian Holt said the deal was legal. Holt added that it was old. "
        "“It is clear,” she wrote.\nHomeland Security spokeswoman Carla Benton said she agreed. "
        "Holt said no more would come."
    )
    judge, benton = "U.S. District Judge Marian Holt", "Homeland Security spokeswoman Carla Benton"
    assert [one[1] for one in attributed(text)] == [judge, judge, judge, benton, judge]


def test_a_pronoun_keeps_its_gender():
    text = "Mr. Vale said it was late. Ms. Benton said it was early. He added that it was dark. She said it was not."
    assert [one[1] for one in attributed(text)] == ["Mr. Vale", "Ms. Benton", "Mr. Vale", "Ms. Benton"]


def test_they_are_the_last_group_and_it_the_last_body():
    text = "The suit was filed by several immigrant-rights groups. They argued that it was illegal."
    assert attributed(text)[0][1] == "several immigrant-rights groups"
    text = "The department said it would wait. Late on Monday, it added that it had time."
    assert [one[1] for one in attributed(text)] == ["The department", "The department"]


def test_roles_go_back_to_whoever_holds_them():
    text = "A senior Treasury Department official said it was narrow. The official affirmed that it was safe."
    assert [one[1] for one in attributed(text)] == ["A senior Treasury Department official"] * 2


def test_who_says_a_quotation():
    text = (
        "“It is over,” said Marian Holt. “We are done here.”\n“And we will not return,” she said.\n"
        "Vale continued:\n“I do not think that it is.”"
    )
    assert [(one[1], one[3]) for one in attributed(text)] == [
        ("Marian Holt", "“It is over,”"),
        ("Marian Holt", "“We are done here.”\n“And we will not return,”"),
        ("Vale", "“I do not think that it is.”"),
    ]


def test_a_quotation_without_a_nameable_speaker_has_none():
    assert attributed("“Nobody asked us about it,” read a sign.")[0][1] in {None, "a sign"}
    assert attributed("“Nobody asked us about it.”") == [("quoted", None, None, "“Nobody asked us about it.”")]


def test_a_running_quotation_gets_the_speaker_named_at_its_end():
    text = "“I sat in the kitchen.\n“Then I called,” Maria Quintero said."
    assert attributed(text) == [
        ("quoted", "Maria Quintero", "said", "“I sat in the kitchen.\n“Then I called,”"),
    ]


@pytest.mark.parametrize(
    ("title", "speaker", "content"),
    [
        ("Judge: IRS may share data", "Judge", "IRS may share data"),
        ("IRS may share data: judge", "judge", "IRS may share data"),
        ("IRS may share data, judge rules", "judge", "IRS may share data"),
        ("Judge rules IRS can share data", "Judge", "IRS can share data"),
        ("Advocates say ruling is unfair", "Advocates", "ruling is unfair"),
        ("Holt: The law is clear", "Judge Marian Holt", "The law is clear"),
    ],
)
def test_headlines(title, speaker, content):
    found = attributed("Judge Marian Holt said the law was clear.", title)
    assert found[0][1] == speaker
    assert found[0][3] == content


@pytest.mark.parametrize("title", ["Opinion: The judge erred", "Live updates: The ruling", "What to know: taxes"])
def test_rubrics_speak_for_nobody(title):
    assert attributed("", title) == []


def test_other_languages_are_split_at_quotation_marks_alone():
    text = "El juez dijo que no. «No hay base legal aquí», dijo el juez. Said the judge that it was."
    passages = find_passages(make_document("Titular", text, "es"))
    assert [(p.part, p.voice, p.speaker) for p in passages] == [
        (Part.HEADLINE, Voice.OUTLET, None),
        (Part.BODY, Voice.OUTLET, None),
        (Part.BODY, Voice.QUOTED, None),
        (Part.BODY, Voice.OUTLET, None),
    ]


def test_voice_at_is_the_majority():
    text = "The judge said the law was clear."
    passages = find_passages(make_document("", text, "en"))
    assert voice_at(passages, Part.BODY, 0, len(text)) is Voice.REPORTED
    assert voice_at(passages, Part.BODY, 0, 9) is Voice.OUTLET
    assert voice_at(passages, Part.HEADLINE, 0, 3) is Voice.OUTLET


def test_scorer_names_itself_its_data_and_its_topic():
    topic = Topic(topic="t", title="t", hash="0", query="q", actors=(Actor(id="j", name="Judge", camp="court"),))
    scorer, bare = VoiceScorer(topic), VoiceScorer(Topic(topic="t", title="t", hash="0", query="q"))
    assert scorer.info.scorer == "voices"
    assert scorer.info.languages == {"en"}
    assert scorer.info.data_hash != bare.info.data_hash
    passages = scorer.score(make_document("", "The judge said it was over. Benton said it was not.", "en"))
    assert [p.camp for p in passages] == [None, "court", None, "unknown"]
