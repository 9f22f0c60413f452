-- Case 18: one certificate number for two people, in the file or against what is known: all are held.
with suspect as materialized (
    select r.row_no, r.number, r.id_number, r.id_kind
    from unnest($2::bigint[]) as s (row_no) join intake_row r using (row_no)
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held')
), contested as (
    select number
    from suspect
    group by number
    having min(id_number) <> max(id_number) or min(id_kind) <> max(id_kind)
), bad as (
    select s.row_no
    from contested join suspect s using (number)
    union
    select r.row_no
    from intake_known k
    join certificate c on c.id = k.certificate_id
    join person p on p.id = c.person_id
    join intake_row r on (r.batch_id, r.row_no) = (k.batch_id, k.row_no)
    where k.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held') and (p.id_number, p.id_kind) <> (r.id_number, r.id_kind)
)
update intake_row r
set outcome = 'held',
    findings = r.findings || jsonb_build_array(jsonb_build_object('code', 'number-of-two-people', 'original', r.number))
from bad
where r.batch_id = $1 and r.row_no = bad.row_no
  and not r.findings @> '[{"code": "number-of-two-people"}]'
