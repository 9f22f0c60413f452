select e.seq, e.at, e.actor, e.event, e.legal_status, e.stage, e.detail,
       e.hash = event_hash(coalesce(lag(e.hash) over (order by e.seq), '\x'::bytea), e.certificate_id, e.seq, e.at, e.actor,
                           e.event, e.legal_status, e.stage, e.detail)
       -- The last event must be the one that the certificate remembers, or one was cut off.
       and (lead(e.seq) over (order by e.seq) is not null or (e.seq, e.hash) = (c.event_seq, c.event_hash)) as "chained!"
from certificate_event e
join certificate c on c.id = e.certificate_id
where e.certificate_id = $1
order by e.seq
