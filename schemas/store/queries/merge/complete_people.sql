-- What was not known of a person yet; what is known is not changed by a register. Documents that are being made of such a person would
-- be announced without it: their certificates count as changed, and are ordered anew.
with told as (
    select distinct on (k.person_id) k.person_id, r.name, r.sex, r.birth_date, r.phone
    from intake_known k
    join intake_row r on (r.batch_id, r.row_no) = (k.batch_id, k.row_no)
    where k.batch_id = $1 and k.row_no > $2 and k.row_no <= $3 and k.person_id is not null
      and r.outcome in ('loaded', 'warned') and not r.superseded
    order by k.person_id, r.row_no
), completed as (
    update person p
    set sex = coalesce(p.sex, r.sex), birth_date = coalesce(p.birth_date, r.birth_date), phone = coalesce(p.phone, r.phone)
    from told r
    where p.id = r.person_id and p.name = r.name
      and (p.sex is null and r.sex is not null or p.birth_date is null and r.birth_date is not null
           or p.phone is null and r.phone is not null)
    returning p.id
)
update certificate c set revision = c.revision + 1
from completed p
where c.person_id = p.id and c.stage = 'issuing'
