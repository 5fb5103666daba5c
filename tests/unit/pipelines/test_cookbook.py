"""The cookbook's page is taken apart and put together without loss."""

from __future__ import annotations

from pipelines.cookbook import answered, queries

PAGE = """# Title

Text with `code`.

## One

```sql
SELECT 1 AS n, 'a|b
c' AS text, NULL AS nothing, true AS yes, [1, 2] AS list, DATE '2025-05-12' AS day
```

## Two

Text.

```sql
SELECT outlet FROM outlets
ORDER BY outlet
```

| outlet |
| --- |
| an old answer |

After.
"""
ONE = """\
| n | text | nothing | yes | list | day |
| --- | --- | --- | --- | --- | --- |
| 1 | a\\|b c |  | yes | 1, 2 | 2025-05-12 |
"""
TWO = """\
| outlet |
| --- |
| east-post |
| hill-herald |
| north-wire |
"""


def test_queries_in_order():
    assert [query[:9] for query in queries(PAGE)] == ["SELECT 1 ", "SELECT ou"]


def test_answers_follow_their_queries_and_replace_old_ones(home):
    page = answered(PAGE, home)
    for answer in (ONE, TWO):
        assert f"```\n\n{answer}\n" in page
    assert "an old answer" not in page
    assert page.endswith("\nAfter.\n")
    assert answered(page, home) == page
