-- Case 14: one ID number under different names, in the file or against what is known: all are held for a merge decision.
with suspect as materialized (
    select r.row_no, r.id_number, r.id_kind, r.name
    from unnest($2::bigint[]) as s (row_no) join intake_row r using (row_no)
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held')
), contested as (
    select id_number, id_kind
    from suspect
    group by id_number, id_kind
    having min(name) <> max(name)
), bad as (
    select s.row_no
    from contested join suspect s using (id_number, id_kind)
    union
    select r.row_no
    from intake_known k
    join person p on p.id = k.person_id
    join intake_row r on (r.batch_id, r.row_no) = (k.batch_id, k.row_no)
    where k.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held') and p.name <> r.name
)
update intake_row r
set outcome = 'held',
    findings = r.findings || jsonb_build_array(jsonb_build_object('code', 'same-id-other-name', 'original', r.name))
from bad
where r.batch_id = $1 and r.row_no = bad.row_no
  and not r.findings @> '[{"code": "same-id-other-name"}]'
