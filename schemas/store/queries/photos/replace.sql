-- Older photos give way to the newest approved one of their holder.
with newest as (
    select distinct on (person_id) person_id, id from photo where person_id = any ($1) and state = 'approved' order by person_id, id desc
), replaced as (
    update photo o set state = 'replaced', replaced_from = o.state, replaced_by = n.id
    from newest n
    where o.person_id = n.person_id and o.id < n.id and o.state in ('received', 'approved', 'held')
    returning o.id
)
update photo_case c set ended_at = now(), ending = 'replaced'
from replaced r
where c.photo_id = r.id and c.ended_at is null
