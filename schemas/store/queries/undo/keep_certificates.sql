-- The certificates that a batch made, whole, with the locks that came with them, and their events, where they stay for the record.
with made as (
    select c.id, to_jsonb(c) || jsonb_build_object('specialties', coalesce(
        (select jsonb_agg(jsonb_build_object('category', s.category, 'valid_until', s.valid_until) order by s.position)
         from certificate_specialty s where s.certificate_id = c.id), '[]'))
        || coalesce((select jsonb_build_object('locks', jsonb_agg(to_jsonb(l) order by l.id)) from lock l
                     where l.certificate_id = c.id having count(*) > 0), '{}') as content
    from certificate c
    where c.batch_id = $1
), kept as (
    insert into undone_record (batch_id, sort, id, content) select $1::bigint, 'certificate', id, content from made
)
insert into undone_event (certificate_id, seq, at, actor, event, legal_status, stage, detail, hash)
select e.certificate_id, e.seq, e.at, e.actor, e.event, e.legal_status, e.stage, e.detail, e.hash
from certificate_event e join made on made.id = e.certificate_id
