select f.id as "id: PhotoId", f.state, f.policy, f.received_at, p.name as "holder_name?", f.id_kind, f.id_number,
       (select r.findings from photo_review r where r.photo_id = f.id order by r.id desc limit 1) as findings,
       c.cause as "cause?", c.opened_at as "opened_at?",
       case when c.claimed_until > now() then c.claimed_by end as claimed_by,
       case when c.claimed_until > now() then c.claimed_until end as claimed_until
from photo f
left join photo_case c on c.photo_id = f.id and c.ended_at is null
left join person p on p.id = f.person_id
-- A range, so that one photo is found by its key under a plan for all calls, too.
where f.id between coalesce($1::bigint, 0) and coalesce($1::bigint, 9223372036854775807)
      and ($2::text is null or case when $2 = 'unmatched' then f.person_id is null else f.state = $2 and f.person_id is not null end)
      and ($3::bigint is null or f.batch_id = $3)
order by f.id desc
limit $4
