-- Known certificates that this delivery spoke of, changed or not: an older delivery does not undo what it confirmed.
with marked as (
    update intake_row r
    set merged = true, certificate_id = m.certificate_id
    from unnest($2::bigint[], $3::bigint[]) as m (row_no, certificate_id)
    where r.batch_id = $1 and r.row_no = m.row_no
)
update certificate c
set delivered_as_of = b.as_of
from intake_batch b
where b.id = $1 and c.id = any ($3) and c.delivered_as_of < b.as_of
