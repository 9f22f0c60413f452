insert into person (name, id_kind, id_number, id_original, sex, birth_date, phone)
select distinct on (r.id_kind, r.id_number)
       r.name, r.id_kind, r.id_number, r.id_original, r.sex, r.birth_date, r.phone
from intake_row r
where r.batch_id = $1 and r.row_no > $2 and r.row_no <= $3
  and r.outcome in ('loaded', 'warned') and not r.superseded and not r.merged and r.number is not null
order by r.id_kind, r.id_number, r.row_no
on conflict on constraint person_document_unique do nothing
