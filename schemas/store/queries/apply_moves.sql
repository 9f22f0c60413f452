with wanted as (
    select *
    from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::integer[], $9::text[],
                $10::text[], $11::jsonb[])
         as w (certificate_id, from_status, from_stage, to_status, to_stage, requested, version, hold_reason, event, detail)
), moved as (
    update certificate c
    set legal_status = w.to_status, stage = w.to_stage, issue_requested = w.requested,
        version = coalesce(w.version, c.version), 
        hold_reason = case when w.to_stage = 'held' then coalesce(w.hold_reason, c.hold_reason) end, updated_at = now(),
        event_seq = c.event_seq + 1,
        event_hash = event_hash(c.event_hash, c.id, c.event_seq + 1, now(), $1, w.event, w.to_status, w.to_stage, w.detail)
    from wanted w
    where c.id = w.certificate_id and c.legal_status = w.from_status and c.stage = w.from_stage
    returning c.id, c.event_seq, w.event, c.legal_status, c.stage, w.detail, c.event_hash
)
insert into certificate_event (certificate_id, seq, at, actor, event, legal_status, stage, detail, hash)
select id, event_seq, now(), $1, event, legal_status, stage, detail, event_hash
from moved
order by id
returning certificate_id as "id: CertificateId"
