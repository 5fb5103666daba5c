import pytest

from tracker.model import Actor
from tracker.score.camps import Camps

ACTORS = (
    Actor(id="judge", name="Judge Marian Holt", camp="court", aliases=("Holt", "the judge", "federal judge")),
    Actor(id="irs", name="Internal Revenue Service", camp="government", aliases=("IRS", "Treasury", "ICE")),
    Actor(id="dhs", name="Homeland Security", camp="government", aliases=("Trump", "Trump administration")),
    Actor(id="groups", name="Fair Filing Project", camp="plaintiffs", aliases=("the plaintiffs", "the groups")),
    Actor(id="critics", name="Critics", camp="advocates", aliases=("immigrant-rights groups",)),
    Actor(id="former", name="Former officials", camp="experts", aliases=("former IRS officials",)),
)


@pytest.mark.parametrize(
    ("speaker", "camp"),
    [
        ("U.S. District Judge Marian Holt", "court"),
        ("A federal judge", "court"),
        ("Judge", "court"),  # a headline's "Judge:" for the alias "the judge"
        ("judge's wife", "unknown"),
        ("A senior Treasury Department official", "government"),
        ("Homeland Security spokeswoman Carla Benton", "government"),
        ("Carla Benton, a spokeswoman for the IRS", "government"),
        ("Nandan Vale, a lawyer for the plaintiffs", "plaintiffs"),
        ("Nandan Vale, who sued the IRS", "unknown"),
        ("President Donald Trump", "government"),
        # whom a speaker is, not whom they speak about
        ("Opponents of the Trump administration", "unknown"),
        ("Critics of the IRS", "advocates"),
        ("A coalition challenging the IRS", "unknown"),
        ("a professor of immigration law", "unknown"),
        # office once held
        ("a former IRS lawyer", "unknown"),
        ("former IRS officials", "experts"),
        ("former President Donald Trump", "government"),
        # the longest alias wins, whole words only
        ("immigrant-rights groups", "advocates"),
        ("Holtby", "unknown"),
        # another first name is another person
        ("Beth Holt", "unknown"),
        ("ICE Director Holt", "court"),
        ("Judge Holt", "court"),
        ("ice cream makers", "unknown"),
        ("ICE", "government"),
        ("Smith", "unknown"),
    ],
)
def test_camps(speaker, camp):
    assert Camps(ACTORS).of(speaker) == camp


def test_two_camps_alike_are_unknown():
    twins = (
        Actor(id="a", name="Alpha", camp="one", aliases=("the board",)),
        Actor(id="b", name="Beta", camp="two", aliases=("the board",)),
    )
    assert Camps(twins).of("the board") == "unknown"
