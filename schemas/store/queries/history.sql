select e.seq, e.at, e.actor, e.event, e.legal_status, e.stage, e.detail,
       e.hash = event_hash(coalesce(lag(e.hash) over (order by e.seq), '\x'::bytea), e.certificate_id, e.seq, e.at, e.actor,
                           e.event, e.legal_status, e.stage, e.detail) as "chained!"
from certificate_event e
where e.certificate_id = $1
order by e.seq
