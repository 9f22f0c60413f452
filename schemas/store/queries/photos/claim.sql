-- One photo for one reviewer, where nobody else holds it.
update photo_case c set claimed_by = $2, claimed_until = now() + make_interval(secs => $3)
where c.photo_id = $1 and c.ended_at is null and c.not_by is distinct from $2
  and (c.claimed_until is null or c.claimed_until <= now() or c.claimed_by = $2)
returning c.claimed_until as "until!"
