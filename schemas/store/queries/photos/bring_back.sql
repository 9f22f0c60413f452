-- What gave way to a photo comes back, and waits again where it waited.
with back as (
    update photo o set state = o.replaced_from, replaced_by = null, replaced_from = null
    where o.replaced_by = $1
    returning o.id, o.state
)
update photo_case c set ended_at = null, ending = null, claimed_by = null, claimed_until = null
from back b
where c.photo_id = b.id and b.state = 'held' and c.ending = 'replaced'
  and not exists (select from photo_case later where later.photo_id = c.photo_id and later.id > c.id)
