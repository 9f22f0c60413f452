-- What gave way to photos that serve no more comes back, and waits again where it waited; gives those that the checks have not seen.
with back as (
    update photo o set state = o.replaced_from, replaced_by = null, replaced_from = null
    where o.replaced_by = any ($1) and o.id <> all ($1)
    returning o.id, o.state
), opened as (
    update photo_case c set ended_at = null, ending = null, claimed_by = null, claimed_until = null
    from back b
    where c.photo_id = b.id and b.state = 'held' and c.ending = 'replaced'
      and not exists (select from photo_case later where later.photo_id = c.photo_id and later.id > c.id)
)
select id as "id: PhotoId" from back where state = 'received' order by id
