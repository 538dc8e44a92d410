"""Search by every two neighbouring characters: Chinese words are mostly two long, too short for trigrams."""

from django.db import migrations

MAKE = """
create function ticket_pairs(title text, words text) returns text[]
language sql immutable parallel safe as $$
    select coalesce(array_agg(distinct pair) filter (where pair is not null), '{}')
      from (select letter || lead(letter) over (partition by part order by place) as pair
              from (values (1, lower(title)), (2, lower(words))) as said (part, line),
                   string_to_table(line, null) with ordinality as letters (letter, place)) as pairs
$$;
create index ticket_pairs on tickets_ticket using gin (ticket_pairs(title, text));
create index ticket_number_parts on tickets_ticket using gin (number gin_trgm_ops);
"""
UNMAKE = """
drop index ticket_number_parts;
drop index ticket_pairs;
drop function ticket_pairs(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_clock_indexes")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
