-- Known certificates that this delivery spoke of, changed or not: an older delivery does not undo what it confirmed.
with prior as (
    insert into certificate_prior (batch_id, certificate_id, content)
    select b.id, c.id, to_jsonb(c)
    from intake_batch b, certificate c
    where b.id = $1 and c.id = any ($2) and c.delivered_as_of < b.as_of
    on conflict do nothing
)
update certificate c
set delivered_as_of = b.as_of
from intake_batch b
where b.id = $1 and c.id = any ($2) and c.delivered_as_of < b.as_of
