-- Case 14: one ID number under different names, in the file or against what is known: all are held for a merge decision.
with contested as materialized (
    select id_number, id_kind
    from intake_row
    where batch_id = $1 and id_number is not null and outcome in ('loaded', 'warned', 'held')
    group by id_number, id_kind
    having min(name) <> max(name)
), bad as (
    select r.row_no
    from contested join intake_row r using (id_number, id_kind)
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held')
    union
    select r.row_no
    from intake_row r
    join person p on (p.id_number, p.id_kind) = (r.id_number, r.id_kind)
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held') and p.name <> r.name
)
update intake_row r
set outcome = 'held',
    findings = r.findings || jsonb_build_array(jsonb_build_object('code', 'same-id-other-name', 'original', r.name))
from bad
where r.batch_id = $1 and r.row_no = bad.row_no
  and not r.findings @> '[{"code": "same-id-other-name"}]'
