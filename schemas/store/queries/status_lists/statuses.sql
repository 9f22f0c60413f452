-- What became of every version of a list on a day, valid ones left out: 1 it holds no more, 2 not at present, 3 superseded.
-- Whatever keeps the register from showing a version as valid stands here too; `domain::reasons` has the rules.
select o.status_index as "index!", s.status as "status!"
from issue_order o
join certificate c on c.id = o.certificate_id
join person p on p.id = c.person_id
left join unnest($3::text[], $4::integer[]) as age (kind, highest) on age.kind = c.kind
left join document d on d.order_id = o.id
left join order_closure x on x.order_id = o.id
cross join lateral (select case
    when x.order_id is not null then 1
    -- Under way: nobody has it yet.
    when d.id is null then 0
    when c.legal_status in ('expired', 'cancelled', 'withdrawn', 'revoked', 'transferred') or c.valid_until < $2 then 1
    -- The birthday itself still counts.
    when p.birth_date + make_interval(years => age.highest) < $2::date then 1
    when o.version < c.version then 3
    when c.legal_status = 'suspended' or c.valid_from > $2 or c.valid_until is null and c.kind <> 'post-training' then 2
    when exists (select from lock l where (l.certificate_id = c.id or l.person_id = c.person_id) and l.lifted_at is null
                 and l.since <= $2 and coalesce(l.until >= $2, true)) then 2
    else 0 end as status) s
where o.status_list = $1 and s.status <> 0
