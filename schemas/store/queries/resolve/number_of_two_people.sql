-- Case 18: one certificate number for two people, in the file or against what is known: all are held.
with claim as (
    select number, count(distinct (id_kind, id_number)) as holders
    from intake_row
    where batch_id = $1 and number is not null and outcome in ('loaded', 'warned', 'held')
    group by number
), bad as (
    select r.row_no
    from intake_row r
    join claim on claim.number = r.number
    left join certificate c on c.kind = $2 and c.number = r.number
    left join person p on p.id = c.person_id
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held')
      and (claim.holders > 1 or (p.id is not null and (p.id_kind, p.id_number) <> (r.id_kind, r.id_number)))
)
update intake_row r
set outcome = 'held',
    findings = r.findings || jsonb_build_array(jsonb_build_object('code', 'number-of-two-people', 'original', r.number))
from bad
where r.batch_id = $1 and r.row_no = bad.row_no
  and not r.findings @> '[{"code": "number-of-two-people"}]'
