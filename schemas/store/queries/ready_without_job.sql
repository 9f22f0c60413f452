-- Ready certificates that no job names which is open or waits, dead, for a decision.
with named as materialized (
    select distinct (id.value)::bigint as id
    from job j, jsonb_array_elements_text(j.payload -> 'certificates') as id (value)
    where j.kind = $1 and j.state in ('waiting', 'running', 'retrying', 'dead')
)
select c.id as "id: CertificateId"
from certificate c
where c.stage = 'ready' and c.id > $2 and not exists (select from named n where n.id = c.id)
order by c.id
limit $3
