-- Case 15: one name and birth date under different ID numbers: a candidate merge, held.
with contested as materialized (
    select birth_date, name
    from intake_row
    where batch_id = $1 and birth_date is not null and outcome in ('loaded', 'warned', 'held')
    group by birth_date, name
    having min(id_number) <> max(id_number) or min(id_kind) <> max(id_kind)
), alike as (
    select r.row_no
    from contested join intake_row r using (birth_date, name)
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held')
    union
    select r.row_no
    from intake_row r
    join person p on (p.birth_date, p.name) = (r.birth_date, r.name)
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held') and (p.id_number, p.id_kind) <> (r.id_number, r.id_kind)
)
update intake_row r
set outcome = 'held',
    findings = r.findings || jsonb_build_array(jsonb_build_object('code', 'same-name-birth-other-id', 'original', r.id_number))
from alike
where r.batch_id = $1 and r.row_no = alike.row_no
  and not r.findings @> '[{"code": "same-name-birth-other-id"}]'
  -- A person who is known under this very document was decided about before.
  and not exists (select from person p where (p.id_number, p.id_kind) = (r.id_number, r.id_kind) and p.name = r.name)
