insert into person (name, id_kind, id_number, id_original, sex, birth_date, phone)
select distinct on (r.id_number, r.id_kind)
       r.name, r.id_kind, r.id_number, r.id_original, r.sex, r.birth_date, r.phone
from intake_row r
where r.batch_id = $1 and r.row_no > $2 and r.row_no <= $3
  and r.outcome in ('loaded', 'warned') and not r.superseded and r.number is not null
order by r.id_number, r.id_kind, r.row_no
on conflict on constraint person_document_unique do update
-- What was not known of a person yet; what is known is not changed by a register.
set sex = coalesce(person.sex, excluded.sex), birth_date = coalesce(person.birth_date, excluded.birth_date),
    phone = coalesce(person.phone, excluded.phone)
where person.name = excluded.name
  and (person.sex is null and excluded.sex is not null or person.birth_date is null and excluded.birth_date is not null
       or person.phone is null and excluded.phone is not null)
