-- Case 15: one name and birth date under different ID numbers: a candidate merge, held.
with suspect as materialized (
    select r.row_no, r.birth_date, r.name, r.id_number, r.id_kind
    from unnest($2::bigint[]) as s (row_no) join intake_row r using (row_no)
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held')
), contested as (
    select birth_date, name
    from suspect
    group by birth_date, name
    having min(id_number) <> max(id_number) or min(id_kind) <> max(id_kind)
), alike as (
    select s.row_no
    from contested join suspect s using (birth_date, name)
    union
    select s.row_no
    from suspect s
    join person p on (p.birth_date, p.name) = (s.birth_date, s.name)
    where (p.id_number, p.id_kind) <> (s.id_number, s.id_kind)
)
update intake_row r
set outcome = 'held',
    findings = r.findings || jsonb_build_array(jsonb_build_object('code', 'same-name-birth-other-id', 'original', r.id_number))
from alike
where r.batch_id = $1 and r.row_no = alike.row_no
  and not r.findings @> '[{"code": "same-name-birth-other-id"}]'
  -- A person who is known under this very document was decided about before.
  and not exists (select from intake_known k join person p on p.id = k.person_id
                  where (k.batch_id, k.row_no) = (r.batch_id, r.row_no) and p.name = r.name)
