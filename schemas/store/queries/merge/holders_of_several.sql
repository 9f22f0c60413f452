-- Holders of several rows of a batch, entered before its steps are merged side by side: no two steps bring the same one.
insert into person (name, id_kind, id_number, id_original, sex, birth_date, phone)
select distinct on (r.id_number, r.id_kind) r.name, r.id_kind, r.id_number, r.id_original, r.sex, r.birth_date, r.phone
from unnest($2::bigint[]) as s (row_no) join intake_row r using (row_no)
where r.batch_id = $1 and r.outcome in ('loaded', 'warned') and not r.superseded and r.number is not null
order by r.id_number, r.id_kind, r.row_no
on conflict on constraint person_document_unique do nothing
