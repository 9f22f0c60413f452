-- The photo that has waited longest and is free for this reviewer.
with next as (
    select c.id
    from photo_case c
    where c.ended_at is null and (c.claimed_until is null or c.claimed_until <= now()) and c.not_by is distinct from $1
    order by c.opened_at, c.id
    limit 1
    for update skip locked
)
update photo_case c set claimed_by = $1, claimed_until = now() + make_interval(secs => $2)
from next
where c.id = next.id
returning c.photo_id as "photo: PhotoId"
