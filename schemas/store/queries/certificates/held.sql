-- Index certificate_under_way finds the held ones; the event that held each tells the code.
select c.id as "id: CertificateId", c.kind, c.number, p.name as holder_name, c.hold_reason as "text!", e.code as "code?", e.at as "since?"
from certificate c
join person p on p.id = c.person_id
left join lateral (
    select e.detail ->> 'reason' as code, e.at from certificate_event e
    where e.certificate_id = c.id and e.stage = 'held' and e.detail ? 'reason'
    order by e.seq desc limit 1
) e on true
where c.stage = 'held' and c.id > $2 and ($1::text is null or e.code = $1)
order by c.id
limit $3
