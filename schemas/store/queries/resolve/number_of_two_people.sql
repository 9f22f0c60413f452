-- Case 18: one certificate number for two people, in the file or against what is known: all are held.
with contested as materialized (
    select number
    from intake_row
    where batch_id = $1 and number is not null and outcome in ('loaded', 'warned', 'held')
    group by number
    having min(id_number) <> max(id_number) or min(id_kind) <> max(id_kind)
), bad as (
    select r.row_no
    from contested join intake_row r using (number)
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held')
    union
    select r.row_no
    from intake_row r
    join certificate c on (c.number, c.kind) = (r.number, $2)
    join person p on p.id = c.person_id
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held') and (p.id_number, p.id_kind) <> (r.id_number, r.id_kind)
)
update intake_row r
set outcome = 'held',
    findings = r.findings || jsonb_build_array(jsonb_build_object('code', 'number-of-two-people', 'original', r.number))
from bad
where r.batch_id = $1 and r.row_no = bad.row_no
  and not r.findings @> '[{"code": "number-of-two-people"}]'
