-- Case 15: one name and birth date under different ID numbers: a candidate merge, held.
with claim as (
    select name, birth_date, count(distinct (id_kind, id_number)) as documents
    from intake_row
    where batch_id = $1 and birth_date is not null and outcome in ('loaded', 'warned', 'held')
    group by name, birth_date
), bad as (
    select r.row_no
    from intake_row r
    join claim on (claim.name, claim.birth_date) = (r.name, r.birth_date)
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held')
      and (claim.documents > 1
           or exists (select from person p
                      where p.name = r.name and p.birth_date = r.birth_date
                        and (p.id_kind, p.id_number) <> (r.id_kind, r.id_number)))
      -- A person who is known under this very document was decided about before.
      and not exists (select from person p where (p.id_kind, p.id_number) = (r.id_kind, r.id_number) and p.name = r.name)
)
update intake_row r
set outcome = 'held',
    findings = r.findings || jsonb_build_array(jsonb_build_object('code', 'same-name-birth-other-id', 'original', r.id_number))
from bad
where r.batch_id = $1 and r.row_no = bad.row_no
  and not r.findings @> '[{"code": "same-name-birth-other-id"}]'
